//! `moments`: how a release could be taken back, at each moment of it.

mod label;
mod way_back;

use std::{cmp::Reverse, collections::BTreeMap};

use gantry_forecast::timetable::{Basis, Teller, Timetable};
use gantry_model::{
    id::{NodeId, StepId},
    plan::{Nature, Plan, StepIndex},
    rollback::{Scope, plan_rollback},
    run::Run,
};
use serde::{Deserialize, Serialize};

use crate::{
    app::{App, Caller},
    command::{Access, Command},
    error::ApiError,
    follow, forecast, load,
    source::Source,
};

pub use way_back::{UndoneNode, WayBack};

/// So many undo actions are told of altogether; of a larger release some moments are left out.
const TOLD: usize = 40_000;

/// Says for each moment of a planned run what going back would mean.
#[derive(Clone, Debug, Deserialize)]
pub struct Moments {
    /// Which release; one with an unfinished run is told by that run's plan.
    #[serde(flatten)]
    pub source: Source,
}

/// A moment of a planned run: right after one of its steps.
#[derive(Clone, Debug, Serialize)]
pub struct Moment {
    /// Its place among the moments, from 0.
    pub index: usize,
    /// What has just been done, in a few words.
    pub label: String,
    /// When it is there as likely as not, from the start.
    pub at_ms_p50: u64,
    /// When it is there in nine of ten cases.
    pub at_ms_p90: u64,
    /// What these times stand on.
    pub basis: Basis,
    /// The node.
    pub node: Option<NodeId>,
    /// The step.
    pub step: Option<StepId>,
    /// Whether something has been done by now that cannot be undone.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub no_return: bool,
    /// Whether the run that is under way stands here.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub now: bool,
    /// What going back would mean.
    pub rollback: WayBack,
}

impl Command for Moments {
    const NAME: &'static str = "moments";
    const ACCESS: Access = Access::Read;
    const ABOUT: &'static str = "Says for each moment of a planned run what would be undone, in which order and how long it takes.";
    type Answer = Vec<Moment>;

    async fn execute(self, app: &App, _caller: &Caller) -> Result<Vec<Moment>, ApiError> {
        let run = match (&self.source.release, &self.source.text) {
            (Some(name), None) => under_way(app, name).await?,
            _ => None,
        };
        let plan = match &run {
            Some(run) => run.plan().clone(),
            None => {
                let loaded = self.source.load(app).await?;
                std::sync::Arc::new(load::plan(&loaded, BTreeMap::new())?)
            }
        };
        let history = forecast::history(app, &plan.environment).await;
        Ok(moments(&plan, &Teller::new(&history), run.as_ref()))
    }
}

/// Finds the run of a release that has not ended.
async fn under_way(app: &App, name: &str) -> Result<Option<Run>, ApiError> {
    let Some(journal) = app.journal_if_there()? else {
        return Ok(None);
    };
    let Ok(found) = follow::find(&*journal, name).await else {
        return Ok(None);
    };
    if journal.summary(&found).await?.ended {
        return Ok(None);
    }
    Ok(Some(gantry_engine::drive::read(&*journal, &found).await?))
}

fn moments(plan: &Plan, teller: &Teller<'_>, run: Option<&Run>) -> Vec<Moment> {
    let timetable = teller.timetable(plan, None);
    let order = order(plan, &timetable);
    let actions = plan_rollback(plan, &|_| true, Scope::Release).actions.len();
    let every = (order.len() * actions).div_ceil(TOLD).max(1);
    let last = order.len().saturating_sub(1);
    let told = order.iter().enumerate();
    let told = told.filter(|(at, _)| at % every == 0 || *at == last);
    let point = plan.point_of_no_return.as_ref().map(|point| point.step);
    let mut all = vec![start(plan, teller, timetable.basis)];
    for (_, step) in told {
        let end = slot_end(&timetable, *step);
        // What has begun by then may have been applied.
        let touched = |other: StepIndex| {
            let begun = timetable
                .steps
                .get(other.at())
                .map(|slot| slot.begins.p50_ms);
            other == *step || begun.is_some_and(|begun| begun < end.0)
        };
        all.push(Moment {
            index: all.len(),
            label: label::of(plan, *step),
            at_ms_p50: end.0,
            at_ms_p90: end.1,
            basis: timetable.basis,
            node: plan
                .steps
                .get(step.at())
                .and_then(|step| Some(plan.nodes.get(step.node.at())?.id.clone())),
            step: plan.steps.get(step.at()).map(|step| step.id.clone()),
            no_return: point.is_some_and(touched),
            now: false,
            rollback: way_back::of(plan, teller, &touched),
        });
    }
    mark(&mut all, plan, run);
    all
}

fn start(plan: &Plan, teller: &Teller<'_>, basis: Basis) -> Moment {
    Moment {
        index: 0,
        label: "start".to_owned(),
        at_ms_p50: 0,
        at_ms_p90: 0,
        basis,
        node: None,
        step: None,
        no_return: false,
        now: false,
        rollback: way_back::of(plan, teller, &|_| false),
    }
}

/// Marks where the run stands: at the last moment whose step was applied.
fn mark(all: &mut [Moment], plan: &Plan, run: Option<&Run>) {
    let Some(run) = run else {
        return;
    };
    let reached = |moment: &&mut Moment| match &moment.step {
        Some(id) => plan.step(id).is_some_and(|step| run.is_touched(step)),
        None => true,
    };
    if let Some(moment) = all.iter_mut().rev().find(reached) {
        moment.now = true;
    }
}

/// Lists the steps after which the way back is another one, as they will probably end.
fn order(plan: &Plan, timetable: &Timetable) -> Vec<StepIndex> {
    let mut rank = vec![0; plan.nodes.len()];
    for (at, node) in plan.order.iter().enumerate() {
        if let Some(rank) = rank.get_mut(node.at()) {
            *rank = at;
        }
    }
    let steps = (0_u32..).map(StepIndex).zip(&plan.steps);
    let mut order: Vec<(u64, usize, StepIndex)> = steps
        .filter(|(_, step)| step.action.nature() != Nature::Looks)
        .map(|(at, step)| {
            let rank = rank.get(step.node.at()).copied().unwrap_or_default();
            (slot_end(timetable, at).0, rank, at)
        })
        .collect();
    order.sort_by_key(|(end, rank, at)| (*end, *rank, Reverse(u32::MAX - at.0)));
    order.into_iter().map(|(_, _, at)| at).collect()
}

fn slot_end(timetable: &Timetable, step: StepIndex) -> (u64, u64) {
    let ends = timetable.steps.get(step.at()).map(|slot| slot.ends);
    ends.map_or((0, 0), |ends| (ends.p50_ms, ends.p90_ms))
}
