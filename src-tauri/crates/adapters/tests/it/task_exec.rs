//! Programs through the port.

use std::fs;

use gantry_model::unit::Span;
use gantry_port::{
    fault::FaultKind,
    task::{Task, TaskSighting},
};

use crate::task_harness::{Place, call, exists};

#[tokio::test]
async fn a_program_runs_once_and_is_then_answered_from_its_record() {
    let place = Place::new();
    let (tasks, call) = (place.tasks(), call(1));
    let program = place.script("echo ran >> ledger; echo out; echo err >&2; exit 7");
    let sighting = tasks.find(&call.key).await.unwrap();
    assert_eq!(sighting, TaskSighting::NeverStarted);
    let finished = tasks.run(&call, &program).await.unwrap();
    assert_eq!((finished.status, finished.signal), (Some(7), None));
    assert_eq!(
        (finished.stdout.as_str(), finished.stderr.as_str()),
        ("out\n", "err\n")
    );
    assert_eq!(tasks.run(&call, &program).await, Ok(finished.clone()));
    let sighting = tasks.find(&call.key).await.unwrap();
    assert_eq!(sighting, TaskSighting::Finished(finished));
    assert_eq!(fs::read_to_string(place.path("ledger")).unwrap(), "ran\n");
}

#[tokio::test]
async fn two_who_run_the_same_key_at_once_get_the_same_answer() {
    let place = Place::new();
    let (tasks, others, call) = (place.tasks(), place.tasks(), call(1));
    let program = place.script("echo ran >> ledger; sleep 0.1; exit 4");
    let (one, other) = tokio::join!(tasks.run(&call, &program), others.run(&call, &program));
    assert_eq!(one.unwrap().status, Some(4));
    assert_eq!(other.unwrap().status, Some(4));
    assert_eq!(fs::read_to_string(place.path("ledger")).unwrap(), "ran\n");
}

#[tokio::test]
async fn the_environment_is_the_allow_list_and_what_was_said() {
    let place = Place::new();
    let mut program = place.program(&["env"]);
    program.env = [
        ("URL", "https://u:${secret:api-token}@h"),
        ("LANG", "de_DE.UTF-8"),
        ("GANTRY_KEY", "forged"),
        ("GANTRY_NODE", "web"),
    ]
    .map(|(name, text)| (name.to_owned(), text.parse().unwrap()))
    .to_vec();
    program.secrets = vec!["api-token".parse().unwrap()];
    let finished = place.tasks().run(&call(1), &program).await.unwrap();
    let mut lines: Vec<_> = finished.stdout.lines().collect();
    lines.sort_unstable();
    assert_eq!(
        lines,
        [
            "GANTRY_DIRECTION=do",
            "GANTRY_KEY=shop-2.4/web/run/do/1",
            "GANTRY_NODE=web",
            "GANTRY_RELEASE=shop-2.4",
            "GANTRY_SECRET_API_TOKEN=***",
            "HOME=/home/nobody",
            "LANG=de_DE.UTF-8",
            "PATH=/usr/bin:/bin",
            "TZ=UTC",
            "URL=https://u:***@h",
        ]
    );
}

#[tokio::test]
async fn a_secret_arrives_and_is_in_no_file() {
    let place = Place::new();
    let mut program = place.script(
        "test \"$GANTRY_SECRET_API_TOKEN\" = 's3cr/t value' || exit 1; \
         echo \"$GANTRY_SECRET_API_TOKEN\"; printf %s \"x:$GANTRY_SECRET_API_TOKEN\" | base64",
    );
    program.secrets = vec!["api-token".parse().unwrap()];
    let finished = place.tasks().run(&call(1), &program).await.unwrap();
    assert_eq!(finished.status, Some(0));
    for file in fs::read_dir(place.path("work.tasks")).unwrap() {
        let bytes = fs::read(file.unwrap().path()).unwrap();
        let text = String::from_utf8_lossy(&bytes);
        assert!(!text.contains("s3cr"), "{text}");
        assert!(!text.contains("zNjci90"), "{text}");
    }
}

#[tokio::test]
async fn what_cannot_start_is_unsent_named_and_burns_no_key() {
    let place = Place::new();
    place.write("plain", "echo\n", 0o644);
    place.write("no-interpreter", "echo\n", 0o755);
    let (tasks, call) = (place.tasks(), call(1));
    for (name, expected) in [
        ("gantry-no-such-program", "is not in PATH"),
        ("./missing", "`./missing` does not exist"),
        ("./plain", "chmod +x"),
        ("./no-interpreter", "cannot be started"),
        ("", "is not in PATH"),
        ("a\0b", "NUL"),
    ] {
        let fault = tasks.run(&call, &place.program(&[name])).await.unwrap_err();
        assert_eq!(fault.kind, FaultKind::Unsent, "{fault}");
        assert!(fault.message.contains(expected), "{fault}");
    }
    let mut elsewhere = place.program(&["true"]);
    elsewhere.folder = place.path("nowhere").to_str().unwrap().to_owned();
    let fault = tasks.run(&call, &elsewhere).await.unwrap_err();
    assert!(fault.message.contains("nowhere"), "{fault}");
    let mut secret = place.program(&["true"]);
    secret.secrets = vec!["not-set".parse().unwrap()];
    let fault = tasks.run(&call, &secret).await.unwrap_err();
    assert_eq!(fault.kind, FaultKind::Unsent);
    assert!(fault.message.contains("GANTRY_SECRET_NOT_SET"), "{fault}");
    let sighting = tasks.find(&call.key).await.unwrap();
    assert_eq!(sighting, TaskSighting::NeverStarted);
    let finished = tasks.run(&call, &place.program(&["true"])).await.unwrap();
    assert_eq!(finished.status, Some(0));
}

#[tokio::test]
async fn a_program_with_a_slash_is_relative_to_its_folder() {
    let place = Place::new();
    fs::create_dir(place.path("bin")).unwrap();
    place.write("bin/tool", "#!/bin/sh\npwd; echo \"$1\"\n", 0o755);
    let program = place.program(&["bin/tool", "; echo $(id)\n-x"]);
    let finished = place.tasks().run(&call(1), &program).await.unwrap();
    let folder = fs::canonicalize(place.path("")).unwrap();
    let expected = format!("{}\n; echo $(id)\n-x\n", folder.display());
    assert_eq!(finished.stdout, expected);
}

#[tokio::test]
async fn a_timeout_is_said() {
    let place = Place::new();
    let mut program = place.script("echo $$ > program; exec sleep 300");
    program.timeout = Span::from_millis(300);
    let finished = place.tasks().run(&call(1), &program).await.unwrap();
    assert!(finished.timed_out && finished.took >= program.timeout);
    assert_eq!(finished.signal, Some(15));
}

#[tokio::test]
async fn a_cancelled_program_is_gone_with_its_group() {
    let place = Place::new();
    let (tasks, call) = (place.tasks(), call(1));
    let program = place.script("sleep 300 & echo $! > child; wait");
    let cancelled = async {
        while tasks.find(&call.key).await.unwrap() != TaskSighting::Running {
            tokio::task::yield_now().await;
        }
        let child = place.line("child");
        tasks.cancel(&call.key).await.unwrap();
        child
    };
    let run = place.tasks();
    let (finished, child) = tokio::join!(run.run(&call, &program), cancelled);
    assert_eq!(finished.unwrap().signal, Some(15));
    assert!(!exists(&child));
    assert_eq!(tasks.cancel(&call.key).await, Ok(()));
}

#[tokio::test]
async fn cancelling_what_never_started_does_nothing() {
    let place = Place::new();
    assert_eq!(place.tasks().cancel(&call(9).key).await, Ok(()));
}

#[tokio::test]
async fn a_shim_that_is_none_is_unsent() {
    let place = Place::new();
    let programs = gantry_adapters::task::exec::Programs::new(
        place.path("work.tasks"),
        gantry_adapters::task::exec::ShimCommand {
            program: "/bin/true".into(),
            args: Vec::new(),
        },
        [("PATH".to_owned(), "/bin".to_owned())].into(),
        std::sync::Arc::new(gantry_adapters::secret::ChainedSecrets::new(Vec::new())),
    );
    let fault = programs.run(&call(1), &place.program(&["true"])).await;
    assert_eq!(fault.unwrap_err().kind, FaultKind::Unsent);
}
