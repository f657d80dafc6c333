//! From the runs of this workspace to a forecast.
//!
//! A forecast is an extra: where the workspace is not there or cannot be read, there is no history, and
//! everything else goes on.

use std::sync::{Arc, Mutex, PoisonError};

use gantry_forecast::{
    forecast::{self, Forecast, Outlook},
    history::History,
    progress::Progress,
    record::record,
};
use gantry_model::{
    event::RunEvent,
    id::{EnvironmentName, RunId},
    journal::RunSummary,
    plan::{Finding, Plan, Severity},
    time::Timestamp,
};
use gantry_port::journal::Journal;
use gantry_readiness::calendar;

use crate::app::App;

/// How many of the latest runs of an environment are read.
const RUNS: usize = 100;

/// What was read last, so that a watcher does not read all runs each second.
#[derive(Debug, Default)]
pub(crate) struct Memory(Mutex<Option<Known>>);

#[derive(Clone, Debug)]
struct Known {
    mark: Mark,
    history: Arc<History>,
}

/// What changes when there is more to know.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Mark {
    environment: EnvironmentName,
    runs: usize,
    latest: Option<Timestamp>,
}

impl Memory {
    fn recall(&self, mark: &Mark) -> Option<Arc<History>> {
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let known = known.as_ref().filter(|known| known.mark == *mark);
        known.map(|known| Arc::clone(&known.history))
    }

    fn keep(&self, mark: Mark, history: &Arc<History>) {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let history = Arc::clone(history);
        *known = Some(Known { mark, history });
    }
}

/// Forecasts a plan that has not begun.
pub(crate) async fn of_plan(app: &App, plan: &Plan) -> Forecast {
    let history = history(app, &plan.environment).await;
    forecast::of_plan(plan, &history, &outlook(app, plan))
}

/// Forecasts what is left of a run; `None` where it does not go forward.
pub(crate) async fn of_run(app: &App, run: &RunId, plan: &Plan) -> Option<Forecast> {
    let journal = app.journal().ok()?;
    let events = events(&*journal, run).await?;
    let outlook = outlook(app, plan);
    let progress = Progress::of(plan, &events, outlook.now)?;
    let history = history(app, &plan.environment).await;
    forecast::of_run(plan, &history, &outlook, &progress)
}

/// Warns where a release will probably not end before its window closes.
pub(crate) fn finding(forecast: &Forecast) -> Option<Finding> {
    let Forecast::Expected(expected) = forecast else {
        return None;
    };
    let window = expected.window.as_ref()?;
    let percent = (100.0 * window.chance).floor();
    (!expected.is_in_time()).then(|| Finding {
        severity: Severity::Warning,
        code: "window-too-short".to_owned(),
        node: None,
        pointer: Some("/window/closes".to_owned()),
        message: format!(
            "The release ends before the window closes in {percent} % of {} draws; nine of ten are expected.",
            expected.draws
        ),
        hint: "open the window earlier, close it later, or release less at once".to_owned(),
    })
}

fn outlook(app: &App, plan: &Plan) -> Outlook {
    let window = plan.window.as_ref();
    Outlook {
        now: app.clock.now(),
        opens: window.and_then(calendar::opens),
        closes: window.and_then(calendar::closes),
    }
}

pub(crate) async fn history(app: &App, environment: &EnvironmentName) -> Arc<History> {
    let journal = app.journal_if_there().ok().flatten();
    match journal {
        Some(journal) => remembered(app, &*journal, environment).await,
        None => Arc::default(),
    }
}

async fn remembered(
    app: &App,
    journal: &dyn Journal,
    environment: &EnvironmentName,
) -> Arc<History> {
    let mut runs: Vec<RunSummary> = journal.list().await.unwrap_or_default();
    runs.retain(|run| run.ended && run.environment == *environment);
    runs.sort_by_key(|run| std::cmp::Reverse(run.started_at));
    runs.truncate(RUNS);
    let mark = Mark {
        environment: environment.clone(),
        runs: runs.len(),
        latest: runs.iter().map(|run| run.changed_at).max(),
    };
    if let Some(history) = app.memory.recall(&mark) {
        return history;
    }
    let mut records = Vec::new();
    for run in runs.iter().rev() {
        // A record that this version cannot read teaches nothing.
        if let Some(plan) = plan(journal, &run.run).await
            && let Some(events) = events(journal, &run.run).await
        {
            records.push(record(&plan, &events));
        }
    }
    let history = Arc::new(History::new(records));
    app.memory.keep(mark, &history);
    history
}

async fn plan(journal: &dyn Journal, run: &RunId) -> Option<Plan> {
    serde_json::from_str(&journal.plan(run).await.ok()?).ok()
}

pub(crate) async fn events(journal: &dyn Journal, run: &RunId) -> Option<Vec<RunEvent>> {
    let entries = journal.read(run, 0).await.ok()?;
    let read = |entry: &gantry_model::journal::Entry| RunEvent::from_body(&entry.event.body).ok();
    entries.iter().map(read).collect()
}
