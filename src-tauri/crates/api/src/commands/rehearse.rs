//! `rehearse`: the real engine in virtual time on a simulated platform.

mod people;

use std::{collections::BTreeMap, path::PathBuf, sync::Arc};

use gantry_engine::{
    drive::{self, Inbox, NewRelease, World as Surroundings},
    standing::Standing,
    status::{self, RunStatus},
};
use gantry_model::{
    command::Actor,
    event::{Outcome, RunEvent},
    id::{NodeId, RunId},
    journal::Entry,
    plan::Plan,
    time::Timestamp,
};
use gantry_performer::Performer;
use gantry_port::clock::Clock;
use gantry_readiness::calendar::{closes, opens};
use gantry_simulation::{
    fault::FaultPlan,
    journal::MemoryJournal,
    play::play,
    whatif::{Fail, InvalidWhatIf, Slow},
    world::{Settings, World},
};
use serde::{Deserialize, Serialize};

use crate::{
    app::{App, Caller},
    command::{Access, Command},
    error::{ApiError, ErrorCode},
    load,
    notices::wordings,
    rehearsals::{self, Rehearsal, badness},
};

/// Runs a release in virtual time on a simulated platform; changes nothing anywhere.
#[derive(Clone, Debug, Deserialize)]
pub struct Rehearse {
    /// The release file.
    pub file: PathBuf,
    /// The seed of everything that is drawn.
    #[serde(default)]
    pub seed: u64,
    /// What fails: `NODE[:STEP][@WEIGHT]`.
    #[serde(default)]
    pub fail: Vec<String>,
    /// What is slower: `NODE=x3`.
    #[serde(default)]
    pub slow: Vec<String>,
    /// How many times, each with its own durations.
    #[serde(default = "once")]
    pub runs: u32,
    /// Whether the workspace remembers it.
    #[serde(default)]
    pub keep: Keep,
}

/// Whether the workspace remembers a rehearsal.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Keep {
    /// Behind a door that has the workspace open anyway; elsewhere a rehearsal opens none.
    #[default]
    WhereItIsOpen,
    /// In any case.
    Always,
}

fn once() -> u32 {
    1
}

/// What came of a rehearsal.
#[derive(Clone, Debug, Serialize)]
pub struct Rehearsed {
    /// The seed; the same file and seed give the same bytes.
    pub seed: u64,
    /// How it ended, or `held` where a person would be needed.
    pub outcome: Outcome,
    /// What a person would have to do.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub waits_for: Option<String>,
    /// How long it took, in virtual time.
    pub took_ms: u64,
    /// How each node ended.
    pub status: RunStatus,
    /// Every event.
    pub events: Vec<RunEvent>,
    /// What people would be told; a rehearsal sends nothing.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub notices: Vec<WouldTell>,
    /// How long several rehearsals took, where several were asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub forecast: Option<Forecast>,
}

/// What somebody would be told.
#[derive(Clone, Debug, Serialize)]
pub struct WouldTell {
    /// When, in virtual time.
    pub at: Timestamp,
    /// What it is about.
    pub event: String,
    /// Who.
    pub audience: String,
    /// The channel: the connection's name.
    pub channel: String,
    /// One line.
    pub title: String,
    /// The rest.
    pub body: String,
}

/// How long rehearsals took, in virtual time.
#[derive(Clone, Debug, Serialize)]
pub struct Forecast {
    /// How many.
    pub runs: u32,
    /// Half took at most this.
    pub p50_ms: u64,
    /// Eight of ten took at most this.
    pub p80_ms: u64,
    /// Nine of ten took at most this.
    pub p90_ms: u64,
    /// How they ended.
    pub outcomes: BTreeMap<&'static str, u32>,
}

impl Command for Rehearse {
    const NAME: &'static str = "rehearse";
    const ACCESS: Access = Access::Read;
    const ABOUT: &'static str =
        "Runs a release in virtual time on a simulated platform; changes nothing anywhere.";
    type Answer = Rehearsed;

    async fn execute(self, app: &App, caller: &Caller) -> Result<Rehearsed, ApiError> {
        let loaded = load::load(app, &self.file).await?;
        let plan = load::plan(&loaded, BTreeMap::new())?;
        load::refuse_unsafe(&loaded, &plan)?;
        let plan = Arc::new(plan);
        let what_if = WhatIf::read(&plan, &self.fail, &self.slow)?;
        let mut first = rehearse(&plan, &what_if, caller, self.seed).await?;
        first.notices = would_tell(app, &plan, &first.events).await;
        if self.runs > 1 {
            first.forecast =
                Some(forecast(&plan, &what_if, caller, (self.seed, self.runs), &first).await?);
        }
        if self.keep == Keep::Always || app.drives.is_some() {
            let rehearsal = self.rehearsal(&plan, caller, &first);
            let when = (&plan.release, app.clock.now());
            rehearsals::keep(&*app.journal()?, when, &rehearsal).await?;
        }
        Ok(first)
    }
}

impl Rehearse {
    /// Says what is kept of it.
    fn rehearsal(&self, plan: &Plan, caller: &Caller, first: &Rehearsed) -> Rehearsal {
        let forecast = first.forecast.as_ref();
        let endings = forecast.map(|forecast| forecast.outcomes.keys());
        let endings = endings.into_iter().flatten();
        let worst = endings
            .filter_map(|word| serde_json::from_value::<Outcome>((*word).into()).ok())
            .max_by_key(|outcome| badness(*outcome));
        let slow = self.slow.iter().map(|slow| format!("slow {slow}"));
        let fail = self.fail.iter().map(|fail| format!("fail {fail}"));
        Rehearsal {
            by: caller.name.clone(),
            plan: plan.digest,
            seed: self.seed,
            runs: self.runs,
            what_if: fail.chain(slow).collect(),
            outcome: first.outcome,
            p50_ms: forecast.map_or(first.took_ms, |forecast| forecast.p50_ms),
            p90_ms: forecast.map_or(first.took_ms, |forecast| forecast.p90_ms),
            worst: worst.filter(|worst| badness(*worst) > badness(first.outcome)),
        }
    }
}

/// What is tried on a plan.
struct WhatIf {
    faults: FaultPlan,
    slow: BTreeMap<NodeId, f64>,
}

impl WhatIf {
    fn read(plan: &Plan, fail: &[String], slow: &[String]) -> Result<Self, ApiError> {
        let invalid = |error: InvalidWhatIf| {
            ApiError::new(
                ErrorCode::BadCall,
                error.to_string(),
                "`gantry plan FILE --json` lists nodes and steps",
            )
        };
        let mut rules = Vec::new();
        for text in fail {
            let fail: Fail = text.parse().map_err(invalid)?;
            rules.extend(fail.rules(plan).map_err(invalid)?);
        }
        let mut slower = BTreeMap::new();
        for text in slow {
            let slow: Slow = text.parse().map_err(invalid)?;
            if plan.node(&slow.node).is_none() {
                return Err(invalid(InvalidWhatIf::NoSuchNode(slow.node)));
            }
            slower.insert(slow.node, slow.factor);
        }
        Ok(Self {
            faults: FaultPlan { rules },
            slow: slower,
        })
    }
}

async fn rehearse(
    plan: &Arc<Plan>,
    what_if: &WhatIf,
    caller: &Caller,
    seed: u64,
) -> Result<Rehearsed, ApiError> {
    let settings = Settings {
        seed,
        faults: what_if.faults.clone(),
        slow: what_if.slow.clone(),
        start: start(plan),
        ..Settings::default()
    };
    let world = World::from_plan(plan, settings);
    let clock = world.clock();
    let surroundings = Surroundings {
        journal: Arc::new(MemoryJournal::new()),
        clock: clock.clone(),
        platform: Arc::new(Performer::new(world.ports(), clock.clone())),
    };
    let new = NewRelease {
        plan: Arc::clone(plan),
        by: Actor::named(&caller.name),
        gantry: env!("CARGO_PKG_VERSION").into(),
        reach: Vec::new(),
        at_start: Vec::new(),
    };
    let began = clock.now();
    let mut events = Vec::new();
    let (driver, standing) = play(&clock, async {
        let mut driver = drive::start(surroundings, new, Inbox::Closed).await?;
        let mut observer = |_: &Entry, event: &RunEvent| events.push(event.clone());
        let standing = people::follow(&mut driver, &mut observer).await?;
        Ok::<_, ApiError>((driver, standing))
    })
    .await?;
    let (outcome, waits_for) = match standing {
        Standing::Ended(outcome) => (outcome, None),
        Standing::WaitsForPerson(sentence) => (Outcome::Held, Some(sentence)),
    };
    let took_ms = (clock.now() - began)
        .num_milliseconds()
        .max(0)
        .unsigned_abs();
    Ok(Rehearsed {
        seed,
        outcome,
        waits_for,
        took_ms,
        status: status::status(driver.run()),
        events,
        notices: Vec::new(),
        forecast: None,
    })
}

/// Gives the instant at which a rehearsal begins: the usual one, or when the window of the plan
/// opens, because what is waited for until then tells nothing about the release.
fn start(plan: &Plan) -> Timestamp {
    let usual = Settings::default().start;
    let window = plan.window.as_ref();
    let edges = window.and_then(|window| Some((opens(window)?, closes(window)?)));
    match edges {
        Some((opens, closes)) if !(opens..closes).contains(&usual) => opens,
        Some(_) | None => usual,
    }
}

async fn would_tell(app: &App, plan: &Plan, events: &[RunEvent]) -> Vec<WouldTell> {
    let wordings = wordings::read(app, plan).await;
    let run = RunId::new(plan.release.clone(), 1);
    let notices = events
        .iter()
        .flat_map(|event| gantry_notify::events::notices(plan, &wordings, &run, event));
    let would = notices.map(|notice| WouldTell {
        at: notice.at,
        event: notice.event,
        audience: notice.stakeholder,
        channel: notice.via.connection.to_string(),
        title: notice.title,
        body: notice.body,
    });
    would.collect()
}

/// Rehearses with the seeds that follow the first one's.
async fn forecast(
    plan: &Arc<Plan>,
    what_if: &WhatIf,
    caller: &Caller,
    (seed, runs): (u64, u32),
    first: &Rehearsed,
) -> Result<Forecast, ApiError> {
    let mut took = vec![first.took_ms];
    let mut outcomes = BTreeMap::from([(first.outcome.word(), 1)]);
    for offset in 1..u64::from(runs) {
        let again = rehearse(plan, what_if, caller, seed.wrapping_add(offset)).await?;
        took.push(again.took_ms);
        *outcomes.entry(again.outcome.word()).or_default() += 1;
    }
    took.sort_unstable();
    let quantile = |percent: usize| {
        took.get((took.len() * percent).div_ceil(100).saturating_sub(1))
            .copied()
    };
    Ok(Forecast {
        runs,
        p50_ms: quantile(50).unwrap_or_default(),
        p80_ms: quantile(80).unwrap_or_default(),
        p90_ms: quantile(90).unwrap_or_default(),
        outcomes,
    })
}
