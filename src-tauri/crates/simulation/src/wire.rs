//! How calls reach the simulated world: how long they take, and what goes wrong on the way.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use gantry_model::{
    id::{NodeId, StepId, Version},
    operation::Direction,
    plan::PlannedNode,
    platform::Arm,
    release::metric::Metric,
    time::Timestamp,
    unit::{Span, Weight},
};
use gantry_port::{
    clock::Clock,
    fault::{Fault, FaultKind},
    ports::Call,
};

use crate::{
    chance::Chance,
    clock::VirtualClock,
    fault::{Access, FaultMode, FaultPlan, FaultRule, PortKind},
    signal::Signals,
    state::{BackendName, FlagName, FleetName, State},
};

/// The state with the way to it: every port holds one.
pub(crate) struct Wire {
    pub(crate) clock: Arc<VirtualClock>,
    pub(crate) faults: FaultPlan,
    pub(crate) chance: Chance,
    pub(crate) slow: BTreeMap<NodeId, f64>,
    pub(crate) owners: Owners,
    pub(crate) estimates: BTreeMap<StepId, Span>,
    pub(crate) requests_per_second: f64,
    pub(crate) signals: Signals,
    pub(crate) metrics: Vec<Metric>,
    pub(crate) start: Timestamp,
    pub(crate) state: Mutex<State>,
}

/// Which node of the plan a thing belongs to; reads carry no step that would say so.
#[derive(Debug, Default)]
pub(crate) struct Owners {
    pub(crate) fleets: BTreeMap<FleetName, PlannedNode>,
    pub(crate) backends: BTreeMap<BackendName, NodeId>,
    pub(crate) flags: BTreeMap<FlagName, NodeId>,
    pub(crate) versions: BTreeMap<NodeId, Version>,
}

/// Where a call is made from and goes to.
pub(crate) struct Site<'a> {
    pub(crate) node: Option<&'a NodeId>,
    pub(crate) step: Option<&'a str>,
    pub(crate) direction: Option<Direction>,
    pub(crate) port: PortKind,
}

/// What goes wrong with the call that is being made.
pub(crate) struct Strike(pub(crate) Option<FaultMode>);

/// How long an answer may be waited for, where the caller has no word on it.
const PATIENCE: Span = Span::from_secs(30);
/// How long it takes to be told no.
const REFUSAL: Span = Span::from_millis(20);
/// How long a look takes.
const LOOK: Span = Span::from_millis(5);

impl Wire {
    /// Locks the state, brought to the present moment.
    pub(crate) fn lock(&self) -> MutexGuard<'_, State> {
        let (elapsed, at) = (self.clock.elapsed(), self.clock.now());
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.elapsed = elapsed;
        state.at = at;
        state
    }

    /// Makes a changing call: the change happens half-way through its time, so that whoever is
    /// cut off may be cut off before or after it.
    pub(crate) async fn change<T>(
        &self,
        call: &Call,
        port: PortKind,
        usual: Span,
        mut apply: impl FnMut(&mut State, &Strike) -> Result<T, Fault> + Send,
    ) -> Result<T, Fault>
    where
        T: Send,
    {
        let node = node_of(&call.step);
        let site = Site {
            node: node.as_ref(),
            step: Some(call.step.name()),
            direction: Some(call.direction),
            port,
        };
        let strike = self.strike(&site, Access::Change);
        self.refuse(&strike).await?;
        let half = self.duration(&site, &strike, usual, call.key.as_str());
        self.clock.wait(half).await;
        let answer = self.deliver(&strike, &mut apply);
        if let Some(node) = &node {
            let mut state = self.lock();
            let now = state.elapsed;
            state.delivered_at.insert(node.clone(), now);
        }
        self.clock.wait(half).await;
        answered(&strike, answer)
    }

    /// Makes a reading call.
    pub(crate) async fn read<T>(
        &self,
        site: Site<'_>,
        look: impl FnOnce(&mut State, &Strike) -> T + Send,
    ) -> Result<T, Fault>
    where
        T: Send,
    {
        let strike = self.strike(&site, Access::Read);
        self.refuse(&strike).await?;
        self.clock.wait(LOOK).await;
        let seen = look(&mut self.lock(), &strike);
        answered(&strike, Ok(seen))
    }

    /// Finds out what goes wrong with a call, and counts it.
    pub(crate) fn strike(&self, site: &Site<'_>, access: Access) -> Strike {
        let mut state = self.lock();
        for (place, rule) in self.faults.rules.iter().enumerate() {
            if !site.is_met_by(rule, access) {
                continue;
            }
            let Some(count) = state.matches.get_mut(place) else {
                continue;
            };
            let before = *count;
            *count = count.saturating_add(1);
            if before >= rule.skip && before - rule.skip < rule.times {
                return Strike(state.as_it_lags(&rule.mode, site.node));
            }
        }
        Strike(None)
    }

    /// Gives how long a changing call takes beside its faults: the plan's estimate, or what is
    /// usual, more or less, times the node's slowness.
    pub(crate) fn length(&self, node: Option<&NodeId>, usual: Span, label: &str) -> Span {
        let slow = node.and_then(|node| self.slow.get(node)).copied();
        let sway = 1.0 + 0.25 * self.chance.around_zero(label, 0);
        scaled(usual, slow.unwrap_or(1.0) * sway)
    }

    /// Notes which share a route gives the new version of its node.
    pub(crate) fn note_shares(&self, state: &mut State, name: &BackendName, arms: &[Arm]) {
        let Some(node) = self.owners.backends.get(name) else {
            return;
        };
        let new = self.owners.versions.get(node);
        let points = arms
            .iter()
            .filter(|arm| Some(&arm.version) == new)
            .map(|arm| arm.share.basis_points());
        let share = Weight::from_basis_points(points.sum()).unwrap_or(Weight::FULL);
        state.give(node, share);
    }

    /// Gives the plan's estimate of a step, or what is usual.
    pub(crate) fn estimate(&self, step: &StepId, usual: Span) -> Span {
        self.estimates.get(step).copied().unwrap_or(usual)
    }

    fn duration(&self, site: &Site<'_>, strike: &Strike, usual: Span, label: &str) -> Span {
        let factor = match strike.0 {
            Some(FaultMode::Slow { factor }) => factor,
            _ => 1.0,
        };
        scaled(self.length(site.node, usual, label), factor / 2.0)
    }

    /// Answers what is settled before anything is delivered.
    async fn refuse(&self, strike: &Strike) -> Result<(), Fault> {
        let Some(fault) = strike.refusal() else {
            return Ok(());
        };
        let patience = match fault.kind {
            FaultKind::Lost => PATIENCE,
            _ => REFUSAL,
        };
        self.clock.wait(patience).await;
        Err(fault)
    }

    fn deliver<T>(
        &self,
        strike: &Strike,
        apply: &mut impl FnMut(&mut State, &Strike) -> Result<T, Fault>,
    ) -> Result<T, Fault> {
        let mut state = self.lock();
        match strike.0 {
            // The answer of a liar is computed on a copy that is thrown away.
            Some(FaultMode::LyingSuccess) => apply(&mut state.clone(), strike),
            Some(FaultMode::Reset) => {
                let roll = state.next_roll();
                if self.chance.fraction("reset", roll) < 0.5 {
                    apply(&mut state, strike)
                } else {
                    apply(&mut state.clone(), strike)
                }
            }
            Some(FaultMode::DeliveredTwice) => {
                apply(&mut state, strike)?;
                apply(&mut state, strike)
            }
            Some(_) | None => apply(&mut state, strike),
        }
    }
}

impl Site<'_> {
    fn is_met_by(&self, rule: &FaultRule, access: Access) -> bool {
        fn fits<T: PartialEq + ?Sized>(wanted: Option<&T>, actual: Option<&T>) -> bool {
            wanted.is_none() || wanted == actual
        }
        rule.mode.meets(self.port, access)
            && fits(rule.node.as_ref(), self.node)
            && fits(rule.step.as_deref(), self.step)
            && fits(rule.direction.as_ref(), self.direction.as_ref())
            && fits(rule.port.as_ref(), Some(&self.port))
            && fits(rule.access.as_ref(), Some(&access))
    }
}

impl Strike {
    /// Whether the world answers as it was before the last change.
    pub(crate) fn is_stale(&self) -> bool {
        self.0 == Some(FaultMode::StaleRead)
    }

    fn refusal(&self) -> Option<Fault> {
        let busy = |after, message| Fault::new(FaultKind::Busy { after }, message);
        Some(match self.0.as_ref()? {
            FaultMode::ConnectionRefused => Fault::unsent("the connection was refused"),
            FaultMode::TimeoutUnsent => Fault::lost("no answer came in time"),
            FaultMode::Rejected => Fault::refused("the answer was 400, bad request"),
            FaultMode::CredentialsExpired => {
                Fault::refused("the answer was 401: the credentials have expired")
            }
            FaultMode::RateLimited { after } => {
                busy(*after, "the answer was 429, too many requests")
            }
            FaultMode::Unavailable => busy(None, "the answer was 503, unavailable"),
            _ => return None,
        })
    }
}

/// Turns an answer into what the caller gets to see of it.
fn answered<T>(strike: &Strike, answer: Result<T, Fault>) -> Result<T, Fault> {
    match strike.0 {
        Some(FaultMode::ReplyLost) => Err(Fault::lost("it was sent, and no answer came")),
        Some(FaultMode::Reset) => Err(Fault::lost("the connection was reset half-way")),
        Some(FaultMode::GarbledAnswer) => Err(Fault::lost("the answer cannot be read")),
        Some(FaultMode::EndlessAnswer) => Err(Fault::lost("the answer is larger than 16MiB")),
        Some(_) | None => answer,
    }
}

/// Gives the node that a step belongs to.
pub(crate) fn node_of(step: &StepId) -> Option<NodeId> {
    step.as_str().split_once('/')?.0.parse().ok()
}

fn scaled(span: Span, factor: f64) -> Span {
    // Negative and endless factors saturate at the bounds of the cast, which is what is wanted.
    Span::from_millis((span.as_millis() as f64 * factor).round() as u64)
}
