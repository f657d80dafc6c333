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
pub(super) struct Reference {
    pub(super) name: &'static str,
    draft: fn() -> Draft,
    faults: fn() -> Vec<FaultRule>,
    pub(super) ends: Outcome,
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

pub(super) const REFERENCES: [Reference; 4] = [
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
    pub(super) fn rig(&self) -> Rig {
        self.rig_with_faults((self.faults)())
    }

    /// Gives the reference with one more thing going wrong.
    pub(super) fn rig_with(&self, rule: FaultRule) -> Rig {
        let mut rules = (self.faults)();
        rules.push(rule);
        self.rig_with_faults(rules)
    }

    pub(super) fn rig_with_faults(&self, rules: Vec<FaultRule>) -> Rig {
        let settings = Settings {
            faults: FaultPlan { rules },
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

fn one_canary() -> Draft {
    Draft::new("reference").app("web", &[], canary())
}

/// Releases so small that a crash can be combined with every crash of its recovery.
const SMALL: [Reference; 4] = [
    Reference {
        name: "one canary, going well",
        draft: one_canary,
        faults: Vec::new,
        ends: Outcome::Succeeded,
    },
    Reference {
        name: "one canary, rolled back",
        draft: one_canary,
        faults: turns_bad,
        ends: Outcome::RolledBack,
    },
    Reference {
        name: "few tasks, going well",
        draft: tasks,
        faults: Vec::new,
        ends: Outcome::Succeeded,
    },
    Reference {
        name: "few tasks, rolled back",
        draft: tasks,
        faults: last_fails,
        ends: Outcome::RolledBack,
    },
];

/// The recovery may write so many times more than what was left without a crash.
const RECOVERY: u64 = 3;

fn both(write: u64) -> [Break; 2] {
    [Break::CrashBefore { write }, Break::CrashAfter { write }]
}

#[test]
fn a_crash_during_the_recovery_of_a_crash_loses_nothing_either() {
    for reference in &SMALL {
        let whole = reference.rig();
        drop(run(whole.go(&[])));
        let writes = whole.journal.commits();
        for first in (2..=writes).flat_map(both) {
            let (Break::Refuse { write }
            | Break::CrashBefore { write }
            | Break::CrashAfter { write }) = first;
            for second in (write + 1..=writes + RECOVERY).flat_map(both) {
                crash_twice(reference, first, second);
            }
        }
    }
}

fn crash_twice(reference: &Reference, first: Break, second: Break) {
    let rig = reference.rig();
    run(async {
        rig.journal.break_at(first);
        let mut ended = rig.go(&[]).await;
        for next in [Some(second), None] {
            if !rig.journal.has_crashed() {
                break;
            }
            rig.journal.restart();
            if let Some(point) = next {
                rig.journal.break_at(point);
            }
            ended = rig.go_on().await;
        }
        let when = format!("{first:?} and {second:?}");
        reference.ends_well(&rig, ended.ok(), &when).await;
    });
}
