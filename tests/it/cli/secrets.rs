//! A secret is nowhere but in the program that needs it.

use std::{
    fs,
    io::{Read, Write},
    net::TcpListener,
    path::Path,
    sync::{Arc, Mutex, PoisonError},
};

use gantry_tests::{graph::Dice, place::Place};

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
    is_clean(&place, &said, CANARY);
}

/// Everywhere that a release file can name a secret and something is done with it.
const EVERYWHERE: &str = "gantry: 1
release: demo
environment: test
policy: { on-failure: continue }
connections:
  flags: { unleash: { url: \"http://127.0.0.1:1\", token: \"${secret:x}\" } }
  db: { postgres: { url: \"${secret:x}\" } }
  chat: { slack: { webhook: \"${secret:x}\" } }
  mail: { smtp: { host: 127.0.0.1, port: 1, user: me, password: \"${secret:x}\" } }
nodes:
  hook:
    kind: task
    run:
      http:
        url: \"http://127.0.0.1:PORT/in?key=${secret:x}\"
        headers: { Authorization: \"Bearer ${secret:x}\" }
        body: \"it is ${secret:x}\"
      undo:
        url: \"http://127.0.0.1:PORT/out/${secret:x}\"
  body:
    kind: task
    run: { http: { url: \"http://127.0.0.1:PORT/\", body: \"it is ${secret:x}\" } }
  nobody: { kind: task, run: { http: { url: \"http://127.0.0.1:1/${secret:x}\" } } }
  whole: { kind: task, run: { http: { url: \"${secret:x}\" } } }
  gone: { kind: task, run: { exec: [\"false\"], env: { TOKEN: \"${secret:x}\" } } }
";

#[test]
fn a_secret_in_any_field_is_nowhere_to_be_found() {
    let seed = u64::from(std::process::id());
    let secret = drawn(&mut Dice::new(seed));
    let (port, heard) = echo();
    let place = Place::new();
    let release = EVERYWHERE.replace("PORT", &port.to_string());
    place.write("release.yaml", release);
    let calls: [&[&str]; 11] = [
        &["check", "release.yaml"],
        &["plan", "release.yaml", "--json"],
        &["run", "--yes", "--verbose", "release.yaml"],
        &["status", "demo"],
        &["rollback", "demo"],
        &["show", "demo", "--json"],
        &["journal", "demo", "--json"],
        &["export", "release.yaml", "--format", "json"],
        &["connections", "test", "release.yaml"],
        &["doctor", "release.yaml", "--json"],
        &["rehearse", "release.yaml"],
    ];
    let mut said = String::new();
    for call in calls {
        let mut command = place.command(call);
        command
            .env("GANTRY_SECRET_X", &secret)
            .env("GANTRY_LOG", "trace");
        let answer = gantry_tests::process::Process::start(command).end();
        said += &answer.out;
        said += &answer.err;
    }
    let heard = heard.lock().unwrap_or_else(PoisonError::into_inner).clone();
    assert!(
        heard.contains(&secret),
        "seed {seed}: nobody was told\n{said}"
    );
    is_clean(&place, &said, &secret);
}

/// Every channel by which people are told.
const CHANNELS: &str = "gantry: 1
release: demo
environment: test
connections:
  hook: { webhook: { webhook: \"http://127.0.0.1:PORT/hook/${secret:x}\", secret: \"${secret:x}\" } }
  chat: { slack: { webhook: \"http://127.0.0.1:PORT/services?k=${secret:x}\" } }
  bot: { slack: { token: \"${secret:x}\", url: \"http://127.0.0.1:PORT/api\" } }
  teams: { teams: { webhook: \"http://127.0.0.1:PORT/teams/${secret:x}\" } }
  discord: { discord: { webhook: \"http://127.0.0.1:PORT/discord/${secret:x}\" } }
  pager: { pagerduty: { routing-key: \"${secret:x}\", url: \"http://127.0.0.1:PORT\" } }
  page: { statuspage: { page: p, token: \"${secret:x}\", url: \"http://127.0.0.1:PORT\" } }
  matrix: { matrix: { url: \"http://127.0.0.1:PORT\", token: \"${secret:x}\" } }
  mail: { smtp: { host: 127.0.0.1, port: 1, user: me, password: \"${secret:x}\" } }
  whole: { webhook: { webhook: \"${secret:x}\" } }
nodes:
  a: { kind: task, run: { exec: [\"false\"] } }
checklists:
  pre-deployment:
    - { id: hooked, item: The hook answers, check: { http: { url: \"http://127.0.0.1:PORT/check/${secret:x}\" } } }
stakeholders:
  - { name: hook, via: { connection: hook }, on: [started, failed] }
  - { name: chat, via: { connection: chat }, on: [started, failed] }
  - { name: bot, via: { connection: bot, to: C1 }, on: [started, failed] }
  - { name: teams, via: { connection: teams }, on: [started, failed] }
  - { name: discord, via: { connection: discord }, on: [started, failed] }
  - { name: pager, via: { connection: pager }, on: [started, failed] }
  - { name: page, via: { connection: page }, on: [started, failed] }
  - { name: matrix, via: { connection: matrix, to: \"!r:example.com\" }, on: [started, failed] }
  - { name: mail, via: { connection: mail, to: a@example.com }, on: [started, failed] }
  - { name: whole, via: { connection: whole }, on: [started, failed] }
";

/// Everything that tells of it, before, in and after a run.
const TELLING: [&[&str]; 21] = [
    &["check", "release.yaml"],
    &["brief", "release.yaml", "--format", "html"],
    &["checklist", "release.yaml"],
    &["checklist", "demo", "check", "--yes"],
    &["notices", "preview", "release.yaml"],
    &["run", "--yes", "--verbose", "release.yaml"],
    &["notices", "demo"],
    &["notices", "demo", "--json"],
    &["notices", "send", "demo", "--verbose"],
    &["report", "demo", "--format", "json"],
    &["report", "demo", "--format", "md"],
    &["report", "demo", "--format", "html"],
    &["report", "demo", "--format", "csv"],
    &["report", "demo", "--format", "pdf", "-o", "report.pdf"],
    &["report", "demo", "--format", "md", "--for", "regulator"],
    &["journal", "demo", "--json"],
    &["journal", "demo", "--preparation", "--json"],
    &["export", "demo", "--bundle", "demo.tar"],
    &["journal", "verify", "demo.tar", "--json"],
    &["people"],
    &["connections", "test", "release.yaml"],
];

#[test]
fn a_secret_of_any_channel_is_nowhere_to_be_found() {
    let seed = u64::from(std::process::id());
    let secret = drawn(&mut Dice::new(seed));
    let (port, heard) = echo();
    let place = Place::new();
    place.write("release.yaml", CHANNELS.replace("PORT", &port.to_string()));
    let mut said = String::new();
    for call in TELLING {
        let mut command = place.command(call);
        command
            .env("GANTRY_SECRET_X", &secret)
            .env("GANTRY_LOG", "trace");
        let answer = gantry_tests::process::Process::start(command).end();
        said += &answer.out;
        said += &answer.err;
    }
    let heard = heard.lock().unwrap_or_else(PoisonError::into_inner).clone();
    for place in [
        "POST /hook/",
        "/services",
        "/teams/",
        "/discord/",
        "/api/chat",
        "/v2/",
        "/v1/pages/p",
        "/_matrix",
    ] {
        assert!(
            heard.contains(place),
            "seed {seed}: {place} was never called\n{said}"
        );
    }
    assert!(said.contains("repeats a secret"), "seed {seed}\n{said}");
    assert!(
        said.contains("\"kind\": \"bundle\""),
        "seed {seed}: no bundle\n{said}"
    );
    is_clean(&place, &said, &secret);
}

/// Thirty-two characters, some of which URLs, JSON and shells escape.
fn drawn(dice: &mut Dice) -> String {
    const CHARACTERS: &[u8] = b"abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789/+&=%$";
    let draw = |_| {
        let at = dice.below(CHARACTERS.len() as u64) as usize;
        CHARACTERS.get(at).copied().map_or('x', char::from)
    };
    (0..32).map(draw).collect()
}

/// Answers every request with what it was asked, as a failure that somebody will want to read.
fn echo() -> (u16, Arc<Mutex<String>>) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port is free");
    let port = listener.local_addr().map_or(0, |address| address.port());
    let heard = Arc::new(Mutex::new(String::new()));
    let hears = Arc::clone(&heard);
    std::thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let mut buffer = [0; 4096];
            let length = stream.read(&mut buffer).unwrap_or(0);
            let asked = String::from_utf8_lossy(buffer.get(..length).unwrap_or_default());
            *hears.lock().unwrap_or_else(PoisonError::into_inner) += &asked;
            let head = format!(
                "HTTP/1.1 500 Broken\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
                asked.len()
            );
            // Whoever asked may have gone.
            _ = stream.write_all(format!("{head}{asked}").as_bytes());
        }
    });
    (port, heard)
}

/// Looks for a secret in what was printed and in everything that was left behind.
#[track_caller]
fn is_clean(place: &Place, said: &str, secret: &str) {
    let forms = forms(secret);
    assert_clean("what was printed", said.as_bytes(), &forms);
    let mut looked = 0;
    look(place.folder(), &mut looked, &forms);
    assert!(looked > 2, "only {looked} files");
}

/// Looks through everything that was left behind.
fn look(folder: &Path, looked: &mut u32, forms: &[String]) {
    for entry in fs::read_dir(folder)
        .expect("the folder can be read")
        .flatten()
    {
        let path = entry.path();
        if path.is_dir() {
            look(&path, looked, forms);
        } else {
            *looked += 1;
            let bytes = fs::read(&path).unwrap_or_default();
            assert_clean(&path.display().to_string(), &bytes, forms);
        }
    }
}

#[track_caller]
fn assert_clean(place: &str, bytes: &[u8], forms: &[String]) {
    for form in forms {
        let found = bytes
            .windows(form.len())
            .any(|window| window.eq_ignore_ascii_case(form.as_bytes()));
        assert!(!found, "{place} has the secret as {form:?}");
    }
}

/// The secret as it is, in hex, in base64 at each of its three alignments, and in a URL.
fn forms(secret: &str) -> Vec<String> {
    let hex: String = secret.bytes().map(|byte| format!("{byte:02x}")).collect();
    let url: String = secret
        .bytes()
        .map(|byte| match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' => char::from(byte).to_string(),
            _ => format!("%{byte:02X}"),
        })
        .collect();
    let mut forms = vec![secret.to_owned(), hex, url];
    for shift in 0..3 {
        let tail = secret.get(shift..).unwrap_or_default();
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
