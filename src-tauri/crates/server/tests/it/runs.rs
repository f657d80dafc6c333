//! Runs that the door drives itself.

use serde_json::{Value, json};

use crate::browser::House;

/// Makes a release of one step that a person does, and starts it.
async fn started(house: &House, cookie: &str) -> Value {
    house
        .ask(
            cookie,
            "new-release",
            json!({ "from": "empty", "id": "shop" }),
        )
        .await;
    let reach = house
        .ask(cookie, "reach", json!({ "release": "shop" }))
        .await;
    assert_eq!(reach["confirmed"], false);
    let start = json!({ "release": "shop", "confirmed_reach": reach["hash"] });
    let run = house.ask(cookie, "start", start).await;
    let reach = house
        .ask(cookie, "reach", json!({ "release": "shop" }))
        .await;
    assert_eq!(
        reach["confirmed"], true,
        "the same person need not be asked twice"
    );
    run
}

/// Asks for the row until it says what it should; the driver needs a moment.
async fn until(house: &House, cookie: &str, state: &str) -> Value {
    loop {
        let rows = house.ask(cookie, "releases", json!({})).await;
        if rows[0]["state"] == state {
            return rows[0].clone();
        }
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn nothing_starts_whose_reach_nobody_confirmed() {
    let house = House::open().await;
    let cookie = house.enter().await;
    house
        .ask(&cookie, "new-release", json!({ "from": "sample" }))
        .await;
    let other = format!("sha256:{}", "0".repeat(64));
    let start = json!({ "release": "first-release", "confirmed_reach": other });
    assert_eq!(
        house.refused(&cookie, "start", start).await,
        "not-confirmed"
    );
    assert_eq!(house.ask(&cookie, "list", json!({})).await, json!([]));
}

#[tokio::test]
async fn a_run_is_driven_by_the_door_to_its_end() {
    let house = House::open().await;
    let cookie = house.enter().await;
    let run = started(&house, &cookie).await;
    assert_eq!(run["run"], "shop");
    let row = until(&house, &cookie, "waiting").await;
    assert!(
        row["waits_for"]
            .as_str()
            .is_some_and(|what| !what.is_empty()),
        "{row}"
    );
    assert_eq!(house.app.driven().len(), 1);
    let done = json!({ "release": "shop", "do": "done", "node": "first" });
    house.ask(&cookie, "steer", done).await;
    let row = until(&house, &cookie, "ended").await;
    assert_eq!(row["outcome"], "succeeded");
    assert_eq!(
        house
            .refused(&cookie, "resume", json!({ "release": "shop" }))
            .await,
        "refused"
    );
}

#[tokio::test]
async fn what_a_crash_left_is_taken_up_by_the_next_door() {
    let house = House::open().await;
    let cookie = house.enter().await;
    started(&house, &cookie).await;
    until(&house, &cookie, "waiting").await;
    let house = House::open_in(house.crash().await).await;
    let cookie = house.enter().await;
    assert_eq!(house.app.driven(), []);
    house
        .ask(&cookie, "resume", json!({ "release": "shop" }))
        .await;
    assert_eq!(house.app.driven().len(), 1);
    let back = json!({ "release": "shop", "do": "rollback" });
    house.ask(&cookie, "steer", back).await;
    let undone = json!({ "release": "shop", "do": "done", "node": "first" });
    let row = loop {
        let rows = house.ask(&cookie, "releases", json!({})).await;
        if rows[0]["state"] == "ended" {
            break rows[0].clone();
        }
        // The undo is a person's work too, where there was something to undo.
        let _too_early = house.call(&cookie, "steer", &undone.to_string()).await;
    };
    assert_ne!(row["outcome"], "succeeded", "{row}");
}

#[tokio::test]
async fn an_order_to_a_run_that_nobody_drives_is_carried_out_here() {
    let house = House::open().await;
    let cookie = house.enter().await;
    started(&house, &cookie).await;
    until(&house, &cookie, "waiting").await;
    let house = House::open_in(house.crash().await).await;
    let cookie = house.enter().await;
    let done = json!({ "release": "shop", "do": "done", "node": "first" });
    let taken = house.ask(&cookie, "steer", done).await;
    assert_eq!(taken["needs_resume"], false);
    until(&house, &cookie, "ended").await;
}
