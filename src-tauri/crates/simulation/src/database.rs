//! A simulated database that records which phases of a schema change it has had.

use std::sync::Arc;

use async_trait::async_trait;
use gantry_model::{
    plan::{Action, PlannedNode},
    unit::Span,
};
use gantry_port::{database::Database, fault::Fault, ports::Call};

use crate::{
    fault::PortKind,
    ledger::Target,
    wire::{Site, Wire},
};

/// Keeps the phases that were applied, node by node.
pub(crate) struct SimulatedDatabase {
    pub(crate) wire: Arc<Wire>,
}

const MIGRATION: Span = Span::from_secs(3);
const BACKFILL: Span = Span::from_secs(60);
const QUERY: Span = Span::from_millis(200);

#[async_trait]
impl Database for SimulatedDatabase {
    async fn applied(&self, node: &PlannedNode) -> Result<Vec<String>, Fault> {
        let site = Site {
            node: Some(&node.id),
            step: None,
            direction: None,
            port: PortKind::Database,
        };
        let look = self.wire.read(site, |state, strike| {
            let Some(schema) = state.schemas.get(&node.id) else {
                return Vec::new();
            };
            let phases = if strike.is_stale() {
                schema.stale()
            } else {
                &schema.now
            };
            phases.clone()
        });
        look.await
    }

    async fn apply(
        &self,
        call: &Call,
        node: &PlannedNode,
        action: &Action,
    ) -> Result<String, Fault> {
        let usual = self.wire.estimate(&call.step, usual(action));
        let phase = action.word();
        self.wire
            .change(call, PortKind::Database, usual, |state, _| {
                if matches!(action, Action::VerifyData | Action::Compare { .. }) {
                    return Ok(format!("{phase}: the numbers agree"));
                }
                let schema = state.schemas.entry(node.id.clone()).or_default();
                if schema.now.iter().any(|word| word == phase) {
                    return Ok(format!("{phase} was applied before"));
                }
                schema.change().push(phase.to_owned());
                state.record(call, Target::Schema(node.id.to_string()), phase.to_owned());
                Ok(format!("{phase} was applied"))
            })
            .await
    }

    async fn switch_back(&self, call: &Call, node: &PlannedNode) -> Result<(), Fault> {
        let switched = [Action::DualWrite.word(), Action::ReadNew.word()];
        self.wire
            .change(call, PortKind::Database, QUERY, |state, _| {
                let schema = state.schemas.entry(node.id.clone()).or_default();
                if schema
                    .now
                    .iter()
                    .any(|phase| switched.contains(&phase.as_str()))
                {
                    schema
                        .change()
                        .retain(|phase| !switched.contains(&phase.as_str()));
                    state.record(
                        call,
                        Target::Schema(node.id.to_string()),
                        "switch back".into(),
                    );
                }
                Ok(())
            })
            .await
    }

    async fn revert(&self, call: &Call, node: &PlannedNode) -> Result<(), Fault> {
        self.wire
            .change(call, PortKind::Database, MIGRATION, |state, _| {
                let schema = state.schemas.entry(node.id.clone()).or_default();
                if !schema.now.is_empty() {
                    schema.change().clear();
                    state.record(call, Target::Schema(node.id.to_string()), "revert".into());
                }
                Ok(())
            })
            .await
    }
}

fn usual(action: &Action) -> Span {
    match action {
        Action::Backfill => BACKFILL,
        Action::VerifyData | Action::Compare { .. } => QUERY,
        _ => MIGRATION,
    }
}
