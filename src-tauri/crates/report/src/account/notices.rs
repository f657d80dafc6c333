//! What people were told while it ran, as whoever delivers it keeps it.

use gantry_model::time::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// One message, and what became of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Told {
    /// When what it tells happened.
    pub at: Timestamp,
    /// What it is about.
    pub event: String,
    /// Who it is for.
    pub audience: String,
    /// The channel.
    pub channel: String,
    /// Its title.
    pub title: String,
    /// `waiting`, `delivered`, `failed`, or `digested`: it went out as a part of a digest.
    pub outcome: String,
    /// How often it was handed to the channel.
    pub attempts: u32,
    /// Who has read it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub acknowledged: Option<Acknowledged>,
}

/// Somebody has read a message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Acknowledged {
    /// Who.
    pub by: String,
    /// When.
    pub at: Timestamp,
}
