//! What was measured of a change counts on when somebody starts it again, unless they say why not.

use std::{path::Path, sync::Arc};

use gantry_engine::{
    drive::{self, Inbox, NewRelease},
    standing::Standing,
};
use gantry_model::{command::Actor, event::Outcome, release::Release};
use gantry_performer::Performer;
use gantry_simulation::{
    signal::Signals,
    world::{Settings, World},
};
use gantry_store::workspace::Workspace;
use gantry_testkit::draft::Draft;
use gantry_tests::place::Place;
use serde_json::{Value, json};

fn release() -> Release {
    let query = |what: &str| format!("{what}{{v='{{{{version}}}}'}}");
    let errors = json!({ "kind": "ratio", "bad": query("bad"), "total": query("total") });
    let judge = json!({ "source": "sim", "metrics": ["errors"] });
    let canary = json!({ "canary": { "steps": ["25%", "100%"], "bake": "15m" } });
    Draft::new("shop")
        .with("metrics", json!({ "errors": errors }))
        .app("orders", &[], canary)
        .also("orders", json!({ "judge": judge }))
        .release()
        .unwrap()
}

/// Writes a run into the workspace whose new version failed one request in twenty and went back.
fn stopped_by_the_judge(release: &Release, workspace: &Path) {
    let plan = gantry_planner::plan(release, &Default::default()).unwrap();
    let signals = Signals {
        harm: 50.0,
        ..Signals::default()
    };
    let settings = Settings {
        signals,
        ..Settings::default()
    };
    let world = World::from_plan(&plan, settings);
    let surroundings = drive::World {
        journal: Arc::new(Workspace::open(workspace).unwrap()),
        clock: world.clock(),
        platform: Arc::new(Performer::new(world.ports(), world.clock())),
    };
    let new = NewRelease {
        plan: Arc::new(plan),
        by: Actor::named("tess"),
        gantry: "0".into(),
        reach: Vec::new(),
        at_start: Vec::new(),
    };
    let runtime = tokio::runtime::Builder::new_current_thread().build();
    let ended = runtime.unwrap().block_on(async {
        let mut driver = drive::start(surroundings, new, Inbox::Closed).await?;
        driver.follow(&mut |_, _| {}).await
    });
    assert_eq!(ended.unwrap(), Standing::Ended(Outcome::RolledBack));
}

/// Starts it again, on a platform that is not there, and gives what stands in the record.
fn again(place: &Place, more: &[&str]) -> Vec<Value> {
    let call = [&["run", "release.yaml", "--yes", "--json"], more].concat();
    drop(place.gantry(&call));
    let journal = place.gantry(&["journal", "shop", "--json"]).exits(0);
    journal.events()
}

fn of_kind<'a>(events: &'a [Value], kind: &str) -> Vec<&'a Value> {
    events
        .iter()
        .filter(|event| event["kind"] == kind)
        .collect()
}

#[test]
fn whoever_starts_a_stopped_change_again_starts_with_what_was_measured_of_it() {
    let place = Place::new();
    let release = release();
    place.write("release.yaml", serde_json::to_string(&release).unwrap());
    stopped_by_the_judge(&release, &place.workspace());
    let events = again(&place, &[]);
    let carried = of_kind(&events, "evidence-carried");
    assert_eq!(carried.len(), 1, "{events:?}");
    assert_eq!(carried[0]["from"], "shop");
    let buckets = carried[0]["buckets"].as_array().map_or(0, Vec::len);
    assert!(buckets > 0, "{carried:?}");
    let anew = again(&place, &["--judge-anew", "the disk of host 7 was full"]);
    assert!(of_kind(&anew, "evidence-carried").is_empty(), "{anew:?}");
    let notes = of_kind(&anew, "note");
    let told = format!(
        "judged anew, without {buckets} buckets that shop#2 measured of `orders`: the disk of host 7 was full"
    );
    assert_eq!(notes[0]["text"], told.as_str());
}
