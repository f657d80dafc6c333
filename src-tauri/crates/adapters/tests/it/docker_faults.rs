//! What a daemon that answers badly, or not at all, means for the effect of a call.

use std::time::Duration;

use gantry_adapters::workload::docker::Docker;
use gantry_model::{operation::Direction, release::connection};
use gantry_port::{
    fault::{Fault, FaultKind},
    workload::Workload,
};

use crate::{
    containers::{adapter, template},
    fake_daemon::{Answer, FakeDaemon, fresh_path},
    platform::{call, clock, forward, revision},
};

const BUSY: FaultKind = FaultKind::Busy { after: None };

fn docker(daemon: &FakeDaemon) -> Docker {
    adapter(&format!("unix://{}", daemon.path().display()))
}

/// A daemon that is well until the request whose line contains `at`.
fn failing(at: &'static str, answer: Answer) -> FakeDaemon {
    FakeDaemon::start(move |line| {
        if line.contains(at) {
            return answer.clone();
        }
        well(line)
    })
}

fn well(line: &str) -> Answer {
    match line {
        line if line.contains("/version") => {
            Answer::http(200, r#"{"ApiVersion":"1.41","MinAPIVersion":"1.12"}"#)
        }
        line if line.contains("/containers/json") => Answer::http(200, "[]"),
        line if line.contains("/images/") => Answer::http(200, r#"{"Id":"sha256:ab"}"#),
        line if line.contains("/create") => Answer::http(201, r#"{"Id":"c1","Warnings":[]}"#),
        _ => Answer::http(204, ""),
    }
}

async fn scale(docker: &Docker, time: Duration) -> Fault {
    let revision = revision("orders", "2");
    let template = template("shop/orders:2");
    let call = call(Direction::Do, time);
    let scaled = docker.scale(&call, &revision, Some(&template), 1).await;
    scaled.unwrap_err()
}

#[tokio::test]
async fn each_bad_answer_at_each_request_has_its_kind() {
    let message = |status, words| Answer::http(status, &format!(r#"{{"message":"{words}"}}"#));
    let answers = [
        (message(400, "bad parameter"), FaultKind::Refused),
        (message(404, "no such network"), FaultKind::Refused),
        (message(500, "no space left on device"), FaultKind::Refused),
        (message(503, "not now"), BUSY),
        (message(429, "slow down"), BUSY),
        (message(504, "gateway"), FaultKind::Lost),
        (Answer::http(200, "{not json"), FaultKind::Lost),
        (Answer::text("SSH-2.0-OpenSSH\r\n"), FaultKind::Lost),
        (
            Answer::text("HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{"),
            FaultKind::Lost,
        ),
        (Answer::Close, FaultKind::Lost),
    ];
    for (answer, kind) in answers {
        for at in ["/containers/json", "/containers/create"] {
            let daemon = failing(at, answer.clone());
            let fault = scale(&docker(&daemon), Duration::from_secs(20)).await;
            assert_eq!(fault.kind, kind, "{at} {answer:?}: {fault}");
            assert!(fault.message.contains("Docker unix://"), "{fault}");
        }
    }
}

#[tokio::test]
async fn the_daemon_s_sentence_is_handed_on() {
    let answer = Answer::http(
        500,
        r#"{"message":"driver failed: port is already allocated"}"#,
    );
    let daemon = failing("/start", answer);
    let fault = scale(&docker(&daemon), Duration::from_secs(20)).await;
    assert_eq!(fault.kind, FaultKind::Refused);
    assert!(
        fault
            .message
            .contains("port is already allocated (status 500)"),
        "{fault}"
    );
    assert!(
        fault.message.contains("starting container orders-2-test-1"),
        "{fault}"
    );
}

#[tokio::test]
async fn silence_until_the_deadline_is_lost() {
    for at in [
        "/version",
        "/containers/json",
        "/containers/create",
        "/start",
    ] {
        let daemon = failing(at, Answer::Silence);
        let fault = scale(&docker(&daemon), Duration::from_millis(300)).await;
        assert_eq!(fault.kind, FaultKind::Lost, "{at}: {fault}");
    }
}

#[tokio::test]
async fn a_daemon_that_is_not_there_is_unsent() {
    let path = fresh_path();
    let docker = adapter(&format!("unix://{}", path.display()));
    let fault = scale(&docker, Duration::from_secs(5)).await;
    assert_eq!(fault.kind, FaultKind::Unsent, "{fault}");
    drop(std::os::unix::net::UnixListener::bind(&path).unwrap());
    let fault = scale(&docker, Duration::from_secs(5)).await;
    assert_eq!(fault.kind, FaultKind::Unsent, "{fault}");
    std::fs::remove_file(&path).unwrap();
    let tcp = adapter("tcp://127.0.0.1:1");
    let fault = scale(&tcp, Duration::from_secs(5)).await;
    assert_eq!(fault.kind, FaultKind::Unsent, "{fault}");
}

#[tokio::test]
async fn a_daemon_that_vanishes_after_the_first_change_is_lost_and_not_unsent() {
    let created = r#"{"Id":"c1","Warnings":[]}"#;
    let Answer::Bytes(bytes) = Answer::http(201, created) else {
        return;
    };
    let daemon = failing("/containers/create", Answer::BytesAndGone(bytes));
    let fault = scale(&docker(&daemon), Duration::from_secs(20)).await;
    assert_eq!(fault.kind, FaultKind::Lost, "{fault}");
}

#[tokio::test]
async fn an_image_that_cannot_be_had_is_refused_with_the_registry_s_words() {
    let daemon = FakeDaemon::start(|line| match line {
        line if line.contains("/images/create") => Answer::http(
            200,
            r#"{"errorDetail":{"message":"manifest unknown"},"error":"manifest unknown"}"#,
        ),
        line if line.contains("/images/") => Answer::http(404, r#"{"message":"No such image"}"#),
        line => well(line),
    });
    let fault = docker(&daemon)
        .pin(&template("shop/orders:9"))
        .await
        .unwrap_err();
    assert_eq!(fault.kind, FaultKind::Refused);
    assert!(fault.message.contains("manifest unknown"), "{fault}");
}

#[tokio::test]
async fn a_call_whose_time_is_over_is_not_made() {
    let daemon = FakeDaemon::start(|line| panic!("asked for {line}"));
    let mut late = forward();
    late.deadline = chrono::Utc::now() - Duration::from_secs(1);
    let removed = docker(&daemon)
        .remove(&late, &revision("orders", "2"))
        .await;
    assert_eq!(removed.unwrap_err().kind, FaultKind::Unsent);
}

#[test]
fn an_address_that_is_no_address_of_a_daemon_is_unsupported() {
    struct None;
    #[async_trait::async_trait]
    impl gantry_port::secret::Secrets for None {
        async fn get(
            &self,
            name: &gantry_model::id::SecretName,
        ) -> Result<gantry_model::secret::Secret<String>, gantry_port::secret::MissingSecret>
        {
            panic!("asked for {name}")
        }
    }
    let settings = connection::Docker {
        host: Some("ssh://somewhere".into()),
    };
    let connected = Docker::connect(&settings, Option::None, std::sync::Arc::new(None), clock());
    assert_eq!(connected.err().unwrap().kind, FaultKind::Unsupported);
}
