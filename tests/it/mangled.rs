//! Files that no release should look like, through the real program.

use gantry_tests::place::Place;

const GOOD: &str = "gantry: 1
release: good
environment: test
nodes:
  a: { kind: task, run: { exec: [\"true\"], undo: [\"true\"] } }
  b: { kind: task, needs: [a], run: { exec: [\"true\"], undo: [\"true\"] } }
";

/// Names and contents; each must be refused with a place.
fn corpus() -> Vec<(&'static str, Vec<u8>)> {
    let node = |text: &str| format!("gantry: 1\nrelease: bad\nnodes:\n  {text}\n").into_bytes();
    let edit = |from: &str, to: &str| {
        assert!(GOOD.contains(from), "{from}");
        GOOD.replacen(from, to, 1).into_bytes()
    };
    vec![
        ("empty", Vec::new()),
        ("only-spaces", b"  \n\n".to_vec()),
        ("only-comment", b"# nothing\n".to_vec()),
        ("scalar", b"release\n".to_vec()),
        ("list", b"- gantry: 1\n".to_vec()),
        ("binary", (0..=255).cycle().take(4096).collect()),
        ("zeros", vec![0; 1024]),
        ("utf-16", [0xff, 0xfe, b'g', 0, b'a', 0].to_vec()),
        ("bad-utf-8", [GOOD.as_bytes(), b"# \xff\xfe\n"].concat()),
        ("open-quote", edit("\"true\"", "\"true")),
        ("open-brace", edit("{ kind", "{ { kind")),
        ("tab", edit("\n  a:", "\n\ta:")),
        ("version-2", edit("gantry: 1", "gantry: 2")),
        ("version-text", edit("gantry: 1", "gantry: one")),
        ("no-version", edit("gantry: 1\n", "")),
        ("bad-id", edit("release: good", "release: Good_one")),
        ("id-is-list", edit("release: good", "release: [good]")),
        ("id-is-long", edit("good", &"g".repeat(64))),
        ("unknown-key", edit("environment", "enviroment")),
        ("unknown-node-key", edit("needs", "need")),
        ("unknown-kind", edit("kind: task", "kind: tasks")),
        ("unknown-node", edit("[a]", "[aa]")),
        ("unknown-milestone", edit("[a]", "[\"a:life\"]")),
        ("needs-is-map", edit("[a]", "{ a: 1 }")),
        ("itself", edit("[a]", "[b]")),
        ("cycle", edit("kind: task,", "kind: task, needs: [b],")),
        ("twice", edit("  b:", "  a:")),
        (
            "no-nodes",
            edit(
                GOOD.split_once("nodes").map_or("", |(_, rest)| rest),
                ": {}\n",
            ),
        ),
        ("nodes-is-list", node("- a")),
        ("task-without-run", node("a: { kind: task }")),
        (
            "exec-is-text",
            node("a: { kind: task, run: { exec: \"rm -rf /\" } }"),
        ),
        (
            "exec-is-empty",
            node("a: { kind: task, run: { exec: [] } }"),
        ),
        (
            "bad-duration",
            edit("kind: task,", "kind: task, estimate: soon,"),
        ),
        (
            "negative-duration",
            edit("kind: task,", "kind: task, estimate: -5s,"),
        ),
        (
            "huge-number",
            edit(
                "kind: task,",
                "kind: task, retry: { times: 99999999999999999999 },",
            ),
        ),
        ("alias-bomb", bomb()),
        ("unknown-alias", edit("[a]", "*nobody")),
        (
            "deep",
            format!(
                "{GOOD}extra: {}{}\n",
                "[".repeat(100_000),
                "]".repeat(100_000)
            )
            .into(),
        ),
        (
            "deep-blocks",
            (0..200)
                .map(|depth| format!("{}a:\n", " ".repeat(depth)))
                .collect::<String>()
                .into(),
        ),
        (
            "large",
            format!(
                "{GOOD}{}",
                "# five megabytes\n".repeat(5 * 1024 * 1024 / 17)
            )
            .into(),
        ),
        (
            "long-line",
            format!("{GOOD}x: {}\n", "y".repeat(1024 * 1024)).into(),
        ),
    ]
}

fn bomb() -> Vec<u8> {
    let mut text = "gantry: 1\na: &a [x, x, x, x, x, x, x, x]\n".to_owned();
    for (name, before) in ('b'..='j').zip('a'..) {
        let aliases = vec![format!("*{before}"); 8].join(", ");
        text += &format!("{name}: &{name} [{aliases}]\n");
    }
    text.into_bytes()
}

#[test]
fn mangled_files_are_refused_with_their_place_and_leave_nothing_behind() {
    let mut complaints = Vec::new();
    for (name, content) in corpus() {
        let place = Place::new();
        place.write("release.yaml", content);
        for command in [&["check"][..], &["run", "--yes"]] {
            let call = [command, &["release.yaml"]].concat();
            let answer = place.gantry(&call);
            let placed = answer.err.lines().any(has_place);
            if answer.status != Some(2) || !placed || !calm(&answer.err) || !calm(&answer.out) {
                complaints.push(format!("{name}: {answer:#?}"));
            }
        }
        if place.workspace().exists() {
            complaints.push(format!("{name}: a workspace was made"));
        }
    }
    assert!(complaints.is_empty(), "{}", complaints.join("\n"));
}

#[test]
fn mangled_files_are_told_as_json_too() {
    let mut complaints = Vec::new();
    for (name, content) in corpus() {
        let place = Place::new();
        place.write("release.yaml", content);
        let answer = place.gantry(&["check", "release.yaml", "--json"]).exits(2);
        let json = answer.json();
        let problem = &json["problems"][0];
        let placed = ["line", "column"]
            .iter()
            .all(|key| problem[key].as_u64().is_some_and(|number| number > 0));
        if json["error"]["code"] != "file-invalid" || !placed {
            complaints.push(format!("{name}: {}", answer.out));
        }
    }
    assert!(complaints.is_empty(), "{}", complaints.join("\n"));
}

/// Every file that starts like a good one and ends early is either good or refused; nothing panics.
#[test]
fn a_file_cut_anywhere_is_good_or_refused() {
    let place = Place::new();
    for end in (0..GOOD.len()).step_by(7) {
        place.write("release.yaml", GOOD.get(..end).unwrap_or_default());
        let answer = place.gantry(&["check", "release.yaml"]);
        assert!(matches!(answer.status, Some(0 | 2)), "{end}: {answer:#?}");
        assert!(calm(&answer.err), "{end}: {answer:#?}");
    }
}

#[test]
fn what_is_no_file_is_refused() {
    let place = Place::new();
    for command in ["check", "plan", "rehearse", "run"] {
        for (name, says) in [("nowhere.yaml", "nowhere.yaml"), (".", "directory")] {
            let answer = place.gantry(&[command, name]).exits(2).says(says);
            assert!(calm(&answer.err), "{answer:#?}");
            let json = place.gantry(&[command, name, "--json"]).exits(2).json();
            assert_eq!(json["error"]["code"], "file-unreadable");
        }
    }
    assert!(!place.workspace().exists());
}

/// Finds `release.yaml:LINE:COLUMN`.
fn has_place(line: &str) -> bool {
    let Some((_, rest)) = line.split_once("release.yaml:") else {
        return false;
    };
    let mut numbers = rest.splitn(3, ':');
    let number = |text: Option<&str>| {
        text.is_some_and(|text| text.starts_with(|first: char| first.is_ascii_digit()))
    };
    number(numbers.next()) && number(numbers.next())
}

/// No panic, no escape sequences, and nothing that floods a terminal.
fn calm(text: &str) -> bool {
    !text.contains("panicked") && !text.contains('\u{1b}') && text.len() < 64 * 1024
}
