//! One shim from start to end.

use std::{fs, time::Duration};

use gantry_shim::{claim::Look, serve};
use rustix::process::{Pid, Signal, kill_process};

use crate::harness::{Place, Shim, eventually, exists};

#[test]
fn a_program_runs_and_its_end_is_recorded() {
    let place = Place::new();
    let spec = place.script("echo out; echo err >&2; exit 7");
    let (code, said) = Shim::start(&spec).finish();
    assert_eq!((code, said.as_str()), (Some(0), "SF"));
    let record = place.record();
    assert_eq!((record.status, record.signal), (Some(7), None));
    assert_eq!(record.stdout.end, b"out\n");
    assert_eq!(record.stderr.end, b"err\n");
    assert!(!record.timed_out);
}

#[test]
fn hostile_arguments_arrive_as_they_are() {
    let place = Place::new();
    let hostile = [
        "; rm -rf /",
        "$(id)",
        "`id`",
        "a\nb",
        "--help",
        "-",
        "",
        "*",
        "\u{202e}",
    ];
    let mut spec = place.spec("/usr/bin/printf", &["printf", "[%s]"]);
    spec.argv.extend(hostile.iter().map(Into::into));
    Shim::start(&spec).finish();
    let expected: String = hostile.iter().map(|text| format!("[{text}]")).collect();
    let record = place.record();
    assert_eq!(String::from_utf8(record.stdout.end).unwrap(), expected);
}

#[test]
fn the_environment_is_exactly_what_was_given() {
    let place = Place::new();
    let mut spec = place.spec("/usr/bin/env", &["env"]);
    spec.environment = vec![("B".into(), "2 = two".into()), ("A".into(), "1".into())];
    Shim::start(&spec).finish();
    let text = String::from_utf8(place.record().stdout.end).unwrap();
    let mut lines: Vec<_> = text.lines().collect();
    lines.sort_unstable();
    assert_eq!(lines, ["A=1", "B=2 = two"]);
}

#[test]
fn a_hundred_megabytes_are_counted_and_their_end_is_kept() {
    let place = Place::new();
    let spec = place.script("head -c 100000000 /dev/zero; echo the end");
    Shim::start(&spec).finish();
    let output = place.record().stdout;
    assert_eq!(output.printed, 100_000_008);
    assert_eq!(output.end.len(), 64 << 10);
    assert!(output.end.ends_with(b"\0the end\n"));
    let size = fs::metadata(place.task().with_added_extension("record"))
        .unwrap()
        .len();
    assert!(size < 200 << 10, "{size}");
}

#[test]
fn a_timeout_ends_the_whole_group_even_what_does_not_listen() {
    let place = Place::new();
    let mut spec = place.script(
        "trap '' TERM; (trap '' TERM; echo $$ > leader; while :; do sleep 1; done) & \
         sh -c 'trap \"\" TERM; echo $$ > grandchild; while :; do sleep 1; done' & \
         while :; do sleep 1; done",
    );
    spec.timeout = Duration::from_secs(2);
    spec.grace = Duration::from_millis(200);
    let shim = Shim::start(&spec);
    let (leader, grandchild) = (place.line("leader"), place.line("grandchild"));
    shim.finish();
    let record = place.record();
    assert!(record.timed_out);
    assert_eq!(record.signal, Some(9));
    eventually("the end of all", || {
        (!exists(&leader) && !exists(&grandchild)).then_some(())
    });
}

#[test]
fn a_program_that_listens_ends_within_its_grace() {
    let place = Place::new();
    let mut spec =
        place.script("trap 'echo bye; exit 3' TERM; echo on > ready; while :; do sleep 0.05; done");
    spec.timeout = Duration::from_secs(2);
    let shim = Shim::start(&spec);
    place.line("ready");
    shim.finish();
    let record = place.record();
    assert!(record.timed_out);
    assert_eq!(
        (record.status, record.stdout.end),
        (Some(3), b"bye\n".to_vec())
    );
}

#[test]
fn what_a_program_leaves_behind_does_not_hold_up_its_end() {
    let place = Place::new();
    let spec = place.script("sleep 300 & echo $! > daemon; echo done");
    let shim = Shim::start(&spec);
    let daemon = place.line("daemon");
    let record = place.record();
    assert_eq!(
        (record.status, record.stdout.end),
        (Some(0), b"done\n".to_vec())
    );
    shim.finish();
    assert!(exists(&daemon), "a daemon is the program's own business");
    let daemon = Pid::from_raw(daemon.parse().unwrap()).unwrap();
    kill_process(daemon, Signal::KILL).unwrap();
}

#[test]
fn a_program_that_cannot_be_started_leaves_the_key_free() {
    let place = Place::new();
    fs::write(place.path("no-interpreter"), "echo hello\n").unwrap();
    let program = place.path("no-interpreter");
    for (program, mode) in [("/nowhere/x", 0o644), (program.to_str().unwrap(), 0o755)] {
        let file = place.path("no-interpreter");
        fs::set_permissions(&file, std::os::unix::fs::PermissionsExt::from_mode(mode)).unwrap();
        let (code, said) = Shim::start(&place.spec(program, &["x"])).finish();
        assert_eq!(code, Some(i32::from(serve::NOT_STARTED)));
        assert!(said.starts_with('N') && said.contains(program), "{said}");
        assert_eq!(place.look(), Look::Absent);
    }
    Shim::start(&place.script("exit 0")).finish();
    assert_eq!(place.record().status, Some(0));
}

#[test]
fn a_driver_that_dies_before_it_said_everything_has_started_nothing() {
    let place = Place::new();
    let bytes = place.script("touch ran").to_bytes();
    for length in [0, 3, 4, 100, bytes.len() - 1] {
        let shim = Shim::waiting();
        std::io::Write::write_all(&mut &shim.driver, &bytes[..length]).unwrap();
        let Shim {
            mut process,
            driver,
        } = shim;
        drop(driver);
        let code = process.wait().unwrap().code();
        assert_eq!(code, Some(i32::from(serve::NO_TASK)));
        assert_eq!(place.look(), Look::Absent);
    }
    assert!(!place.path("ran").exists());
}

#[test]
fn a_shim_that_is_killed_leaves_its_program_running_and_then_vanished() {
    let place = Place::new();
    let spec = place.script("echo $$ > program; read line < go; echo ran > end");
    rustix::fs::mknodat(
        rustix::fs::CWD,
        place.path("go"),
        rustix::fs::FileType::Fifo,
        0o600.into(),
        0,
    )
    .unwrap();
    let mut shim = Shim::start(&spec);
    place.line("program");
    shim.process.kill().unwrap();
    shim.process.wait().unwrap();
    assert!(matches!(place.look(), Look::Held(_)), "{:?}", place.look());
    fs::write(place.path("go"), "go\n").unwrap();
    place.line("end");
    eventually("the lock to be free", || {
        matches!(place.look(), Look::Left(_)).then_some(())
    });
}

#[test]
fn no_form_of_a_secret_reaches_the_folder() {
    let place = Place::new();
    let mut spec = place.script(
        "echo \"$TOKEN\"; printf %s \"$TOKEN\" | base64; printf %s \"user:$TOKEN\" | base64; \
         printf %s \"$TOKEN\" | od -An -tx1 | tr -d ' \\n'; sleep 0; \
         echo \"url=s3cr%2Ft%20value\" >&2; for part in s3cr/t \" value\"; do printf %s \"$part\"; sleep 0.05; done",
    );
    spec.secrets = vec![b"s3cr/t value".to_vec()];
    spec.environment
        .push(("TOKEN".into(), "s3cr/t value".into()));
    Shim::start(&spec).finish();
    assert_eq!(place.record().status, Some(0));
    for entry in fs::read_dir(place.path("")).unwrap() {
        let bytes = fs::read(entry.unwrap().path()).unwrap();
        let text = String::from_utf8_lossy(&bytes);
        for form in ["s3cr", "czNjci90IHZhbHVl", "czNjci90", "733363722f74"] {
            assert!(!text.contains(form), "{form} in {text}");
        }
        assert!(!text.contains("s3cr%2Ft"), "{text}");
    }
}
