//! What people read, as snapshots; times, hashes and folders are left out of them.

use gantry_tests::{answer::Answer, ledger::TASK, place::Place};
use insta::{Settings, assert_snapshot};

const SAMPLE: &str = r#"gantry: 1
release: spring
title: Spring cleaning
environment: production
policy: { on-failure: rollback-release, max-parallel: 2, approvals: { start: 1 } }
nodes:
  backup: { kind: task, run: { exec: [./task, ok], undo: [./task, ok] }, estimate: 4m }
  migrate: { kind: task, needs: [backup], run: { exec: [./task, ok], undo: [./task, ok] }, estimate: 90s }
  warm-cache: { kind: task, needs: [migrate], run: { exec: [./task, ok] } }
  tell-support: { kind: task, needs: [migrate], run: { manual: Tell support, undo: Tell support again, owner: support, deadline: 1h } }
  switch: { kind: task, needs: [warm-cache, tell-support], run: { exec: [./task, fail], undo: [./task, ok] }, estimate: 10s }
"#;

fn sample() -> Place {
    let place = Place::new();
    place.script("task", TASK);
    place.write("release.yaml", SAMPLE);
    place
}

/// Takes a snapshot of both outputs and the exit status.
fn look(name: &str, place: &Place, answer: &Answer) {
    let mut settings = Settings::clone_current();
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    let folder = place.folder().display().to_string();
    settings.add_filter(&folder, "FOLDER");
    settings.add_filter(r"sha256:[0-9a-f]{64}", "sha256:HASH");
    settings.add_filter(r"sha256:[0-9a-f]+…", "sha256:SHORT…");
    settings.add_filter("signs with [0-9a-f]{64}", "signs with KEY");
    settings.add_filter(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\.\d+)?Z", "TIME");
    settings.add_filter(r"T\+\d\d:\d\d:\d\d", "T+hh:mm:ss");
    settings.add_filter(r"ended well after \w+", "ended well after TOOK");
    let status = answer
        .status
        .map_or("none".into(), |status| status.to_string());
    let err = if answer.err.is_empty() {
        String::new()
    } else {
        format!("--- standard error\n{}", answer.err)
    };
    settings.bind(|| {
        assert_snapshot!(
            name,
            format!("{}{err}--- exit status {status}\n", answer.out)
        )
    });
}

#[test]
fn commands_that_only_look_read_well() {
    let place = sample();
    let calls: [(&str, &[&str]); 9] = [
        ("check", &["check", "release.yaml"]),
        ("plan", &["plan", "release.yaml"]),
        ("plan-json", &["plan", "release.yaml", "--json"]),
        ("rehearse", &["rehearse", "release.yaml", "--seed", "7"]),
        (
            "rehearse-fail",
            &[
                "rehearse",
                "release.yaml",
                "--seed",
                "7",
                "--fail",
                "migrate",
            ],
        ),
        ("export-dot", &["export", "release.yaml", "--format", "dot"]),
        (
            "export-mermaid",
            &["export", "release.yaml", "--format", "mermaid"],
        ),
        (
            "export-json",
            &["export", "release.yaml", "--format", "json"],
        ),
        ("list-empty", &["list"]),
    ];
    for (name, call) in calls {
        look(name, &place, &place.gantry(call));
    }
}

#[test]
fn a_run_its_status_and_its_record_read_well() {
    let place = sample();
    look(
        "run-held",
        &place,
        &place.gantry(&["run", "--yes", "release.yaml"]).exits(5),
    );
    look("status-held", &place, &place.gantry(&["status", "spring"]));
    look(
        "approve",
        &place,
        &place
            .gantry(&["approve", "spring", "--by", "dana"])
            .exits(0),
    );
    look(
        "resume-manual",
        &place,
        &place.gantry(&["resume", "spring"]).exits(5),
    );
    look(
        "status-manual",
        &place,
        &place.gantry(&["status", "spring"]),
    );
    look(
        "done",
        &place,
        &place.gantry(&["done", "spring", "tell-support"]).exits(0),
    );
    let rolled = place.gantry(&["resume", "spring"]);
    assert!(matches!(rolled.status, Some(4 | 5)), "{rolled:#?}");
    look(
        "status-stopped",
        &place,
        &place.gantry(&["status", "spring"]),
    );
    look("list", &place, &place.gantry(&["list"]));
    look(
        "verify",
        &place,
        &place.gantry(&["journal", "verify", "spring"]).exits(0),
    );
    look(
        "status-unknown",
        &place,
        &place.gantry(&["status", "winter"]).exits(2),
    );
}

/// The parts of a record that do not depend on which of two tasks ended first.
#[test]
fn the_record_of_a_chain_reads_well() {
    let place = Place::new();
    place.script("task", TASK);
    place.write(
        "release.yaml",
        "gantry: 1\nrelease: chain\nenvironment: test\nnodes:\n  first: { kind: task, run: { exec: [./task, ok], undo: [./task, ok] } }\n  second: { kind: task, needs: [first], run: { exec: [./task, fail], undo: [./task, ok] } }\n",
    );
    look(
        "run-rolled-back",
        &place,
        &place.gantry(&["run", "--yes", "release.yaml"]).exits(3),
    );
    look(
        "journal",
        &place,
        &place.gantry(&["journal", "chain"]).exits(0),
    );
    look(
        "status-rolled-back",
        &place,
        &place.gantry(&["status", "chain"]).exits(0),
    );
}

#[test]
fn problems_of_a_file_read_well() {
    let place = Place::new();
    let bad = SAMPLE
        .replace("environment", "enviroment")
        .replace("needs: [backup]", "needs: [back-up]")
        .replace("estimate: 90s", "estimate: soon");
    place.write("release.yaml", bad);
    look(
        "check-bad",
        &place,
        &place.gantry(&["check", "release.yaml"]).exits(2),
    );
    look(
        "check-bad-json",
        &place,
        &place.gantry(&["check", "release.yaml", "--json"]).exits(2),
    );
    let ring = SAMPLE.replace(
        "  backup: { kind: task,",
        "  backup: { kind: task, needs: [switch],",
    );
    place.write("release.yaml", ring);
    look(
        "check-ring",
        &place,
        &place.gantry(&["check", "release.yaml"]).exits(2),
    );
    look(
        "check-nowhere",
        &place,
        &place.gantry(&["check", "nowhere.yaml"]).exits(2),
    );
    look(
        "check-nowhere-json",
        &place,
        &place.gantry(&["check", "nowhere.yaml", "--json"]).exits(2),
    );
}

#[test]
fn every_help_text_reads_well() {
    let place = Place::new();
    let commands = [
        "check",
        "plan",
        "rehearse",
        "run",
        "list",
        "show",
        "status",
        "resume",
        "hold",
        "abort",
        "rollback",
        "retry",
        "skip",
        "approve",
        "done",
        "resolve",
        "journal",
        "import",
        "export",
        "connections",
        "schema",
        "adapters",
        "doctor",
        "completions",
    ];
    let mut all = place.gantry(&["--help"]).exits(0).out;
    for command in commands {
        assert!(
            all.contains(&format!("\n  {command} ")),
            "{command} is not listed"
        );
        let help = place.gantry(&[command, "--help"]).exits(0).out;
        all += &format!("\n=== gantry {command} --help\n{help}");
    }
    let longest = all.lines().map(|line| line.chars().count()).max();
    assert!(longest <= Some(100), "{longest:?}");
    let answer = Answer {
        call: String::new(),
        status: Some(0),
        out: all,
        err: String::new(),
    };
    look("help", &place, &answer);
}

#[test]
fn completions_name_every_command() {
    let place = Place::new();
    for shell in ["bash", "zsh", "fish"] {
        place
            .gantry(&["completions", shell])
            .exits(0)
            .says("rehearse")
            .says("resolve");
    }
    place.gantry(&["completions", "basic"]).exits(2);
}

#[test]
fn wrong_calls_exit_with_two() {
    let place = Place::new();
    let calls: [&[&str]; 6] = [
        &[],
        &["fly"],
        &["check"],
        &["status"],
        &["resolve", "demo", "a", "--as", "perhaps", "--reason", "x"],
        &["journal"],
    ];
    for call in calls {
        place.gantry(call).exits(2);
    }
    assert!(!place.workspace().exists());
}

#[test]
fn a_checklist_says_what_would_make_it_go() {
    let place = sample();
    let asked = "checklists:
  pre-deployment:
    - { id: comms, item: The status page is drafted, owner: support, required: true }
go-no-go:
  poll:
    - { role: QA, voters: [ann, amy] }
    - { role: Product, voters: [dana], advisory: true }
";
    place.write("release.yaml", format!("{SAMPLE}{asked}"));
    let calls: [(&str, &[&str]); 2] = [
        ("checklist-held", &["checklist", "release.yaml"]),
        (
            "checklist-ticked",
            &["checklist", "spring", "tick", "comms"],
        ),
    ];
    for (name, call) in calls {
        let answer = place.gantry(call).exits(0);
        // Where the key lies is not what is looked at here.
        let err = String::new();
        look(name, &place, &Answer { err, ..answer });
    }
}
