//! A random release, random faults and random operators, all out of one seed.

mod judged;
mod operator;
mod plain;
mod smaller;
mod trouble;
mod variety;

use gantry_model::{command::Order, id::NodeId, plan::Plan, release::Release, unit::Span};
use gantry_simulation::{
    fault::{FaultMode, FaultPlan, FaultRule},
    signal::Signals,
};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

use crate::{draft::NotARelease, invariants::Honesty};

/// A scenario of one seed.
#[derive(Clone, Debug)]
pub struct Scenario {
    /// The seed that it was made from.
    pub seed: u64,
    /// The release.
    pub release: Release,
    /// What goes wrong.
    pub faults: FaultPlan,
    /// How the services do, and what is wrong with who measures them.
    pub signals: Signals,
    /// What people ask, and how long after the start.
    pub orders: Vec<(Span, Order)>,
    /// What becomes of the machine, and how long after the start.
    pub upsets: Vec<(Span, Upset)>,
    /// The durable writes at which the process dies, each counted from where it was started.
    pub crashes: Vec<Crash>,
    /// Whether a platform will say what is not so.
    pub platform: Honesty,
}

/// Something that becomes of the machine while a release goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Upset {
    /// Somebody sets the wall clock, forward or back, by so many seconds.
    ClockSet {
        /// By how much.
        by_seconds: i64,
    },
    /// The machine sleeps.
    Sleep(Span),
}

/// The death of a process beside a durable write.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Crash {
    /// Before so many writes have become durable.
    Before(u64),
    /// After so many have.
    After(u64),
}

/// How large and how rough scenarios are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Roughness {
    /// How many nodes there are at most.
    pub nodes: u32,
    /// How many faults there are at most.
    pub faults: u32,
    /// How many commands there are at most.
    pub orders: u32,
    /// How much of what a release file can say is said.
    pub variety: Variety,
}

/// How much of what a release file can say is said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Variety {
    /// Apps, tasks, flags and plain expansions; every order and fault that needs nobody's answer.
    Plain,
    /// Everything: people, gates, windows, contracts, conditions, crashes, sleep and clocks.
    Whole,
}

impl Default for Roughness {
    fn default() -> Self {
        Self {
            nodes: 60,
            faults: 4,
            orders: 3,
            variety: Variety::Whole,
        }
    }
}

impl Roughness {
    /// The dice of the first day, whose seeds are kept.
    pub fn plain() -> Self {
        Self {
            variety: Variety::Plain,
            ..Self::default()
        }
    }
}

impl Scenario {
    /// Makes the scenario of a seed.
    ///
    /// # Errors
    /// Never for a generator that is right; the file format is the judge of that.
    pub fn of(seed: u64, roughness: Roughness) -> Result<Self, NotARelease> {
        let mut dice = ChaCha8Rng::seed_from_u64(seed);
        let count = dice.random_range(1..=roughness.nodes.max(1));
        let mut draft = plain::release(&mut dice, count);
        // Variety has dice of its own, so that the plain ones fall as they always have.
        let mut more = ChaCha8Rng::seed_from_u64(!seed);
        let mut signals = Signals::default();
        if roughness.variety == Variety::Whole {
            draft = variety::of(&mut more, draft);
            (draft, signals) = judged::of(seed, draft);
        }
        let release = draft.release()?;
        let ids: Vec<NodeId> = release.nodes.keys().cloned().collect();
        let faults = dice.random_range(0..=roughness.faults);
        let rules = (0..faults).filter_map(|_| plain::rule(&mut dice, &ids));
        let mut rules: Vec<FaultRule> = rules.collect();
        let orders = dice.random_range(0..=roughness.orders);
        let orders = (0..orders).filter_map(|_| plain::order(&mut dice, &ids));
        let mut scenario = Self {
            seed,
            faults: FaultPlan::default(),
            signals,
            orders: orders.collect(),
            upsets: Vec::new(),
            crashes: Vec::new(),
            platform: Honesty::Honest,
            release,
        };
        if roughness.variety == Variety::Whole {
            rules.extend(trouble::rules(&mut more, &ids, roughness.faults));
            let orders = operator::orders(&mut more, &ids, roughness.orders);
            scenario.orders.extend(orders);
            if roughness.faults > 0 {
                scenario.upsets = trouble::upsets(&mut more);
                scenario.crashes = trouble::crashes(&mut more);
            }
        }
        scenario.orders.sort_by_key(|(after, _)| *after);
        scenario.faults.rules = rules;
        scenario.platform = honesty(&scenario.faults);
        Ok(scenario)
    }

    /// Gives the scenarios that are this one with a little less in it, for finding what a failure
    /// needs: without one fault, order, upset or crash, without half of the nodes or one of them.
    pub fn smaller(&self) -> impl Iterator<Item = Self> {
        smaller::than(self)
    }

    /// Says how to run this scenario alone.
    pub fn replay(&self) -> String {
        format!(
            "GANTRY_SEED={} cargo nextest run -p gantry-tests simulation",
            self.seed
        )
    }

    /// Says in one line what the scenario is, for a failure's message.
    pub fn sentence(&self, plan: &Plan) -> String {
        let (nodes, steps) = (plan.nodes.len(), plan.steps.len());
        let (faults, orders) = (self.faults.rules.len(), self.orders.len());
        let (upsets, crashes) = (self.upsets.len(), self.crashes.len());
        format!(
            "seed {}: {nodes} nodes, {steps} steps, {faults} faults, {orders} commands, {upsets} upsets, {crashes} crashes",
            self.seed
        )
    }
}

fn honesty(faults: &FaultPlan) -> Honesty {
    let lies = |rule: &FaultRule| match rule.mode {
        FaultMode::LyingSuccess | FaultMode::PartialSuccess { .. } => true,
        // What a platform shows of the past for ever cannot be told from a lie: whoever looks
        // after a crash finds nothing to take back.
        FaultMode::StaleRead => rule.times == u32::MAX,
        _ => false,
    };
    match faults.rules.iter().any(lies) {
        true => Honesty::Lying,
        false => Honesty::Honest,
    }
}
