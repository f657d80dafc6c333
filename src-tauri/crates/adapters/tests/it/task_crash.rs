//! Drivers and shims that are killed, and what a later driver finds.

use std::{
    env, fs,
    path::Path,
    process::{Child, Command, Stdio},
    thread,
    time::Duration,
};

use gantry_port::{
    fault::FaultKind,
    task::{Program, Task, TaskSighting},
};
use gantry_shim::claim::{self, Look};
use rustix::process::{Pid, Signal, kill_process, kill_process_group};

use crate::task_harness::{Place, call, eventually, program, tasks};

const DRIVER: &str = "as-driver";
/// How many programs a killed driver was running at once.
const KEYS: u32 = 4;

/// Not a test when run as one: with the word among its arguments this binary runs the programs of
/// a folder, with the rounds from the given one on.
#[test]
fn serves_as_driver() {
    let words: Vec<_> = env::args().skip_while(|word| word != DRIVER).collect();
    let [_, folder, first] = words.as_slice() else {
        return;
    };
    let folder = Path::new(folder);
    let first: u32 = first.parse().unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(async {
        let tasks = tasks(folder);
        let line = fs::read_to_string(folder.join("line")).unwrap();
        let program = program(folder, &["sh", "-c", &line]);
        let calls: Vec<_> = (first..first + KEYS).map(call).collect();
        futures_util::future::join_all(calls.iter().map(|call| tasks.run(call, &program))).await;
    });
}

fn driver(place: &Place, line: &str, first: u32) -> Child {
    fs::write(place.path("line"), line).unwrap();
    let name = concat!(module_path!(), "::serves_as_driver");
    let (_crate, test) = name.split_once("::").unwrap();
    Command::new(env::current_exe().unwrap())
        .args(["--exact", test, DRIVER])
        .arg(place.path(""))
        .arg(first.to_string())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

fn kill(mut process: Child) {
    process.kill().unwrap();
    process.wait().unwrap();
}

#[tokio::test]
async fn a_program_outlives_its_driver_and_the_next_one_attaches() {
    let place = Place::new();
    for round in 1..=KEYS {
        place.gate(&format!("gate.{round}"));
    }
    let line = "echo $$ > started.${GANTRY_KEY##*/}; read go < gate.${GANTRY_KEY##*/}; exit 5";
    let process = driver(&place, line, 1);
    for round in 1..=KEYS {
        place.line(&format!("started.{round}"));
    }
    kill(process);
    let tasks = place.tasks();
    for round in 1..=KEYS {
        let sighting = tasks.find(&call(round).key).await.unwrap();
        assert_eq!(sighting, TaskSighting::Running);
    }
    let changed = place.script("echo a second start > twice");
    for round in 1..=KEYS {
        let call = call(round);
        let opener = async {
            tokio::task::yield_now().await;
            fs::write(place.path(&format!("gate.{round}")), "go\n").unwrap();
        };
        let (finished, ()) = tokio::join!(tasks.run(&call, &changed), opener);
        assert_eq!(finished.unwrap().status, Some(5));
    }
    assert!(!place.path("twice").exists());
}

#[tokio::test]
async fn a_hundred_killed_drivers_start_every_program_exactly_once() {
    let place = Place::new();
    let seed = env::var("GANTRY_SEED")
        .ok()
        .and_then(|text| text.parse().ok());
    let mut random = Random(seed.unwrap_or(0x9e37_79b9_7f4a_7c15));
    println!("seed {}", random.0);
    let line = "echo \"$GANTRY_KEY\" >> ledger; exit 3";
    let tasks = place.tasks();
    let mut early = 0;
    for round in 0..100 {
        let first = round * KEYS + 1;
        let process = driver(&place, line, first);
        // The moment of the kill is the input here, not a synchronisation.
        thread::sleep(Duration::from_micros(random.next() % 25_000));
        kill(process);
        for key in first..first + KEYS {
            let call = call(key);
            if tasks.find(&call.key).await.unwrap() != TaskSighting::NeverStarted {
                early += 1;
            }
            let finished = tasks.run(&call, &place.script(line)).await.unwrap();
            assert_eq!(finished.status, Some(3), "{}", call.key);
        }
    }
    println!(
        "{early} of {} programs were started by a driver that was killed",
        100 * KEYS
    );
    let ledger = fs::read_to_string(place.path("ledger")).unwrap();
    let mut keys: Vec<_> = ledger.lines().collect();
    keys.sort_unstable();
    keys.dedup();
    assert_eq!((ledger.lines().count(), keys.len()), (400, 400));
    assert!(early > 0, "no kill came late enough to matter");
}

struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        self.0 >> 33
    }
}

/// Starts a program that waits at a gate, and kills its shim and then the program.
async fn vanish(place: &Place, program: &Program) {
    let tasks = place.tasks();
    let call = call(1);
    let started = async {
        while tasks.find(&call.key).await.unwrap() != TaskSighting::Running {
            tokio::task::yield_now().await;
        }
        let folder = place.path("work.tasks").join("shop-2.4+web+run+do+1");
        let held = eventually("the program's number", || match claim::look(&folder) {
            Ok(Look::Held(claim)) => Some((claim.shim?, claim.program?)),
            Ok(Look::Absent | Look::Left(_) | Look::Finished(_)) | Err(_) => None,
        });
        let (shim, program) = held;
        kill_process(shim.id, Signal::KILL).unwrap();
        eventually("the end of the shim", || (!shim.runs()).then_some(()));
        let sighting = tasks.find(&call.key).await.unwrap();
        assert_eq!(sighting, TaskSighting::Running, "its program still runs");
        kill_group(program.id);
        while tasks.find(&call.key).await.unwrap() == TaskSighting::Running {
            tokio::task::yield_now().await;
        }
        let sighting = tasks.find(&call.key).await.unwrap();
        assert_eq!(sighting, TaskSighting::Vanished);
    };
    let runner = place.tasks();
    let (ran, ()) = tokio::join!(runner.run(&call, program), started);
    assert_eq!(ran.unwrap_err().kind, FaultKind::Lost);
}

fn kill_group(id: Pid) {
    kill_process_group(id, Signal::KILL).unwrap();
}

#[tokio::test]
async fn what_vanished_is_lost_and_stays_so() {
    let place = Place::new();
    vanish(&place, &place.script("exec sleep 300")).await;
    let fault = place
        .tasks()
        .run(&call(1), &place.script("touch twice"))
        .await;
    assert_eq!(fault.unwrap_err().kind, FaultKind::Lost);
    assert!(!place.path("twice").exists());
}

#[tokio::test]
async fn what_vanished_and_is_idempotent_is_started_again_under_the_same_key() {
    let place = Place::new();
    let mut program = place.script("exec sleep 300");
    program.idempotent = true;
    vanish(&place, &program).await;
    let mut again = place.script("echo \"$GANTRY_KEY\"");
    again.idempotent = true;
    let finished = place.tasks().run(&call(1), &again).await.unwrap();
    assert_eq!(finished.stdout, "shop-2.4/web/run/do/1\n");
    let sighting = place.tasks().find(&call(1).key).await.unwrap();
    assert_eq!(sighting, TaskSighting::Finished(finished));
}
