//! One HTML file: no script, nothing fetched, light and dark, ready for the printer.

use std::fmt::Write;

use super::{svg, visible::visible};
use crate::{
    document::{Block, Document, Fact, Line, Run, Section, Side, Sources, Table, TableRole, Text},
    figure::Figure,
};

const STYLE: &str = include_str!("html/style.css");

/// Writes a document.
pub fn write(document: &Document) -> String {
    let mut page = Page::new(document);
    page.head(document);
    page.summary(document);
    page.contents(document);
    for section in &document.sections {
        page.section(section);
    }
    page.footer(document);
    page.text
}

/// A page on its way.
struct Page {
    text: String,
    /// The first entry of each row of the timeline, to which sources lead.
    rows: Vec<(u64, u64)>,
    figures: usize,
}

impl Page {
    fn new(document: &Document) -> Self {
        let blocks = document.sections.iter().flat_map(|section| &section.blocks);
        let rows = blocks.filter_map(|block| match block {
            Block::Table(table) if table.role == TableRole::Timeline => Some(&table.rows),
            _ => None,
        });
        let mut rows: Vec<(u64, u64)> = rows
            .flatten()
            .flat_map(|row| {
                let first = row.sources.ranges().first().map_or(0, |(first, _)| *first);
                row.sources
                    .ranges()
                    .iter()
                    .map(move |(from, _)| (*from, first))
            })
            .collect();
        rows.sort_unstable();
        Self {
            text: String::with_capacity(64 * 1024),
            rows,
            figures: 0,
        }
    }

    /// Adds text that is HTML already.
    fn raw(&mut self, html: &str) {
        self.text.push_str(html);
    }

    fn head(&mut self, document: &Document) {
        let title = escaped(&visible(&document.title));
        // Writing to a String cannot fail.
        let _ = write!(
            self.text,
            "<!doctype html>\n<html lang=\"en\" dir=\"ltr\">\n<head>\n<meta charset=\"utf-8\">\n\
             <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n\
             <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
             <meta name=\"color-scheme\" content=\"light dark\">\n\
             <title>{kind}: {title}</title>\n<style>\n{STYLE}</style>\n</head>\n<body>\n<header>\n\
             <p class=\"kind\">{kind}</p>\n<h1 dir=\"auto\">{title}</h1>\n\
             <p class=\"badge {tone}\"><span aria-hidden=\"true\">{mark}</span> {word}</p>\n",
            kind = document.kind,
            tone = document.badge.tone.word(),
            mark = document.badge.tone.mark(),
            word = escaped(&visible(&document.badge.word)),
        );
        self.facts(&document.facts);
        self.raw("</header>\n<main>\n");
    }

    fn summary(&mut self, document: &Document) {
        if document.summary.is_empty() {
            return;
        }
        self.raw("<section id=\"summary\" class=\"summary\">\n<h2>Summary</h2>\n");
        self.list("ul", &document.summary);
        self.raw("</section>\n");
    }

    fn contents(&mut self, document: &Document) {
        self.raw("<nav aria-label=\"Contents\"><h2>Contents</h2>\n<ol>\n");
        for section in &document.sections {
            let _ = writeln!(
                self.text,
                "<li><a href=\"#{}\">{}</a></li>",
                section.id,
                escaped(section.title)
            );
        }
        self.raw("</ol>\n</nav>\n");
    }

    fn section(&mut self, section: &Section) {
        let _ = writeln!(
            self.text,
            "<section id=\"{}\">\n<h2>{}</h2>",
            section.id,
            escaped(section.title)
        );
        for block in &section.blocks {
            self.block(block);
        }
        self.raw("</section>\n");
    }

    fn block(&mut self, block: &Block) {
        match block {
            Block::Paragraph(line) => {
                self.raw("<p dir=\"auto\">");
                self.line(line);
                self.raw("</p>\n");
            }
            Block::Callout(tone, line) => {
                let _ = write!(
                    self.text,
                    "<p class=\"callout {}\" dir=\"auto\"><span class=\"sign\" aria-hidden=\"true\">{}</span>",
                    tone.word(),
                    tone.mark()
                );
                self.line(line);
                self.raw("</p>\n");
            }
            Block::Facts(facts) => self.facts(facts),
            Block::List(lines) => self.list("ul", lines),
            Block::Steps(lines) => self.list("ol", lines),
            Block::Table(table) => self.table(table),
            Block::Figure(figure) => self.figure(figure),
        }
    }

    fn facts(&mut self, facts: &[Fact]) {
        self.raw("<dl>\n");
        for fact in facts {
            let _ = write!(
                self.text,
                "<div><dt>{}</dt><dd dir=\"auto\">",
                escaped(&visible(&fact.name))
            );
            self.words(&fact.value);
            self.sources(&fact.sources);
            self.raw("</dd></div>\n");
        }
        self.raw("</dl>\n");
    }

    fn list(&mut self, tag: &str, lines: &[Line]) {
        let _ = writeln!(self.text, "<{tag}>");
        for line in lines {
            self.raw("<li dir=\"auto\">");
            self.line(line);
            self.raw("</li>\n");
        }
        let _ = writeln!(self.text, "</{tag}>");
    }

    fn table(&mut self, table: &Table) {
        let sourced = table.rows.iter().any(|row| !row.sources.is_empty());
        let class = match table.role {
            TableRole::Plain => "",
            TableRole::Timeline => " class=\"timeline\"",
        };
        let _ = write!(self.text, "<div class=\"wide\"><table{class}>\n<thead><tr>");
        for column in &table.columns {
            let _ = write!(
                self.text,
                "<th scope=\"col\"{}>{}</th>",
                end(column.side),
                escaped(column.title)
            );
        }
        if sourced {
            self.raw("<th scope=\"col\" class=\"entry\">Entry</th>");
        }
        self.raw("</tr></thead>\n<tbody>\n");
        for row in &table.rows {
            let _ = write!(self.text, "<tr class=\"{}\"", row.tone.word());
            if table.role == TableRole::Timeline
                && let Some((first, _)) = row.sources.ranges().first()
            {
                let _ = write!(self.text, " id=\"e{first}\"");
            }
            self.raw(">");
            for (cell, column) in row.cells.iter().zip(&table.columns) {
                let _ = write!(self.text, "<td{} dir=\"auto\">", end(column.side));
                self.words(cell);
                self.raw("</td>");
            }
            if sourced {
                self.raw("<td class=\"entry\">");
                self.numbers(&row.sources, table.role);
                self.raw("</td>");
            }
            self.raw("</tr>\n");
        }
        self.raw("</tbody>\n</table></div>\n");
    }

    fn figure(&mut self, figure: &Figure) {
        self.figures += 1;
        let name = format!("f{}", self.figures);
        self.raw("<figure>\n");
        let drawn = svg::write(figure, &name);
        self.raw(&drawn);
        let _ = write!(
            self.text,
            "<figcaption dir=\"auto\"><strong>{}.</strong> {}</figcaption>\n<details><summary>The same as a table</summary>\n",
            escaped(&visible(&figure.caption)),
            escaped(&visible(&figure.words))
        );
        self.table(&figure.numbers);
        self.raw("</details>\n</figure>\n");
    }

    fn line(&mut self, line: &Line) {
        self.words(&line.text);
        self.sources(&line.sources);
    }

    fn words(&mut self, text: &Text) {
        for run in &text.0 {
            let words = escaped(&visible(run.as_str()));
            let _ = match run {
                Run::Plain(_) => write!(self.text, "{words}"),
                Run::Strong(_) => write!(self.text, "<strong>{words}</strong>"),
                Run::Code(_) => write!(self.text, "<code><bdi>{words}</bdi></code>"),
            };
        }
    }

    fn sources(&mut self, sources: &Sources) {
        if !sources.is_empty() {
            self.raw(" <span class=\"from\">");
            self.numbers(sources, TableRole::Plain);
            self.raw("</span>");
        }
    }

    /// Writes the numbers of entries as links to their rows; of many ranges the first few.
    fn numbers(&mut self, sources: &Sources, role: TableRole) {
        const SHOWN: usize = 6;
        let ranges = sources.ranges();
        for (at, (first, last)) in ranges.iter().take(SHOWN).enumerate() {
            let comma = if at == 0 { "" } else { ", " };
            let words = match first == last {
                true => first.to_string(),
                false => format!("{first}–{last}"),
            };
            let row = self.row_of(*first).filter(|_| role == TableRole::Plain);
            let _ = match row {
                Some(row) => write!(self.text, "{comma}<a href=\"#e{row}\">{words}</a>"),
                None => write!(self.text, "{comma}{words}"),
            };
        }
        if let Some((_, last)) = ranges.last().filter(|_| ranges.len() > SHOWN) {
            let _ = write!(self.text, " … {last}");
        }
    }

    fn row_of(&self, seq: u64) -> Option<u64> {
        let place = self.rows.partition_point(|(from, _)| *from <= seq);
        self.rows.get(place.checked_sub(1)?).map(|(_, row)| *row)
    }

    fn footer(&mut self, document: &Document) {
        self.raw("</main>\n");
        if !document.footer.is_empty() {
            self.raw("<footer>\n<h2>Where this comes from</h2>\n");
            self.facts(&document.footer);
            self.raw("</footer>\n");
        }
        self.raw("</body>\n</html>\n");
    }
}

fn end(side: Side) -> &'static str {
    match side {
        Side::Start => "",
        Side::End => " class=\"end\"",
    }
}

/// Escapes text for HTML, in content and in attributes.
pub(super) fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            letter => out.push(letter),
        }
    }
    out
}
