//! Channels by which people are told.

use async_trait::async_trait;
use gantry_model::{release::stakeholder::Via, time::Timestamp, unit::Span};

use crate::fault::Fault;

/// A message on its way to one stakeholder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// What makes it the same message as another; a channel that can tells a repeated one by it.
    pub key: String,
    /// Where it goes.
    pub via: Via,
    /// The release.
    pub release: String,
    /// What its messages have in common: the run, else the release.
    pub subject: String,
    /// Where the release goes.
    pub environment: String,
    /// What happened, in one word.
    pub event: String,
    /// Whether it is good news.
    pub tone: Tone,
    /// When what it tells happened.
    pub at: Timestamp,
    /// One line.
    pub title: String,
    /// What happens, what it means, what happens next.
    pub body: String,
    /// What the channel gave back for the first message of this thread, where it keeps threads.
    pub thread: Option<String>,
}

/// Whether a message is good news; drawn as a colour or a severity.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Tone {
    /// All is well that was not, or is done.
    Good,
    /// It goes as planned.
    Plain,
    /// Somebody should look.
    Warning,
    /// Something went wrong.
    Bad,
}

/// What a channel said when it took a message.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Receipt {
    /// What later messages of the thread belong to.
    pub thread: Option<String>,
    /// What the channel calls the message, for people.
    pub reference: Option<String>,
}

/// Whether a channel, or whoever reads it, tells a message that came twice by its key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Repeats {
    /// It does: sending again after a lost answer does no harm.
    Told,
    /// It does not: after a lost answer a message may be seen twice.
    Seen,
}

/// A product that tells people.
///
/// A fault says what is known, as everywhere: `Refused` is final, `Busy` says how long to wait,
/// `Unsent` and `Lost` may pass. No fault names a secret or an address with one.
#[async_trait]
pub trait Channel: Send + Sync {
    /// Says whether a repeated message is told by its key.
    fn repeats(&self) -> Repeats;

    /// Hands a message over; done when the product took it.
    async fn send(&self, message: &Message, timeout: Span) -> Result<Receipt, Fault>;

    /// Reaches out without telling anybody anything, where the product can be asked, and says in
    /// one sentence what answered.
    async fn greet(&self, timeout: Span) -> Result<String, Fault>;
}
