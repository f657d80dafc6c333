//! A simulated source of metrics: both versions in step, noisy by the seed, and faulty on demand.

use std::sync::Arc;

use async_trait::async_trait;
use gantry_model::{
    release::metric::{Metric, MetricKind},
    time::Timestamp,
    unit::{Span, Weight},
};
use gantry_port::{
    clock::Clock,
    fault::Fault,
    metrics::{Grid, Metrics, Nothing, Point, Question},
};

use crate::{
    signal::{History, Side, SignalFault, SignalFaultKind},
    state::State,
    wire::Wire,
};

/// Answers for every service of the world.
pub(crate) struct SimulatedMetrics {
    pub(crate) wire: Arc<Wire>,
}

/// How long a look takes.
const LOOK: Span = Span::from_millis(20);

/// What a question asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Wanted {
    Bad,
    Total,
    Level,
}

#[async_trait]
impl Metrics for SimulatedMetrics {
    async fn read(&self, question: &Question, grid: Grid, _: Span) -> Result<Vec<Point>, Fault> {
        self.wire.clock.wait(LOOK).await;
        let now = self.wire.clock.now();
        let wanted = self.wanted(&question.template);
        let Some(wanted) = wanted else {
            let nothing = Point::Nothing(Nothing::NoSeries);
            return Ok(vec![nothing; grid.count as usize]);
        };
        let state = self.wire.lock();
        (0..grid.count)
            .map(|at| self.point(&state, question, wanted, (grid, at, now)))
            .collect()
    }

    fn keeps_history(&self) -> bool {
        self.wire.signals.history == History::Kept
    }

    fn absent_is_zero(&self) -> bool {
        true
    }
}

impl SimulatedMetrics {
    /// Finds which query of which metric of the plan it is; nobody else asks here.
    fn wanted(&self, template: &str) -> Option<Wanted> {
        let is = |query: &Option<String>| query.as_deref() == Some(template);
        let of = |metric: &Metric| match metric.kind {
            MetricKind::Ratio if is(&metric.bad) => Some(Wanted::Bad),
            MetricKind::Ratio if is(&metric.total) => Some(Wanted::Total),
            MetricKind::Latency | MetricKind::Gauge if is(&metric.query) => Some(Wanted::Level),
            MetricKind::Ratio | MetricKind::Latency | MetricKind::Gauge => None,
        };
        self.wire.metrics.iter().find_map(of)
    }

    fn point(
        &self,
        state: &State,
        question: &Question,
        wanted: Wanted,
        (grid, at, now): (Grid, u32, Timestamp),
    ) -> Result<Point, Fault> {
        let Some(end) = grid.end_of(at).filter(|end| *end <= now) else {
            return Ok(Point::Nothing(Nothing::NoPoint));
        };
        if self.wire.signals.history == History::OnlyNow && at + 1 < grid.count {
            return Ok(Point::Nothing(Nothing::NoPoint));
        }
        let side = side(question);
        let since = self.since_start(end);
        let wrong = self.wire.signals.faults.iter().find(|fault| {
            let inside = fault.from <= since && since < fault.until;
            inside && fault.side.is_none_or(|wanted| wanted == side)
        });
        if let Some(point) = wrong
            .map(|fault| wrong_point(fault, now, end))
            .transpose()?
            .flatten()
        {
            return Ok(point);
        }
        let middle = end - Span::from_millis(grid.bucket.as_millis() / 2).as_delta();
        let share = self.share(state, question, side, middle);
        let label = format!("{}/{side:?}", question.template);
        let count = u64::try_from(end.timestamp_millis()).unwrap_or_default();
        // The sum of three dice has a third of the spread that a count has.
        let chance = 3.0 * self.wire.chance.around_zero(&label, count);
        let seconds = grid.bucket.as_millis() as f64 / 1000.0;
        let requests = (self.wire.requests_per_second * seconds * share.fraction()).round();
        let number = match wanted {
            Wanted::Total => requests,
            Wanted::Bad => {
                let expected = requests * self.failing(side, since);
                (expected + chance * expected.sqrt())
                    .round()
                    .clamp(0.0, requests)
            }
            Wanted::Level if requests < 1.0 => return Ok(Point::Nothing(Nothing::NoPoint)),
            Wanted::Level => self.level(side) * (1.0 + self.wire.signals.sway * chance),
        };
        Ok(Point::Value(number))
    }

    fn since_start(&self, at: Timestamp) -> Span {
        let passed = (at - self.wire.start).num_milliseconds();
        Span::from_millis(u64::try_from(passed).unwrap_or_default())
    }

    fn failing(&self, side: Side, since: Span) -> f64 {
        let signals = &self.wire.signals;
        let harm = match side {
            Side::Canary => signals.harm,
            Side::Baseline => 1.0,
        };
        let inside = signals
            .incidents
            .iter()
            .filter(|incident| incident.from <= since && since < incident.until);
        let factor: f64 = inside.map(|incident| incident.factor).product();
        (signals.failing * harm * factor).min(1.0)
    }

    fn level(&self, side: Side) -> f64 {
        let signals = &self.wire.signals;
        match side {
            Side::Canary => signals.level * signals.slower,
            Side::Baseline => signals.level,
        }
    }

    /// Gives the share of the traffic that a version had at a moment.
    fn share(&self, state: &State, question: &Question, side: Side, at: Timestamp) -> Weight {
        let node = question.values.get("node");
        let mut shares = state.shares.iter().rev();
        let last = shares.find(|one| Some(&one.node) == node && one.at <= at);
        let canary = last.map_or(Weight::ZERO, |one| one.canary);
        // Whoever asks about a service at large asks for everybody.
        match (side, node) {
            (_, None) => Weight::FULL,
            (Side::Canary, Some(_)) => canary,
            (Side::Baseline, Some(_)) => canary.complement(),
        }
    }
}

fn side(question: &Question) -> Side {
    match question.values.get("arm").map(String::as_str) {
        Some("baseline") => Side::Baseline,
        _ => Side::Canary,
    }
}

/// Gives what is there in the place of a number; nothing where a late point has come.
fn wrong_point(
    fault: &SignalFault,
    now: Timestamp,
    end: Timestamp,
) -> Result<Option<Point>, Fault> {
    let nothing = |why| Ok(Some(Point::Nothing(why)));
    match fault.kind {
        SignalFaultKind::Unavailable => Err(Fault::lost("the answer was 503, unavailable")),
        SignalFaultKind::Garbled => Err(Fault::refused("the answer is a page of HTML")),
        SignalFaultKind::NoSeries => nothing(Nothing::NoSeries),
        SignalFaultKind::Gap => nothing(Nothing::NoPoint),
        SignalFaultKind::NotANumber => nothing(Nothing::NotANumber),
        SignalFaultKind::Stale => nothing(Nothing::Stale),
        SignalFaultKind::Several => nothing(Nothing::Several),
        SignalFaultKind::CounterReset => Ok(Some(Point::Value(-40.0))),
        SignalFaultKind::Late(by) if now < end + by.as_delta() => nothing(Nothing::NoPoint),
        SignalFaultKind::Late(_) => Ok(None),
    }
}
