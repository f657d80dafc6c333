//! One keeper for many tasks.

use std::{
    collections::BTreeMap,
    fs,
    io::{Read, Write},
    net::Shutdown,
};

use gantry_shim::{
    claim::{self, Look, Serving},
    record::Record,
    reply::{READY, Reply},
    spec::{KEEPER, Spec},
};
use rustix::process::{Pid, Signal, kill_process};

use crate::harness::{Place, Shim, eventually, exists};

struct Keeper(Shim);

impl Keeper {
    fn start() -> Self {
        let shim = Shim::waiting();
        (&shim.driver).write_all(&KEEPER).unwrap();
        let mut ready = [0];
        (&shim.driver).read_exact(&mut ready).unwrap();
        assert_eq!(ready, [READY]);
        Self(shim)
    }

    fn give(&self, number: u32, spec: &Spec) {
        let bytes = [&number.to_le_bytes()[..], &spec.to_bytes()].concat();
        (&self.0.driver).write_all(&bytes).unwrap();
    }

    /// Gives no more tasks, waits until the keeper is gone, and gives what it said of each.
    fn finish(self) -> BTreeMap<u32, Reply> {
        let mut shim = self.0;
        shim.driver.shutdown(Shutdown::Write).unwrap();
        let mut said = Vec::new();
        shim.driver.read_to_end(&mut said).unwrap();
        assert!(shim.process.wait().unwrap().success());
        let mut replies = BTreeMap::new();
        let mut rest = said.as_slice();
        while let Some((number, reply, length)) = Reply::first_framed(rest) {
            assert_eq!(replies.insert(number, reply), None, "{number} twice");
            rest = &rest[length..];
        }
        assert!(rest.is_empty(), "{rest:?}");
        replies
    }

    fn kill(mut self) {
        self.0.process.kill().unwrap();
        self.0.process.wait().unwrap();
    }
}

fn task(place: &Place, number: u32, line: &str) -> Spec {
    let mut spec = place.script(line);
    spec.task = place.path(&format!("task-{number}"));
    spec.key = format!("shop/web/run/do/{number}");
    spec
}

fn look(spec: &Spec) -> Look {
    claim::look(&spec.task).unwrap()
}

fn record(spec: &Spec) -> Record {
    eventually("a record", || match look(spec) {
        Look::Finished(record) => Some(record),
        Look::Absent | Look::Held(_) | Look::Left(_) => None,
    })
}

#[test]
fn many_tasks_run_side_by_side_and_each_end_is_its_own() {
    let place = Place::new();
    let keeper = Keeper::start();
    // Each waits for all others, so that they can only end if all of them run at once.
    let specs: Vec<Spec> = (0..40)
        .map(|number| {
            let line = format!(
                "echo {number}; : > there.{number}; \
                 while [ $(ls | grep -c there) -lt 40 ]; do sleep 0.05; done; exit {number}"
            );
            task(&place, number, &line)
        })
        .collect();
    for (number, spec) in (0..).zip(&specs) {
        keeper.give(number, spec);
    }
    let replies = keeper.finish();
    assert_eq!(replies.len(), 40);
    for (number, spec) in (0..).zip(&specs) {
        assert_eq!(replies[&number], Reply::Finished);
        let record = record(spec);
        assert_eq!(record.status, i32::try_from(number).ok());
        assert_eq!(record.stdout.end, format!("{number}\n").into_bytes());
    }
}

#[test]
fn a_key_that_is_claimed_is_not_started_by_the_same_keeper_nor_by_another() {
    let place = Place::new();
    for round in 0..20 {
        let spec = task(&place, round, "echo started >> ledger; sleep 0.01");
        let (one, other) = (Keeper::start(), Keeper::start());
        one.give(1, &spec);
        other.give(1, &spec);
        one.give(2, &spec);
        let replies = [one.finish(), other.finish()].map(|replies| replies.into_values());
        let all: Vec<_> = replies.into_iter().flatten().collect();
        let count = |wanted: &Reply| all.iter().filter(|reply| *reply == wanted).count();
        assert_eq!(count(&Reply::Finished), 1, "round {round}: {all:?}");
        assert_eq!(count(&Reply::Taken), 2, "round {round}: {all:?}");
        let ledger = fs::read_to_string(place.path("ledger")).unwrap();
        assert_eq!(ledger.lines().count(), round as usize + 1);
    }
}

#[test]
fn a_program_that_cannot_be_started_harms_no_other() {
    let place = Place::new();
    let keeper = Keeper::start();
    let mut missing = task(&place, 1, "");
    missing.program = "/nowhere/x".into();
    let well = task(&place, 2, "exit 0");
    keeper.give(1, &missing);
    keeper.give(2, &well);
    let replies = keeper.finish();
    assert!(
        matches!(&replies[&1], Reply::NotStarted(reason) if reason.contains("/nowhere/x")),
        "{replies:?}"
    );
    assert_eq!(
        (look(&missing), &replies[&2]),
        (Look::Absent, &Reply::Finished)
    );
}

#[test]
fn no_program_holds_the_claim_of_another() {
    let place = Place::new();
    let keeper = Keeper::start();
    let long = task(&place, 0, "echo $$ > long; exec sleep 300");
    keeper.give(0, &long);
    let shorts: Vec<_> = (1..30).map(|at| task(&place, at, "exit 0")).collect();
    for (number, spec) in (1..).zip(&shorts) {
        keeper.give(number, spec);
    }
    shorts.iter().for_each(|spec| drop(record(spec)));
    let program = place.line("long");
    // Were a claim still locked by the program that runs, a record that is lost would look like
    // a task that runs for ever.
    for spec in &shorts {
        fs::remove_file(spec.task.with_added_extension("record")).unwrap();
        eventually("the lock to be free", || {
            matches!(look(spec), Look::Left(_)).then_some(())
        });
    }
    let Look::Held(claim) = look(&long) else {
        panic!("it runs");
    };
    assert_eq!(claim.serving, Serving::Many);
    assert_eq!(
        claim.program.unwrap().id.as_raw_nonzero().to_string(),
        program
    );
    kill_process(claim.program.unwrap().id, Signal::KILL).unwrap();
    assert_eq!(keeper.finish()[&0], Reply::Finished);
    assert_eq!(record(&long).signal, Some(9));
}

#[test]
fn a_keeper_whose_driver_is_gone_records_every_end_and_then_goes() {
    let place = Place::new();
    let keeper = Keeper::start();
    let specs: Vec<_> = (0..5)
        .map(|at| {
            let line = format!(": > ready.{at}; while [ ! -e go ]; do sleep 0.02; done; exit 4");
            task(&place, at, &line)
        })
        .collect();
    for (number, spec) in (0..).zip(&specs) {
        keeper.give(number, spec);
    }
    // Of what is said in part nothing is ever started.
    let cut = task(&place, 9, "touch cut").to_bytes();
    let mut driver = &keeper.0.driver;
    driver.write_all(&9_u32.to_le_bytes()).unwrap();
    driver.write_all(&cut[..cut.len() - 1]).unwrap();
    for at in 0..5 {
        eventually("a start", || {
            place.path(&format!("ready.{at}")).exists().then_some(())
        });
    }
    let Shim {
        mut process,
        driver,
    } = keeper.0;
    drop(driver);
    fs::write(place.path("go"), "").unwrap();
    for spec in &specs {
        assert_eq!(record(spec).status, Some(4));
    }
    assert!(process.wait().unwrap().success());
    assert!(!place.path("cut").exists());
}

#[test]
fn a_keeper_that_is_killed_leaves_its_programs_running_and_then_vanished() {
    let place = Place::new();
    let keeper = Keeper::start();
    let specs: Vec<_> = (0..3)
        .map(|at| {
            task(
                &place,
                at,
                &format!("echo $$ > program.{at}; exec sleep 300"),
            )
        })
        .collect();
    for (number, spec) in (0..).zip(&specs) {
        keeper.give(number, spec);
    }
    let programs: Vec<_> = (0..3)
        .map(|at| place.line(&format!("program.{at}")))
        .collect();
    keeper.kill();
    for (spec, program) in specs.iter().zip(&programs) {
        assert!(matches!(look(spec), Look::Held(_)));
        assert!(exists(program));
        let program = Pid::from_raw(program.parse().unwrap()).unwrap();
        kill_process(program, Signal::KILL).unwrap();
        eventually("the lock to be free", || {
            matches!(look(spec), Look::Left(_)).then_some(())
        });
    }
}
