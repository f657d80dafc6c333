//! The preparation of releases: what is recorded, by whom, and what it lets go ahead.
//!
//! [`desk`] reads and writes the records; [`view`] is what doors show; `look` runs automatic items,
//! and only once a person confirmed what the file may reach; `gate` is where a run asks whether it
//! may go ahead.

mod before;
mod conditions;
pub mod desk;
pub mod gate;
pub mod guard;
pub mod heads;
pub mod look;
pub mod told;
pub mod view;
