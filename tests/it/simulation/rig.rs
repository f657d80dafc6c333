//! One release in one simulated world, from start to end, over crashes and commands.

use std::{
    cell::RefCell,
    future::Future,
    pin::pin,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    task::{Context, Poll, Wake, Waker},
};

use chrono::TimeDelta;
use futures_util::future::{Either, select};
use gantry_engine::{
    drive::{self, DriveError, Driver, Inbox, NewRelease},
    standing::Standing,
};
use gantry_model::{
    command::{Actor, Command, Order},
    id::RunId,
    journal::Entry,
    plan::Plan,
    release::Release,
    unit::Span,
};
use gantry_performer::Performer;
use gantry_port::{clock::Clock, journal::Journal};
use gantry_simulation::{
    clock::VirtualClock,
    journal::{Break, MemoryJournal},
    world::{Settings, World, snapshot::Snapshot},
};
use gantry_testkit::{
    invariants::{self, Case, Honesty, Violation},
    scenario::{Crash, Scenario, Upset},
};
use people::People;

mod people;

/// What happens from outside while a run goes on, and how long after the start.
type Script = Vec<(Span, Turn)>;

#[derive(Clone, Debug)]
enum Turn {
    Order(Order),
    Upset(Upset),
}

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

/// Whoever starts the runs.
const AUTHOR: &str = "author";

/// So often people try to bring a run that waits for them to its end: enough for every undo of a
/// branch, each of which may stick after the one before was accepted.
const PATIENCE: usize = 40;

impl Rig {
    pub(crate) fn new(release: &Release, settings: Settings) -> Self {
        let plan = gantry_planner::plan(release, &Default::default());
        let plan = plan.unwrap_or_else(|findings| panic!("no plan: {findings:?}"));
        let world = World::from_plan(&plan, settings);
        world.clock().leave_to_executor();
        CLOCK.set(Some(world.clock()));
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
        let orders = orders.iter().cloned();
        let script: Script = orders.map(|(at, order)| (at, Turn::Order(order))).collect();
        self.start(&script).await
    }

    /// Plays a scenario with everything that becomes of its machine, until its run has ended.
    pub(crate) async fn play(&self, scenario: &Scenario) -> Result<Standing, DriveError> {
        let script = script(scenario);
        let mut crashes = scenario.crashes.iter();
        self.doom(crashes.next());
        let mut ended = self.start(&script).await;
        while self.journal.has_crashed() {
            self.journal.restart();
            self.doom(crashes.next());
            ended = self.go_on_with(&script).await;
        }
        ended
    }

    /// Lets the process die at a write from here on.
    fn doom(&self, crash: Option<&Crash>) {
        let durable = self.journal.commits();
        match crash {
            Some(Crash::Before(writes)) => self.journal.break_at(Break::CrashBefore {
                write: durable + writes,
            }),
            Some(Crash::After(writes)) => self.journal.break_at(Break::CrashAfter {
                write: durable + writes,
            }),
            None => {}
        }
    }

    async fn start(&self, script: &Script) -> Result<Standing, DriveError> {
        let new = NewRelease {
            plan: Arc::clone(&self.plan),
            by: Actor::named(AUTHOR),
            gantry: "0".into(),
            reach: Vec::new(),
            at_start: Vec::new(),
        };
        let mut driver = drive::start(self.process(), new, Inbox::Closed).await?;
        self.to_the_end(&mut driver, script).await
    }

    /// Takes the run up again after a crash and follows it to its end.
    pub(crate) async fn go_on(&self) -> Result<Standing, DriveError> {
        self.go_on_with(&Script::new()).await
    }

    async fn go_on_with(&self, script: &Script) -> Result<Standing, DriveError> {
        let by = Actor::named(AUTHOR);
        let process = self.process();
        let mut driver = drive::resume(process, &self.run_id(), (&by, "0"), Inbox::Closed).await?;
        self.to_the_end(&mut driver, script).await
    }

    async fn to_the_end(
        &self,
        driver: &mut Driver,
        script: &Script,
    ) -> Result<Standing, DriveError> {
        let now = self.world.clock().elapsed();
        let rest: Script = script
            .iter()
            .filter(|(at, _)| *at >= now)
            .cloned()
            .collect();
        let whole = async {
            let standing = self.follow(driver, &rest).await?;
            self.bring_to_an_end(driver, standing).await
        };
        let clock = self.world.clock();
        match select(pin!(whole), pin!(clock.wait(TOO_LONG))).await {
            Either::Left((standing, _)) => standing,
            Either::Right(((), _)) => Ok(Standing::WaitsForPerson("it went on for ever".into())),
        }
    }

    /// Follows until nothing more happens by itself, with what is in the script on the way.
    async fn follow(&self, driver: &mut Driver, script: &Script) -> Result<Standing, DriveError> {
        let standing = self.follow_beside(driver, script).await?;
        if matches!(standing, Standing::Ended(_)) {
            return Ok(standing);
        }
        // Nobody waits on the clock while nobody follows: what is left to say is said at once.
        for (_, turn) in script {
            if let Turn::Order(order) = turn {
                drop(driver.handle().give(order.clone()));
            }
        }
        self.follow_beside(driver, &Script::new()).await
    }

    /// Follows while somebody gives orders. The giver's wait on the clock ends with it: one that
    /// nobody polls any more would hold the time up for everybody.
    async fn follow_beside(
        &self,
        driver: &mut Driver,
        script: &Script,
    ) -> Result<Standing, DriveError> {
        let (handle, clock) = (driver.handle(), self.world.clock());
        let giving = async {
            for (at, turn) in script {
                let left = at.as_millis().saturating_sub(clock.elapsed().as_millis());
                clock.wait(Span::from_millis(left)).await;
                match turn {
                    Turn::Order(order) => drop(handle.give(order.clone())),
                    Turn::Upset(upset) => upset_clock(&clock, *upset),
                }
            }
            // What is held is watched for ever: now and then somebody lets it go on.
            for _ in 0..HOURS {
                clock.wait(Span::from_secs(3600)).await;
                let command = Command::Resume { node: None };
                let by = Actor::named("hourly");
                drop(handle.give(Order { by, command }));
            }
        };
        match select(pin!(driver.follow(&mut |_, _| {})), pin!(giving)).await {
            Either::Left((standing, _)) => standing,
            Either::Right(((), following)) => following.await,
        }
    }

    /// Does what patient people would: answer, resume, then roll back, then accept what is stuck.
    async fn bring_to_an_end(
        &self,
        driver: &mut Driver,
        mut standing: Standing,
    ) -> Result<Standing, DriveError> {
        let mut people = People::new(&self.world);
        for _ in 0..PATIENCE {
            if matches!(standing, Standing::Ended(_)) {
                break;
            }
            for order in people.next_words(driver.run()) {
                drop(driver.handle().give(order));
            }
            standing = self.follow_beside(driver, &Script::new()).await?;
        }
        Ok(standing)
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

fn script(scenario: &Scenario) -> Script {
    let orders = scenario.orders.iter().cloned();
    let orders = orders.map(|(at, order)| (at, Turn::Order(order)));
    let upsets = scenario.upsets.iter().copied();
    let upsets = upsets.map(|(at, upset)| (at, Turn::Upset(upset)));
    let mut script: Script = orders.chain(upsets).collect();
    script.sort_by_key(|(at, _)| *at);
    script
}

fn upset_clock(clock: &VirtualClock, upset: Upset) {
    match upset {
        Upset::Sleep(span) => clock.pass(span),
        Upset::ClockSet { by_seconds } => clock.jump(TimeDelta::seconds(by_seconds)),
    }
}

thread_local! {
    /// The time of the world that was made last on this thread, which is the one that is played.
    static CLOCK: RefCell<Option<Arc<VirtualClock>>> = const { RefCell::new(None) };
}

/// Runs a future in which everything waits on virtual time, and nothing on the outside.
///
/// Time moves when nobody has anything else to do. Where nobody waits on it either, it says so at
/// once; a runtime would wait for ever.
pub(crate) fn run<T>(future: impl Future<Output = T>) -> T {
    let bell = Arc::new(Bell(AtomicBool::new(true)));
    let waker = Waker::from(Arc::clone(&bell));
    let mut context = Context::from_waker(&waker);
    let mut future = pin!(future);
    loop {
        while bell.0.swap(false, Ordering::Relaxed) {
            if let Poll::Ready(answer) = future.as_mut().poll(&mut context) {
                return answer;
            }
        }
        let clock = CLOCK.with_borrow(Clone::clone);
        let moved = clock.is_some_and(|clock| clock.advance());
        assert!(moved, "everybody waits and nobody wakes them");
    }
}

/// Remembers that somebody woke the one task there is.
struct Bell(AtomicBool);

impl Wake for Bell {
    fn wake(self: Arc<Self>) {
        self.0.store(true, Ordering::Relaxed);
    }
}
