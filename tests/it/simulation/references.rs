//! Twelve releases that every strategy and every kind of step stands in, once going well and once
//! going back.

use gantry_engine::standing::Standing;
use gantry_model::{event::Outcome, operation::Direction, unit::Weight};
use gantry_simulation::{
    fault::{FaultMode, FaultPlan, FaultRule},
    world::Settings,
};
use gantry_testkit::{
    draft::{Draft, blue_green, canary, recreate, rolling},
    invariants::Honesty,
};
use serde_json::json;

use super::rig::Rig;

/// A release, what goes wrong in it, and how it ends.
pub(super) struct Reference {
    pub(super) name: &'static str,
    pub(super) draft: fn() -> Draft,
    pub(super) faults: fn() -> Vec<FaultRule>,
    pub(super) ends: Outcome,
}

const fn well(name: &'static str, draft: fn() -> Draft) -> Reference {
    Reference {
        name,
        draft,
        faults: Vec::new,
        ends: Outcome::Succeeded,
    }
}

const fn back(
    name: &'static str,
    draft: fn() -> Draft,
    faults: fn() -> Vec<FaultRule>,
) -> Reference {
    Reference {
        name,
        draft,
        faults,
        ends: Outcome::RolledBack,
    }
}

pub(super) const REFERENCES: [Reference; 12] = [
    well("every strategy, going well", strategies),
    back("every strategy, rolled back", strategies, web_turns_bad),
    well("tasks, going well", tasks),
    back("tasks, rolled back", tasks, last_fails),
    well("people, going well", people),
    back("people, rolled back", people, last_fails),
    well("schemas, going well", schemas),
    back("schemas, rolled back", schemas, last_fails),
    well("every way to serve, going well", serving),
    back("every way to serve, rolled back", serving, last_fails),
    well("one canary, going well", one_canary),
    back("one canary, rolled back", one_canary, web_turns_bad),
];

/// Those of them that are so small that a crash can be combined with every crash of its recovery.
pub(super) fn small() -> impl Iterator<Item = &'static Reference> {
    let small = |name: &str| name.starts_with("tasks") || name.starts_with("one canary");
    REFERENCES
        .iter()
        .filter(move |reference| small(reference.name))
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

/// Manual work, gates, calls over HTTP, and a condition.
fn people() -> Draft {
    let http = |what: &str| json!({ "url": format!("http://127.0.0.1:9/{what}") });
    let contract = json!({ "expand-contract": {
        "expand": "expand.sql", "contract": { "sql": "contract.sql", "after": ["d"] } } });
    Draft::new("reference")
        .with(
            "policy",
            json!({ "approvals": { "start": 2, "contract": 1, "not-the-author": true } }),
        )
        .task("bank", &[])
        .also(
            "bank",
            json!({ "run": { "manual": "Ring the bank", "undo": "Ring them back" } }),
        )
        .task("hook", &["bank"])
        .also(
            "hook",
            json!({ "run": { "http": http("do"), "undo": http("undo") } }),
        )
        .task("other", &["bank"])
        .also("other", json!({ "when": { "environment": ["elsewhere"] } }))
        .schema("db", &["hook"])
        .also("db", json!({ "strategy": contract }))
        .task("d", &["other", "db:expanded"])
}

/// Every way to change a schema, with and without an end of the old shape.
fn schemas() -> Draft {
    let query = json!({ "sql": "select 0", "equals": 0 });
    let revert = json!({ "expand-contract": {
        "expand": "expand.sql", "revert": "revert.sql", "on-rollback": "revert" } });
    let contract = json!({ "expand-contract": {
        "expand": "expand.sql", "backfill": { "sql": "backfill.sql" }, "verify": query,
        "contract": { "sql": "contract.sql", "after": ["d"], "soak": "1m" } } });
    let shadow = json!({ "shadow-writes": {
        "expand": "expand.sql", "backfill": { "sql": "backfill.sql" }, "compare": query,
        "window": "1m", "soak": "1m", "contract": { "sql": "contract.sql", "after": ["d"] } } });
    Draft::new("reference")
        .schema("plain", &[])
        .schema("taken-back", &[])
        .also("taken-back", json!({ "strategy": revert }))
        .schema("ended", &["plain"])
        .also("ended", json!({ "strategy": contract }))
        .schema("shadowed", &["plain"])
        .also("shadowed", json!({ "strategy": shadow }))
        .task("d", &["taken-back", "ended", "shadowed"])
}

/// What the first release leaves out: a fresh baseline, a ramp, a preview, an old version kept.
fn serving() -> Draft {
    let compared = json!({ "canary": {
        "steps": ["25%", "100%"], "bake": "1m", "replicas": 1, "baseline": "equal" } });
    let ramp = json!({ "canary": { "every": "50%", "bake": "1m", "keep-old": "2m" } });
    let preview = json!({ "check": { "http": { "path": "/preview", "status": 200 } } });
    let kept = json!({ "blue-green": { "bake": "1m", "keep-old": "2m", "preview": preview } });
    let batches = json!({ "rolling": { "batch": 2, "bake": "1m" } });
    Draft::new("reference")
        .app("compared", &[], compared)
        .app("ramp", &["compared"], ramp)
        .app("kept", &["compared"], kept)
        .app("batches", &[], batches)
        .also("batches", json!({ "kind": "config", "soak": "1m" }))
        .task("d", &["ramp:live", "kept:live", "batches:live"])
        .also("d", json!({ "cancel": true, "idempotent": true }))
}

fn one_canary() -> Draft {
    Draft::new("reference").app("web", &[], canary())
}

fn web_turns_bad() -> Vec<FaultRule> {
    let from = Weight::from_basis_points(2500).unwrap_or(Weight::FULL);
    let web = "web".parse().unwrap();
    vec![FaultRule::on(web, FaultMode::TurnsBad { from })]
}

fn last_fails() -> Vec<FaultRule> {
    let last = "d".parse().unwrap();
    let rule = FaultRule::on(last, FaultMode::ExitStatus { status: 1 });
    vec![rule.at_step("run").going(Direction::Do)]
}

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

    pub(super) async fn ends_well(&self, rig: &Rig, ended: Option<Standing>, when: &str) {
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
