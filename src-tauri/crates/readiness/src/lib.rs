//! May a release start, cross this gate, be declared good? And if not: one sentence for each reason. Pure.
//!
//! What people do before and around a release is a record of its own, apart from the journal of
//! its runs: it begins days before there is a run. [`event`] has what happened, in the past tense;
//! [`entry`] is how an event stands in the record, signed by who did it; [`preparation`] folds the
//! events of one release; [`house`] folds those of the whole workspace (people's keys, freezes).
//!
//! [`agenda`] is what a release file asks for. [`request`] is what a person asks, and
//! [`decide`](decide::decide) what it leads to: events, or a refusal with a sentence. [`gate`]
//! answers the question above; [`poll`] and [`item`] are its two halves. [`difference`] says what
//! changed between two plans, because a changed plan voids votes. [`heads`] lists where journals of
//! runs stood when somebody signed that. [`calendar`] is the one
//! evaluator of windows and freezes.
//!
//! Silence is never a go: what was not said, not tested or has grown stale counts as "no".
//! Nothing here is asked before an abort or a rollback.
//! There is no clock, no I/O and no randomness.

pub mod agenda;
pub mod calendar;
pub mod decide;
pub mod difference;
pub mod entry;
pub mod event;
pub mod freeze;
pub mod gate;
pub mod heads;
pub mod house;
pub mod item;
pub mod poll;
pub mod preparation;
pub mod request;
pub mod stage;
