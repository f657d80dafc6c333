//! Markdown, as GitHub and GitLab read it.

use std::fmt::Write;

use super::visible::visible;
use crate::document::{Block, Document, Fact, Line, Run, Side, Sources, Table, Text};
use crate::figure::Figure;

/// Writes a document.
pub fn write(document: &Document) -> String {
    let mut page = String::new();
    let title = escaped(&document.title);
    // Writing to a String cannot fail.
    let _ = writeln!(page, "# {}: {title}\n", document.kind);
    let _ = writeln!(page, "**{}**\n", escaped(&document.badge.word));
    facts(&mut page, &document.facts);
    if !document.summary.is_empty() {
        let _ = writeln!(page, "## Summary\n");
        list(&mut page, &document.summary, Bullet::Dash);
    }
    for section in &document.sections {
        let _ = writeln!(page, "## {}\n", section.title);
        for block in &section.blocks {
            write_block(&mut page, block);
        }
    }
    if !document.footer.is_empty() {
        let _ = writeln!(page, "---\n");
        facts(&mut page, &document.footer);
    }
    let trimmed = page.trim_end().len();
    page.truncate(trimmed);
    page.push('\n');
    page
}

fn write_block(page: &mut String, block: &Block) {
    match block {
        Block::Paragraph(line) => {
            let _ = writeln!(page, "{}\n", sentence(line));
        }
        Block::Callout(tone, line) => {
            let _ = writeln!(page, "> {} {}\n", tone.mark(), sentence(line));
        }
        Block::Facts(all) => facts(page, all),
        Block::List(lines) => list(page, lines, Bullet::Dash),
        Block::Steps(lines) => list(page, lines, Bullet::Number),
        Block::Table(all) => table(page, all),
        Block::Figure(picture) => figure(page, picture),
    }
}

#[derive(Clone, Copy)]
enum Bullet {
    Dash,
    Number,
}

fn list(page: &mut String, lines: &[Line], bullet: Bullet) {
    for (at, line) in lines.iter().enumerate() {
        let mark = match bullet {
            Bullet::Dash => "-".to_owned(),
            Bullet::Number => format!("{}.", at + 1),
        };
        let _ = writeln!(page, "{mark} {}", sentence(line));
    }
    page.push('\n');
}

fn facts(page: &mut String, facts: &[Fact]) {
    for fact in facts {
        let Fact {
            name,
            value,
            sources: from,
        } = fact;
        let _ = writeln!(
            page,
            "- {}: {}{}",
            escaped(name),
            text(value),
            sources(from)
        );
    }
    page.push('\n');
}

/// Gives a picture in words and numbers.
fn figure(page: &mut String, figure: &Figure) {
    let _ = writeln!(
        page,
        "*{}.* {}\n",
        escaped(&figure.caption),
        escaped(&figure.words)
    );
    table(page, &figure.numbers);
}

fn table(page: &mut String, table: &Table) {
    let sourced = table.rows.iter().any(|row| !row.sources.is_empty());
    let mut head = String::from("|");
    let mut rule = String::from("|");
    for column in &table.columns {
        let _ = write!(head, " {} |", column.title);
        rule.push_str(match column.side {
            Side::Start => "---|",
            Side::End => "---:|",
        });
    }
    if sourced {
        head.push_str(" Entry |");
        rule.push_str("---|");
    }
    let _ = writeln!(page, "{head}\n{rule}");
    for row in &table.rows {
        page.push('|');
        for cell in &row.cells {
            let _ = write!(page, " {} |", text(cell));
        }
        if sourced {
            let _ = write!(page, " {} |", numbers(&row.sources));
        }
        page.push('\n');
    }
    page.push('\n');
}

fn sentence(line: &Line) -> String {
    format!("{}{}", text(&line.text), sources(&line.sources))
}

fn sources(sources: &Sources) -> String {
    match sources.is_empty() {
        true => String::new(),
        false => format!(" ⟦{}⟧", numbers(sources)),
    }
}

/// Gives the numbers of entries; many ranges are told by the first and the last.
fn numbers(sources: &Sources) -> String {
    match sources.ranges() {
        [(first, _), .., (_, last)] if sources.ranges().len() > 6 => format!("{first} … {last}"),
        _ => sources.to_string(),
    }
}

fn text(text: &Text) -> String {
    text.0.iter().map(run).collect()
}

fn run(run: &Run) -> String {
    let escaped = escaped(run.as_str());
    match run {
        Run::Plain(_) => escaped,
        Run::Strong(words) if words.trim().is_empty() || words.starts_with(' ') => escaped,
        Run::Strong(words) => match words.strip_suffix(' ') {
            Some(_) => format!("**{}** ", escaped.trim_end()),
            None => format!("**{escaped}**"),
        },
        // Code spans take no escapes: only names that need none become one.
        Run::Code(words) if is_name(words) => format!("`{words}`"),
        Run::Code(_) => escaped,
    }
}

fn is_name(words: &str) -> bool {
    let plain = |letter: char| letter.is_ascii_alphanumeric() || "-_./:#@%+ ".contains(letter);
    !words.trim().is_empty() && words.chars().all(plain) && !words.contains("://")
}

/// Escapes all that Markdown or the HTML inside it could read as more than letters.
fn escaped(text: &str) -> String {
    let shown = visible(text);
    let mut out = String::with_capacity(shown.len() + 8);
    for (at, letter) in shown.char_indices() {
        match letter {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '\\' | '`' | '*' | '_' | '{' | '}' | '[' | ']' | '|' | '~' | '!' | '$' => {
                out.push('\\');
                out.push(letter);
            }
            // These mean something at the beginning of a line only.
            '#' | '+' | '-' | '=' if at == 0 => {
                out.push('\\');
                out.push(letter);
            }
            // A digit with a dot begins a list; a colon before slashes or an at sign makes a link.
            '.' | ')' if is_number(&shown[..at]) => {
                out.push('\\');
                out.push(letter);
            }
            ':' if shown[at..].starts_with("://") => out.push_str("&#58;"),
            '@' => out.push_str("&#64;"),
            letter => out.push(letter),
        }
    }
    // Automatic links of the `www.` kind need no scheme.
    out.replace("www.", "www&#46;")
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}
