//! A journal that was tampered with is found out, at the right line.

use gantry_model::journal::{Entry, Head};
use gantry_model::verify::{Broken, Reason, verify_bytes, verify_chain};
use rand::RngExt;
use rand_chacha::ChaCha8Rng;

use crate::sample::{entry, random};

const LENGTH: u64 = 40;

fn lines() -> (Vec<String>, Head) {
    let mut head = Head::EMPTY;
    let mut lines = Vec::new();
    for seq in 1..=LENGTH {
        let entry = Entry::link(head.hash, entry(seq));
        head = Head {
            seq,
            hash: entry.hash,
        };
        lines.push(entry.to_line());
    }
    (lines, head)
}

#[test]
fn a_whole_journal_leads_to_its_head() {
    let (lines, head) = lines();
    assert_eq!(verify_chain(&lines, Some(head)), Ok(head));
    assert_eq!(verify_chain(&lines, None), Ok(head));
    let file = lines.join("\n");
    assert_eq!(verify_bytes(file.as_bytes(), Some(head)), Ok(head));
    assert_eq!(verify_bytes(format!("{file}\n").as_bytes(), None), Ok(head));
    assert_eq!(verify_bytes(b"", None), Ok(Head::EMPTY));
}

#[test]
fn one_changed_byte_anywhere_is_found_in_its_line() {
    let mut random = random("changed bytes");
    let (lines, _) = lines();
    let file = format!("{}\n", lines.join("\n")).into_bytes();
    for mutation in 0..1_000 {
        let place = random.random_range(0..file.len());
        let mut changed = file.clone();
        changed[place] ^= random.random_range(1..=255_u8);
        let line = 1 + file[..place].iter().filter(|byte| **byte == b'\n').count();
        let broken = verify_bytes(&changed, None).unwrap_err();
        assert_eq!(
            broken.line, line as u64,
            "mutation {mutation}, byte {place}"
        );
    }
}

#[test]
fn a_changed_case_of_the_hash_is_a_changed_byte() {
    let (lines, _) = lines();
    let (open, hash) = lines[0].rsplit_once(':').unwrap();
    let loud = format!("{open}:{}", hash.to_uppercase());
    let broken = verify_chain([loud], None).unwrap_err();
    assert_eq!((broken.line, broken.reason), (1, Reason::Hash));
}

#[test]
fn a_removed_swapped_or_doubled_line_is_found_where_it_is() {
    let mut random = random("moved lines");
    for _ in 0..1_000 {
        let (mut lines, head) = lines();
        let line = tamper(&mut lines, &mut random);
        let broken = verify_chain(&lines, Some(head)).unwrap_err();
        assert_eq!(broken.line, line as u64 + 1, "{broken}");
    }
}

/// Moves lines about and gives the index of the first that is wrong.
fn tamper(lines: &mut Vec<String>, random: &mut ChaCha8Rng) -> usize {
    let one = random.random_range(0..lines.len());
    match random.random_range(0..3) {
        0 => {
            lines.remove(one);
            one
        }
        1 => {
            lines.insert(one, lines[one].clone());
            one + 1
        }
        _ => {
            let other = (one + random.random_range(1..lines.len())) % lines.len();
            lines.swap(one, other);
            one.min(other)
        }
    }
}

#[test]
fn a_cut_tail_is_found_only_against_a_known_head() {
    let (lines, head) = lines();
    let cut = &lines[..30];
    assert_eq!(verify_chain(cut, None).unwrap().seq, 30);
    let broken = verify_chain(cut, Some(head)).unwrap_err();
    let reason = Reason::Short { head: LENGTH };
    assert_eq!(
        broken,
        Broken {
            line: 31,
            seq: 31,
            reason
        }
    );
    assert_eq!(
        broken.to_string(),
        "line 31: the journal ends here, but entries up to 40 were recorded"
    );
}

#[test]
fn a_rewritten_chain_is_found_against_a_known_head() {
    let (lines, head) = lines();
    let mut forged = entry(LENGTH);
    forged.body = forged.body.replace("succeeded", "failed");
    let before = verify_chain(&lines[..39], None).unwrap();
    let mut rewritten = lines[..39].to_vec();
    rewritten.push(Entry::link(before.hash, forged).to_line());
    assert!(verify_chain(&rewritten, None).is_ok());
    let broken = verify_chain(&rewritten, Some(head)).unwrap_err();
    assert_eq!((broken.line, broken.reason), (40, Reason::Head));
}
