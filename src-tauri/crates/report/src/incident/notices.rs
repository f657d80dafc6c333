//! Who was told what, and whether it arrived.

use super::Material;
use crate::{
    account::notices::Told,
    document::{Section, Sources, Table, Text, Tone},
};

/// Lists what people were told.
pub(super) fn ledger(material: &Material<'_>) -> Section {
    let mut section = Section::new("notifications", "Notifications");
    let mut table = Table::new(&[
        ("At", 3),
        ("Who", 3),
        ("Event", 2),
        ("Message", 6),
        ("Outcome", 4),
        ("Read by", 3),
    ]);
    for told in &material.account.notices {
        let read = told.acknowledged.as_ref().map(|read| read.by.clone());
        table.row(
            tone(told),
            // The ledger is kept beside the journal, whose entries it is about.
            Sources::none(),
            vec![
                Text::plain(material.clock.full(told.at)),
                Text::strong(&told.audience).and(format!(" ({})", told.channel)),
                Text::plain(&told.event),
                Text::plain(&told.title),
                Text::plain(outcome(told)),
                Text::plain(read.unwrap_or_default()),
            ],
        );
    }
    section.table_or(table, "Nobody was told anything by Gantry.");
    section
}

fn outcome(told: &Told) -> String {
    match (told.outcome.as_str(), told.attempts) {
        ("digested", _) => "sent in a digest".to_owned(),
        (outcome, 0 | 1) => outcome.to_owned(),
        (outcome, attempts) => format!("{outcome} after {attempts} tries"),
    }
}

fn tone(told: &Told) -> Tone {
    match told.outcome.as_str() {
        "delivered" | "digested" => Tone::Plain,
        "waiting" => Tone::Warn,
        _ => Tone::Bad,
    }
}
