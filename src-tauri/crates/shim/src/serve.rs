//! The shim's side of the driver's socket: one task, or many as a keeper.
//!
//! A driver that opens with a task gets a shim for that task, whose exit status tells how it went.
//! One that opens with [`KEEPER`] gets a keeper, see [`keeper`](self): the same process then runs
//! task after task, which spares each of them the start of a program of ours.

use std::{
    fs::File,
    io::Read,
    os::fd::{AsFd, OwnedFd},
    process::ExitCode,
};

use rustix::{process::setsid, stdio::stdin};

use crate::{
    claim::Serving,
    serve::desk::Desk,
    spec::{KEEPER, Spec},
};

pub(crate) use self::desk::Names;

mod desk;
mod keeper;
mod life;
mod watch;

/// The exit status of a shim that found the key claimed and did nothing.
pub const ALREADY_CLAIMED: u8 = 75;
/// The exit status of a shim whose program could not be started.
pub const NOT_STARTED: u8 = 76;
/// The exit status of a shim that was not given a whole task.
pub const NO_TASK: u8 = 64;

/// Serves the driver at the other end of standard input, and comes back when every task that it
/// gave has ended. Call it before anything else in a process that does nothing else.
pub fn serve() -> ExitCode {
    // Fails only if this process leads a group already; it then still outlives the driver.
    let _leader = setsid();
    let Ok(driver) = stdin().try_clone_to_owned() else {
        return ExitCode::from(NO_TASK);
    };
    let driver = File::from(driver);
    let mut opening = [0; 4];
    match (&driver).read_exact(&mut opening) {
        Ok(()) if opening == KEEPER => keeper::keep(&driver),
        Ok(()) => one(opening, driver),
        Err(_) => ExitCode::from(NO_TASK),
    }
}

/// Runs the one task that begins with these bytes.
fn one(opening: [u8; 4], driver: File) -> ExitCode {
    match Spec::read(opening.chain(&driver)) {
        Ok(spec) => {
            let driver = OwnedFd::from(driver);
            let desk = Desk::default();
            life::live(&spec, (&desk, Serving::One), &|reply| {
                reply.send(driver.as_fd());
            })
        }
        Err(_) => ExitCode::from(NO_TASK),
    }
}
