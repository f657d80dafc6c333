//! What each product is sent: exchanges written from their public documentation.

use std::sync::Arc;

use gantry_adapters::channel::{
    discord::Discord,
    matrix::Matrix,
    pagerduty::PagerDuty,
    slack::Slack,
    statuspage::StatusPage,
    teams::Teams,
    webhook::{Webhook, signature},
};
use gantry_model::release::connection::Connection;
use gantry_port::channel::{Channel, Message, Receipt, Tone};
use serde_json::{Value, json};

use crate::metric_server::{Reply, Server, TIME, shouting, still};

/// Builds the channel of a connection as it stands in a file.
pub(crate) fn channel(connection: Value) -> Arc<dyn Channel> {
    let connection: Connection = serde_json::from_value(connection).unwrap();
    let (secrets, clock) = (shouting(), still());
    match &connection {
        Connection::Slack(s) => Arc::new(Slack::new(s, secrets, clock).unwrap()),
        Connection::Teams(s) => Arc::new(Teams::new(s, secrets, clock)),
        Connection::Discord(s) => Arc::new(Discord::new(s, secrets, clock)),
        Connection::PagerDuty(s) => Arc::new(PagerDuty::new(s, secrets, clock).unwrap()),
        Connection::StatusPage(s) => Arc::new(StatusPage::new(s, secrets, clock).unwrap()),
        Connection::Matrix(s) => Arc::new(Matrix::new(s, secrets, clock)),
        Connection::Webhook(s) => Arc::new(Webhook::new(s, secrets, clock)),
        _other => panic!("no channel of this test"),
    }
}

pub(crate) fn message(event: &str, tone: Tone) -> Message {
    Message {
        key: "gantry-0123456789".into(),
        via: serde_json::from_value(json!({ "connection": "chat", "to": "!room:example.com" }))
            .unwrap(),
        release: "shop-2.4".into(),
        subject: "shop-2.4#1".into(),
        environment: "production".into(),
        event: event.into(),
        tone,
        at: "2026-12-01T19:05:00Z".parse().unwrap(),
        title: "Checkout <redesign> is held".into(),
        body: "The *queue* grows & @here.\n\nWhat happens next: a person decides.".into(),
        thread: None,
    }
}

/// Sends and gives what came of it, with the head's first line and the body that arrived.
async fn sent(
    server: &Server,
    channel: &dyn Channel,
    message: &Message,
) -> (Receipt, Vec<(String, Value)>) {
    let receipt = channel.send(message, TIME).await.unwrap();
    let asked = server.asked();
    let read = asked.iter().map(|text| {
        let (head, body) = text.split_once("\r\n\r\n").unwrap();
        let line = head.lines().next().unwrap().to_owned();
        (line, serde_json::from_str(body).unwrap_or(Value::Null))
    });
    (receipt, read.collect())
}

fn header(request: &str, name: &str) -> Option<String> {
    let mut lines = request.lines();
    lines.find_map(|line| {
        let (known, value) = line.split_once(": ")?;
        known.eq_ignore_ascii_case(name).then(|| value.to_owned())
    })
}

#[tokio::test]
async fn a_webhook_is_signed_over_time_and_body_and_carries_its_key() {
    let server = Server::always(Reply::of("204 No Content", "text/plain", "")).await;
    let hook = channel(json!({ "webhook": {
        "webhook": format!("{}/hook/${{secret:path}}", server.url()), "secret": "${secret:hook-key}" } }));
    let (_, asked) = sent(&server, &*hook, &message("held", Tone::Warning)).await;
    insta::assert_json_snapshot!(asked[0].1);
    assert_eq!(asked[0].0, "POST /hook/PATH HTTP/1.1");
    let request = server.asked()[0].clone();
    assert_eq!(
        header(&request, "gantry-notice").unwrap(),
        "gantry-0123456789"
    );
    assert_eq!(
        header(&request, "idempotency-key").unwrap(),
        "gantry-0123456789"
    );
    let time = header(&request, "gantry-time").unwrap();
    let body = request.split_once("\r\n\r\n").unwrap().1;
    let expected = signature("HOOK-KEY", &time, body);
    assert_eq!(header(&request, "gantry-signature").unwrap(), expected);
    assert!(!request.contains("HOOK-KEY"));
}

#[test]
fn the_signature_is_the_known_one() {
    // RFC 4231, case 2, would be key "Jefe" over "what do ya want for nothing?"; this splits it
    // where the time ends.
    let known = "sha256=5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843";
    let text = "what do ya want for nothing?";
    let tag = ring::hmac::sign(
        &ring::hmac::Key::new(ring::hmac::HMAC_SHA256, b"Jefe"),
        text.as_bytes(),
    );
    let hex: String = tag
        .as_ref()
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    assert_eq!(format!("sha256={hex}"), known);
    let joined = ring::hmac::sign(
        &ring::hmac::Key::new(ring::hmac::HMAC_SHA256, b"k"),
        b"17.{}",
    );
    let hex: String = joined
        .as_ref()
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    assert_eq!(signature("k", "17", "{}"), format!("sha256={hex}"));
}

#[tokio::test]
async fn slack_is_sent_blocks_in_which_nobody_is_called() {
    let server = Server::always(Reply::of("200 OK", "text/plain", "ok")).await;
    let slack = channel(json!({ "slack": { "webhook": server.url() } }));
    let (receipt, asked) = sent(&server, &*slack, &message("held", Tone::Warning)).await;
    insta::assert_json_snapshot!(asked[0].1);
    assert_eq!(receipt, Receipt::default());
}

#[tokio::test]
async fn a_slack_bot_keeps_a_thread_for_each_run() {
    let answer = r#"{"ok":true,"channel":"C0123","ts":"1503435956.000247","message":{}}"#;
    let server = Server::always(Reply::json(answer)).await;
    let slack = channel(json!({ "slack": { "token": "${secret:xoxb}", "url": server.url() } }));
    let mut first = message("started", Tone::Plain);
    first.via.to = Some("C0123".into());
    let (receipt, _) = sent(&server, &*slack, &first).await;
    assert_eq!(receipt.thread.as_deref(), Some("1503435956.000247"));
    first.thread = receipt.thread;
    let (again, asked) = sent(&server, &*slack, &first).await;
    assert_eq!(again.thread.as_deref(), Some("1503435956.000247"));
    assert_eq!(asked[1].0, "POST /chat.postMessage HTTP/1.1");
    assert_eq!(asked[1].1["channel"], "C0123");
    assert_eq!(asked[1].1["thread_ts"], "1503435956.000247");
    assert_eq!(asked[0].1.get("thread_ts"), None);
    assert_eq!(
        header(&server.asked()[0], "authorization").unwrap(),
        "Bearer XOXB"
    );
}

#[tokio::test]
async fn teams_is_sent_an_adaptive_card() {
    let server = Server::always(Reply::of("202 Accepted", "text/plain", "")).await;
    let teams = channel(json!({ "teams": { "webhook": server.url() } }));
    let (_, asked) = sent(&server, &*teams, &message("rolled-back", Tone::Bad)).await;
    insta::assert_json_snapshot!(asked[0].1);
}

#[tokio::test]
async fn discord_is_sent_an_embed_and_a_forum_keeps_threads() {
    let server = Server::always(Reply::json(r#"{"id":"77","channel_id":"4242"}"#)).await;
    let url = format!("{}/api/webhooks/1/${{secret:token}}", server.url());
    let discord = channel(json!({ "discord": { "webhook": url, "forum": true } }));
    let mut first = message("held", Tone::Warning);
    let (receipt, asked) = sent(&server, &*discord, &first).await;
    insta::assert_json_snapshot!(asked[0].1);
    assert_eq!(receipt.thread.as_deref(), Some("4242"));
    first.thread = receipt.thread;
    let (_, asked) = sent(&server, &*discord, &first).await;
    assert_eq!(
        asked[1].0,
        "POST /api/webhooks/1/TOKEN?wait=true&thread_id=4242 HTTP/1.1"
    );
    assert_eq!(asked[1].1.get("thread_name"), None);
}

#[tokio::test]
async fn pagerduty_gets_one_incident_for_a_run_and_its_end_resolves_it() {
    let server = Server::always(Reply::of(
        "202 Accepted",
        "application/json",
        r#"{"status":"success","message":"Event processed","dedup_key":"gantry-0123456789 shop-2.4#1"}"#,
    ))
    .await;
    let pager =
        channel(json!({ "pagerduty": { "routing-key": "${secret:pd}", "url": server.url() } }));
    let started = message("started", Tone::Plain);
    let (receipt, _) = sent(&server, &*pager, &started).await;
    assert_eq!(receipt.thread, None, "a change event pages nobody");
    let (receipt, _) = sent(&server, &*pager, &message("rolling-back", Tone::Bad)).await;
    let mut ended = message("rolled-back", Tone::Warning);
    ended.thread = receipt.thread.clone();
    let (end, asked) = sent(&server, &*pager, &ended).await;
    assert_eq!(
        (receipt.thread.as_deref(), end.thread),
        (Some("gantry-0123456789 shop-2.4#1"), None)
    );
    let lines: Vec<&str> = asked.iter().map(|(line, _)| line.as_str()).collect();
    assert_eq!(
        lines,
        [
            "POST /v2/change/enqueue HTTP/1.1",
            "POST /v2/enqueue HTTP/1.1",
            "POST /v2/enqueue HTTP/1.1"
        ]
    );
    let bodies: Vec<&Value> = asked.iter().map(|(_, body)| body).collect();
    insta::assert_json_snapshot!(bodies);
}

#[tokio::test]
async fn a_status_page_gets_one_incident_for_a_run_even_when_an_answer_was_lost() {
    let server = Server::start(|number, _| match number {
        0 => Reply::json("[]"),
        1 => Reply::of("201 Created", "application/json", r#"{"id":"inc1"}"#),
        2 => Reply::json(r#"[{"id":"inc1","metadata":{"gantry":{"subject":"shop-2.4#1"}}}]"#),
        _ => Reply::json(r#"{"id":"inc1"}"#),
    })
    .await;
    let page = channel(
        json!({ "statuspage": { "page": "pg", "token": "${secret:sp}", "url": server.url() } }),
    );
    let (first, _) = sent(&server, &*page, &message("rolling-back", Tone::Bad)).await;
    // As after a crash: nobody remembers the incident.
    let (again, asked) = sent(&server, &*page, &message("rolled-back", Tone::Warning)).await;
    assert_eq!(
        (first.thread.as_deref(), again.thread.as_deref()),
        (Some("inc1"), Some("inc1"))
    );
    let lines: Vec<&str> = asked.iter().map(|(line, _)| line.as_str()).collect();
    assert_eq!(
        lines,
        [
            "GET /v1/pages/pg/incidents/unresolved HTTP/1.1",
            "POST /v1/pages/pg/incidents HTTP/1.1",
            "GET /v1/pages/pg/incidents/unresolved HTTP/1.1",
            "PATCH /v1/pages/pg/incidents/inc1 HTTP/1.1",
        ]
    );
    insta::assert_json_snapshot!([&asked[1].1, &asked[3].1]);
    assert_eq!(
        header(&server.asked()[1], "authorization").unwrap(),
        "OAuth SP"
    );
}

#[tokio::test]
async fn matrix_takes_the_key_as_the_transaction_and_keeps_a_thread() {
    let server = Server::always(Reply::json(r#"{"event_id":"$first"}"#)).await;
    let matrix = channel(json!({ "matrix": { "url": server.url(), "token": "${secret:mx}" } }));
    let mut first = message("held", Tone::Warning);
    let (receipt, _) = sent(&server, &*matrix, &first).await;
    first.thread = receipt.thread;
    let (_, asked) = sent(&server, &*matrix, &first).await;
    assert_eq!(
        asked[0].0,
        "PUT /_matrix/client/v3/rooms/!room:example.com/send/m.room.message/gantry-0123456789 HTTP/1.1"
    );
    insta::assert_json_snapshot!([&asked[0].1, &asked[1].1]);
}
