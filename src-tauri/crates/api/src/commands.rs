//! One command per file.

pub mod adapters;
pub mod brief;
pub mod calibrate;
pub mod check;
pub mod checklist;
pub mod connections;
pub mod doctor;
pub mod draft;
pub mod export;
pub mod freeze;
pub mod import;
pub mod insights;
pub mod journal;
pub mod judge;
pub mod list;
pub mod people;
pub mod plan;
pub mod rehearse;
pub mod report;
pub mod schema;
pub mod show;
pub mod status;
pub mod steer;
pub mod verify;
pub mod vote;
