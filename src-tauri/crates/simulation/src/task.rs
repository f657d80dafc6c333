//! Simulated programs and HTTP calls, each taken once per key.

use std::sync::Arc;

use async_trait::async_trait;
use gantry_model::{id::NodeId, operation::Key, release::task::HttpCall, unit::Span};
use gantry_port::{
    clock::Clock,
    fault::Fault,
    ports::Call,
    task::{Finished, Program, Task, TaskSighting},
};

use crate::{
    fault::{FaultMode, PortKind},
    ledger::Target,
    state::{Record, State},
    wire::{Site, Strike, Wire, node_of},
};

/// Runs programs that take the time of their estimate.
pub(crate) struct SimulatedTask {
    pub(crate) wire: Arc<Wire>,
}

const LAUNCH: Span = Span::from_millis(40);
const PROGRAM: Span = Span::from_secs(5);
const HTTP: Span = Span::from_millis(300);
const KILLED: i32 = 9;

#[async_trait]
impl Task for SimulatedTask {
    async fn ready(&self, program: &Program) -> Result<(), Fault> {
        let named = |(name, _): &&(String, _)| name == "GANTRY_NODE";
        let node = program.env.iter().find(named);
        let node: Option<NodeId> = node.and_then(|(_, value)| value.as_str().parse().ok());
        let site = Site {
            node: node.as_ref(),
            step: Some("preflight"),
            direction: None,
            port: PortKind::Task,
        };
        self.wire.read(site, |_, _| ()).await
    }

    async fn run(&self, call: &Call, program: &Program) -> Result<Finished, Fault> {
        let started = self
            .wire
            .change(call, PortKind::Task, LAUNCH, |state, strike| {
                self.start(state, call, program, strike);
                Ok(())
            });
        started.await?;
        loop {
            let Some(record) = self.wire.lock().tasks.get(&call.key).cloned() else {
                return Err(Fault::lost(format!("nothing is known of {}", call.key)));
            };
            let left = record
                .ends_at
                .as_millis()
                .saturating_sub(self.wire.clock.elapsed().as_millis());
            if record.vanished {
                return Err(Fault::lost("the program is gone and left no record"));
            }
            if left == 0 {
                return Ok(record.finished);
            }
            self.wire.clock.wait(Span::from_millis(left)).await;
        }
    }

    async fn find(&self, key: &Key) -> Result<TaskSighting, Fault> {
        let state = self.wire.lock();
        Ok(match state.tasks.get(key) {
            None => TaskSighting::NeverStarted,
            Some(record) if record.vanished => TaskSighting::Vanished,
            Some(record) if state.elapsed < record.ends_at => TaskSighting::Running,
            Some(record) => TaskSighting::Finished(record.finished.clone()),
        })
    }

    async fn cancel(&self, key: &Key) -> Result<(), Fault> {
        let mut state = self.wire.lock();
        let elapsed = state.elapsed;
        if let Some(record) = state.tasks.get_mut(key)
            && elapsed < record.ends_at
        {
            record.ends_at = elapsed;
            record.finished.status = None;
            record.finished.signal = Some(KILLED);
        }
        Ok(())
    }

    async fn call(&self, call: &Call, request: &HttpCall) -> Result<u16, Fault> {
        let usual = self.wire.estimate(&call.step, HTTP);
        self.wire
            .change(call, PortKind::Task, usual, |state, strike| {
                if strike.0 == Some(FaultMode::ExitStatus { status: 1 }) {
                    return Ok(500);
                }
                // The other side honours the Idempotency-Key header.
                if state.calls.insert(call.key.clone()) {
                    let what = format!("{} {}", request.method, request.url.as_str());
                    state.record(call, Target::HttpCall, what);
                }
                Ok(request.status.unwrap_or(200))
            })
            .await
    }
}

impl SimulatedTask {
    fn start(&self, state: &mut State, call: &Call, program: &Program, strike: &Strike) {
        if state.tasks.contains_key(&call.key) {
            return;
        }
        let usual = self.wire.estimate(&call.step, PROGRAM);
        let node = node_of(&call.step);
        let length = self.wire.length(node.as_ref(), usual, call.key.as_str());
        let took = length.min(program.timeout);
        let timed_out = length > program.timeout;
        let status = match strike.0 {
            Some(FaultMode::ExitStatus { status }) => status,
            _ => 0,
        };
        let finished = Finished {
            status: (!timed_out).then_some(status),
            signal: timed_out.then_some(KILLED),
            stdout: String::new(),
            stderr: String::new(),
            took,
            timed_out,
        };
        let vanished = strike.0 == Some(FaultMode::Vanishes);
        let ends_at = state.elapsed + took;
        state.tasks.insert(
            call.key.clone(),
            Record {
                ends_at,
                finished,
                vanished,
            },
        );
        state.record(call, Target::Program, program.argv.join(" "));
    }
}
