//! The journal itself: whole, readable, begun once, ended once, without secrets.

use gantry_model::{
    event::{Happened, RunEvent},
    journal::{Entry, Head},
};

use super::{Case, Findings};

/// Looks at the journal as bytes.
pub(super) fn check(case: &Case<'_>, findings: &mut Findings) {
    let mut head = Head::EMPTY;
    for entry in case.entries {
        let seq = entry.event.seq;
        findings.expect(
            seq == head.seq + 1,
            "entries are numbered without gaps",
            seq,
        );
        let linked = Entry::link(head.hash, entry.event.clone());
        findings.expect(
            linked.hash == entry.hash,
            "every entry is chained to the one before",
            seq,
        );
        for secret in case.secrets {
            let shown = entry.event.body.contains(secret);
            findings.expect(!shown, "no secret is in the journal", seq);
        }
        head = Head {
            seq,
            hash: entry.hash,
        };
    }
}

/// Reads the journal as events.
pub(super) fn read(case: &Case<'_>, findings: &mut Findings) -> Vec<RunEvent> {
    let mut events = Vec::new();
    for entry in case.entries {
        match RunEvent::from_body(&entry.event.body) {
            Ok(event) => events.push(event),
            Err(_) => findings.add("every entry can be read", &entry.event.body),
        }
    }
    let begun = |event: &&RunEvent| matches!(event.what, Happened::Started(_));
    let ended = |event: &&RunEvent| matches!(event.what, Happened::Finished { .. });
    let begins = events.first().is_some_and(|event| begun(&event));
    let beginnings = events.iter().filter(begun).count();
    findings.expect(
        begins && beginnings == 1,
        "a run begins once, first",
        beginnings,
    );
    let endings = events.iter().filter(ended).count();
    findings.expect(endings <= 1, "a run ends at most once", endings);
    let ends = events.last().is_some_and(|event| ended(&event));
    findings.expect(
        endings == 0 || ends,
        "nothing happens after the end",
        endings,
    );
    events
}
