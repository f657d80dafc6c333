//! One run on the fakes, from start to wherever it stops.

use std::sync::{Arc, Mutex};

use gantry_engine::{
    drive::{self, Driver, Inbox, NewRelease, Ruled, World},
    standing::Standing,
};
use gantry_model::{
    command::{Actor, Command, Order},
    event::{Happened, Outcome, RulingWord},
    id::RunId,
    operation::Direction,
    plan::Plan,
    run::Run,
    unit::Span,
};

use crate::plans::{Node, plan};
use crate::{
    fakes::{FakePlatform, MemoryJournal},
    time::{VirtualClock, in_virtual_time},
};

pub(crate) struct Stage {
    pub(crate) clock: Arc<VirtualClock>,
    pub(crate) journal: Arc<MemoryJournal>,
    pub(crate) platform: Arc<FakePlatform>,
    pub(crate) plan: Arc<Plan>,
    /// What stands in the record right behind the start.
    pub(crate) at_start: Vec<Happened>,
    driver: Mutex<Option<Driver>>,
}

impl Stage {
    pub(crate) fn new(plan: Arc<Plan>) -> Self {
        let clock = Arc::new(VirtualClock::default());
        Self {
            journal: Arc::new(MemoryJournal {
                clock: Some(clock.clone()),
                ..MemoryJournal::default()
            }),
            platform: Arc::new(FakePlatform::new(&clock)),
            clock,
            plan,
            at_start: Vec::new(),
            driver: Mutex::default(),
        }
    }

    pub(crate) fn world(&self) -> World {
        World {
            journal: self.journal.clone(),
            clock: self.clock.clone(),
            platform: self.platform.clone(),
        }
    }

    pub(crate) fn run_id(&self) -> RunId {
        RunId::new(self.plan.release.clone(), 1)
    }

    fn block<F: Future>(&self, future: F) -> Option<F::Output> {
        in_virtual_time(&self.clock, &self.journal.crashed, future)
    }

    /// Starts and follows; `None` if the machine crashed.
    pub(crate) fn go(&self) -> Option<Standing> {
        self.go_reading(Inbox::Closed)
    }

    /// Starts and follows; after a crash before anything was stored there is nothing to resume.
    pub(crate) fn go_or_restart(&self) -> Option<Standing> {
        self.go()
    }

    /// Starts and follows, with a letter that arrives after a while.
    pub(crate) fn go_with_letter(&self, after: Span, letter: String) -> Option<Standing> {
        self.go_with_letters(vec![(after, letter)])
    }

    pub(crate) fn go_with_letters(&self, letters: Vec<(Span, String)>) -> Option<Standing> {
        for (after, letter) in letters {
            self.journal.letter_after(after, letter);
        }
        self.go_reading(Inbox::Every(Span::from_secs(1)))
    }

    fn go_reading(&self, inbox: Inbox) -> Option<Standing> {
        let new = NewRelease {
            plan: self.plan.clone(),
            by: Actor::named("ann"),
            gantry: "0.0.0".into(),
            reach: Vec::new(),
            at_start: self.at_start.clone(),
        };
        let mut driver = self.block(drive::start(self.world(), new, inbox))?.unwrap();
        if inbox == Inbox::Closed {
            return self.follow_with(driver);
        }
        let standing = self
            .block(driver.follow_to_the_end(&mut |_, _| {}))?
            .unwrap();
        self.driver.lock().unwrap().replace(driver);
        Some(standing)
    }

    /// Takes the run up again and follows; `None` if the machine crashed.
    pub(crate) fn resume(&self) -> Option<Standing> {
        self.driver.lock().unwrap().take();
        let by = Actor::named("ann");
        let run = self.run_id();
        let driver = drive::resume(self.world(), &run, (&by, "0.0.0"), Inbox::Closed);
        let driver = self.block(driver)?.unwrap();
        self.follow_with(driver)
    }

    /// Follows on after a stop.
    pub(crate) fn follow(&self) -> Option<Standing> {
        let driver = self.driver.lock().unwrap().take().unwrap();
        self.follow_with(driver)
    }

    fn follow_with(&self, mut driver: Driver) -> Option<Standing> {
        let standing = self.block(driver.follow(&mut |_, _| {}))?.unwrap();
        self.driver.lock().unwrap().replace(driver);
        Some(standing)
    }

    /// Gives a command to the driver that waits, and follows on.
    pub(crate) fn give(&self, by: &str, command: Command) -> (Ruled, Standing) {
        let order = Order {
            by: Actor::named(by),
            command,
        };
        let mut answer = {
            let driver = self.driver.lock().unwrap();
            driver.as_ref().unwrap().handle().give(order)
        };
        let standing = self.follow().unwrap();
        (answer.try_recv().unwrap(), standing)
    }

    /// Gives a command from outside of any driver.
    pub(crate) fn steer(&self, by: &str, command: Command) -> Ruled {
        let order = Order {
            by: Actor::named(by),
            command,
        };
        let (world, run) = (self.world(), self.run_id());
        let steered = drive::steer(&world, &run, order);
        match self.block(steered).unwrap().unwrap() {
            drive::Steering::Ruled(ruled) => ruled,
            drive::Steering::Posted(letter) => panic!("posted as {letter}"),
        }
    }

    /// Gives a command that must be taken.
    pub(crate) fn accepted(&self, by: &str, command: Command) -> Standing {
        let (ruled, standing) = self.give(by, command);
        assert_eq!(ruled.ruling, RulingWord::Accepted, "{}", ruled.sentence);
        standing
    }

    /// Gives a command that must be refused, and the sentence.
    pub(crate) fn refused(&self, by: &str, command: Command) -> String {
        let (ruled, _) = self.give(by, command);
        assert_eq!(ruled.ruling, RulingWord::Refused, "{}", ruled.sentence);
        ruled.sentence
    }

    pub(crate) fn outcome(&self) -> Outcome {
        match self.go() {
            Some(Standing::Ended(outcome)) => outcome,
            other => panic!("{other:?}\n{}", self.story()),
        }
    }

    /// The run as its journal tells it.
    pub(crate) fn folded(&self) -> Run {
        let run = self.run_id();
        let read = drive::read(&*self.journal, &run);
        self.block(read).unwrap().unwrap()
    }

    pub(crate) fn story(&self) -> String {
        self.journal.lines().join("\n")
    }

    pub(crate) fn count(&self, kind: &str) -> usize {
        self.journal
            .kinds()
            .iter()
            .filter(|other| *other == kind)
            .count()
    }

    /// No effect took place twice under one key.
    pub(crate) fn assert_nothing_twice(&self) {
        for (key, times) in &self.platform.state.lock().unwrap().effects {
            assert_eq!(
                *times,
                1,
                "{key} took effect {times} times\n{}",
                self.story()
            );
        }
    }
}

pub(crate) fn stage(nodes: &[Node]) -> Stage {
    Stage::new(plan(nodes).into())
}

pub(crate) fn order(stage: &Stage, direction: Direction) -> Vec<String> {
    let state = stage.platform.state.lock().unwrap();
    let all = state.order.iter().filter(|(_, way)| *way == direction);
    all.map(|(id, _)| id.clone()).collect()
}

pub(crate) fn three() -> Vec<Node> {
    vec![
        Node::task("a", &[]),
        Node::task("b", &[0]),
        Node::task("c", &[1]),
    ]
}

pub(crate) fn order_contains(stage: &Stage, step: &str) -> bool {
    order(stage, Direction::Do).iter().any(|id| id == step)
}
pub(crate) fn letter(by: &str, command: Command) -> String {
    let by = gantry_model::command::Actor::named(by);
    serde_json::to_string(&gantry_model::command::Order { by, command }).unwrap()
}
