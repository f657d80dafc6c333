//! Reports of a recorded run: a rehearsal of `examples/rehearsal.yaml` in which `checkout` failed
//! at 25 %, with what people wrote about it afterwards.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on shall say so")]

mod delivery;
mod hostile;
mod recorded;
mod told;
