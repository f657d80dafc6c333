//! The port of changes, on a workspace: one cheap number first, the rest only when it moved.

use std::collections::BTreeMap;

use async_trait::async_trait;
use gantry_port::{
    changes::{Changed, Changes, Seen},
    journal::StoreError,
};

use super::Workspace;
use crate::{
    failure::Failure,
    session::Session,
    table::{audit, parcels, rooms, runs},
};

#[async_trait]
impl Changes for Workspace {
    async fn look(&self, before: Option<Seen>) -> Result<(Vec<Changed>, Seen), StoreError> {
        let look = move |session: &Session| match before {
            Some(before) => compare(session, before),
            None => Ok((Vec::new(), see(session, stamp(session)?)?)),
        };
        self.reader.run(look).await
    }
}

/// A number that another connection's commit changes, this program's writer being another one too.
fn stamp(session: &Session) -> Result<i64, Failure> {
    let stamp = session.one("PRAGMA data_version", [], |row| row.get(0))?;
    Ok(stamp.unwrap_or_default())
}

fn see(session: &Session, stamp: i64) -> Result<Seen, Failure> {
    Ok(Seen {
        stamp,
        runs: runs::marks(session)?.into_iter().collect(),
        rooms: rooms::marks(session)?.into_iter().collect(),
        audit: audit::last(session)?,
        outbox: parcels::mark(session)?,
    })
}

fn compare(session: &Session, before: Seen) -> Result<(Vec<Changed>, Seen), Failure> {
    let stamp = stamp(session)?;
    if stamp == before.stamp {
        return Ok((Vec::new(), before));
    }
    let now = see(session, stamp)?;
    let mut changed: Vec<Changed> = moved(&before.runs, &now.runs).map(Changed::Run).collect();
    changed.extend(moved(&before.rooms, &now.rooms).map(Changed::Room));
    let rows = audit::since(session, before.audit)?;
    changed.extend(
        rows.into_iter()
            .map(|(topic, subject)| Changed::Row { topic, subject }),
    );
    if before.outbox != now.outbox {
        changed.push(Changed::Outbox);
    }
    Ok((changed, now))
}

fn moved<'m, K: Ord + Clone, V: PartialEq>(
    before: &'m BTreeMap<K, V>,
    now: &'m BTreeMap<K, V>,
) -> impl Iterator<Item = K> + use<'m, K, V> {
    now.iter()
        .filter(|(key, value)| before.get(*key) != Some(*value))
        .map(|(key, _)| key.clone())
}
