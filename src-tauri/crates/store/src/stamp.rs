//! The first keys of an entry's body: number, instant and kind.
//!
//! The hash covers the body alone, so what is told of an entry is read from there and not from the
//! columns beside it, which only serve people who look into the file.

use gantry_model::{journal::NewEntry, time::Timestamp};

/// Makes an entry of a body; none if it is not one line of JSON that begins with the three keys.
pub(crate) fn stamped(body: String) -> Option<NewEntry> {
    let (seq, at, kind) = stamp(&body)?;
    let kind = kind.into();
    Some(NewEntry {
        seq,
        at,
        kind,
        body,
    })
}

/// Says whether an entry's body is such a line and tells the same as the entry.
pub(crate) fn is_stamped(event: &NewEntry) -> bool {
    stamp(&event.body) == Some((event.seq, event.at, &*event.kind))
}

fn stamp(body: &str) -> Option<(u64, Timestamp, &str)> {
    let is_line = body.ends_with('}') && !body.bytes().any(|byte| byte < b' ');
    let rest = body.strip_prefix("{\"seq\":").filter(|_| is_line)?;
    let (seq, rest) = rest.split_once(",\"at\":\"")?;
    let (at, rest) = rest.split_once("\",\"kind\":\"")?;
    let (kind, _) = rest.split_once('"')?;
    Some((seq.parse().ok()?, at.parse().ok()?, kind))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_one_line_that_begins_with_the_three_keys_is_an_entry() {
        let body =
            "{\"seq\":7,\"at\":\"2026-11-23T09:00:00.250Z\",\"kind\":\"held\",\"who\":\"ann\"}";
        let entry = stamped(body.into()).unwrap();
        assert_eq!((entry.seq, &*entry.kind, &*entry.body), (7, "held", body));
        assert_eq!(entry.at.timestamp_subsec_millis(), 250);
        for (from, to) in [
            ("7", "x"),
            ("2026", "yyyy"),
            ("\"who", "\n\"who"),
            ("ann\"}", "ann\""),
            ("kind", "sort"),
        ] {
            assert_eq!(stamped(body.replacen(from, to, 1)), None, "{to}");
        }
    }
}
