//! The smallest program there is: what starting a process costs at least.

use std::io::Write;

fn main() {
    // Nobody listening is no reason to fail.
    let _unheard = writeln!(std::io::stdout(), "hello");
}
