//! Votes, waivers, overrides and ticks: what people said before and around a run.

use super::Material;
use crate::{
    account::prepared::{Overridden, Prepared, Ticked, Voted, Waived},
    document::{Block, Section, Sources, Table, Text, Tone},
};

/// Tells who said what before and around the run.
pub(super) fn said(material: &Material<'_>) -> Option<Section> {
    let prepared = &material.account.prepared;
    if !prepared.says_anything() {
        return None;
    }
    let mut section = Section::new("votes", "Votes and waivers");
    section.say(
        "Each line is signed with the key of who said it; numbers count the entries of the \
         preparation's record.",
        Sources::none(),
    );
    overrides(&mut section, material, prepared);
    votes(&mut section, material, prepared);
    waivers(&mut section, material, prepared);
    items(&mut section, material, prepared);
    Some(section)
}

fn put(section: &mut Section, table: Table) {
    if !table.rows.is_empty() {
        section.blocks.push(Block::Table(table));
    }
}

fn overrides(section: &mut Section, material: &Material<'_>, prepared: &Prepared) {
    let columns = [
        ("Entry>", 1),
        ("Overridden", 5),
        ("Who", 3),
        ("At", 4),
        ("Reason", 6),
    ];
    let mut table = Table::new(&columns);
    for one in &prepared.overrides {
        let Overridden {
            entry,
            at,
            text,
            by,
            reason,
        } = one;
        let cells = vec![
            Text::plain(entry.to_string()),
            Text::strong(text),
            Text::plain(by),
            Text::plain(material.clock.full(*at)),
            Text::plain(reason),
        ];
        table.row(Tone::Bad, Sources::none(), cells);
    }
    put(section, table);
}

fn votes(section: &mut Section, material: &Material<'_>, prepared: &Prepared) {
    let columns = [
        ("Entry>", 1),
        ("Before", 3),
        ("Position", 3),
        ("Vote", 3),
        ("Who", 3),
        ("At", 4),
        ("Said", 5),
    ];
    let mut table = Table::new(&columns);
    for poll in &prepared.polls {
        for vote in &poll.votes {
            let cells = vec![
                Text::plain(vote.entry.to_string()),
                Text::plain(&poll.stage),
                Text::plain(&vote.role),
                word(vote),
                Text::plain(&vote.by),
                Text::plain(material.clock.full(vote.at)),
                words(vote),
            ];
            table.row(tone(vote), Sources::none(), cells);
        }
    }
    put(section, table);
}

fn word(vote: &Voted) -> Text {
    match &vote.void {
        Some(_) => Text::plain(&vote.vote).and(", void"),
        None => Text::strong(&vote.vote),
    }
}

fn words(vote: &Voted) -> Text {
    let parts = [&vote.text, &vote.comment, &vote.void];
    let said: Vec<&str> = parts.into_iter().flatten().map(String::as_str).collect();
    Text::plain(said.join("; "))
}

fn tone(vote: &Voted) -> Tone {
    match (&vote.void, vote.vote.as_str()) {
        (Some(_), _) => Tone::Faint,
        (None, "go") => Tone::Good,
        (None, "no-go") => Tone::Bad,
        (None, _) => Tone::Warn,
    }
}

fn waivers(section: &mut Section, material: &Material<'_>, prepared: &Prepared) {
    let columns = [
        ("Entry>", 1),
        ("Waived item", 3),
        ("Owner", 2),
        ("Approved by", 3),
        ("Until", 4),
        ("Reason and risk", 7),
    ];
    let mut table = Table::new(&columns);
    for waived in &prepared.waivers {
        let Waived {
            entry,
            place,
            owner,
            reason,
            risk,
            expires,
            approver,
            ..
        } = waived;
        let tone = if approver.is_some() {
            Tone::Warn
        } else {
            Tone::Faint
        };
        let cells = vec![
            Text::plain(entry.to_string()),
            Text::code(place),
            Text::plain(owner),
            Text::plain(
                approver
                    .as_deref()
                    .unwrap_or("nobody: it counted for nothing"),
            ),
            Text::plain(material.clock.full(*expires)),
            Text::plain(reason).and("; accepted risk: ").and(risk),
        ];
        table.row(tone, Sources::none(), cells);
    }
    put(section, table);
}

fn items(section: &mut Section, material: &Material<'_>, prepared: &Prepared) {
    let columns = [
        ("Entry>", 1),
        ("Item", 4),
        ("Result", 2),
        ("Who", 3),
        ("At", 4),
        ("Said", 6),
    ];
    let mut table = Table::new(&columns);
    for item in &prepared.items {
        let Ticked {
            entry,
            at,
            place,
            result,
            by,
            automatic,
            comment,
            evidence,
        } = item;
        let tone = match result.as_str() {
            "pass" => Tone::Good,
            "fail" => Tone::Bad,
            _ => Tone::Warn,
        };
        let who = if *automatic { "its check, for " } else { "" };
        let said: Vec<&str> = [comment, evidence]
            .into_iter()
            .flatten()
            .map(String::as_str)
            .collect();
        let cells = vec![
            Text::plain(entry.to_string()),
            Text::code(place),
            Text::plain(result),
            Text::plain(who).and(by),
            Text::plain(material.clock.full(*at)),
            Text::plain(said.join("; ")),
        ];
        table.row(tone, Sources::none(), cells);
    }
    put(section, table);
}
