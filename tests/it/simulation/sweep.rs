//! A crash before and after every durable write of the reference releases.

use gantry_engine::standing::Standing;
use gantry_model::{event::Outcome, operation::Direction, unit::Weight};
use gantry_simulation::{
    fault::{FaultMode, FaultPlan, FaultRule},
    journal::Break,
    world::Settings,
};
use gantry_testkit::{
    draft::{Draft, blue_green, canary, recreate, rolling},
    invariants::Honesty,
};

use super::rig::{Rig, run};

/// A release, what goes wrong in it, and how it ends.
struct Reference {
    name: &'static str,
    draft: fn() -> Draft,
    faults: fn() -> Vec<FaultRule>,
    ends: Outcome,
}

fn strategies() -> Draft {
    Draft::new("reference")
        .schema("db", &[])
        .app("orders", &["db:expanded"], canary())
        .app("web", &["orders"], blue_green())
        .app("search", &["db"], rolling())
        .app("mail", &["db"], recreate())
        .flag("look", &["web"])
        .task("warm", &["orders"])
}

fn tasks() -> Draft {
    Draft::new("reference")
        .task("a", &[])
        .task("b", &["a"])
        .task("c", &["a"])
        .task("d", &["b", "c"])
}

fn turns_bad() -> Vec<FaultRule> {
    let from = Weight::from_basis_points(2500).unwrap_or(Weight::FULL);
    vec![FaultRule::on(
        "web".parse().unwrap(),
        FaultMode::TurnsBad { from },
    )]
}

fn last_fails() -> Vec<FaultRule> {
    vec![
        FaultRule::on("d".parse().unwrap(), FaultMode::ExitStatus { status: 1 })
            .at_step("run")
            .going(Direction::Do),
    ]
}

const REFERENCES: [Reference; 4] = [
    Reference {
        name: "every strategy, going well",
        draft: strategies,
        faults: Vec::new,
        ends: Outcome::Succeeded,
    },
    Reference {
        name: "every strategy, rolled back",
        draft: strategies,
        faults: turns_bad,
        ends: Outcome::RolledBack,
    },
    Reference {
        name: "tasks, going well",
        draft: tasks,
        faults: Vec::new,
        ends: Outcome::Succeeded,
    },
    Reference {
        name: "tasks, rolled back",
        draft: tasks,
        faults: last_fails,
        ends: Outcome::RolledBack,
    },
];

impl Reference {
    fn rig(&self) -> Rig {
        let faults = FaultPlan {
            rules: (self.faults)(),
        };
        let settings = Settings {
            faults,
            ..Settings::default()
        };
        Rig::new(&(self.draft)().release().unwrap(), settings)
    }

    async fn ends_well(&self, rig: &Rig, ended: Option<Standing>, when: &str) {
        let story = || async { rig.story().await };
        if ended != Some(Standing::Ended(self.ends)) {
            panic!("{} {when}: {ended:?}\n{}", self.name, story().await);
        }
        let violations = rig.violations(Honesty::Honest).await;
        if !violations.is_empty() {
            panic!("{} {when}: {violations:#?}\n{}", self.name, story().await);
        }
    }
}

#[test]
fn every_reference_release_ends_as_it_should() {
    for reference in &REFERENCES {
        let rig = reference.rig();
        run(async {
            let ended = rig.go(&[]).await.ok();
            reference.ends_well(&rig, ended, "without a crash").await;
        });
    }
}

#[test]
fn a_crash_at_any_write_loses_nothing_and_repeats_nothing() {
    for reference in &REFERENCES {
        let whole = reference.rig();
        drop(run(whole.go(&[])));
        for write in 2..=whole.journal.commits() {
            for point in [Break::CrashBefore { write }, Break::CrashAfter { write }] {
                let rig = reference.rig();
                rig.journal.break_at(point);
                run(async {
                    let first = rig.go(&[]).await;
                    let ended = match rig.journal.has_crashed() {
                        false => first,
                        true => {
                            rig.journal.restart();
                            rig.go_on().await
                        }
                    };
                    let when = format!("{point:?}");
                    reference.ends_well(&rig, ended.ok(), &when).await;
                });
            }
        }
    }
}
