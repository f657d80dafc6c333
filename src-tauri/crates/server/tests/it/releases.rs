//! Release files behind the door: which ones the page may name, read and save.

use serde_json::json;

use crate::browser::House;

const TEXT: &str = "gantry: 1\nrelease: shop\ntitle: The shop\nnodes:\n  one:\n    kind: task\n    run: { exec: [\"true\"] }\n";

#[tokio::test]
async fn a_release_file_is_opened_read_and_saved() {
    let house = House::open().await;
    let cookie = house.enter().await;
    let file = house.folder.path().join("shop.yaml");
    std::fs::write(&file, TEXT).unwrap();
    let row = house
        .ask(&cookie, "open-release", json!({ "file": file }))
        .await;
    assert_eq!(
        (row["name"].as_str(), row["state"].as_str()),
        (Some("The shop"), Some("draft"))
    );
    let read = house
        .ask(&cookie, "read-release", json!({ "release": "shop" }))
        .await;
    assert_eq!(read["text"], TEXT);
    let text = TEXT.replace("The shop", "The better shop");
    let change = json!({ "release": "shop", "text": text, "hash": read["hash"] });
    let saved = house.ask(&cookie, "save-release", change.clone()).await;
    assert_eq!(std::fs::read_to_string(&file).unwrap(), text);
    let late = house.refused(&cookie, "save-release", change).await;
    assert_eq!(late, "refused", "the file is another one now");
    let lost = json!({ "release": "shop", "text": "nothing: 1\n", "hash": saved["hash"] });
    assert_eq!(
        house.refused(&cookie, "save-release", lost).await,
        "file-invalid"
    );
    let renamed = json!({ "release": "shop", "text": TEXT.replace("shop\n", "store\n"), "hash": saved["hash"] });
    assert_eq!(
        house.ask(&cookie, "save-release", renamed).await["release"],
        "store"
    );
    let rows = house.ask(&cookie, "releases", json!({})).await;
    assert_eq!(
        (rows[0]["release"].as_str(), rows.as_array().unwrap().len()),
        (Some("store"), 1)
    );
    assert_eq!(
        house
            .ask(&cookie, "close-release", json!({ "release": "store" }))
            .await["closed"],
        true
    );
    assert!(file.exists(), "closing takes nothing away");
}

#[tokio::test]
async fn the_page_names_no_file_but_those_of_opened_releases() {
    let house = House::open().await;
    let cookie = house.enter().await;
    let (opened, other) = (
        house.folder.path().join("shop.yaml"),
        house.folder.path().join("other.yaml"),
    );
    std::fs::write(&opened, TEXT).unwrap();
    std::fs::write(&other, TEXT.replace("shop", "other")).unwrap();
    house
        .ask(&cookie, "open-release", json!({ "file": opened }))
        .await;
    house.ask(&cookie, "plan", json!({ "file": opened })).await;
    let secret = house.folder.path().join("secret.txt");
    for name in ["plan", "check", "rehearse", "connections-test", "doctor"] {
        for file in [&other, &secret, &house.folder.path().join("x/../shop.yaml")] {
            let code = house.refused(&cookie, name, json!({ "file": file })).await;
            assert!(
                ["file-unreadable", "bad-call"].contains(&&*code),
                "{name}: {code}"
            );
        }
    }
    let ticked = json!({ "release": "shop", "action": { "tick": { "item": "x", "result": "pass", "evidence": secret } } });
    let answer = house.call(&cookie, "checklist", &ticked.to_string()).await;
    assert_ne!(answer.status, 200);
    let answer = house
        .call(
            &cookie,
            "journal-verify",
            &json!({ "target": secret }).to_string(),
        )
        .await;
    assert_ne!(answer.status, 200);
    assert!(!answer.body.contains("nobody's business"), "{answer:?}");
}

#[tokio::test]
async fn what_is_no_release_file_is_not_opened_and_not_quoted() {
    let house = House::open().await;
    let cookie = house.enter().await;
    let secret = house.folder.path().join("secret.txt");
    let disguised = house.folder.path().join("secret.yaml");
    std::fs::copy(&secret, &disguised).unwrap();
    for file in [
        secret,
        disguised,
        "/etc/passwd".into(),
        house.folder.path().join("none.yaml"),
    ] {
        let answer = house
            .call(
                &cookie,
                "open-release",
                &json!({ "file": file }).to_string(),
            )
            .await;
        assert_eq!(answer.status, 422, "{answer:?}");
        assert!(
            !answer.body.contains("nobody's business") && !answer.body.contains("root:"),
            "{answer:?}"
        );
    }
}

#[tokio::test]
async fn a_file_with_problems_is_opened_to_be_mended() {
    let house = House::open().await;
    let cookie = house.enter().await;
    let file = house.folder.path().join("shop.yaml");
    std::fs::write(&file, TEXT.replace("exec:", "exce:")).unwrap();
    let row = house
        .ask(&cookie, "open-release", json!({ "file": file }))
        .await;
    assert_eq!(row["state"], "broken");
    assert!(row["problems"].as_u64() > Some(0));
    let text = TEXT.replace("exec:", "exce:");
    let draft = json!({ "text": text, "name": "shop" });
    assert!(house.ask(&cookie, "draft", draft).await["plan"].is_null());
    std::fs::remove_file(&file).unwrap();
    let rows = house.ask(&cookie, "releases", json!({})).await;
    assert_eq!(rows[0]["state"], "missing");
}

#[tokio::test]
async fn a_newcomer_rehearses_the_sample_and_sees_it_go_back() {
    let house = House::open().await;
    let cookie = house.enter().await;
    let row = house
        .ask(&cookie, "new-release", json!({ "from": "sample" }))
        .await;
    let again = house
        .ask(&cookie, "new-release", json!({ "from": "sample" }))
        .await;
    assert_eq!(
        (row["release"].as_str(), again["release"].as_str()),
        (Some("first-release"), Some("first-release-2"))
    );
    let file = &row["file"];
    let good = house
        .ask(&cookie, "rehearse", json!({ "file": file }))
        .await;
    assert!(good.to_string().contains("succeeded"), "{good}");
    let bad = house
        .ask(
            &cookie,
            "rehearse",
            json!({ "file": file, "fail": ["orders"] }),
        )
        .await;
    assert!(bad.to_string().contains("rolled-back"), "{bad}");
}
