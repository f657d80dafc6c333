//! `gantry completions SHELL`.

use clap::CommandFactory;
use clap_complete::Shell;

use super::Door;
use crate::arguments::Arguments;

pub(super) fn run(door: &Door<'_>, shell: Shell) -> u8 {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Arguments::command(), "gantry", &mut script);
    door.output.text(&String::from_utf8_lossy(&script));
    0
}
