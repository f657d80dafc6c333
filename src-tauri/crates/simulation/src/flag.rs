//! A simulated flag service.

use std::sync::Arc;

use async_trait::async_trait;
use gantry_model::{
    id::ConnectionName,
    platform::FlagState,
    release::node::Flag,
    unit::{Span, Weight},
};
use gantry_port::{fault::Fault, flag::Flags, ports::Call};

use crate::{
    fault::PortKind,
    ledger::Target,
    state::FlagName,
    wire::{Site, Wire},
};

/// Keeps flags.
pub(crate) struct SimulatedFlags {
    pub(crate) wire: Arc<Wire>,
    pub(crate) connection: ConnectionName,
}

const SET: Span = Span::from_millis(300);

#[async_trait]
impl Flags for SimulatedFlags {
    async fn observe(&self, flag: &Flag) -> Result<Option<FlagState>, Fault> {
        let name = FlagName::of(&self.connection, flag);
        let site = Site {
            node: self.wire.owners.flags.get(&name),
            step: None,
            direction: None,
            port: PortKind::Flags,
        };
        let look = self.wire.read(site, |state, strike| {
            let flag = state.flags.get(&name)?;
            if strike.is_stale() {
                *flag.stale()
            } else {
                flag.now
            }
        });
        look.await
    }

    async fn set(&self, call: &Call, flag: &Flag, wanted: FlagState) -> Result<FlagState, Fault> {
        let name = FlagName::of(&self.connection, flag);
        self.wire
            .change(call, PortKind::Flags, SET, |state, _| {
                let kept = state.flags.entry(name.clone()).or_default();
                if kept.now != Some(wanted) {
                    *kept.change() = Some(wanted);
                    let what = format!("set {} on {}", wanted.share, wanted.on);
                    state.record(call, Target::Flag(name.path.clone()), what);
                    if let Some(node) = self.wire.owners.flags.get(&name) {
                        state.give(
                            node,
                            if wanted.on {
                                wanted.share
                            } else {
                                Weight::ZERO
                            },
                        );
                    }
                }
                Ok(wanted)
            })
            .await
    }
}

impl FlagName {
    pub(crate) fn of(connection: &ConnectionName, flag: &Flag) -> Self {
        let project = flag.project.as_deref().unwrap_or("default");
        let environment = flag.environment.as_deref().unwrap_or("default");
        Self {
            connection: connection.clone(),
            path: format!("{project}/{}/{environment}", flag.name),
        }
    }
}
