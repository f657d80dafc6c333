//! A secret that is looked for everywhere, in every form, and somebody who repeats it.

use std::{
    fs,
    io::{Read, Write},
    net::TcpListener,
    path::Path,
    sync::{Arc, Mutex, PoisonError},
};

use gantry_tests::{graph::Dice, place::Place, process::Process};

/// Calls the program, one call after the other, with the secret `x`; gives all that it said.
pub(super) fn said(place: &Place, secret: &str, calls: &[&[&str]]) -> String {
    let mut said = String::new();
    for call in calls {
        let mut command = place.command(call);
        command
            .env("GANTRY_SECRET_X", secret)
            .env("GANTRY_LOG", "trace");
        let answer = Process::start(command).end();
        said += &answer.out;
        said += &answer.err;
    }
    said
}

/// Thirty-two characters, some of which URLs, JSON and shells escape.
pub(super) fn drawn(dice: &mut Dice) -> String {
    const CHARACTERS: &[u8] = b"abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789/+&=%$";
    let draw = |_| {
        let at = dice.below(CHARACTERS.len() as u64) as usize;
        CHARACTERS.get(at).copied().map_or('x', char::from)
    };
    (0..32).map(draw).collect()
}

/// Answers every request with what it was asked, as a failure that somebody will want to read.
pub(super) fn echo() -> (u16, Arc<Mutex<String>>) {
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
pub(super) fn is_clean(place: &Place, said: &str, secret: &str) {
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
