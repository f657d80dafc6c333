//! Records of what people prepare: chained like the journal of a run, and kept apart from it.

use gantry_model::{
    digest::Digest,
    journal::{Entry, Head, NewEntry},
};
use rusqlite::params;

use super::Column;
use crate::{
    failure::Failure,
    pack::{pack, unpack},
    session::Session,
    stamp::{is_stamped, stamped},
};

pub(crate) const CREATE: &str = "
CREATE TABLE rooms (
    id        INTEGER NOT NULL PRIMARY KEY,
    name      TEXT NOT NULL UNIQUE,
    head_seq  INTEGER NOT NULL,
    head_hash BLOB NOT NULL
) STRICT";

pub(crate) const CREATE_ENTRIES: &str = "
CREATE TABLE room_entries (
    room INTEGER NOT NULL REFERENCES rooms (id),
    seq  INTEGER NOT NULL,
    body TEXT NOT NULL,
    hash BLOB NOT NULL,
    PRIMARY KEY (room, seq)
) STRICT, WITHOUT ROWID";

pub(crate) const CREATE_PLANS: &str = "
CREATE TABLE presented_plans (
    digest BLOB NOT NULL PRIMARY KEY,
    packed BLOB NOT NULL,
    seal   BLOB NOT NULL
) STRICT, WITHOUT ROWID";

/// Finds a record and where it stands.
pub(crate) fn find(session: &Session, name: &str) -> Result<Option<(i64, Head)>, Failure> {
    session.one(
        "SELECT id, head_seq, head_hash FROM rooms WHERE name = ?1",
        [name],
        |row| {
            let head = Head {
                seq: row.get::<_, Column<u64>>(1)?.0,
                hash: row.get::<_, Column<Digest>>(2)?.0,
            };
            Ok((row.get(0)?, head))
        },
    )
}

/// Reads the entries behind `after` and refuses a chain that does not lead to the record's head.
pub(crate) fn read(session: &Session, name: &str, after: Head) -> Result<Vec<Entry>, Failure> {
    let Some((id, known)) = find(session, name)? else {
        return Ok(Vec::new());
    };
    let broken =
        |seq: u64| Failure::Damaged(format!("the record `{name}` is not whole at entry {seq}"));
    let mut head = after;
    let entries = session.all(
        "SELECT body, hash FROM room_entries WHERE room = ?1 AND seq > ?2 ORDER BY seq",
        params![id, Column(after.seq)],
        |row| {
            let event = stamped(row.get("body")?).ok_or_else(|| broken(head.seq + 1))?;
            let entry = Entry::link(head.hash, event);
            let stored = row.get::<_, Column<Digest>>("hash")?.0;
            if entry.event.seq != head.seq + 1 || entry.hash != stored {
                return Err(broken(head.seq + 1));
            }
            head = Head {
                seq: entry.event.seq,
                hash: entry.hash,
            };
            Ok(entry)
        },
    )?;
    if head == known {
        Ok(entries)
    } else {
        Err(broken(head.seq + 1))
    }
}

/// Appends entries to a record that stands at `after`; `None` where it stands elsewhere.
pub(crate) fn append(
    session: &Session,
    name: &str,
    after: Head,
    entries: Vec<NewEntry>,
) -> Result<Option<Head>, Failure> {
    let (id, known) = match find(session, name)? {
        Some(found) => found,
        None => (make(session, name)?, Head::EMPTY),
    };
    if known != after {
        return Ok(None);
    }
    let mut head = known;
    for event in entries {
        if event.seq != head.seq + 1 || !is_stamped(&event) {
            let sentence =
                format!("an entry for the record `{name}` is not stamped with its number");
            return Err(Failure::Unusable(sentence));
        }
        let entry = Entry::link(head.hash, event);
        session.execute(
            "INSERT INTO room_entries (room, seq, body, hash) VALUES (?1, ?2, ?3, ?4)",
            params![
                id,
                Column(entry.event.seq),
                entry.event.body,
                Column(entry.hash)
            ],
        )?;
        head = Head {
            seq: entry.event.seq,
            hash: entry.hash,
        };
    }
    session.execute(
        "UPDATE rooms SET head_seq = ?2, head_hash = ?3 WHERE id = ?1",
        params![id, Column(head.seq), Column(head.hash)],
    )?;
    Ok(Some(head))
}

/// Keeps a plan by its hash; doing so again changes nothing.
pub(crate) fn keep_plan(session: &Session, digest: Digest, plan: &str) -> Result<(), Failure> {
    session.execute(
        "INSERT INTO presented_plans (digest, packed, seal) VALUES (?1, ?2, ?3)
         ON CONFLICT (digest) DO NOTHING",
        params![Column(digest), pack(plan), Column(Digest::of(plan))],
    )?;
    Ok(())
}

/// Reads a plan that was kept, and refuses one whose bytes have changed.
pub(crate) fn kept_plan(session: &Session, digest: Digest) -> Result<Option<String>, Failure> {
    let found = session.one(
        "SELECT packed, seal FROM presented_plans WHERE digest = ?1",
        params![Column(digest)],
        |row| {
            let packed: Vec<u8> = row.get(0)?;
            Ok((packed, row.get::<_, Column<Digest>>(1)?.0))
        },
    )?;
    let Some((packed, seal)) = found else {
        return Ok(None);
    };
    match unpack(&packed).filter(|plan| Digest::of(plan) == seal) {
        Some(plan) => Ok(Some(plan)),
        None => Err(Failure::Damaged("a plan does not match its hash".into())),
    }
}

/// Reads how far all records are.
pub(crate) fn marks(session: &Session) -> Result<Vec<(String, u64)>, Failure> {
    session.all("SELECT name, head_seq FROM rooms", [], |row| {
        Ok((row.get(0)?, row.get::<_, Column<u64>>(1)?.0))
    })
}

fn make(session: &Session, name: &str) -> Result<i64, Failure> {
    session.execute(
        "INSERT INTO rooms (name, head_seq, head_hash) VALUES (?1, 0, zeroblob(32))",
        [name],
    )?;
    Ok(session.last_id())
}
