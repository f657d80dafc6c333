//! What the machine allows: an engine that makes every start durable before its effect, with one
//! commit a scheduler turn, and has nothing else. No retries, leases, hashes, undo or adapters.

use std::{mem, path::Path, time::Instant};

use anyhow::{Result, ensure};
use rusqlite::Connection;
use tokio::{runtime::Builder, task::JoinSet};

use crate::{bare, shape::Shape};

/// Runs a graph of no-ops once and gives the seconds and the commits.
pub(crate) fn run(folder: &Path, shape: &Shape) -> Result<(f64, u64)> {
    let folder = tempfile::tempdir_in(folder)?;
    let connection = bare::open(&folder.path().join("reference.db"))?;
    let runtime = Builder::new_current_thread().build()?;
    let started = Instant::now();
    let mut reference = Reference::new(shape, connection);
    runtime.block_on(reference.follow())?;
    let seconds = started.elapsed().as_secs_f64();
    ensure!(
        reference.done == shape.count(),
        "the reference stopped early"
    );
    Ok((seconds, reference.commits))
}

struct Reference {
    connection: Connection,
    waiting: Vec<u32>,
    dependents: Vec<Vec<u32>>,
    ready: Vec<u32>,
    ended: Vec<u32>,
    done: usize,
    commits: u64,
}

impl Reference {
    fn new(shape: &Shape, connection: Connection) -> Self {
        let mut dependents = vec![Vec::new(); shape.count()];
        for (node, needs) in shape.needs.iter().enumerate() {
            for need in needs {
                if let Some(row) = dependents.get_mut(*need as usize) {
                    row.push(node as u32);
                }
            }
        }
        let waiting: Vec<u32> = shape.needs.iter().map(|needs| needs.len() as u32).collect();
        let ready = (0_u32..).zip(&waiting).filter(|(_, open)| **open == 0);
        Self {
            connection,
            ready: ready.map(|(node, _)| node).collect(),
            waiting,
            dependents,
            ended: Vec::new(),
            done: 0,
            commits: 0,
        }
    }

    async fn follow(&mut self) -> Result<()> {
        let mut running = JoinSet::new();
        loop {
            let starting = mem::take(&mut self.ready);
            let ended = mem::take(&mut self.ended);
            if starting.is_empty() && ended.is_empty() {
                return Ok(());
            }
            self.commit(&starting, &ended)?;
            for node in starting {
                running.spawn(async move { node });
            }
            // All that have ended by now share the next turn.
            let mut next = running.join_next().await;
            while let Some(node) = next {
                self.end(node?);
                next = running.try_join_next();
            }
        }
    }

    fn end(&mut self, node: u32) {
        self.done += 1;
        self.ended.push(node);
        let dependents = self.dependents.get_mut(node as usize).map(mem::take);
        for dependent in dependents.unwrap_or_default() {
            if let Some(open) = self.waiting.get_mut(dependent as usize) {
                *open -= 1;
                if *open == 0 {
                    self.ready.push(dependent);
                }
            }
        }
    }

    fn commit(&mut self, starting: &[u32], ended: &[u32]) -> Result<()> {
        self.connection
            .prepare_cached("BEGIN IMMEDIATE")?
            .execute([])?;
        for (kind, nodes) in [("ended", ended), ("started", starting)] {
            for node in nodes {
                let body = format!("{{\"kind\":\"{kind}\",\"step\":\"n{node:05}/run\"}}");
                let mut insert = self
                    .connection
                    .prepare_cached("INSERT INTO journal (body) VALUES (?1)")?;
                insert.execute([body])?;
            }
        }
        self.connection.prepare_cached("COMMIT")?.execute([])?;
        self.commits += 1;
        Ok(())
    }
}
