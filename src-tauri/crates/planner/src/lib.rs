//! Release and observations to an immutable plan: order, waves, steps, undo, rollback plan. Pure.
//!
//! [`plan`] is the whole of it: it settles what the release leaves open, checks that a plan is
//! possible at all (every problem at once, each with its place), compiles every node into steps
//! and weighs what it made. [`view`] is the plan as `gantry plan --json` prints it, and [`graph`]
//! is the graph alone, for who has a hundred thousand nodes.

mod assemble;
mod assess;
mod check;
mod condition;
mod declare;
pub mod graph;
mod judged;
mod known;
mod needs;
mod place;
mod recommend;
mod remark;
mod requirement;
mod reversible;
mod settled;
mod skew;
mod steps;
mod trigger;
pub mod view;

use std::collections::BTreeMap;

use gantry_model::{
    digest::Digest,
    id::NodeId,
    plan::{Finding, Plan, Severity},
    platform::Baseline,
    release::{Release, node::Kind},
};

use known::Known;
use needs::Compiled;
use place::Place;
use settled::Settled;

/// What was seen outside the release; everything may be empty, and then nothing was looked at.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Observations {
    /// The folder that relative paths and programs start from.
    pub folder: String,
    /// Files that the release refers to, with their hashes.
    pub files: BTreeMap<String, Digest>,
    /// What runs now, by node. A node that is not in it counts as one whose old version runs; a
    /// baseline without a version says that nothing runs yet.
    pub running: BTreeMap<NodeId, Baseline>,
}

/// Turns a release into a plan that leaves no choice to run time.
///
/// The same input gives the same bytes. What somebody should know before the start stands in
/// [`Plan::findings`]; a plan whose findings hold an error cannot start.
///
/// # Errors
/// Everything that makes a plan impossible, all of it at once, each with its JSON pointer.
pub fn plan(release: &Release, observations: &Observations) -> Result<Plan, Vec<Finding>> {
    let settled: Vec<Settled<'_>> = release
        .nodes
        .iter()
        .map(|node| Settled::new(release, observations, node))
        .collect();
    let known = Known::new(release, &settled);
    let mut found = Vec::new();
    check::structure(&known, &mut found);
    let mut takes_part = condition::included(&known, &mut found).into_iter();
    let mut nodes = compile(release, &settled, &mut found);
    needs::check(&known, &nodes, &mut found);
    nodes.retain(|_| takes_part.next().unwrap_or(true));

    let assembled = assemble::assemble(release, &nodes, &mut found);
    match assembled {
        Some(assembled) if !found.iter().any(is_error) => {
            Ok(assembled.finish(release, observations, found))
        }
        Some(_) | None => {
            found.retain(is_error);
            Err(found)
        }
    }
}

/// More steps than this are a slip of the pen or an attack: 20,000 canaries have half as many.
const MOST_STEPS: usize = 500_000;

/// Compiles the nodes, up to a number of steps that still can be planned.
fn compile<'a>(
    release: &Release,
    settled: &'a [Settled<'a>],
    found: &mut Vec<Finding>,
) -> Vec<Compiled<'a>> {
    let mut count = 0;
    let mut nodes = Vec::with_capacity(settled.len());
    for settled in settled {
        let drafts = match count {
            0..MOST_STEPS => steps::compile(settled, &release.policy),
            MOST_STEPS.. => Vec::new(),
        };
        count += drafts.len();
        nodes.push(Compiled { settled, drafts });
    }
    if count >= MOST_STEPS {
        let message = format!("The release has {count} steps or more.");
        let hint = "take fewer, larger steps, or make several releases of it";
        found.push(Place::top("nodes").error("too-many-steps", message, hint));
    }
    nodes
}

fn is_error(finding: &Finding) -> bool {
    finding.severity == Severity::Error
}

/// Gives a kind as it is written in a file.
pub(crate) fn kind_word(kind: Kind) -> &'static str {
    match kind {
        Kind::App => "app",
        Kind::Config => "config",
        Kind::Database => "database",
        Kind::Flag => "flag",
        Kind::Task => "task",
    }
}
