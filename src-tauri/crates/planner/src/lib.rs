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
pub mod graph;
mod needs;
mod place;
mod recommend;
mod remark;
mod requirement;
mod reversible;
mod seal;
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

use needs::Compiled;
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
    let mut found = Vec::new();
    check::structure(release, &settled, &mut found);
    let included = condition::included(release, &settled, &mut found);
    let compile = |settled| compile(settled, release);
    let mut nodes: Vec<Compiled<'_>> = settled.into_iter().map(compile).collect();
    needs::check(&nodes, &mut found);
    let mut takes_part = included.into_iter();
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

fn compile<'a>(settled: Settled<'a>, release: &Release) -> Compiled<'a> {
    let drafts = steps::compile(&settled, &release.policy);
    Compiled { settled, drafts }
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
