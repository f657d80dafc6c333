//! Alertmanager over recorded exchanges.

use gantry_adapters::alerts::alertmanager::Alertmanager;
use gantry_model::{release::connection, time::Timestamp};
use gantry_port::{
    alerts::{Alerts, Silence},
    fault::FaultKind,
};
use serde_json::json;

use crate::metric_server::{NOW, Reply, Server, TIME, shouting, still};

fn alertmanager(url: &str) -> Alertmanager {
    let settings: connection::Alertmanager = serde_json::from_value(json!({ "url": url })).unwrap();
    Alertmanager::new(&settings, shouting(), still())
}

fn labels(pairs: &[(&str, &str)]) -> std::collections::BTreeMap<String, String> {
    pairs
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect()
}

fn silence() -> Silence {
    let at = |seconds| Timestamp::from_timestamp(NOW + seconds, 0).unwrap();
    Silence {
        labels: labels(&[("service", "orders")]),
        from: at(0),
        until: at(3600),
        by: "gantry".to_owned(),
        comment: "release shop#1".to_owned(),
    }
}

#[tokio::test]
async fn an_alert_is_read_with_what_it_says() {
    let alert = json!({
        "labels": {"alertname": "Errors", "service": "or\"ders"},
        "annotations": {"summary": "too many"},
        "startsAt": "2026-11-23T12:00:00.000Z", "endsAt": "2026-11-23T13:00:00.000Z",
        "status": {"state": "suppressed", "silencedBy": ["x", "gone"], "inhibitedBy": []},
    });
    // A server that does not understand the matcher must not make a trigger of another alert.
    let mut other = alert.clone();
    other["labels"] = json!({"alertname": "Other"});
    let silence = json!({"id": "x", "comment": "release shop#1", "status": {"state": "active"}});
    let server = Server::start(move |_, text| match text.contains("/silences") {
        true => Reply::json(&json!([silence]).to_string()),
        false => Reply::json(&json!([alert, other]).to_string()),
    })
    .await;
    let asked = labels(&[("service", "or\"ders")]);
    let found = alertmanager(&server.url())
        .firing(&asked, TIME)
        .await
        .unwrap();
    assert_eq!(found.len(), 1);
    assert!(found[0].silenced);
    assert_eq!(found[0].silenced_by, ["release shop#1", ""]);
    assert_eq!(found[0].summary.as_deref(), Some("too many"));
    let line = server.asked().concat();
    assert!(
        line.starts_with("GET /api/v2/alerts?filter=service%3D%22or%5C%22ders%22 "),
        "{line}"
    );
}

#[tokio::test]
async fn a_silence_is_posted_once_and_found_by_its_comment() {
    let kept = json!([
        {"id": "old", "comment": "release shop#1", "status": {"state": "expired"}},
        {"id": "other", "comment": "somebody else's", "status": {"state": "active"}},
    ]);
    let server = Server::start(move |_, text| match text.starts_with("GET") {
        true => Reply::json(&kept.to_string()),
        false => Reply::json("{\"silenceID\": \"new\"}"),
    })
    .await;
    let port = alertmanager(&server.url());
    assert_eq!(port.silence(&silence(), TIME).await.unwrap(), "new");
    let asked = server.asked();
    let (_, body) = asked[1].split_once("\r\n\r\n").unwrap();
    let body: serde_json::Value = serde_json::from_str(body).unwrap();
    let matcher = json!({"name": "service", "value": "orders", "isRegex": false, "isEqual": true});
    assert_eq!(body["matchers"], json!([matcher]));
    assert_eq!(body["comment"], "release shop#1");
    let known = json!([{"id": "is", "comment": "release shop#1", "status": {"state": "pending"}}]);
    let server = Server::always(Reply::json(&known.to_string())).await;
    let port = alertmanager(&server.url());
    assert_eq!(port.silence(&silence(), TIME).await.unwrap(), "is");
    assert_eq!(server.asked().len(), 1);
}

#[tokio::test]
async fn a_lost_post_is_not_sent_again() {
    let server = Server::start(|_, text| match text.starts_with("GET") {
        true => Reply::json("[]"),
        false => Reply::Bytes(Vec::new()),
    })
    .await;
    let port = alertmanager(&server.url());
    let fault = port.silence(&silence(), TIME).await.unwrap_err();
    assert_eq!(fault.kind, FaultKind::Lost);
    assert_eq!(server.asked().len(), 2);
}

#[tokio::test]
async fn an_end_that_fails_while_the_silence_is_in_force_is_a_fault() {
    let known = json!([{"id": "a/b", "comment": "", "status": {"state": "active"}}]);
    let server = Server::start(move |_, text| match text.starts_with("GET") {
        true => Reply::json(&known.to_string()),
        false => Reply::of("500 Oops", "text/plain", "no"),
    })
    .await;
    let port = alertmanager(&server.url());
    assert!(port.unsilence("a/b", TIME).await.is_err());
    assert!(server.asked()[0].starts_with("DELETE /api/v2/silence/a%2Fb "));
    port.unsilence("gone", TIME).await.unwrap();
}

#[tokio::test]
async fn no_answer_is_no_empty_list() {
    for reply in [
        Reply::of("200 OK", "text/html", "<html>"),
        Reply::json("{}"),
        Reply::of("404 No", "text/plain", ""),
    ] {
        let server = Server::always(reply).await;
        let found = alertmanager(&server.url()).firing(&labels(&[]), TIME).await;
        assert!(found.is_err(), "{found:?}");
    }
    let found = alertmanager("http://127.0.0.1:9")
        .firing(&labels(&[("a-b", "")]), TIME)
        .await;
    assert_eq!(found.unwrap_err().kind, FaultKind::Unsupported);
}
