//! Mail over real SMTP.

use gantry_adapters::channel::mail::Smtp;
use gantry_model::release::connection::channel;
use gantry_port::{
    channel::{Channel, Message, Tone},
    fault::FaultKind,
};
use serde_json::{Value, json};

use crate::{
    channels::message,
    mail_server::{MailServer, Manner},
    metric_server::{TIME, shouting, still},
};

fn mail(server: &MailServer, more: Value) -> Smtp {
    let mut settings = json!({ "host": "127.0.0.1", "port": server.port, "tls": "none",
        "from": "Gantry <gantry@example.com>" });
    for (key, value) in more.as_object().unwrap() {
        settings[key] = value.clone();
    }
    let settings: channel::Smtp = serde_json::from_value(settings).unwrap();
    Smtp::new(&settings, shouting(), still())
}

fn to(reader: &str) -> Message {
    let mut message = message("held", Tone::Warning);
    message.via.to = Some(reader.into());
    message.title = "Größe — Checkout is held".into();
    message
}

#[tokio::test]
async fn a_mail_arrives_with_its_key_as_its_id_and_a_run_is_one_thread() {
    let server = MailServer::start(Manner::Takes).await;
    let smtp = mail(&server, json!({}));
    let mut first = to("status@example.com, Dana <dana@example.com>");
    let receipt = smtp.send(&first, TIME).await.unwrap();
    assert_eq!(receipt.reference.as_deref(), Some("250 2.0.0 queued as 42"));
    assert_eq!(
        receipt.thread.as_deref(),
        Some("<gantry-0123456789@example.com>")
    );
    first.key = "gantry-9876543210".into();
    first.thread = receipt.thread;
    smtp.send(&first, TIME).await.unwrap();
    let mails = server.mails();
    insta::assert_snapshot!(mails[0]);
    assert!(mails[1].contains("In-Reply-To: <gantry-0123456789@example.com>"));
    assert!(mails[1].contains("References: <gantry-0123456789@example.com>"));
    assert!(mails[1].contains("Message-ID: <gantry-9876543210@example.com>"));
    assert!(server.heard().contains("RCPT TO:<dana@example.com>"));
}

#[tokio::test]
async fn a_reader_that_is_refused_is_final_and_a_busy_server_is_not() {
    let server = MailServer::start(Manner::RefusesNobody).await;
    let fault = mail(&server, json!({}))
        .send(&to("nobody@example.com"), TIME)
        .await
        .unwrap_err();
    assert_eq!(fault.kind, FaultKind::Refused);
    assert!(fault.message.contains("nobody of that name"), "{fault}");
    let server = MailServer::start(Manner::IsBusy).await;
    let fault = mail(&server, json!({}))
        .send(&to("a@example.com"), TIME)
        .await
        .unwrap_err();
    assert_eq!(fault.kind, FaultKind::Busy { after: None });
}

#[tokio::test]
async fn a_server_that_hangs_up_after_it_took_a_mail_leaves_it_unknown() {
    let server = MailServer::start(Manner::HangsUp).await;
    let fault = mail(&server, json!({}))
        .send(&to("a@example.com"), TIME)
        .await
        .unwrap_err();
    assert_eq!(fault.kind, FaultKind::Lost);
    assert_eq!(server.mails().len(), 1);
}

#[tokio::test]
async fn a_server_without_tls_never_hears_mail_or_password() {
    let server = MailServer::start(Manner::Takes).await;
    let guarded =
        json!({ "tls": "starttls", "user": "gantry", "password": "${secret:smtp-canary}" });
    let fault = mail(&server, guarded)
        .send(&to("a@example.com"), TIME)
        .await
        .unwrap_err();
    assert!(!fault.message.contains("SMTP-CANARY"), "{fault}");
    assert_eq!(server.mails().len(), 0);
    assert!(!server.heard().contains("AUTH"), "{}", server.heard());
    assert!(!server.heard().contains("RCPT"), "{}", server.heard());
}

#[tokio::test]
async fn a_password_that_the_server_repeats_is_not_shown() {
    let server = MailServer::start(Manner::RepeatsPassword).await;
    let with = json!({ "user": "gantry", "password": "${secret:smtp-canary-password}" });
    let fault = mail(&server, with)
        .send(&to("a@example.com"), TIME)
        .await
        .unwrap_err();
    assert_eq!(fault.kind, FaultKind::Refused);
    assert!(fault.message.contains("repeats a secret"), "{fault}");
    assert!(server.heard().contains("AUTH"), "it was said over loopback");
}

#[tokio::test]
async fn addresses_that_are_none_and_link_local_servers_are_refused() {
    let server = MailServer::start(Manner::Takes).await;
    for reader in ["", "no address", "a@example.com\r\nBcc: all@example.com"] {
        let fault = mail(&server, json!({}))
            .send(&to(reader), TIME)
            .await
            .unwrap_err();
        assert_eq!(fault.kind, FaultKind::Refused, "{reader}");
    }
    assert_eq!(server.heard(), "");
    let far = mail(&server, json!({ "host": "169.254.169.254" }));
    let fault = far.send(&to("a@example.com"), TIME).await.unwrap_err();
    assert!(fault.message.contains("never called"), "{fault}");
}

#[tokio::test]
async fn a_mail_server_can_be_greeted_without_telling_anybody() {
    let server = MailServer::start(Manner::Takes).await;
    let answer = mail(&server, json!({})).greet(TIME).await.unwrap();
    assert!(answer.ends_with("answers"), "{answer}");
    assert_eq!(server.mails().len(), 0);
}
