//! Releases of tasks, run for real by the program: order, failure, steering, claims.

mod failing;
mod order;
mod people;
mod steering;
mod turns;

pub(crate) use order::holds_the_order;

use gantry_tests::{ledger::TASK, place::Place};

/// Makes a place with the scripts `task` (see [`TASK`]) and `wait NAME`, and a release file of these nodes.
fn place_with(policy: &str, nodes: &str) -> Place {
    let place = Place::new();
    place.script("task", TASK);
    place.script("wait", WAIT);
    place.write("release.yaml", release("demo", policy, nodes));
    place
}

/// Writes a release file; `policy` may be empty.
fn release(id: &str, policy: &str, nodes: &str) -> String {
    let policy = if policy.is_empty() {
        String::new()
    } else {
        format!("policy: {{ {policy} }}\n")
    };
    format!("gantry: 1\nrelease: {id}\nenvironment: test\n{policy}nodes:\n{nodes}")
}

/// Says where it is and waits until the file `NAME.go` is there; gives up after a minute.
const WAIT: &str = r#"echo "start $GANTRY_KEY" >> ledger
tries=0
until [ -e "$1.go" ]; do
  tries=$((tries + 1))
  [ $tries -lt 3000 ] || exit 9
  sleep 0.02
done
echo "end $GANTRY_KEY" >> ledger
"#;

/// A task that ends well and has an undo.
fn task(id: &str, needs: &str) -> String {
    node(id, needs, "exec: [./task, ok], undo: [./task, ok]", "")
}

/// A task that fails and has an undo.
fn failing(id: &str, needs: &str, more: &str) -> String {
    node(id, needs, "exec: [./task, fail], undo: [./task, ok]", more)
}

/// A task that waits for the file `ID.go`.
fn waiting(id: &str, needs: &str) -> String {
    node(
        id,
        needs,
        &format!("exec: [./wait, {id}], undo: [./task, ok]"),
        "",
    )
}

fn node(id: &str, needs: &str, run: &str, more: &str) -> String {
    let comma = if more.is_empty() { "" } else { ", " };
    format!("  {id}: {{ kind: task, needs: [{needs}], run: {{ {run} }}{comma}{more} }}\n")
}

/// Demands that the record of a run is whole.
#[track_caller]
pub(crate) fn verified(place: &Place, run: &str) {
    place
        .gantry(&["journal", "verify", run])
        .exits(0)
        .says("whole");
}

/// Gives the state of a node in `gantry status`.
#[track_caller]
fn state(place: &Place, node: &str) -> String {
    let status = place.gantry(&["status", "demo", "--json"]).exits(0).json();
    let nodes = status["nodes"].as_array().cloned().unwrap_or_default();
    let found = nodes.iter().find(|one| one["id"] == node);
    found
        .and_then(|node| node["state"].as_str())
        .unwrap_or_default()
        .into()
}
