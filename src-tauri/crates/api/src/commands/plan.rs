//! `plan`: what a release means, rollback plan first.

use std::{collections::BTreeMap, path::PathBuf};

use gantry_forecast::timetable::{Teller, Timetable};
use gantry_model::{plan::Plan, time::Timestamp};
use gantry_planner::view::PlanView;
use gantry_readiness::calendar;
use serde::{Deserialize, Serialize};

use crate::{
    app::{App, Caller},
    catalogue::quarantine,
    command::{Access, Command},
    error::ApiError,
    forecast, load, observe,
};

pub use gantry_forecast::{
    forecast::{Expected, Forecast},
    people::Waits,
};

/// Plans a release file.
#[derive(Clone, Debug, Deserialize)]
pub struct PlanRelease {
    /// The release file.
    pub file: PathBuf,
    /// Whether the platforms are asked what runs now.
    #[serde(default)]
    pub observe: bool,
    /// Whether it is told when each step begins and ends; it is, where nothing is said.
    #[serde(default)]
    pub timetable: Timetabled,
}

/// Whether a plan comes with its timetable.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Timetabled {
    /// It does, unless it is very large.
    #[default]
    Told,
    /// It does not.
    LeftOut,
}

/// A window as instants.
#[derive(Clone, Debug, Serialize)]
pub struct Open {
    /// When it opens.
    pub opens: Option<Timestamp>,
    /// When it closes.
    pub closes: Option<Timestamp>,
    /// The zone that people read it in.
    pub timezone: String,
}

/// Of plans with more steps than this nobody looks at a timetable.
const TIMED: usize = 5_000;

/// A plan, seen from outside.
#[derive(Clone, Debug, Serialize)]
pub struct Planned {
    #[serde(flatten)]
    view: PlanView,
    forecast: Forecast,
    #[serde(skip_serializing_if = "Option::is_none")]
    window: Option<Open>,
    #[serde(skip_serializing_if = "Option::is_none")]
    timetable: Option<Timetable>,
    #[serde(skip)]
    plan: Plan,
}

impl Planned {
    /// Adds how long a plan will take, and what follows from that.
    pub(crate) async fn of(app: &App, mut plan: Plan) -> Self {
        let forecast = forecast::of_plan(app, &plan).await;
        plan.findings.extend(forecast::finding(&forecast));
        plan.findings.extend(quarantine::findings(app, &plan).await);
        Self {
            view: gantry_planner::view::view(&plan),
            window: open(&plan),
            timetable: timetable(app, &plan).await,
            forecast,
            plan,
        }
    }

    /// Gives the whole plan, for doors that draw it.
    pub fn plan(&self) -> &Plan {
        &self.plan
    }

    /// Gives how long it will take, as earlier runs in this workspace make it likely.
    pub fn forecast(&self) -> &Forecast {
        &self.forecast
    }
}

impl Command for PlanRelease {
    const NAME: &'static str = "plan";
    const ACCESS: Access = Access::Read;
    const ABOUT: &'static str = "Plans a release file: order, steps, rollback plan, findings.";
    type Answer = Planned;

    async fn execute(self, app: &App, _caller: &Caller) -> Result<Planned, ApiError> {
        let loaded = load::load(app, &self.file).await?;
        let mut plan = load::plan(&loaded, BTreeMap::new())?;
        if self.observe {
            plan = load::plan(&loaded, observe::running(app, &plan).await?)?;
        }
        let planned = Planned::of(app, plan).await;
        Ok(match self.timetable {
            Timetabled::Told => planned,
            Timetabled::LeftOut => Planned {
                window: None,
                timetable: None,
                ..planned
            },
        })
    }
}

fn open(plan: &Plan) -> Option<Open> {
    let window = plan.window.as_ref()?;
    Some(Open {
        opens: calendar::opens(window),
        closes: calendar::closes(window),
        timezone: window.timezone.to_string(),
    })
}

pub(super) async fn timetable(app: &App, plan: &Plan) -> Option<Timetable> {
    if plan.steps.len() > TIMED {
        return None;
    }
    let history = forecast::history(app, &plan.environment).await;
    Some(Teller::new(&history).timetable(plan, None))
}
