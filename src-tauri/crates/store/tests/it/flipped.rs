//! A disk that lies: one flipped bit is refused or does no harm, it is never read as the truth.

use std::fs;

use gantry_port::journal::StoreError;
use gantry_store::workspace::Workspace;
use rand::RngExt;

use crate::{
    sample::{Home, batch, finish, new_run, random, start},
    scenario::{View, view, wait},
};

const PAGE: usize = 4096;
const FLIPS_A_PAGE: usize = 4;

#[test]
fn a_flipped_bit_in_any_page_is_refused_or_harmless() {
    let mut random = random("flipped bits");
    let home = Home::new();
    wait(fill(&home)).unwrap();
    let whole = fs::read(home.file()).unwrap();
    let truth = read(&home).unwrap();
    let mut refused = 0;
    for page in 0..whole.len() / PAGE {
        for _ in 0..FLIPS_A_PAGE {
            let place = page * PAGE + random.random_range(0..PAGE);
            let mut flipped = whole.clone();
            flipped[place] ^= 1 << random.random_range(0..8);
            fs::write(home.file(), &flipped).unwrap();
            match read(&home) {
                Ok(seen) => {
                    let same = seen.entries == truth.entries
                        && seen.runs == truth.runs
                        && seen.plans == truth.plans;
                    assert!(same, "byte {place} was believed");
                }
                Err(StoreError::Storage(_) | StoreError::NoSuchRun(_)) => refused += 1,
                Err(other) => panic!("byte {place}: {other}"),
            }
        }
    }
    let flips = whole.len() / PAGE * FLIPS_A_PAGE;
    println!("{refused} of {flips} flips refused, the others harmless");
    assert!(refused > flips / 4, "hardly anything was noticed");
}

async fn fill(home: &Home) -> Result<(), StoreError> {
    let workspace = home.open();
    for number in 0..20 {
        finish(
            &workspace,
            new_run(&format!("run-{number}"), &["production/web"]),
        )
        .await?;
    }
    let (lease, head) = start(&workspace, new_run("shop", &[]), 1).await?;
    let many = batch(lease.run(), head, 1_500, "running");
    gantry_port::journal::Journal::append(&workspace, &*lease, many).await?;
    Ok(())
}

fn read(home: &Home) -> Result<View, StoreError> {
    let workspace = Workspace::open(&home.file())?;
    wait(view(&workspace))
}
