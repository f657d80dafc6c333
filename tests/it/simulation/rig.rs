//! One release in one simulated world, from start to end, over crashes and commands.

use std::{future::Future, pin::pin, sync::Arc};

use futures_util::future::{Either, select};
use gantry_engine::{
    drive::{self, DriveError, Driver, Inbox, NewRelease},
    standing::Standing,
};
use gantry_model::{
    command::{Actor, Answer, Command, Order},
    id::RunId,
    journal::Entry,
    plan::Plan,
    release::Release,
    unit::Span,
};
use gantry_performer::Performer;
use gantry_port::{clock::Clock, journal::Journal};
use gantry_simulation::{
    journal::MemoryJournal,
    world::{Settings, World, snapshot::Snapshot},
};
use gantry_testkit::invariants::{self, Case, Honesty, Violation};

pub(crate) struct Rig {
    pub(crate) plan: Arc<Plan>,
    pub(crate) world: World,
    pub(crate) journal: MemoryJournal,
    before: Snapshot,
}

/// No release of these takes longer, whatever goes wrong.
const TOO_LONG: Span = Span::from_secs(7 * 24 * 3600);

/// For so many hours somebody looks after the run.
const HOURS: u32 = 24;

/// So often people try to bring a run that waits for them to its end.
const PATIENCE: usize = 12;

impl Rig {
    pub(crate) fn new(release: &Release, settings: Settings) -> Self {
        let plan = gantry_planner::plan(release, &Default::default());
        let plan = plan.unwrap_or_else(|findings| panic!("no plan: {findings:?}"));
        let world = World::from_plan(&plan, settings);
        Self {
            before: world.snapshot(),
            plan: Arc::new(plan),
            world,
            journal: MemoryJournal::new(),
        }
    }

    pub(crate) fn run_id(&self) -> RunId {
        RunId::new(self.plan.release.clone(), 1)
    }

    /// Starts a process on the world and the journal.
    fn process(&self) -> drive::World {
        drive::World {
            journal: Arc::new(self.journal.clone()),
            clock: self.world.clock(),
            platform: Arc::new(Performer::new(self.world.ports(), self.world.clock())),
        }
    }

    /// Starts the run and follows it, with commands on the way, until it has ended.
    pub(crate) async fn go(&self, orders: &[(Span, Order)]) -> Result<Standing, DriveError> {
        let new = NewRelease {
            plan: Arc::clone(&self.plan),
            by: Actor::named("author"),
            gantry: "0".into(),
            reach: Vec::new(),
        };
        let mut driver = drive::start(self.process(), new, Inbox::Closed).await?;
        let whole = async {
            let standing = self.follow(&mut driver, orders).await?;
            self.bring_to_an_end(&mut driver, standing).await
        };
        let clock = self.world.clock();
        match select(pin!(whole), pin!(clock.wait(TOO_LONG))).await {
            Either::Left((standing, _)) => standing,
            Either::Right(((), _)) => Ok(Standing::WaitsForPerson("it went on for ever".into())),
        }
    }

    /// Takes the run up again after a crash and follows it to its end.
    pub(crate) async fn go_on(&self) -> Result<Standing, DriveError> {
        let by = Actor::named("author");
        let process = self.process();
        let mut driver = drive::resume(process, &self.run_id(), (&by, "0"), Inbox::Closed).await?;
        let standing = driver.follow(&mut |_, _| {}).await?;
        self.bring_to_an_end(&mut driver, standing).await
    }

    async fn follow(
        &self,
        driver: &mut Driver,
        orders: &[(Span, Order)],
    ) -> Result<Standing, DriveError> {
        let (handle, clock) = (driver.handle(), self.world.clock());
        let mut giving = pin!(async {
            for (at, order) in orders {
                let left = at.as_millis().saturating_sub(clock.elapsed().as_millis());
                clock.wait(Span::from_millis(left)).await;
                drop(handle.give(order.clone()));
            }
            // What is held is watched for ever: now and then somebody lets it go on.
            for _ in 0..HOURS {
                clock.wait(Span::from_secs(3600)).await;
                let command = Command::Resume { node: None };
                let by = Actor::named("hourly");
                drop(handle.give(Order { by, command }));
            }
        });
        let standing = match select(pin!(driver.follow(&mut |_, _| {})), giving.as_mut()).await {
            Either::Left((standing, _)) => standing?,
            Either::Right(((), following)) => return following.await,
        };
        if matches!(standing, Standing::Ended(_)) {
            return Ok(standing);
        }
        // Nobody waits on the clock while nobody follows: what is left to say is said at once.
        for (_, order) in orders {
            drop(driver.handle().give(order.clone()));
        }
        driver.follow(&mut |_, _| {}).await
    }

    /// Does what a patient person would: resume, then roll back, then accept what is stuck.
    async fn bring_to_an_end(
        &self,
        driver: &mut Driver,
        mut standing: Standing,
    ) -> Result<Standing, DriveError> {
        for round in 0..PATIENCE {
            if matches!(standing, Standing::Ended(_)) {
                break;
            }
            for command in self.last_words(round) {
                let by = Actor::named("patience");
                drop(driver.handle().give(Order { by, command }));
            }
            standing = driver.follow(&mut |_, _| {}).await?;
        }
        Ok(standing)
    }

    fn last_words(&self, round: usize) -> Vec<Command> {
        let nodes = || self.plan.nodes.iter().map(|node| node.id.clone());
        let resolve = |answer: Answer| {
            let one = move |node| Command::Resolve {
                node,
                step: None,
                answer,
                reason: "it was looked at".into(),
            };
            nodes().map(one).collect()
        };
        match round % 5 {
            0 => vec![Command::Resume { node: None }],
            1 => nodes()
                .map(|node| Command::Resume { node: Some(node) })
                .collect(),
            2 => resolve(Answer::NotApplied),
            3 => vec![
                Command::Rollback {
                    node: None,
                    reason: None,
                },
                Command::Resume { node: None },
            ],
            _ => resolve(Answer::Accepted),
        }
    }

    pub(crate) async fn entries(&self) -> Vec<Entry> {
        self.journal
            .read(&self.run_id(), 0)
            .await
            .unwrap_or_default()
    }

    /// Looks for everything that must never be.
    pub(crate) async fn violations(&self, platform: Honesty) -> Vec<Violation> {
        let entries = self.entries().await;
        invariants::check(&Case {
            run: &self.run_id(),
            plan: &self.plan,
            entries: &entries,
            ledger: &self.world.ledger(),
            before: &self.before,
            after: &self.world.snapshot(),
            secrets: &[],
            platform,
        })
    }

    /// Gives the journal as people would read it, for a failure's message.
    pub(crate) async fn story(&self) -> String {
        let lines: Vec<String> = self
            .entries()
            .await
            .iter()
            .map(|e| e.event.body.clone())
            .collect();
        lines.join("\n")
    }
}

pub(crate) fn run<T>(future: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread().build();
    runtime.expect("a runtime").block_on(future)
}
