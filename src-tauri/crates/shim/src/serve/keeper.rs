//! A keeper: one process that runs many tasks of one driver, each on a thread of its own.
//!
//! It is a child of the driver and hears it through the socket that it was born with, so there is
//! no address to find, to guard or to clean up. When the driver is gone the keeper takes no more
//! tasks, watches those that run to their end, and goes. A later driver has a keeper of its own;
//! what this one does is told by the files of each task, as it is for a shim.

use std::{
    fs::File,
    io::{Read, Write},
    process::ExitCode,
    sync::{Mutex, PoisonError},
    thread::{self, Scope},
};

use super::{desk::Desk, life};
use crate::{
    claim::Serving,
    reply::{READY, Reply},
    spec::Spec,
};

/// How much stack a task needs: its outputs are on the heap.
const STACK: usize = 256 << 10;

/// Takes tasks until the driver is gone, and comes back when all of them have ended.
pub(super) fn keep(driver: &File) -> ExitCode {
    let keeper = Keeper {
        desk: Desk::default(),
        driver: Mutex::new(driver),
    };
    keeper.say(&[READY]);
    thread::scope(|scope| {
        while let Some((number, spec)) = next(driver) {
            keeper.begin(scope, number, spec);
        }
    });
    ExitCode::SUCCESS
}

/// Reads the next task and its number; a driver that goes in the middle of one has asked nothing.
fn next(mut driver: &File) -> Option<(u32, Spec)> {
    let mut number = [0; 4];
    driver.read_exact(&mut number).ok()?;
    let spec = Spec::read(driver).ok()?;
    Some((u32::from_le_bytes(number), spec))
}

struct Keeper<'a> {
    desk: Desk,
    driver: Mutex<&'a File>,
}

impl Keeper<'_> {
    fn begin<'scope>(&'scope self, scope: &'scope Scope<'scope, '_>, number: u32, spec: Spec) {
        let live = move || {
            let hear = |reply: &Reply| self.reply(number, reply);
            // The exit status is for a shim of one task; here the reply says the same.
            let _status = life::live(&spec, (&self.desk, Serving::Many), &hear);
        };
        let thread = thread::Builder::new().stack_size(STACK);
        if let Err(error) = thread.spawn_scoped(scope, live) {
            let reason = format!("the keeper cannot take another task: {error}");
            self.reply(number, &Reply::NotStarted(reason));
        }
    }

    /// Nobody waits for the news that a task has started, so it is not sent.
    fn reply(&self, number: u32, reply: &Reply) {
        if *reply != Reply::Started {
            self.say(&reply.to_frame(number));
        }
    }

    /// Says something whole; a driver that is gone does not hear it, and the files say the same.
    fn say(&self, bytes: &[u8]) {
        let mut driver = *self.driver.lock().unwrap_or_else(PoisonError::into_inner);
        let _gone = driver.write_all(bytes);
    }
}
