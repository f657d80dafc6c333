//! Steps of schema changes: expand and contract, shadow writes.

use gantry_model::{
    id::GateName,
    plan::Action,
    release::{
        Policy,
        strategy::{Contract, ExpandContract, ShadowWrites},
    },
    unit::Span,
};

use super::{Chain, Waits};
use crate::settled::Settled;

/// Adds, fills, proves; takes away last, behind a gate.
pub(super) fn expand_contract(
    chain: &mut Chain,
    settled: &Settled<'_>,
    settings: &ExpandContract,
    policy: &Policy,
) {
    chain.push("expand", Action::Expand);
    chain.reach("expanded");
    if settings.backfill.is_some() {
        chain.push("backfill", Action::Backfill);
        chain.reach("backfilled");
    }
    if settings.verify.is_some() {
        chain.push("verify-data", Action::VerifyData);
    }
    chain.reach("verified");
    chain.reach("done");
    match &settings.contract {
        Some(last) => {
            let soak = last.soak.max(settled.node.soak.unwrap_or_default());
            contract(chain, last, ("soak", soak), policy);
        }
        None => chain.soak(settled.node.soak),
    }
}

/// Writes to old and new, compares, reads from new; takes the old away last, behind a gate.
pub(super) fn shadow_writes(
    chain: &mut Chain,
    settled: &Settled<'_>,
    settings: &ShadowWrites,
    policy: &Policy,
) {
    chain.push("expand", Action::Expand);
    chain.reach("expanded");
    chain.push("dual-write", Action::DualWrite);
    if settings.backfill.is_some() {
        chain.push("backfill", Action::Backfill);
        chain.reach("backfilled");
    }
    let window = settings.window;
    chain.push("compare", Action::Compare { window });
    chain.push("read-new", Action::ReadNew);
    let soak = settings.soak.max(settled.node.soak.unwrap_or_default());
    chain.soak(Some(soak));
    chain.reach("verified");
    chain.reach("done");
    if let Some(last) = &settings.contract {
        contract(chain, last, ("soak-contract", last.soak), policy);
    }
}

/// The steps that run last: wait for everybody, watch on, ask people, take the old shape away.
fn contract(chain: &mut Chain, last: &Contract, (soak, duration): (&str, Span), policy: &Policy) {
    let waits = Waits::DependentsAnd(last.after.clone());
    let gate = GateName::contract();
    if duration > Span::ZERO {
        chain.push_waiting(soak, Action::Soak { duration }, waits);
        chain.approve(&gate, policy);
    } else {
        chain.approve(&gate, policy);
        if let Some(step) = chain.steps.last_mut() {
            step.waits = waits;
        }
    }
    chain.push("contract", Action::Contract);
    chain.reach("contracted");
}
