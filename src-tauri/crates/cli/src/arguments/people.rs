//! What can be typed about checklists, polls, freezes and people.

use clap::{Args, Subcommand, ValueEnum};

/// A preparation.
#[derive(Debug, Args)]
pub(crate) struct ChecklistArguments {
    /// The release id, or its file: a file is planned and put before people
    pub(crate) release: String,
    #[command(subcommand)]
    pub(crate) command: Option<ChecklistCommand>,
}

/// What can be done with a preparation.
#[derive(Debug, Subcommand)]
pub(crate) enum ChecklistCommand {
    /// Says that items are so
    Tick {
        /// The items: ID, or LIST/ID
        #[arg(required = true)]
        items: Vec<String>,
        /// Says that they are not so
        #[arg(long)]
        fail: bool,
        /// What else there is to say
        #[arg(long, short)]
        comment: Option<String>,
        /// A link, or a file whose hash is recorded
        #[arg(long, value_name = "URL|FILE")]
        evidence: Option<String>,
    },
    /// Says that nobody knows whether items are so
    Untick {
        /// The items: ID, or LIST/ID
        #[arg(required = true)]
        items: Vec<String>,
        /// What else there is to say
        #[arg(long, short)]
        comment: Option<String>,
    },
    /// Asks to go without items, or approves that somebody else does
    Waive {
        /// The items: ID, or LIST/ID
        #[arg(required = true)]
        items: Vec<String>,
        /// Approves the waiver that somebody else asked for
        #[arg(long, conflicts_with_all = ["reason", "risk", "until"])]
        approve: bool,
        /// Why
        #[arg(long, short, required_unless_present = "approve")]
        reason: Option<String>,
        /// Which risk is accepted
        #[arg(long, required_unless_present = "approve")]
        risk: Option<String>,
        /// Until when it counts: RFC 3339, or a time from now, for example 12h
        #[arg(long, value_name = "TIME", required_unless_present = "approve")]
        until: Option<String>,
    },
    /// Runs the items that tick themselves
    Check {
        /// One of them
        item: Option<String>,
        /// Confirms what the file may reach
        #[arg(long, short)]
        yes: bool,
    },
    /// Sees to an item
    Claim {
        /// The item
        item: String,
    },
    /// Asks somebody to see to an item
    Assign {
        /// The item
        item: String,
        /// Who
        to: String,
    },
    /// Links an item to a ticket
    Link {
        /// The item
        item: String,
        /// The ticket
        link: String,
    },
    /// Corrects one of the four questions about a node
    Correct {
        /// The node
        node: String,
        /// Which question
        question: QuestionName,
        /// The answer; low, medium or high where it is a grade
        answer: String,
        /// Why
        #[arg(long, short)]
        reason: String,
    },
}

/// The four questions.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum QuestionName {
    /// What is deployed
    What,
    /// How risky it is
    Risk,
    /// What stands before and behind it
    Dependencies,
    /// How hard it is to undo
    RollbackComplexity,
}

/// A vote.
#[derive(Debug, Args)]
pub(crate) struct VoteArguments {
    /// The release id, or its file
    pub(crate) release: String,
    /// The answer
    pub(crate) answer: VoteName,
    /// What must hold, or who answers instead
    pub(crate) text: Option<String>,
    /// The position
    #[arg(long, value_name = "R")]
    pub(crate) role: Option<String>,
    /// Before what: readiness, start, success, or a step that cannot be undone [default: the next poll]
    #[arg(long, value_name = "STAGE")]
    pub(crate) at: Option<String>,
    /// Why
    #[arg(long, short, alias = "comment")]
    pub(crate) reason: Option<String>,
    /// A condition that holds while this address answers 200
    #[arg(long, value_name = "URL", conflicts_with = "metric")]
    pub(crate) url: Option<String>,
    /// A condition on a metric of the release file
    #[arg(long)]
    pub(crate) metric: Option<String>,
    /// It holds while the metric is below this
    #[arg(long, requires = "metric")]
    pub(crate) below: Option<String>,
    /// It holds while the metric is above this
    #[arg(long, requires = "metric")]
    pub(crate) above: Option<String>,
}

/// The answers of a position, and what else can be done with a poll.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum VoteName {
    /// Yes
    Go,
    /// No
    NoGo,
    /// Yes, as long as TEXT holds
    Condition,
    /// The position is not there to answer
    Absent,
    /// TEXT answers for it
    Delegate,
    /// Begins the poll anew
    Recycle,
    /// Goes ahead without lists and poll, where the file permits it
    Override,
}

/// Freezes.
#[derive(Debug, Args)]
pub(crate) struct FreezeArguments {
    #[command(subcommand)]
    pub(crate) command: FreezeCommand,
}

/// What can be done with freezes.
#[derive(Debug, Subcommand)]
pub(crate) enum FreezeCommand {
    /// Lists them
    List,
    /// Declares one
    Add(FreezeAddArguments),
    /// Ends one
    End {
        /// Its name
        name: String,
        /// Why
        #[arg(long, short)]
        reason: String,
    },
    /// Lets a release go ahead in one, where it permits that
    Override {
        /// Its name
        name: String,
        /// The release id, or its file
        release: String,
        /// Why
        #[arg(long, short)]
        reason: String,
    },
}

/// A new freeze.
#[derive(Debug, Args)]
pub(crate) struct FreezeAddArguments {
    /// Its name
    pub(crate) name: String,
    /// When it begins: local time, for example 2026-12-18T18:00
    #[arg(long, value_name = "TIME")]
    pub(crate) from: String,
    /// When it ends
    #[arg(long, value_name = "TIME")]
    pub(crate) to: String,
    /// The IANA zone of both
    #[arg(long, value_name = "ZONE", default_value = "UTC")]
    pub(crate) timezone: String,
    /// How it repeats, by RFC 5545, for example FREQ=WEEKLY
    #[arg(long, value_name = "RRULE")]
    pub(crate) repeat: Option<String>,
    /// Only in this environment
    #[arg(long, value_name = "NAME")]
    pub(crate) environment: Vec<String>,
    /// Only for this service
    #[arg(long, value_name = "NAME")]
    pub(crate) service: Vec<String>,
    /// Who may go ahead nevertheless
    #[arg(long, value_name = "NAME")]
    pub(crate) may_override: Vec<String>,
    /// Why
    #[arg(long, short)]
    pub(crate) reason: String,
}

/// People.
#[derive(Debug, Args)]
pub(crate) struct PeopleArguments {
    #[command(subcommand)]
    pub(crate) command: Option<PeopleCommand>,
}

/// What can be settled about people.
#[derive(Debug, Subcommand)]
pub(crate) enum PeopleCommand {
    /// Settles whether --by may name somebody else
    ClaimedNames {
        /// Whether it may
        rule: ClaimedRule,
    },
}

/// Whether names may be claimed.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum ClaimedRule {
    /// They may
    Allowed,
    /// They may not
    Refused,
}
