//! Drawings for people.

pub(crate) mod checklist;
pub(crate) mod findings;
pub(crate) mod forecast;
pub(crate) mod freezes;
pub(crate) mod notices;
pub(crate) mod plan;
pub(crate) mod span;
pub(crate) mod status;
pub(crate) mod story;
pub(crate) mod table;
