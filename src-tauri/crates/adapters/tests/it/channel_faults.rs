//! Channels that say no, are busy, are gone, or repeat what they were told.

use base64::{Engine, prelude::BASE64_STANDARD};
use gantry_model::unit::Span;
use gantry_port::{channel::Tone, fault::FaultKind};
use serde_json::{Value, json};

use crate::{
    channels::{channel, message},
    metric_server::{Reply, Server, TIME},
};

/// Every channel over HTTP, at this address.
fn all(url: &str) -> Vec<Value> {
    vec![
        json!({ "webhook": { "webhook": format!("{url}/${{secret:canary-path-token}}"), "secret": "${secret:canary-signing-key}" } }),
        json!({ "slack": { "webhook": format!("{url}/services/${{secret:canary-path-token}}") } }),
        json!({ "slack": { "token": "${secret:canary-bot-token}", "url": url } }),
        json!({ "teams": { "webhook": format!("{url}/w?sig=${{secret:canary-path-token}}") } }),
        json!({ "discord": { "webhook": format!("{url}/api/webhooks/1/${{secret:canary-path-token}}") } }),
        json!({ "pagerduty": { "routing-key": "${secret:canary-routing-key}", "url": url } }),
        json!({ "statuspage": { "page": "p", "token": "${secret:canary-api-token}", "url": url } }),
        json!({ "matrix": { "url": url, "token": "${secret:canary-access-token}" } }),
    ]
}

async fn fault_of(connection: Value) -> gantry_port::fault::Fault {
    let channel = channel(connection);
    channel
        .send(&message("held", Tone::Bad), TIME)
        .await
        .unwrap_err()
}

#[tokio::test]
async fn a_no_is_final_a_busy_channel_says_for_how_long_and_others_may_pass() {
    let cases = [
        ("400 Bad Request", FaultKind::Refused),
        ("401 Unauthorized", FaultKind::Refused),
        ("404 Not Found", FaultKind::Refused),
        ("410 Gone", FaultKind::Refused),
        ("302 Found", FaultKind::Refused),
        ("500 Internal Server Error", FaultKind::Lost),
        ("503 Service Unavailable", FaultKind::Busy { after: None }),
    ];
    for (status, kind) in cases {
        let server = Server::always(Reply::of(status, "application/json", "{}")).await;
        for connection in all(&server.url()) {
            let fault = fault_of(connection.clone()).await;
            assert_eq!(fault.kind, kind, "{status} {connection}: {fault}");
        }
    }
}

#[tokio::test]
async fn the_time_that_a_busy_channel_asks_for_is_heard() {
    for (asked, millis) in [("7", 7000), ("0.3", 300)] {
        let head = format!(
            "HTTP/1.1 429 Too Many Requests\r\nRetry-After: {asked}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
        );
        let server = Server::always(Reply::Bytes(head.into_bytes())).await;
        for connection in all(&server.url()) {
            let after = Some(Span::from_millis(millis));
            assert_eq!(fault_of(connection).await.kind, FaultKind::Busy { after });
        }
    }
}

#[tokio::test]
async fn slack_says_no_in_an_answer_that_looks_like_a_yes() {
    for (error, kind) in [
        ("channel_not_found", FaultKind::Refused),
        ("invalid_auth", FaultKind::Refused),
        ("ratelimited", FaultKind::Busy { after: None }),
        ("internal_error", FaultKind::Lost),
    ] {
        let server =
            Server::always(Reply::json(&format!(r#"{{"ok":false,"error":"{error}"}}"#))).await;
        let fault =
            fault_of(json!({ "slack": { "token": "${secret:t}", "url": server.url() } })).await;
        assert_eq!(fault.kind, kind, "{error}");
    }
}

#[tokio::test]
async fn metadata_addresses_are_never_called() {
    for host in [
        "169.254.169.254",
        "[fe80::1]",
        "metadata.google.internal",
        "2852039166",
    ] {
        for connection in all(&format!("http://{host}")) {
            let fault = fault_of(connection).await;
            assert_eq!(fault.kind, FaultKind::Unsent, "{fault}");
            assert!(fault.message.contains("never called"), "{fault}");
        }
    }
}

#[tokio::test]
async fn nobody_there_is_unsent_and_names_no_secret() {
    for connection in all("http://127.0.0.1:1") {
        let fault = fault_of(connection).await;
        assert_eq!(fault.kind, FaultKind::Unsent);
        assert!(!leaks(&fault.message), "{fault}");
    }
}

/// Whether a text holds one of the canaries, in any of the forms in which a secret is written.
fn leaks(text: &str) -> bool {
    let names = [
        "path-token",
        "signing-key",
        "bot-token",
        "routing-key",
        "api-token",
        "access-token",
    ];
    names.iter().any(|name| {
        let secret = format!("CANARY-{}", name.to_ascii_uppercase());
        let hex: String = secret.bytes().map(|byte| format!("{byte:02x}")).collect();
        let url = secret.replace('-', "%2D");
        let base64 = BASE64_STANDARD.encode(&secret);
        let base64 = base64.trim_end_matches('=');
        let lower = text.to_ascii_lowercase();
        lower.contains(&secret.to_ascii_lowercase())
            || lower.contains(&hex)
            || lower.contains(&url.to_ascii_lowercase())
            || text.contains(&base64[..base64.len() - 1])
    })
}

#[tokio::test]
async fn a_channel_that_repeats_what_it_was_sent_gives_no_secret_away() {
    type Form = fn(&str) -> String;
    let forms: [Form; 5] = [
        str::to_owned,
        |text| text.bytes().map(|byte| format!("{byte:02x}")).collect(),
        |text| BASE64_STANDARD.encode(text),
        |text| BASE64_STANDARD.encode(format!("x{text}")),
        |text| text.replace('-', "%2D"),
    ];
    for form in forms {
        let echo = move |_: usize, request: &str| {
            let words =
                request.split(|sign: char| sign.is_whitespace() || "/\"=?{}:,".contains(sign));
            let secrets: Vec<String> = words
                .filter(|word| word.contains("CANARY"))
                .map(form)
                .collect();
            Reply::of(
                "400 Bad Request",
                "text/plain",
                &format!("no: {}", secrets.join(" ")),
            )
        };
        let server = Server::start(echo).await;
        for connection in all(&server.url()) {
            let fault = fault_of(connection.clone()).await;
            assert!(!leaks(&fault.message), "{connection}: {fault}");
        }
    }
}

#[tokio::test]
async fn an_address_in_the_clear_is_shown_by_its_host_alone() {
    let server = Server::always(Reply::of("403 Forbidden", "text/plain", "invalid_token")).await;
    let url = format!("{}/services/T000/B000/plainly-written-token", server.url());
    let fault = fault_of(json!({ "slack": { "webhook": url } })).await;
    assert!(!fault.message.contains("plainly-written"), "{fault}");
    assert!(
        fault.message.contains("127.0.0.1") && fault.message.contains("invalid_token"),
        "{fault}"
    );
}
