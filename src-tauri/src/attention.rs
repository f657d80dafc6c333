//! What of the releases a person should be told when the window is not looked at.

use std::collections::BTreeMap;

use serde::Deserialize;

/// What the shell reads of a release's row.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub(crate) struct Row {
    /// The release's id.
    pub(crate) release: String,
    /// What people call it.
    pub(crate) name: String,
    /// How it stands.
    pub(crate) state: String,
    /// What its run came to.
    pub(crate) outcome: Option<String>,
    /// What a person is to do.
    pub(crate) waits_for: Option<String>,
    /// How many steps are done.
    pub(crate) steps_done: Option<u32>,
    /// How many steps there are.
    pub(crate) steps_total: Option<u32>,
}

/// A native notification.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Notice {
    /// Its first line.
    pub(crate) title: String,
    /// The rest.
    pub(crate) body: String,
}

/// Remembers how releases stood, so that everything is told once.
#[derive(Debug, Default)]
pub(crate) struct Attention(Option<BTreeMap<String, String>>);

impl Attention {
    /// Takes the rows of today and gives what is new to a person; the first look tells only what
    /// was interrupted, which nobody else says.
    pub(crate) fn look(&mut self, rows: &[Row]) -> Vec<Notice> {
        let states = rows
            .iter()
            .map(|row| (row.release.clone(), row.state.clone()));
        let before = self.0.replace(states.collect());
        let is_new = |row: &&Row| match &before {
            Some(before) => before.get(&row.release) != Some(&row.state),
            None => row.state == "interrupted",
        };
        rows.iter().filter(is_new).filter_map(notice).collect()
    }
}

fn notice(row: &Row) -> Option<Notice> {
    let (title, body) = match row.state.as_str() {
        "waiting" => (
            format!("{} waits for you", row.name),
            row.waits_for.clone().unwrap_or_default(),
        ),
        "interrupted" => (
            format!("{} was interrupted", row.name),
            "Nobody drives it. Open it to resume it or to roll it back.".to_owned(),
        ),
        "ended" => (row.name.clone(), row.outcome.clone().unwrap_or_default()),
        _ => return None,
    };
    Some(Notice { title, body })
}

/// Says in one line what runs, for the tray; none where nothing does.
pub(crate) fn summary(rows: &[Row]) -> Option<String> {
    let live = rows
        .iter()
        .filter(|row| matches!(row.state.as_str(), "running" | "waiting" | "interrupted"));
    let lines: Vec<String> = live.map(line).collect();
    (!lines.is_empty()).then(|| lines.join("\n"))
}

/// Says how one release stands.
pub(crate) fn line(row: &Row) -> String {
    let Row { name, state, .. } = row;
    match (row.steps_done, row.steps_total) {
        (Some(done), Some(total)) => format!("{name}: {state}, {done} of {total} steps"),
        (_, _) => format!("{name}: {state}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(state: &str) -> Row {
        Row {
            release: "shop".into(),
            name: "The shop".into(),
            state: state.into(),
            outcome: (state == "ended").then(|| "rolled-back".into()),
            waits_for: (state == "waiting").then(|| "approve `orders`".into()),
            steps_done: Some(2),
            steps_total: Some(9),
        }
    }

    #[test]
    fn a_person_is_told_once_and_only_of_what_needs_them() {
        let mut attention = Attention::default();
        assert_eq!(attention.look(&[row("running")]), []);
        let told = attention.look(&[row("waiting")]);
        assert_eq!(told[0].title, "The shop waits for you");
        assert_eq!(told[0].body, "approve `orders`");
        assert_eq!(attention.look(&[row("waiting")]), []);
        assert_eq!(attention.look(&[row("running")]), []);
        assert_eq!(attention.look(&[row("ended")])[0].body, "rolled-back");
    }

    #[test]
    fn at_the_start_only_what_was_interrupted_is_told() {
        assert_eq!(Attention::default().look(&[row("ended")]), []);
        assert_eq!(Attention::default().look(&[row("waiting")]), []);
        let told = Attention::default().look(&[row("interrupted")]);
        assert_eq!(told[0].title, "The shop was interrupted");
    }

    #[test]
    fn the_tray_says_what_runs() {
        assert_eq!(summary(&[row("draft"), row("ended")]), None);
        let said = summary(&[row("running"), row("ended")]);
        assert_eq!(said.as_deref(), Some("The shop: running, 2 of 9 steps"));
    }
}
