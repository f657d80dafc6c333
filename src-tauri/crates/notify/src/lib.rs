//! What is said to whom about a release, and when: matrix, wording, digests, reminders, retries. Pure.
//!
//! [`subject`] says what an event of a run is about and which occasions of a release file it is.
//! [`matrix`] says who is told of it. [`facts`] is what a wording may use; [`wording`] writes title
//! and body, in Gantry's words for an [`Audience`](gantry_model::release::stakeholder::Audience) or
//! in those of a file. [`notice`] is what comes of it: one message to one stakeholder, with the key
//! by which it is known again. [`events`] goes all that way, from events of a run to notices;
//! [`votes`] does the same for polls, from what people have said and the time.
//!
//! [`storm`] says what is sent now and what waits for a digest; [`digest`] writes one; [`retry`]
//! says what follows from a delivery that failed. [`preview`] shows what would be said of
//! everything that may happen.
//!
//! There is no clock, no I/O and no randomness: nothing here sends anything.

pub mod digest;
pub mod events;
pub mod facts;
pub mod matrix;
pub mod notice;
pub mod preview;
pub mod retry;
pub mod storm;
pub mod subject;
pub mod votes;
pub mod wording;
