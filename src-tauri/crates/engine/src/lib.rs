//! Decides what an event means, what should be in flight, and drives it.
//!
//! Four pure functions and one loop:
//! - [`decide::decide`]: what an answer, a timer or a command means, as events;
//! - [`consequence::consequences`]: what an event that was just taken in leads to at once;
//! - [`schedule::schedule`]: what can start or end now;
//! - [`effect::effect_of`]: what should be in flight for one slot of a run;
//! - [`drive::Driver`]: collects everything that is ready, lets [`turn::turn`] decide, appends all
//!   events of the turn in one commit, and only then calls the platform.
//!
//! State is a [`gantry_model::run::Run`], the fold of the journal; after a crash it is folded
//! again, and whatever was in flight is observed before anything else. The same code serves
//! production, restart and rehearsal: time, platform and journal come in through `gantry_port`.
//!
//! Doors start with [`drive::start`], [`drive::resume`] and [`drive::steer`], and read with
//! [`fold::fold`], [`status::status`] and [`explain::explain`].

pub mod backoff;
pub mod carry;
pub mod consequence;
mod criteria;
pub mod decide;
pub mod drive;
pub mod effect;
pub mod explain;
pub mod fold;
pub mod judging;
pub mod outcome;
pub mod retreat;
pub mod schedule;
pub mod silence;
pub mod standing;
pub mod status;
pub mod steer;
pub mod trigger;
pub mod turn;
mod watch;
pub mod window;
