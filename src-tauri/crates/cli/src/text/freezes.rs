//! Freezes for people.

use gantry_api::commands::freeze::Shown;
use gantry_model::time::Timestamp;

use super::table;

/// Draws the freezes of a workspace.
pub(crate) fn draw(shown: &[Shown]) -> String {
    if shown.is_empty() {
        return "No freeze. `gantry freeze add NAME --from TIME --to TIME --reason TEXT` declares one.\n".into();
    }
    let head = ["freeze", "now", "from", "to", "repeats", "where", "reason"];
    table::draw(head, shown.iter().map(row))
}

fn row(shown: &Shown) -> [String; 7] {
    let freeze = &shown.freeze;
    let at = |instant: Timestamp| {
        let local = instant.with_timezone(&freeze.period.timezone);
        local.format("%Y-%m-%d %H:%M %Z").to_string()
    };
    let now = match (shown.until, shown.next) {
        (Some(until), _) => format!("holds until {}", at(until)),
        (None, Some(next)) => format!("begins {}", at(next)),
        (None, None) => "over".into(),
    };
    let scope = &freeze.scope;
    let environments = scope.environments.iter().map(ToString::to_string);
    let services = scope.services.iter().map(ToString::to_string);
    let places: Vec<String> = environments.chain(services).collect();
    [
        freeze.name.clone(),
        now,
        freeze.period.opens.clone(),
        freeze.period.closes.clone(),
        freeze.period.repeat.clone().unwrap_or_default(),
        if places.is_empty() {
            "everywhere".into()
        } else {
            places.join(", ")
        },
        freeze.reason.clone(),
    ]
}
