//! Files that no release should look like, through the real program.

use gantry_tests::place::Place;

const GOOD: &str = "gantry: 1
release: good
environment: test
nodes:
  a: { kind: task, run: { exec: [\"true\"], undo: [\"true\"] } }
  b: { kind: task, needs: [a], run: { exec: [\"true\"], undo: [\"true\"] } }
";

/// A good file with one place changed: a name, what stood there, what stands there now.
const EDITS: [(&str, &str, &str); 25] = [
    ("open-quote", "\"true\"", "\"true"),
    ("open-brace", "{ kind", "{ { kind"),
    ("tab", "\n  a:", "\n\ta:"),
    ("version-2", "gantry: 1", "gantry: 2"),
    ("version-text", "gantry: 1", "gantry: one"),
    ("no-version", "gantry: 1\n", ""),
    ("bad-id", "release: good", "release: Good_one"),
    ("id-is-list", "release: good", "release: [good]"),
    ("id-climbs", "release: good", "release: ../../etc"),
    ("unknown-key", "environment", "enviroment"),
    ("unknown-node-key", "needs", "need"),
    ("unknown-kind", "kind: task", "kind: tasks"),
    ("unknown-node", "[a]", "[aa]"),
    ("unknown-milestone", "[a]", "[\"a:life\"]"),
    ("unknown-alias", "[a]", "*nobody"),
    ("needs-is-map", "[a]", "{ a: 1 }"),
    ("itself", "[a]", "[b]"),
    ("cycle", "kind: task,", "kind: task, needs: [b],"),
    ("twice", "  b:", "  a:"),
    (
        "task-without-run",
        ", run: { exec: [\"true\"], undo: [\"true\"] }",
        "",
    ),
    ("exec-is-text", "exec: [\"true\"]", "exec: \"rm -rf /\""),
    ("exec-is-empty", "exec: [\"true\"]", "exec: []"),
    ("bad-duration", "kind: task,", "kind: task, estimate: soon,"),
    (
        "negative-duration",
        "kind: task,",
        "kind: task, estimate: -5s,",
    ),
    (
        "huge-number",
        "kind: task,",
        "kind: task, retry: { times: 99999999999999999999 },",
    ),
];

/// Names and contents; each must be refused with a place.
fn corpus() -> Vec<(&'static str, Vec<u8>)> {
    let edited = EDITS.map(|(name, from, to)| {
        assert!(GOOD.contains(from), "{name}");
        (name, GOOD.replacen(from, to, 1).into_bytes())
    });
    let mut corpus = edited.to_vec();
    corpus.extend(shapeless());
    corpus.extend(oversized());
    corpus
}

/// Files that are no release at all.
fn shapeless() -> Vec<(&'static str, Vec<u8>)> {
    vec![
        ("empty", Vec::new()),
        ("only-spaces", b"  \n\n".to_vec()),
        ("only-comment", b"# nothing\n".to_vec()),
        ("scalar", b"release\n".to_vec()),
        ("list", b"- gantry: 1\n".to_vec()),
        ("no-nodes", b"gantry: 1\nrelease: bad\n".to_vec()),
        (
            "nodes-is-list",
            b"gantry: 1\nrelease: bad\nnodes: [a]\n".to_vec(),
        ),
        (
            "nodes-is-empty",
            b"gantry: 1\nrelease: bad\nnodes: {}\n".to_vec(),
        ),
        ("binary", (0..=255).cycle().take(4096).collect()),
        ("zeros", vec![0; 1024]),
        ("utf-16", [0xff, 0xfe, b'g', 0, b'a', 0].to_vec()),
        ("bad-utf-8", [GOOD.as_bytes(), b"# \xff\xfe\n"].concat()),
    ]
}

/// Files that want more memory or time than a release is worth.
fn oversized() -> Vec<(&'static str, Vec<u8>)> {
    let brackets = "[".repeat(100_000) + &"]".repeat(100_000);
    let blocks: String = (0..200)
        .map(|depth| format!("{}a:\n", " ".repeat(depth)))
        .collect();
    let comments = "# five megabytes\n".repeat(5 * 1024 * 1024 / 17);
    let id = GOOD.replacen("good", &"g".repeat(64), 1);
    vec![
        ("id-is-long", id.into_bytes()),
        ("alias-bomb", bomb()),
        ("deep", format!("{GOOD}extra: {brackets}\n").into_bytes()),
        ("deep-blocks", blocks.into_bytes()),
        ("large", format!("{GOOD}{comments}").into_bytes()),
        (
            "long-line",
            format!("{GOOD}x: {}\n", "y".repeat(1 << 20)).into_bytes(),
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
