//! One turn: inputs in, events out, everything applied.

use gantry_model::{
    event::{Happened, RunEvent},
    run::{IllegalTransition, Run},
    time::{Timestamp, to_millisecond},
};

use crate::{
    consequence::consequences,
    decide::{Input, decide},
    judging::Bench,
    schedule::schedule,
};

/// Takes inputs in, in order, then starts and ends what can start and end.
///
/// The run is changed by exactly the events that are returned; they belong into one commit.
///
/// # Errors
/// If a decision does not fit the run, which would be a mistake of ours; the driver then stops
/// before it calls anything.
pub fn turn(
    run: &mut Run,
    bench: &mut Bench,
    inputs: &[Input],
    now: Timestamp,
) -> Result<Vec<RunEvent>, IllegalTransition> {
    let mut turn = Turn {
        run,
        bench,
        now: to_millisecond(now),
        events: Vec::new(),
    };
    for input in inputs {
        let happened = decide(turn.run, turn.bench, input, turn.now);
        turn.take(happened)?;
    }
    loop {
        let happened = schedule(turn.run, turn.now);
        if happened.is_empty() {
            return Ok(turn.events);
        }
        turn.take(happened)?;
    }
}

/// Takes decided events in, with what they lead to, and starts nothing.
///
/// # Errors
/// As [`turn`].
pub fn take_only(
    run: &mut Run,
    bench: &mut Bench,
    happened: Vec<Happened>,
    now: Timestamp,
) -> Result<Vec<RunEvent>, IllegalTransition> {
    let mut turn = Turn {
        run,
        bench,
        now: to_millisecond(now),
        events: Vec::new(),
    };
    turn.take(happened)?;
    Ok(turn.events)
}

struct Turn<'a> {
    run: &'a mut Run,
    bench: &'a mut Bench,
    now: Timestamp,
    events: Vec<RunEvent>,
}

impl Turn<'_> {
    /// Applies events and, after each, what it leads to at once.
    fn take(&mut self, happened: Vec<Happened>) -> Result<(), IllegalTransition> {
        for what in happened {
            let event = RunEvent {
                seq: self.run.seq() + 1,
                at: self.now,
                what,
            };
            self.run.apply(&event)?;
            let next = consequences(self.run, self.bench, &event, self.now);
            self.events.push(event);
            self.take(next)?;
        }
        Ok(())
    }
}
