//! The story of the demo, as a test: first deployment, a good release, one that turns bad.

use gantry_tests::place::Place;
use gantry_xtask::{
    docker::{Body, Engine, encoded},
    real_platform,
    shop::{Answers, Incident, Shop, Snapshot},
};

/// At this rate orders 1.2 gets through 5 % and turns bad at 25 %.
const RATE: u32 = 60;

#[test]
fn a_version_that_turns_bad_at_a_quarter_is_taken_back_with_everything_under_it() {
    let Some(engine) = real_platform::docker("the_story_of_the_demo") else {
        return;
    };
    let place = Place::new();
    let shop = Shop::open(&engine, place.folder()).unwrap();
    let _empty_afterwards = Emptied(&engine);
    run(&place, "1.0").exits(0);

    let customers = shop.customers(RATE).unwrap();
    let incident = Incident::of_orders(&engine);
    incident.beside(|| run(&place, "1.1").exits(0)).unwrap();
    let told = customers.leave().unwrap();
    shared_by_both_versions(&told);
    no_failure_but_announced(&told, &["search", "orders"]);
    let before = Snapshot::take(&engine, &shop).unwrap();
    for (service, scene) in &before.services {
        assert_eq!(scene.running(), ["1.1"], "{service}");
        assert!(scene.share("1.1") > 0.999, "{service}: {scene:?}");
    }

    let customers = shop.customers(RATE).unwrap();
    run(&place, "1.2").exits(3).says("orders");
    let told = customers.leave().unwrap();
    no_failure_but_announced(&told, &["search"]);
    let orders = told.iter().find(|(name, _)| name == "orders");
    assert!(orders.unwrap().1.of("1.2") > 40, "1.2 was tried: {told:?}");
    let after = Snapshot::take(&engine, &shop).unwrap();
    assert!(!after.has("1.2"), "{after:?}");
    assert_eq!(after.serving(), before.serving());
    assert_eq!(place.read("cache/warmed").lines().count(), 2);
    stopped_by_the_judge(&place);
    for version in ["1.0", "1.1", "1.2"] {
        crate::exec::verified(&place, &format!("shop-{version}"));
    }
}

fn run(place: &Place, version: &str) -> gantry_tests::answer::Answer {
    place.gantry(&["run", &format!("shop-{version}.yaml"), "--yes"])
}

/// The incident met the old version and the canary alike, and took nothing back.
#[track_caller]
fn shared_by_both_versions(told: &[(String, Answers)]) {
    let (_, orders) = told.iter().find(|(name, _)| name == "orders").unwrap();
    for version in ["1.0", "1.1"] {
        assert!(orders.failed_at(version) > 0, "{version}: {orders:?}");
    }
}

/// Health was green to the end: only the comparison of the two versions tells them apart.
#[track_caller]
fn stopped_by_the_judge(place: &Place) {
    let journal = place.gantry(&["journal", "shop-1.2", "--json"]);
    journal.says(r#""trigger":"judge""#);
}

/// Nobody failed but at the bad version's own hands; `recreate` announces that search is away.
#[track_caller]
fn no_failure_but_announced(told: &[(String, Answers)], announced: &[&str]) {
    let others = told
        .iter()
        .filter(|(service, _)| !announced.contains(&service.as_str()));
    for (service, answers) in others {
        assert_eq!(
            answers.failed_apart_from("1.2"),
            0,
            "{service}: {answers:?}"
        );
    }
}

/// Removes the shop's containers, whatever became of the test.
struct Emptied<'a>(&'a Engine);

impl Drop for Emptied<'_> {
    fn drop(&mut self) {
        let filter = encoded("{\"label\":[\"gantry.environment=demo\"]}");
        let path = format!("/containers/json?all=1&filters={filter}");
        let rows = self.0.json("GET", &path, Body::Empty).unwrap_or_default();
        for row in rows.as_array().into_iter().flatten() {
            let id = row["Id"].as_str().unwrap_or_default();
            let path = format!("/containers/{id}?force=1");
            drop(self.0.request("DELETE", &path, Body::Empty));
        }
    }
}
