//! What people did before and around a run, as the signed record of it has it.
//!
//! Its numbers count the entries of that record, not those of the journal.

use gantry_model::time::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Polls, waivers, overrides and ticks that were for one run.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Prepared {
    /// The polls with their votes, in the order in which they were opened.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub polls: Vec<Poll>,
    /// What was gone without.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub waivers: Vec<Waived>,
    /// Where somebody went ahead all the same.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub overrides: Vec<Overridden>,
    /// The last answer to each item of a checklist.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub items: Vec<Ticked>,
    /// Where the journal stood, as people signed it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub heads: Vec<SignedHead>,
}

/// A poll.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Poll {
    /// Before what: `start`, `success`, or a step that cannot be undone.
    pub stage: String,
    /// When it was opened, or began anew.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub opened_at: Option<Timestamp>,
    /// All votes, those that no longer counted too.
    pub votes: Vec<Voted>,
}

/// A vote.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Voted {
    /// The entry of the preparation's record.
    pub entry: u64,
    /// When.
    pub at: Timestamp,
    /// The position.
    pub role: String,
    /// Who.
    pub by: String,
    /// `go`, `no-go`, `condition`, `absent` or `delegated`.
    pub vote: String,
    /// Under which condition, or to whom.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// What else was said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub comment: Option<String>,
    /// Why it no longer counts, where it does not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub void: Option<String>,
}

/// An item that was gone without.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Waived {
    /// The entry that asks for it.
    pub entry: u64,
    /// When it was asked for.
    pub at: Timestamp,
    /// `list/item`.
    pub place: String,
    /// Who asked and owns the risk.
    pub owner: String,
    /// Why.
    pub reason: String,
    /// Which risk is accepted.
    pub risk: String,
    /// Until when it counts.
    pub expires: Timestamp,
    /// Who agreed; without one it counts for nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub approver: Option<String>,
    /// The entry that says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub approved_entry: Option<u64>,
}

/// Somebody with the permission went ahead without lists and polls, or in a freeze.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Overridden {
    /// The entry.
    pub entry: u64,
    /// When.
    pub at: Timestamp,
    /// What.
    pub text: String,
    /// Who.
    pub by: String,
    /// Why.
    pub reason: String,
}

/// An answer to an item of a checklist.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Ticked {
    /// The entry.
    pub entry: u64,
    /// When.
    pub at: Timestamp,
    /// `list/item`.
    pub place: String,
    /// `pass`, `fail` or `not-tested`.
    pub result: String,
    /// Who said it, or in whose name its check ran.
    pub by: String,
    /// Whether its own check said it.
    pub automatic: bool,
    /// What else was said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub comment: Option<String>,
    /// What shows it: a link, or a file with its hash.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub evidence: Option<String>,
}

/// Where the journal stood when somebody signed that.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SignedHead {
    /// The entry of the preparation's record.
    pub entry: u64,
    /// When.
    pub at: Timestamp,
    /// Who.
    pub by: String,
    /// With which key, ed25519.
    pub key: String,
    /// The last entry of the journal then.
    pub seq: u64,
    /// Its hash.
    pub hash: String,
}

impl Prepared {
    /// Whether people said anything that a reader should see.
    pub(crate) fn says_anything(&self) -> bool {
        let Self {
            polls,
            waivers,
            overrides,
            items,
            heads: _,
        } = self;
        !(polls.is_empty() && waivers.is_empty() && overrides.is_empty() && items.is_empty())
    }

    /// Lists everybody who is named.
    pub(crate) fn people(&self) -> impl Iterator<Item = &String> {
        let votes = self.polls.iter().flat_map(|poll| &poll.votes);
        let delegates = votes.clone().filter(|vote| vote.vote == "delegated");
        let owners = self.waivers.iter().map(|waived| &waived.owner);
        let approvers = self.waivers.iter().filter_map(|one| one.approver.as_ref());
        votes
            .map(|vote| &vote.by)
            .chain(delegates.filter_map(|vote| vote.text.as_ref()))
            .chain(owners)
            .chain(approvers)
            .chain(self.overrides.iter().map(|one| &one.by))
            .chain(self.items.iter().map(|one| &one.by))
            .chain(self.heads.iter().map(|one| &one.by))
    }
}
