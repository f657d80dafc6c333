//! A secret is nowhere but in the program that needs it.

use std::{fs, path::Path};

use gantry_tests::place::Place;

/// Long enough that no form of it stands anywhere by chance; with characters that URLs escape.
const CANARY: &str = "c4n4ry/+Zq&7=wK 2x";

const RELEASE: &str = "gantry: 1
release: demo
environment: test
nodes:
  a:
    kind: task
    run:
      exec: [./leak]
      undo: [./leak]
      env: { TOKEN: \"${secret:x}\", HEADER: \"Bearer ${secret:x}\" }
  b: { kind: task, needs: [a], run: { exec: [\"false\"], undo: [\"true\"] } }
";

#[test]
fn a_secret_that_a_program_prints_is_nowhere_to_be_found() {
    let place = Place::new();
    // It proves that it has the secret, prints it in every form, and fails the next time.
    place.script(
        "leak",
        "[ -n \"$TOKEN\" ] && : > had-it\necho \"$TOKEN\" \"$HEADER\"\necho \"$TOKEN\" >&2\nexit 0\n",
    );
    place.write("release.yaml", RELEASE);
    let mut said = String::new();
    let calls: [&[&str]; 8] = [
        &["plan", "release.yaml", "--json"],
        &["run", "--yes", "--verbose", "release.yaml"],
        &["run", "--yes", "--json", "release.yaml"],
        &["status", "demo"],
        &["show", "demo", "--json"],
        &["journal", "demo", "--json"],
        &["journal", "demo"],
        &["rehearse", "release.yaml"],
    ];
    for call in calls {
        let mut command = place.command(call);
        command
            .env("GANTRY_SECRET_X", CANARY)
            .env("GANTRY_LOG", "trace");
        let answer = gantry_tests::process::Process::start(command).end();
        said += &answer.out;
        said += &answer.err;
    }
    assert!(
        place.path("had-it").exists(),
        "the program never had it\n{said}"
    );
    assert_clean("what was printed", said.as_bytes());
    let mut looked = 0;
    look(place.folder(), &mut looked);
    assert!(looked > 5, "only {looked} files");
}

/// Looks through everything that was left behind.
fn look(folder: &Path, looked: &mut u32) {
    for entry in fs::read_dir(folder)
        .expect("the folder can be read")
        .flatten()
    {
        let path = entry.path();
        if path.is_dir() {
            look(&path, looked);
        } else {
            *looked += 1;
            let bytes = fs::read(&path).unwrap_or_default();
            assert_clean(&path.display().to_string(), &bytes);
        }
    }
}

#[track_caller]
fn assert_clean(place: &str, bytes: &[u8]) {
    for form in forms() {
        let found = bytes
            .windows(form.len())
            .any(|window| window.eq_ignore_ascii_case(form.as_bytes()));
        assert!(!found, "{place} has the secret as {form:?}");
    }
}

/// The secret as it is, in hex, in base64 at each of its three alignments, and in a URL.
fn forms() -> Vec<String> {
    let hex: String = CANARY.bytes().map(|byte| format!("{byte:02x}")).collect();
    let url: String = CANARY
        .bytes()
        .map(|byte| match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' => char::from(byte).to_string(),
            _ => format!("%{byte:02X}"),
        })
        .collect();
    let mut forms = vec![CANARY.to_owned(), hex, url];
    for shift in 0..3 {
        let tail = CANARY.get(shift..).unwrap_or_default();
        let whole = tail.len() / 3 * 3;
        let text = base64(tail.get(..whole).unwrap_or_default().as_bytes());
        forms.push(text.replace('+', "-").replace('/', "_"));
        forms.push(text);
    }
    forms
}

/// Plain base64 of whole groups of three.
fn base64(bytes: &[u8]) -> String {
    const LETTERS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let letter = |index: u32| {
        LETTERS
            .get(index as usize & 63)
            .copied()
            .map_or('=', char::from)
    };
    let groups = bytes.chunks_exact(3).map(|group| {
        group
            .iter()
            .fold(0u32, |sum, byte| sum << 8 | u32::from(*byte))
    });
    groups
        .flat_map(|group| [18, 12, 6, 0].map(|shift| letter(group >> shift)))
        .collect()
}
