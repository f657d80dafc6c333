//! One message in the place of many.

use std::collections::BTreeMap;

use gantry_model::time::Timestamp;

use crate::{
    notice::{self, Notice, Urgency},
    wording::{clean_body, clean_title},
};

/// How many titles a digest lists.
const LISTED: usize = 20;

/// Puts the messages that wait for one stakeholder into one; `None` where there are none.
///
/// It says first how it stands now: the newest message that is urgent, else the newest. The key
/// follows from the first and the last, so that a digest that was written twice is the same.
pub fn of(notices: &[Notice], at: Timestamp) -> Option<Notice> {
    let (first, last) = (notices.first()?, notices.last()?);
    let urgent = notices
        .iter()
        .rev()
        .find(|one| one.urgency == Urgency::Urgent);
    let head = urgent.unwrap_or(last);
    let title = format!("{} (and {} more)", head.title, notices.len() - 1);
    let ends = [first.key.as_str(), last.key.as_str()];
    Some(Notice {
        key: notice::key(&first.release, first.at, &["digest", ends[0], ends[1]]),
        title: clean_title(&title),
        body: clean_body(&body(notices, head)),
        event: "digest".to_owned(),
        urgency: Urgency::Urgent,
        at,
        ..head.clone()
    })
}

fn body(notices: &[Notice], head: &Notice) -> String {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for notice in notices {
        *counts.entry(&notice.event).or_default() += 1;
    }
    let counts = counts
        .iter()
        .map(|(event, count)| format!("{count} × {event}"));
    let counts: Vec<String> = counts.collect();
    let mut text = format!(
        "{}\n\n{} messages came in a short time: ",
        head.body,
        notices.len()
    );
    text.push_str(&counts.join(", "));
    text.push_str(".\n\n");
    let left_out = notices.len().saturating_sub(LISTED);
    if left_out > 0 {
        text.push_str(&format!("- {left_out} earlier ones\n"));
    }
    for notice in notices.iter().skip(left_out) {
        let time = notice.at.format("%H:%M:%S");
        text.push_str(&format!("- {time}Z {}\n", notice.title));
    }
    text
}
