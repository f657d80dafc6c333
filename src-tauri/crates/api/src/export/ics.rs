//! The calendar of a release: its window, its polls with their deadlines, and the steps that
//! cannot be undone, as RFC 5545 by the `icalendar` crate.

use chrono::TimeDelta;
use gantry_forecast::timetable::Timetable;
use gantry_model::{
    plan::{Plan, Undo},
    release::{Window, people::PollStage},
    time::Timestamp,
};
use gantry_readiness::{
    agenda::{Agenda, Poll},
    calendar,
};
use icalendar::{Calendar, Component, Event, EventLike};

/// How long an event is drawn that is only an instant.
const MOMENT: TimeDelta = TimeDelta::minutes(15);
/// How long before the start a poll is drawn that has no deadline.
const POLL: TimeDelta = TimeDelta::hours(1);

/// Writes the calendar; `None` for a release without a window, of which nothing has a time.
pub(super) fn write(
    (plan, agenda): (&Plan, &Agenda),
    timetable: Option<&Timetable>,
    now: Timestamp,
) -> Option<String> {
    let window = plan.window.as_ref()?;
    let (opens, closes) = (calendar::opens(window)?, calendar::closes(window)?);
    let mut calendar = Calendar::new();
    let title = agenda.title.as_deref().unwrap_or(plan.release.as_str());
    let title = &one_line(title);
    calendar.name(title);
    let scribe = Scribe { plan, title, now };
    calendar.push(scribe.window(window, (opens, closes)));
    for (step, at) in crossings(plan, timetable, opens) {
        calendar.push(scribe.crossing(step, at));
    }
    for event in scribe.polls(agenda, timetable, (opens, closes)) {
        calendar.push(event);
    }
    Some(calendar.done().to_string())
}

/// What all events of a release have in common.
struct Scribe<'a> {
    plan: &'a Plan,
    title: &'a str,
    now: Timestamp,
}

impl Scribe<'_> {
    fn event(&self, id: &str, summary: &str, (from, to): (Timestamp, Timestamp)) -> Event {
        let mut event = Event::new();
        // The same release gives the same events, so that a calendar takes a new export as news.
        event
            .uid(&format!("{id}.{}@gantry", self.plan.release))
            .timestamp(self.now)
            .summary(&format!("{}: {summary}", self.title))
            .starts(from)
            .ends(to);
        event
    }

    fn window(&self, window: &Window, times: (Timestamp, Timestamp)) -> Event {
        let nodes: Vec<&str> = self
            .plan
            .nodes
            .iter()
            .map(|node| node.id.as_str())
            .collect();
        let words = format!(
            "Release {} to {}, {} to {} ({}).\nChanges {}.\nPlan {}.",
            self.plan.release,
            self.plan.environment,
            window.opens,
            window.closes,
            window.timezone,
            nodes.join(", "),
            self.plan.digest,
        );
        let mut event = self.event("window", "release window", times);
        event.description(&words).done()
    }

    fn crossing(&self, step: &str, at: Timestamp) -> Event {
        let summary = format!("point of no return, {step}");
        let words =
            format!("{step} cannot be undone. Everything before it can still be taken back.");
        let id = format!("crossing-{}", step.replace(['/', ':'], "-"));
        let mut event = self.event(&id, &summary, (at, at + MOMENT));
        event.description(&words).done()
    }

    fn polls(
        &self,
        agenda: &Agenda,
        timetable: Option<&Timetable>,
        (opens, closes): (Timestamp, Timestamp),
    ) -> Vec<Event> {
        let Some(poll) = &agenda.poll else {
            return Vec::new();
        };
        let mut events = Vec::new();
        for stage in &poll.at {
            match stage {
                // When that is asked is up to people.
                PollStage::Readiness => {}
                PollStage::Start => events.push(self.poll(poll, ("start", "the start"), opens)),
                PollStage::PointOfNoReturn => {
                    for (step, at) in crossings(self.plan, timetable, opens) {
                        let id = format!("crossing-{}", step.replace(['/', ':'], "-"));
                        events.push(self.poll(poll, (&id, step), at));
                    }
                }
                PollStage::Success => {
                    let good = ("success", "declaring it good");
                    events.push(self.poll(poll, good, closes));
                }
            }
        }
        events
    }

    /// A poll stands before what it lets go ahead; its deadline is its end.
    fn poll(&self, poll: &Poll, (id, before): (&str, &str), at: Timestamp) -> Event {
        let asked = poll.positions.iter();
        let asked = asked.map(|position| {
            let advises = if position.advisory { ", advises" } else { "" };
            format!(
                "{} ({}{advises})",
                position.role,
                position.voters.join(" or ")
            )
        });
        let asked: Vec<String> = asked.collect();
        let lasting = poll.deadline.map_or(POLL, |deadline| deadline.as_delta());
        let times = (at - lasting, at);
        let summary = format!("poll before {before}");
        let mut event = self.event(&format!("poll-{id}"), &summary, times);
        event
            .description(&one_line(&format!("Go or no-go: {}.", asked.join(", "))))
            .done()
    }
}

/// Keeps what stands in a file on one line.
fn one_line(text: &str) -> String {
    text.replace(char::is_control, " ")
}

/// Lists the steps that cannot be undone, each with when half of all runs would have reached it.
fn crossings<'a>(
    plan: &'a Plan,
    timetable: Option<&Timetable>,
    opens: Timestamp,
) -> Vec<(&'a str, Timestamp)> {
    let steps = plan.steps.iter().enumerate();
    let never = steps.filter(|(_, step)| step.undo == Undo::Never);
    let timed = never.map(|(place, step)| {
        let slot = timetable.and_then(|timetable| timetable.steps.get(place));
        let after = slot.map_or(0, |slot| slot.begins.p50_ms);
        let after = TimeDelta::try_milliseconds(i64::try_from(after).unwrap_or_default());
        (step.id.as_str(), opens + after.unwrap_or_default())
    });
    timed.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example that says everything, planned.
    fn whole() -> (Plan, Agenda) {
        let text = include_bytes!("../../../../../examples/whole.yaml");
        let document = gantry_release_file::read("whole.yaml", text).unwrap();
        let mut plan =
            gantry_planner::plan(&document.release, &gantry_planner::Observations::default())
                .unwrap();
        plan.files.clear();
        let agenda = Agenda::of(&document.release, &plan);
        (plan, agenda)
    }

    fn written(plan: &Plan, agenda: &Agenda) -> Option<String> {
        let now = "2026-11-23T12:00:00Z".parse().unwrap();
        // Long lines are folded: whoever reads puts them together again.
        write((plan, agenda), None, now).map(|text| text.replace("\r\n ", ""))
    }

    #[test]
    fn a_calendar_has_the_window_the_polls_and_the_point_of_no_return() {
        let (plan, agenda) = whole();
        let text = written(&plan, &agenda).unwrap();
        for line in [
            "BEGIN:VCALENDAR",
            "UID:window.shop-2.4@gantry",
            "DTSTAMP:20261123T120000Z",
            "DTSTART:20261201T190000Z",
            "DTEND:20261201T220000Z",
            "SUMMARY:Checkout redesign: release window",
            "UID:poll-start.shop-2.4@gantry",
            "UID:crossing-orders-db-contract.shop-2.4@gantry",
        ] {
            assert!(text.lines().any(|found| found == line), "{line}\n{text}");
        }
        let ends = text.lines().filter(|line| *line == "END:VEVENT").count();
        assert_eq!(ends, text.matches("BEGIN:VEVENT").count());
        assert_eq!(text, written(&plan, &agenda).unwrap());
    }

    #[test]
    fn what_stands_in_a_file_cannot_add_lines_to_a_calendar() {
        let (plan, mut agenda) = whole();
        agenda.title = Some("Shop; a, b\r\nEND:VCALENDAR\nATTACH:http://evil".into());
        let text = written(&plan, &agenda).unwrap();
        assert_eq!(
            text.lines()
                .filter(|line| line.starts_with("ATTACH"))
                .count(),
            0,
            "{text}"
        );
        assert_eq!(
            text.lines().filter(|line| *line == "END:VCALENDAR").count(),
            1,
            "{text}"
        );
    }

    #[test]
    fn a_release_without_a_window_has_no_calendar() {
        let (mut plan, agenda) = whole();
        plan.window = None;
        assert_eq!(written(&plan, &agenda), None);
    }
}
