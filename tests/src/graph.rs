//! Random releases of tasks, drawn from a seed.

use std::fmt::Write;

use rand_chacha::{
    ChaCha8Rng,
    rand_core::{Rng, SeedableRng},
};

use crate::{ledger::TASK, place::Place};

/// Numbers drawn from a seed.
#[derive(Debug)]
pub struct Dice(ChaCha8Rng);

impl Dice {
    /// Starts from a seed.
    pub fn new(seed: u64) -> Self {
        Self(ChaCha8Rng::seed_from_u64(seed))
    }

    /// Draws a number below `limit`.
    pub fn below(&mut self, limit: u64) -> u64 {
        self.0.next_u64() % limit.max(1)
    }

    /// Draws yes with a chance of `percent`.
    pub fn chance(&mut self, percent: u64) -> bool {
        self.below(100) < percent
    }
}

/// A task of a graph.
#[derive(Clone, Debug)]
pub struct TaskNode {
    /// Its id.
    pub id: String,
    /// The tasks that must be done before it.
    pub needs: Vec<usize>,
    /// Whether it ends well.
    pub ends_well: bool,
    /// How long it takes, in milliseconds.
    pub takes_ms: u64,
}

/// A release of tasks that all have an undo.
#[derive(Clone, Debug)]
pub struct Graph {
    /// The tasks; each needs only such as stand before it.
    pub nodes: Vec<TaskNode>,
}

impl Graph {
    /// Draws a graph; at most the last third of the tasks may fail, so that there is something to undo.
    pub fn draw(dice: &mut Dice, size: u64, failing_percent: u64) -> Self {
        let nodes = (0..size).map(|at| {
            let mut needs: Vec<usize> = Vec::new();
            for _ in 0..dice.below(4).min(at) {
                let need = dice.below(at) as usize;
                if !needs.contains(&need) {
                    needs.push(need);
                }
            }
            TaskNode {
                id: format!("t{at:02}"),
                needs,
                ends_well: at * 3 < size * 2 || !dice.chance(failing_percent),
                takes_ms: dice.below(30),
            }
        });
        Self {
            nodes: nodes.collect(),
        }
    }

    /// Whether some task fails.
    pub fn fails(&self) -> bool {
        self.nodes.iter().any(|node| !node.ends_well)
    }

    /// Gives each edge as ids: first the one that needs, then the one needed.
    pub fn edges(&self) -> impl Iterator<Item = (&str, &str)> {
        self.nodes.iter().flat_map(move |node| {
            let needed = node.needs.iter().filter_map(|need| self.nodes.get(*need));
            needed.map(|need| (node.id.as_str(), need.id.as_str()))
        })
    }

    /// Writes the release file and the script of its tasks.
    pub fn write(&self, place: &Place, release: &str) {
        place.script("task", TASK);
        let mut text = format!(
            "gantry: 1\nrelease: {release}\nenvironment: test\npolicy: {{ max-parallel: 6 }}\nnodes:\n"
        );
        for node in &self.nodes {
            let needs: Vec<&str> = node
                .needs
                .iter()
                .filter_map(|need| Some(self.nodes.get(*need)?.id.as_str()))
                .collect();
            let fate = if node.ends_well { "ok" } else { "fail" };
            let takes = format!("0.{:03}", node.takes_ms);
            // Writing to a String cannot fail.
            let _ = writeln!(
                text,
                "  {}: {{ kind: task, needs: [{}], run: {{ exec: [./task, {fate}, \"{takes}\"], undo: [./task, ok] }} }}",
                node.id,
                needs.join(", ")
            );
        }
        place.write("release.yaml", text);
    }
}
