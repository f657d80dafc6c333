//! What items of checklists ask: a database file, GitHub and GitLab by written exchanges.

use std::path::Path;

use gantry_adapters::inquiry::{github::Github, gitlab::Gitlab, sqlite::Sqlite};
use gantry_model::release::{check::question::CiQuestion, connection};
use gantry_port::{
    fault::FaultKind,
    inquiry::{Inquiry, Question},
};
use serde_json::{Value, json};

use crate::metric_server::{Reply, Server, TIME, shouting, still};

fn sql(query: &str) -> Question {
    let asked = json!({ "connection": "orders", "query": query, "equals": 0 });
    Question::Sql(serde_json::from_value(asked).unwrap())
}

fn ci(checks: &[&str]) -> Question {
    Question::Ci(CiQuestion {
        connection: "forge".parse().unwrap(),
        repository: "shop/orders".into(),
        commit: "main".into(),
        checks: checks.iter().map(ToString::to_string).collect(),
    })
}

fn sqlite(folder: &Path) -> Sqlite {
    let settings = connection::Sqlite {
        file: "orders.db".into(),
    };
    Sqlite::new(&settings, folder)
}

#[tokio::test]
async fn a_value_of_an_sqlite_file_is_compared_and_nothing_is_changed() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("orders.db");
    let made = rusqlite::Connection::open(&file).unwrap();
    made.execute_batch("create table jobs (failed integer); insert into jobs values (0), (1)")
        .unwrap();
    drop(made);
    let before = std::fs::read(&file).unwrap();
    let orders = sqlite(folder.path());
    let none = orders
        .ask(&sql("select count(*) from jobs where failed = 2"), TIME)
        .await
        .unwrap();
    assert!(none.healthy, "{}", none.detail);
    let one = orders
        .ask(&sql("select count(*) from jobs where failed"), TIME)
        .await
        .unwrap();
    assert_eq!(
        (one.healthy, one.detail.as_str()),
        (false, "orders answered 1, not 0")
    );
    for (query, reason) in [
        ("delete from jobs returning 0", "would change something"),
        ("select failed from jobs", "more than one row"),
        ("select failed from jobs where failed = 7", "no row"),
        ("select 0, 0", "not one column"),
        ("select absent", "no such column"),
        ("select null", "NULL"),
    ] {
        let fault = orders.ask(&sql(query), TIME).await.unwrap_err();
        assert!(fault.message.contains(reason), "{query}: {fault}");
    }
    assert_eq!(
        std::fs::read(&file).unwrap(),
        before,
        "the file is as it was"
    );
    assert!(orders.ask(&ci(&[]), TIME).await.is_err());
    assert!(orders.greet(TIME).await.unwrap().contains("can be read"));
}

#[tokio::test]
async fn a_database_file_that_is_not_there_is_not_made() {
    let folder = tempfile::tempdir().unwrap();
    assert!(
        sqlite(folder.path())
            .ask(&sql("select 0"), TIME)
            .await
            .is_err()
    );
    assert!(!folder.path().join("orders.db").exists());
}

/// Answers both questions to GitHub: check runs, then statuses.
async fn github(runs: Value, statuses: Value) -> (Server, Github) {
    let server = Server::start(move |_, text| {
        let body = match text.contains("/check-runs?") {
            true => json!({ "total_count": runs.as_array().unwrap().len(), "check_runs": runs }),
            false => {
                json!({ "total_count": statuses.as_array().unwrap().len(), "statuses": statuses })
            }
        };
        Reply::json(&body.to_string())
    })
    .await;
    let settings = json!({ "url": server.url(), "token": "${secret:forge}" });
    let settings: connection::Forge = serde_json::from_value(settings).unwrap();
    let github = Github::new(&settings, shouting(), still()).unwrap();
    (server, github)
}

fn run(name: &str, status: &str, conclusion: Option<&str>) -> Value {
    json!({ "name": name, "status": status, "conclusion": conclusion })
}

#[tokio::test]
async fn github_tells_what_became_of_a_commit() {
    let runs = json!([
        run("build", "completed", Some("success")),
        run("docs", "completed", Some("skipped"))
    ]);
    let statuses = json!([{ "context": "licences", "state": "success" }]);
    let (server, forge) = github(runs, statuses).await;
    let all = forge.ask(&ci(&[]), TIME).await.unwrap();
    assert_eq!(all.detail, "shop/orders at main: 3 checks succeeded");
    assert!(all.healthy && forge.ask(&ci(&["licences"]), TIME).await.unwrap().healthy);
    let missing = forge.ask(&ci(&["build", "e2e"]), TIME).await.unwrap_err();
    assert!(missing.message.contains("no check called e2e"), "{missing}");
    let asked = server.asked();
    assert!(
        asked[0].starts_with("GET /repos/shop/orders/commits/main/check-runs?per_page=100&page=1 "),
        "{}",
        asked[0]
    );
    assert!(asked[0].to_lowercase().contains("authorization: bearer "));
}

#[tokio::test]
async fn a_check_that_failed_is_a_no_and_one_that_runs_is_no_answer() {
    let runs = json!([
        run("build", "completed", Some("success")),
        run("build", "completed", Some("timed_out")),
        run("e2e", "in_progress", None),
    ]);
    let (_server, forge) = github(runs, json!([])).await;
    let failed = forge.ask(&ci(&[]), TIME).await.unwrap();
    assert_eq!(
        (failed.healthy, failed.detail.as_str()),
        (false, "shop/orders at main: build failed")
    );
    let open = forge.ask(&ci(&["e2e"]), TIME).await.unwrap_err();
    assert!(open.message.contains("e2e still to end"), "{open}");
    let (_server, forge) = github(json!([]), json!([])).await;
    let none = forge.ask(&ci(&[]), TIME).await.unwrap_err();
    assert!(none.message.contains("has no checks"), "{none}");
}

#[tokio::test]
async fn gitlab_is_asked_for_the_commit_that_a_branch_leads_to() {
    let server = Server::start(|_, text| {
        let statuses = json!([
            { "name": "build", "status": "success" },
            { "name": "lint", "status": "failed", "allow_failure": true },
            { "name": "deploy", "status": "manual" },
        ]);
        match text.contains("/statuses?") {
            true => Reply::json(&statuses.to_string()),
            false => Reply::json(r#"{"id":"c0ffee"}"#),
        }
    })
    .await;
    let settings = connection::Forge {
        url: Some(format!("{}/api/v4", server.url()).parse().unwrap()),
        token: None,
    };
    let forge = Gitlab::new(&settings, shouting(), still()).unwrap();
    assert!(
        forge
            .ask(&ci(&["build", "lint"]), TIME)
            .await
            .unwrap()
            .healthy
    );
    let waits = forge.ask(&ci(&[]), TIME).await.unwrap_err();
    assert!(waits.message.contains("deploy still to end"), "{waits}");
    let asked = server.asked();
    let commit = "GET /api/v4/projects/shop%2Forders/repository/commits/";
    assert!(
        asked[0].starts_with(&format!("{commit}main ")),
        "{}",
        asked[0]
    );
    assert!(
        asked[1].starts_with(&format!("{commit}c0ffee/statuses?")),
        "{}",
        asked[1]
    );
}

#[tokio::test]
async fn who_cannot_be_asked_gives_no_answer() {
    let server = Server::always(Reply::of("404 Not Found", "application/json", "{}")).await;
    let settings = connection::Forge {
        url: Some(server.url().parse().unwrap()),
        token: None,
    };
    let github = Github::new(&settings, shouting(), still()).unwrap();
    let fault = github.ask(&ci(&[]), TIME).await.unwrap_err();
    assert_eq!(fault.kind, FaultKind::Refused);
    let gitlab = Gitlab::new(&settings, shouting(), still()).unwrap();
    assert!(gitlab.ask(&ci(&[]), TIME).await.is_err());
    assert!(gitlab.ask(&sql("select 0"), TIME).await.is_err());
}
