//! From what the workspace notices to what the feed tells.

use std::collections::BTreeSet;

use gantry_model::unit::Span;
use gantry_port::changes::{Changed, Seen};
use gantry_readiness::house;
use serde::{
    Deserialize,
    de::{IntoDeserializer, value::Error},
};

use crate::{
    app::App,
    error::ApiError,
    feed::{Change, Topic},
};

/// How often the workspace is looked at; one number tells that nothing happened.
const LOOK_EVERY: Span = Span::from_millis(200);

/// Tells the feed what changes in the workspace, whoever changes it; never returns.
pub async fn watch(app: &App) {
    let mut seen = None;
    loop {
        // A workspace that cannot be read says so to every command; here it has no news.
        if let Ok(now) = look(app, seen.clone()).await {
            seen = now;
        }
        app.clock.wait(LOOK_EVERY).await;
    }
}

async fn look(app: &App, before: Option<Seen>) -> Result<Option<Seen>, ApiError> {
    let Some(journal) = app.journal_if_there()? else {
        return Ok(None);
    };
    let Some(changes) = journal.changes() else {
        return Ok(None);
    };
    let (changed, seen) = changes.look(before).await?;
    let told: BTreeSet<Change> = changed.into_iter().flat_map(news).collect();
    for change in told {
        app.feed().tell(change);
    }
    Ok(Some(seen))
}

/// Says what a change in the workspace is to those who listen.
fn news(changed: Changed) -> Vec<Change> {
    match changed {
        Changed::Run(run) => vec![
            Change::one(Topic::Run, run.to_string()),
            Change::of(Topic::Runs),
            Change::of(Topic::Releases),
        ],
        Changed::Room(room) if room == house::ROOM => {
            vec![Change::of(Topic::Freezes), Change::of(Topic::Readiness)]
        }
        Changed::Room(room) => {
            let release = room.strip_prefix("release/").unwrap_or(&room);
            vec![Change::one(Topic::Readiness, release)]
        }
        Changed::Row { topic, subject } => {
            let known: Result<Topic, Error> =
                Topic::deserialize(topic.as_str().into_deserializer());
            known
                .map(|topic| Change::one(topic, subject))
                .into_iter()
                .collect()
        }
        Changed::Outbox => vec![Change::of(Topic::Notices)],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_tells_of_its_topic_and_an_unknown_one_of_nothing() {
        let row = |topic: &str| Changed::Row {
            topic: topic.into(),
            subject: "shop".into(),
        };
        assert_eq!(
            news(row("releases")),
            [Change::one(Topic::Releases, "shop")]
        );
        assert_eq!(news(row("weather")), []);
        let room = news(Changed::Room("release/shop".into()));
        assert_eq!(room, [Change::one(Topic::Readiness, "shop")]);
    }
}
