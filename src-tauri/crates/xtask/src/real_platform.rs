//! Tests of real platforms where there may be none: they skip loudly and are counted.
//!
//! The sandbox says by its environment what there is. A test asks here first:
//!
//! ```no_run
//! let Some(engine) = gantry_xtask::real_platform::docker("a_container_answers") else {
//!     return;
//! };
//! ```

use std::fs::OpenOptions;
use std::io::Write;

use crate::docker::Engine;

/// Set to `1` where no test may skip, as in `cargo xtask test` with a complete setup.
pub const MANDATORY_VARIABLE: &str = "GANTRY_REAL";

/// Names the file to which each skipped test adds a line, for the count at the end.
pub const SKIPS_VARIABLE: &str = "GANTRY_SKIPS";

/// The real Docker daemon of the sandbox, or `None` with a loud line where there is none.
///
/// # Panics
///
/// Where `GANTRY_REAL=1` forbids to skip.
#[must_use]
pub fn docker(test: &str) -> Option<Engine> {
    let engine = Engine::from_environment();
    if engine.is_none() {
        skip(test, "no Docker daemon: run it by `cargo xtask sandbox`");
    }
    engine
}

/// Skips a test loudly: a line on stderr, a line in the file of skips.
///
/// # Panics
///
/// Where `GANTRY_REAL=1` forbids to skip.
pub fn skip(test: &str, reason: &str) {
    let mandatory = std::env::var(MANDATORY_VARIABLE).is_ok_and(|value| value == "1");
    assert!(!mandatory, "{test} may not be skipped here: {reason}");
    let line = format!("skipped: {test}: {reason}");
    let _unheard = writeln!(std::io::stderr(), "{line}");
    if let Some(path) = std::env::var_os(SKIPS_VARIABLE) {
        let file = OpenOptions::new().create(true).append(true).open(path);
        let _uncounted = file.and_then(|mut file| writeln!(file, "{line}"));
    }
}
