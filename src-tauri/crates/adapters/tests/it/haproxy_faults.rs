//! What an HAProxy that answers badly, or not at all, means for the effect of a call.

use std::{path::Path, time::Duration};

use gantry_adapters::router::haproxy::Haproxy;
use gantry_model::{operation::Direction, platform::Arm, release::connection};
use gantry_port::{fault::FaultKind, router::Router};

use crate::{
    fake_daemon::{Answer, FakeDaemon, fresh_path},
    platform::{call, clock, forward},
};

const TABLE: &str = "# pxname,svname,scur,status,type,check_status,addr,algo,uweight,
web,old,0,UP,2,L7OK,127.0.0.1:81,,1,
web,BACKEND,0,UP,1,,,unknown,1,

";

fn router(path: &Path) -> Haproxy {
    let settings = connection::Haproxy {
        socket: path.display().to_string(),
    };
    Haproxy::new(&settings, clock())
}

fn arms() -> [Arm; 2] {
    [("1", "127.0.0.1:81", "50%"), ("2", "127.0.0.1:82", "50%")].map(|(version, address, share)| {
        Arm {
            version: version.parse().unwrap(),
            addresses: vec![address.into()],
            share: share.parse().unwrap(),
        }
    })
}

#[tokio::test]
async fn each_bad_answer_to_a_question_has_its_kind() {
    for (answer, kind) in [
        (Answer::text("No such proxy.\n\n"), FaultKind::Refused),
        (Answer::text("Permission denied\n"), FaultKind::Refused),
        (Answer::text(TABLE.split_at(60).0), FaultKind::Lost),
        (Answer::text("\u{1}\u{2}garbage\u{3}\n"), FaultKind::Lost),
        (Answer::Bytes(vec![0xff, 0xfe, 0x00]), FaultKind::Lost),
        (Answer::Close, FaultKind::Lost),
    ] {
        let said = format!("{answer:?}");
        let daemon = FakeDaemon::start(move |_| answer.clone());
        let fault = router(daemon.path()).observe("web").await.unwrap_err();
        assert_eq!(fault.kind, kind, "{said}: {fault}");
        assert!(fault.message.contains("web"), "{fault}");
    }
}

#[tokio::test]
async fn a_socket_that_is_not_there_or_that_nobody_listens_to_is_unsent() {
    let path = fresh_path();
    let fault = router(&path)
        .route(&forward(), "web", &arms())
        .await
        .unwrap_err();
    assert_eq!(fault.kind, FaultKind::Unsent, "{fault}");
    drop(std::os::unix::net::UnixListener::bind(&path).unwrap());
    let fault = router(&path)
        .route(&forward(), "web", &arms())
        .await
        .unwrap_err();
    assert_eq!(fault.kind, FaultKind::Unsent, "{fault}");
    std::fs::remove_file(&path).unwrap();
}

#[tokio::test]
async fn silence_until_the_deadline_is_lost() {
    let daemon = FakeDaemon::start(|_| Answer::Silence);
    let short = call(Direction::Do, Duration::from_millis(200));
    let fault = router(daemon.path())
        .route(&short, "web", &arms())
        .await
        .unwrap_err();
    assert_eq!(fault.kind, FaultKind::Lost, "{fault}");
}

#[tokio::test]
async fn a_call_whose_time_is_over_is_not_made() {
    let daemon = FakeDaemon::start(|line| panic!("asked for {line}"));
    let mut late = forward();
    late.deadline = chrono::Utc::now() - Duration::from_secs(1);
    let fault = router(daemon.path())
        .route(&late, "web", &arms())
        .await
        .unwrap_err();
    assert_eq!(fault.kind, FaultKind::Unsent, "{fault}");
}

#[tokio::test]
async fn every_text_to_a_change_is_an_error_and_a_closed_connection_is_not_a_success() {
    for (answer, kind) in [
        (Answer::text("Some new complaint.\n"), FaultKind::Refused),
        (Answer::Close, FaultKind::Lost),
    ] {
        let daemon = FakeDaemon::start(move |line| match line.starts_with("show stat") {
            true => Answer::text(TABLE),
            false => answer.clone(),
        });
        let fault = router(daemon.path())
            .route(&forward(), "web", &arms())
            .await
            .unwrap_err();
        assert_eq!(fault.kind, kind, "{fault}");
    }
}

#[tokio::test]
async fn a_socket_that_vanishes_after_the_first_change_is_lost_and_not_unsent() {
    let daemon = FakeDaemon::start(|line| match line.starts_with("show stat") {
        true => Answer::text(TABLE),
        false => Answer::BytesAndGone(b"New server registered.\n\n".to_vec()),
    });
    let fault = router(daemon.path())
        .route(&forward(), "web", &arms())
        .await
        .unwrap_err();
    assert_eq!(fault.kind, FaultKind::Lost, "{fault}");
}

#[tokio::test]
async fn a_router_that_says_yes_and_does_nothing_is_found_out() {
    let daemon = FakeDaemon::start(|line| match line.starts_with("show stat") {
        true => Answer::text(TABLE),
        false => Answer::text("\n"),
    });
    let [old, _] = arms();
    let only = [Arm {
        share: "100%".parse().unwrap(),
        ..old
    }];
    let routed = router(daemon.path()).route(&forward(), "web", &only).await;
    let fault = routed.unwrap_err();
    assert_eq!(
        fault.kind,
        FaultKind::Conflict,
        "the weight is still 1: {fault}"
    );
    let short = call(Direction::Do, Duration::from_millis(300));
    let routed = router(daemon.path()).route(&short, "web", &arms()).await;
    let fault = routed.unwrap_err();
    assert_eq!(
        fault.kind,
        FaultKind::Refused,
        "the new server never came: {fault}"
    );
}
