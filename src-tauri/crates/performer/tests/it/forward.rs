use gantry_model::operation::SampleHealth;
use gantry_simulation::{
    fault::{FaultMode, FaultPlan, FaultRule},
    world::Settings,
};
use gantry_testkit::draft::{Draft, blue_green, canary, recreate, rolling};
use serde_json::{Value, json};

use crate::walk::{Walk, run};

fn strategies() -> [(&'static str, Value); 4] {
    [
        ("canary", canary()),
        ("blue-green", blue_green()),
        ("rolling", rolling()),
        ("recreate", recreate()),
    ]
}

fn walk(strategy: Value) -> Walk {
    Walk::new(
        Draft::new("r").app("web", &[], strategy),
        Settings::default(),
    )
}

fn faulty(mode: FaultMode) -> Settings {
    let node = "web".parse().unwrap();
    Settings {
        faults: FaultPlan {
            rules: vec![FaultRule::on(node, mode)],
        },
        ..Settings::default()
    }
}

#[test]
fn every_strategy_ends_with_the_new_version_serving_alone() {
    for (name, strategy) in strategies() {
        let mut walk = walk(strategy);
        run(walk.forward_to("web/retire")).unwrap_or_else(|fault| panic!("{name}: {fault}"));
        let after = walk.world.snapshot();
        let new = "2.0".parse().unwrap();
        assert_eq!(after.fleets["web"].get(&new), Some(&3), "{name}");
        assert_eq!(after.fleets["web"].len(), 1, "{name}");
        assert_eq!(
            after.backends["web"].keys().collect::<Vec<_>>(),
            ["2.0"],
            "{name}"
        );
    }
}

#[test]
fn a_first_deployment_gets_all_traffic() {
    let draft = Draft::new("r").app("web", &[], blue_green());
    let draft = draft.also("web", serde_json::json!({ "version": "2.0" }));
    let mut walk = Walk::new(draft, Settings::default());
    walk.world.clear();
    run(walk.forward_to("web/retire")).unwrap();
    let after = walk.world.snapshot();
    assert_eq!(after.backends["web"]["2.0"].basis_points(), 10_000);
}

#[test]
fn a_shift_tells_what_was_commanded_and_what_was_measured() {
    let mut walk = walk(canary());
    let evidence = run(walk.forward_to("web/shift-2500")).unwrap();
    assert_eq!(evidence.facts["commanded_bp"], 2500);
    let measured = evidence.facts["measured_bp"].as_u64().unwrap();
    assert!((1000..4500).contains(&measured), "{measured}");
    assert!(evidence.facts["requests"].as_u64().unwrap() > 50);
}

#[test]
fn a_version_that_turns_bad_trips_at_the_first_look() {
    let from = "25%".parse().unwrap();
    let draft = Draft::new("r").app("web", &[], canary());
    let mut walk = Walk::new(draft, faulty(FaultMode::TurnsBad { from }));
    run(walk.forward_to("web/bake-2500")).unwrap();
    let sample = run(walk.sample(walk.index("web/bake-2500"))).unwrap();
    assert_ne!(sample.health, SampleHealth::Healthy);

    let draft = Draft::new("r").app("web", &[], canary());
    let mut walk = Walk::new(draft, faulty(FaultMode::TurnsBad { from }));
    let evidence = run(walk.forward_to("web/bake-2500")).unwrap();
    assert!(evidence.summary.contains("failed"), "{}", evidence.summary);
}

#[test]
fn an_unhealthy_version_is_not_staged() {
    let from = "0%".parse().unwrap();
    for (name, strategy) in strategies() {
        let draft = Draft::new("r").app("web", &[], strategy);
        let mut walk = Walk::new(draft, faulty(FaultMode::TurnsBad { from }));
        let fault = run(walk.forward_to("web/retire")).unwrap_err();
        assert!(fault.message.contains("0 of"), "{name}: {fault}");
    }
}

#[test]
fn a_platform_that_lies_is_found_out() {
    for (step, strategy) in [
        ("stage", canary()),
        ("shift-2500", canary()),
        ("batch-1", rolling()),
        ("start-new", recreate()),
    ] {
        let node = "web".parse().unwrap();
        let rule = FaultRule::on(node, FaultMode::LyingSuccess).at_step(step);
        let settings = Settings {
            faults: FaultPlan { rules: vec![rule] },
            ..Settings::default()
        };
        let mut walk = Walk::new(Draft::new("r").app("web", &[], strategy), settings);
        let ended = run(walk.forward_to("web/retire"));
        assert!(ended.is_err(), "{step}: {ended:?}");
    }
}

#[test]
fn some_instances_of_all_are_not_enough() {
    let rule = FaultRule::on(
        "web".parse().unwrap(),
        FaultMode::PartialSuccess { instances: 2 },
    );
    let settings = Settings {
        faults: FaultPlan {
            rules: vec![rule.at_step("stage")],
        },
        ..Settings::default()
    };
    let mut walk = Walk::new(Draft::new("r").app("web", &[], blue_green()), settings);
    let fault = run(walk.forward_to("web/verify")).unwrap_err();
    assert!(fault.message.contains("2 of 3"), "{fault}");
}

#[test]
fn flags_schemas_and_tasks_do_what_they_say() {
    let draft = Draft::new("r")
        .flag("new-look", &[])
        .schema("orders-db", &[])
        .task("warm", &[]);
    let mut walk = Walk::new(draft, Settings::default());
    run(walk.forward_to("none")).unwrap();
    let after = walk.world.snapshot();
    assert_eq!(after.schemas["orders-db"], ["expand", "backfill"]);
    assert_eq!(after.flags.len(), 1);
    let programs = walk
        .world
        .ledger()
        .iter()
        .filter(|e| e.what == "./do warm")
        .count();
    assert_eq!(programs, 1);
}

#[test]
fn shadow_writes_and_contracts_apply_each_phase_once() {
    let query = json!({ "sql": "select 0", "equals": 0 });
    let contract = json!({ "sql": "contract.sql" });
    let shadow = json!({ "strategy": { "shadow-writes": {
        "expand": "expand.sql", "compare": query, "window": "1m", "contract": contract } } });
    let mut walk = Walk::new(
        Draft::new("r").schema("db", &[]).also("db", shadow),
        Settings::default(),
    );
    for step in ["preflight", "expand", "dual-write", "compare", "read-new"] {
        run(walk.step(walk.index(&format!("db/{step}")))).unwrap();
    }
    let phases = walk.world.snapshot().schemas["db"].clone();
    assert_eq!(phases, ["expand", "dual-write", "read-new"]);
    run(walk.step(walk.index("db/contract"))).unwrap();
    let phases = walk.world.snapshot().schemas["db"].clone();
    assert_eq!(phases.last().map(String::as_str), Some("contract"));
}

#[test]
fn writes_and_reads_that_were_switched_go_back_to_the_old_shape() {
    let query = json!({ "sql": "select 0", "equals": 0 });
    let shadow = json!({ "strategy": { "shadow-writes": {
        "expand": "expand.sql", "compare": query } } });
    let draft = Draft::new("r").schema("db", &[]).also("db", shadow);
    let mut walk = Walk::new(draft, Settings::default());
    run(walk.forward_to("db/read-new")).unwrap();
    run(walk.back(|_| true)).unwrap();
    assert_eq!(walk.world.snapshot().schemas["db"], ["expand"]);
}

#[test]
fn a_preview_is_asked_of_every_new_instance_before_any_traffic() {
    let preview = json!({ "check": { "http": { "path": "/preview", "status": 200 } } });
    let strategy = json!({ "blue-green": { "bake": "1m", "preview": preview } });
    let mut walk = Walk::new(
        Draft::new("r").app("web", &[], strategy.clone()),
        Settings::default(),
    );
    let evidence = run(walk.forward_to("web/preview")).unwrap();
    assert!(!evidence.summary.is_empty());
    assert!(!walk.world.snapshot().backends["web"].contains_key("2.0"));

    let from = "0%".parse().unwrap();
    let draft = Draft::new("r").app("web", &[], strategy);
    let mut walk = Walk::new(draft, faulty(FaultMode::TurnsBad { from }));
    run(walk.forward_to("web/preview")).unwrap_err();
}

#[test]
fn a_call_over_http_is_taken_once_and_its_status_counts() {
    let http = |what: &str| json!({ "url": format!("http://127.0.0.1:9/{what}") });
    let run_of = json!({ "run": { "http": http("do"), "undo": http("undo") } });
    let draft = || Draft::new("r").task("web", &[]).also("web", run_of.clone());
    let mut walk = Walk::new(draft(), Settings::default());
    run(walk.forward_to("web/run")).unwrap();
    run(walk.step(walk.index("web/run"))).unwrap();
    run(walk.back(|_| true)).unwrap();
    let told: Vec<String> = walk.world.ledger().into_iter().map(|e| e.what).collect();
    assert_eq!(
        told,
        ["POST http://127.0.0.1:9/do", "POST http://127.0.0.1:9/undo"]
    );

    let mut walk = Walk::new(draft(), faulty(FaultMode::ExitStatus { status: 1 }));
    let fault = run(walk.forward_to("web/run")).unwrap_err();
    assert!(fault.message.contains("500"), "{fault}");
}

#[test]
fn a_program_that_fails_is_told_with_its_status() {
    let rule = FaultRule::on("warm".parse().unwrap(), FaultMode::ExitStatus { status: 3 });
    let settings = Settings {
        faults: FaultPlan { rules: vec![rule] },
        ..Settings::default()
    };
    let mut walk = Walk::new(Draft::new("r").task("warm", &[]), settings);
    let fault = run(walk.forward_to("warm/run")).unwrap_err();
    assert!(fault.message.contains("status 3"), "{fault}");
}
