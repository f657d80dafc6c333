//! Plays a project through many times with drawn durations.

use std::{cmp::Reverse, collections::BinaryHeap};

use crate::{
    law::Law,
    project::{Project, Seat, State, Work},
    random::Random,
};

/// How often a project is played where it is not very large.
pub const DRAWS: usize = 2_000;
/// How many works are played altogether before a large project is played less often.
const PLAYED: usize = 6_000_000;
/// The fewest draws that anything is said from.
const FEWEST_DRAWS: usize = 200;
/// How many times are kept altogether where those of each work are wanted.
const TIMED: usize = 400_000;
/// The fewest and the most draws of which the times of each work are kept.
const FEWEST_TIMED: usize = 16;
const MOST_TIMED: usize = 400;
/// How often a duration is drawn again that the work has already exceeded.
const PATIENCE: u32 = 64;
/// How many bits of an entry of the calendar say which work it is.
const WORK_BITS: u32 = 24;
/// The cause of a work that nobody's end let begin.
const NOBODY: u32 = u32::MAX;

/// What came of many draws.
#[derive(Clone, Debug, PartialEq)]
pub struct Played {
    /// When everything was over in each draw, in seconds from now, in ascending order.
    pub ends: Vec<f64>,
    /// For each node, the share of draws in which a work of it decided when the end was.
    pub critical: Vec<f64>,
}

impl Played {
    /// Gives the time by which a share of the draws was over.
    pub fn quantile(&self, share: f64) -> f64 {
        let place = (share * self.ends.len() as f64).ceil() as usize;
        let last = self.ends.len().saturating_sub(1);
        let place = place.saturating_sub(1).min(last);
        self.ends.get(place).copied().unwrap_or(0.0)
    }

    /// Gives the share of draws that were over by some time.
    pub fn by(&self, seconds: f64) -> f64 {
        let over = self.ends.partition_point(|end| *end <= seconds);
        over as f64 / self.ends.len().max(1) as f64
    }
}

/// Plays a project; the same seed gives the same draws.
///
/// Works that never become due, because they need each other, are left out: a plan has none.
pub fn play(project: &Project, seed: [u8; 32]) -> Played {
    let draws = (PLAYED / project.works.len().max(1)).clamp(FEWEST_DRAWS, DRAWS);
    let mut random = Random::new(seed);
    let graph = Graph::new(project);
    let mut stage = Stage::new(project, &graph);
    let mut ends = Vec::with_capacity(draws);
    for draw in 1..=draws {
        let shared = project.shared.0 + project.shared.1.sqrt() * random.normal();
        ends.push(stage.play(shared.exp(), &mut random));
        stage.trace(draw as u32);
    }
    ends.sort_unstable();
    let share = |(_, count): &(u32, u32)| f64::from(*count) / draws as f64;
    Played {
        ends: ends.into_iter().map(|end| end as f64 / 1000.0).collect(),
        critical: stage.critical.iter().map(share).collect(),
    }
}

/// When each work begins and ends, in milliseconds from now: one list of draws a work, in no order.
pub(crate) type Times = Vec<Vec<(u64, u64)>>;

/// Plays a project and keeps when each work began and ended; the same seed gives the same draws.
pub(crate) fn timed(project: &Project, seed: [u8; 32]) -> Times {
    let draws = (TIMED / project.works.len().max(1)).clamp(FEWEST_TIMED, MOST_TIMED);
    let mut random = Random::new(seed);
    let graph = Graph::new(project);
    let mut stage = Stage::new(project, &graph);
    let mut times = vec![Vec::with_capacity(draws); project.works.len()];
    for _ in 0..draws {
        let shared = project.shared.0 + project.shared.1.sqrt() * random.normal();
        stage.times.clear();
        stage.times.resize(project.works.len(), (0, 0));
        stage.play(shared.exp(), &mut random);
        for (work, time) in times.iter_mut().zip(&stage.times) {
            work.push(*time);
        }
    }
    times
}

/// Who waits for whom, as it is at the start of each draw.
struct Graph {
    /// The works that wait for others, grouped by whom they wait for.
    dependents: Vec<u32>,
    /// Where the group of each work begins; one more at the end.
    groups: Vec<u32>,
    /// How many needs each work waits for.
    unmet: Vec<u32>,
}

impl Graph {
    fn new(project: &Project) -> Self {
        let over = |need: u32| {
            let work = project.works.get(need as usize);
            work.is_none_or(|work| work.state == State::Over)
        };
        let mut pairs = Vec::new();
        let mut unmet = Vec::with_capacity(project.works.len());
        for (place, work) in (0_u32..).zip(&project.works) {
            // What has begun waits for nothing any more, whatever became of its needs.
            let waits = work.state == State::Ahead;
            let open = work.needs.iter().filter(|need| waits && !over(**need));
            let before = pairs.len();
            pairs.extend(open.map(|need| (*need, place)));
            unmet.push((pairs.len() - before) as u32);
        }
        pairs.sort_unstable();
        let count = project.works.len() as u32;
        let group = |work: u32| pairs.partition_point(|(need, _)| *need < work) as u32;
        Self {
            groups: (0..=count).map(group).collect(),
            dependents: pairs.into_iter().map(|(_, dependent)| dependent).collect(),
            unmet,
        }
    }

    fn dependents(&self, work: u32) -> &[u32] {
        let end = |work: usize| self.groups.get(work).copied().unwrap_or(0) as usize;
        let group = end(work as usize)..end(work as usize + 1);
        self.dependents.get(group).unwrap_or_default()
    }
}

/// What one draw after the other is played on.
struct Stage<'a> {
    project: &'a Project,
    graph: &'a Graph,
    /// How many needs each work waits for in this draw.
    waiting: Vec<u32>,
    /// The work whose end let each one begin; itself where none did.
    cause: Vec<u32>,
    /// What is under way, by its end in milliseconds.
    calendar: BinaryHeap<Reverse<u64>>,
    /// What waits for a seat.
    ready: BinaryHeap<Reverse<u32>>,
    seats: u32,
    last: Option<u32>,
    /// When each work began and ended, where somebody wants to know.
    times: Vec<(u64, u64)>,
    /// By node: the last draw that it was critical in, and how often it was.
    critical: Vec<(u32, u32)>,
}

impl<'a> Stage<'a> {
    fn new(project: &'a Project, graph: &'a Graph) -> Self {
        let nodes = project.works.iter().filter_map(|work| work.node);
        let nodes = nodes.map(|node| node.at() + 1).max().unwrap_or(0);
        Self {
            project,
            graph,
            waiting: Vec::new(),
            cause: vec![0; project.works.len()],
            calendar: BinaryHeap::new(),
            ready: BinaryHeap::new(),
            seats: 0,
            last: None,
            times: Vec::new(),
            critical: vec![(0, 0); nodes],
        }
    }

    /// Plays once and gives when everything is over, in milliseconds.
    fn play(&mut self, shared: f64, random: &mut Random) -> u64 {
        self.waiting.clone_from(&self.graph.unmet);
        self.seats = self.project.seats.max(1);
        self.last = None;
        let project = self.project;
        let begun = |work: &Work| matches!(work.state, State::Begun(_));
        for (place, work) in (0_u32..).zip(&project.works) {
            if begun(work) {
                self.begin(place, 0, (shared, place), random);
            }
        }
        for (place, work) in (0_u32..).zip(&project.works) {
            let unmet = self.graph.unmet.get(place as usize);
            if unmet == Some(&0) && work.state == State::Ahead {
                self.due(place, 0, (shared, place), random);
            }
        }
        self.seat(0, (shared, NOBODY), random);
        let mut end = 0;
        while let Some(Reverse(entry)) = self.calendar.pop() {
            let (now, place) = (entry >> WORK_BITS, (entry & ((1 << WORK_BITS) - 1)) as u32);
            end = now;
            self.last = Some(place);
            self.finish(place, now, shared, random);
        }
        end
    }

    fn finish(&mut self, place: u32, now: u64, shared: f64, random: &mut Random) {
        let project = self.project;
        let work = project.works.get(place as usize);
        if work.is_some_and(|work| work.seat == Seat::Takes) {
            self.seats += 1;
        }
        let graph = self.graph;
        for dependent in graph.dependents(place) {
            if let Some(waiting) = self.waiting.get_mut(*dependent as usize) {
                *waiting -= 1;
                if *waiting == 0 {
                    self.due(*dependent, now, (shared, place), random);
                }
            }
        }
        self.seat(now, (shared, place), random);
    }

    /// Takes a work whose needs are met: it begins, or waits for a seat.
    fn due(&mut self, place: u32, now: u64, why: (f64, u32), random: &mut Random) {
        let work = self.project.works.get(place as usize);
        if work.is_some_and(|work| work.seat == Seat::Takes) {
            self.ready.push(Reverse(place));
        } else {
            self.begin(place, now, why, random);
        }
    }

    /// Lets what waits for a seat begin, as far as there are seats.
    fn seat(&mut self, now: u64, (shared, cause): (f64, u32), random: &mut Random) {
        while self.seats > 0
            && let Some(Reverse(place)) = self.ready.pop()
        {
            let cause = if cause == NOBODY { place } else { cause };
            self.begin(place, now, (shared, cause), random);
        }
    }

    fn begin(&mut self, place: u32, now: u64, (shared, cause): (f64, u32), random: &mut Random) {
        let project = self.project;
        let Some(work) = project.works.get(place as usize) else {
            return;
        };
        if work.seat == Seat::Takes {
            self.seats = self.seats.saturating_sub(1);
        }
        if let Some(kept) = self.cause.get_mut(place as usize) {
            *kept = cause;
        }
        let law = work.law.and_then(|law| project.laws.get(law as usize));
        let seconds = takes(work, law, shared, random);
        let end = now + (seconds * 1000.0) as u64;
        if let Some(time) = self.times.get_mut(place as usize) {
            *time = (now, end);
        }
        self.calendar
            .push(Reverse((end << WORK_BITS) | u64::from(place)));
    }

    /// Follows back from the end of a draw what decided it.
    fn trace(&mut self, draw: u32) {
        let mut now = self.last;
        while let Some(place) = now {
            let work = self.project.works.get(place as usize);
            if let Some(node) = work.and_then(|work| work.node)
                && let Some((last, count)) = self.critical.get_mut(node.at())
                && *last != draw
            {
                *last = draw;
                *count += 1;
            }
            let cause = self.cause.get(place as usize).copied();
            now = cause.filter(|cause| *cause != place);
        }
    }
}

/// Draws what a work still takes, in seconds.
fn takes(work: &Work, law: Option<&Law>, shared: f64, random: &mut Random) -> f64 {
    let draw = |random: &mut Random| law.map_or(0.0, |law| shared * law.draw(random));
    let State::Begun(elapsed) = work.state else {
        return work.fixed + draw(random);
    };
    if law.is_none() {
        return (work.fixed - elapsed).max(0.0);
    }
    for _ in 0..PATIENCE {
        let whole = work.fixed + draw(random);
        if whole > elapsed {
            return whole - elapsed;
        }
    }
    // Nothing ever took so long; what takes long already tends to take as long again.
    elapsed * -random.unit().max(f64::MIN_POSITIVE).ln()
}
