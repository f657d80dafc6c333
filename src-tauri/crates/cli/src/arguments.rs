//! What can be typed.

pub(crate) mod catalogue;
pub(crate) mod notices;
pub(crate) mod people;
pub(crate) mod serve;

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

/// Coordinates releases of several services: order, checks, deployment, rollback.
#[derive(Debug, Parser)]
#[command(
    name = "gantry",
    version,
    arg_required_else_help = true,
    max_term_width = 100
)]
pub(crate) struct Arguments {
    /// The workspace file [default: gantry.db in the platform's data directory]
    #[arg(
        long,
        global = true,
        value_name = "PATH",
        env = "GANTRY_DB",
        hide_env_values = true,
        help_heading = "Everywhere"
    )]
    pub(crate) db: Option<PathBuf>,

    /// Prints JSON; NDJSON where things happen over time
    #[arg(long, global = true, help_heading = "Everywhere")]
    pub(crate) json: bool,

    /// Who acts, as it stands in the record [default: the system's user]
    #[arg(
        long = "by",
        global = true,
        value_name = "NAME",
        env = "GANTRY_BY",
        hide_env_values = true,
        help_heading = "Everywhere"
    )]
    pub(crate) actor: Option<String>,

    /// Prints what happens inside, on standard error
    #[arg(long, short, global = true, help_heading = "Everywhere")]
    pub(crate) verbose: bool,

    #[command(subcommand)]
    pub(crate) command: Command,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Prints all problems of a release file, with places
    Check(FileArguments),
    /// Prints the plan, rollback plan first
    Plan(PlanArguments),
    /// Runs the real engine in virtual time on a simulated platform
    Rehearse(RehearseArguments),
    /// Plans, stores, starts and follows a release
    Run(RunArguments),
    /// Lists all runs
    List,
    /// Shows one run: plan, steps, outcome
    Show(ReleaseArguments),
    /// Says why each node waits or stopped
    Status(StatusArguments),
    /// Takes a held or interrupted run up again and follows it to its end
    Resume(ReleaseArguments),
    /// Stops new forward steps until `resume`
    Hold(SteerArguments),
    /// Ends the forward direction for good; done nodes stay
    Abort(SteerArguments),
    /// Undoes everything that was touched, or one node and what stands on it
    Rollback(SteerArguments),
    /// Repeats a failed step
    Retry(SteerArguments),
    /// Leaves a step out, with a reason
    Skip(SteerArguments),
    /// Approves a gate
    Approve(SteerArguments),
    /// Marks a manual step as done
    Done(SteerArguments),
    /// Answers what only a person knows about a step
    Resolve(ResolveArguments),
    /// Shows who is asked for what before a release, and takes their answers
    Checklist(people::ChecklistArguments),
    /// Votes go, no-go or go with a condition
    Vote(people::VoteArguments),
    /// Lists, declares and ends periods in which nothing goes forward
    Freeze(people::FreezeArguments),
    /// Lists people and their keys
    People(people::PeopleArguments),
    /// Shows who is told what of a release, and what became of each message
    Notices(notices::NoticesArguments),
    /// Writes the brief that people read before a release
    Brief(BriefArguments),
    /// Writes the report of a run: incident or completion
    Report(ReportArguments),
    /// Computes the delivery metrics per service and environment
    Insights(InsightsArguments),
    /// Puts a sentence into the record of a run, for its report
    Note(NoteArguments),
    /// Prints the record of a run, or proves that it is whole
    Journal(JournalArguments),
    /// Judges recorded series of a new version beside the old one
    Judge(JudgeArguments),
    /// Makes a first release file from what there is
    Import(ImportArguments),
    /// Exports the graph or the calendar, or the record of a run as a bundle that anybody can verify
    Export(ExportArguments),
    /// Lists, keeps and tests connections
    Connections(catalogue::ConnectionsArguments),
    /// Lists services: owners, what runs where, history, quarantine
    Catalogue(catalogue::CatalogueArguments),
    /// Keeps versions from being brought out
    Quarantine(catalogue::QuarantineArguments),
    /// Opens the launch room in a browser of this machine
    Serve(serve::ServeArguments),
    /// Prints the JSON Schema of the release file
    Schema,
    /// Lists the products that Gantry drives
    Adapters,
    /// Looks whether this machine has what Gantry needs
    Doctor(DoctorArguments),
    /// Prints completions for a shell
    Completions {
        /// The shell
        shell: clap_complete::Shell,
    },
    /// Runs one program for a driver that may die; not for people
    #[command(name = "__shim", hide = true)]
    Shim,
}

/// A release file.
#[derive(Debug, Args)]
pub(crate) struct FileArguments {
    /// The release file; `-` reads standard input
    pub(crate) file: PathBuf,
}

/// A release file and how it is planned.
#[derive(Debug, Args)]
pub(crate) struct PlanArguments {
    /// The release file; `-` reads standard input
    pub(crate) file: PathBuf,
    /// Asks the platforms what runs now
    #[arg(long)]
    pub(crate) observe: bool,
}

/// A release file and what is tried on it.
#[derive(Debug, Args)]
pub(crate) struct RehearseArguments {
    /// The release file; `-` reads standard input
    pub(crate) file: PathBuf,
    /// The seed of everything that is drawn
    #[arg(long, default_value_t = 1)]
    pub(crate) seed: u64,
    /// Lets a node fail: NODE, NODE:STEP or NODE@WEIGHT, for example orders@25%
    #[arg(long, value_name = "NODE[:STEP][@WEIGHT]")]
    pub(crate) fail: Vec<String>,
    /// Makes a node slower, for example orders=x3
    #[arg(long, value_name = "NODE=xN")]
    pub(crate) slow: Vec<String>,
    /// Repeats the rehearsal with other durations and prints how long it takes
    #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..=10_000))]
    pub(crate) runs: u32,
    /// Lets the workspace remember it, for items that ask when the plan was rehearsed
    #[arg(long)]
    pub(crate) keep: bool,
}

/// A release file that is run.
#[derive(Debug, Args)]
pub(crate) struct RunArguments {
    /// The release file
    pub(crate) file: PathBuf,
    /// Starts without asking, and confirms what the file may reach
    #[arg(long, short)]
    pub(crate) yes: bool,
    /// Judges without what an earlier run measured of the same change; the reason goes on record
    #[arg(long, value_name = "REASON")]
    pub(crate) judge_anew: Option<String>,
}

/// A run by the id of its release.
#[derive(Debug, Args)]
pub(crate) struct ReleaseArguments {
    /// The release id (its latest run), or `id#2` for one run
    pub(crate) release: String,
}

/// A run that is looked at.
#[derive(Debug, Args)]
pub(crate) struct StatusArguments {
    /// The release id (its latest run), or `id#2` for one run
    pub(crate) release: String,
    /// Looks again and again until the run has ended
    #[arg(long, short)]
    pub(crate) watch: bool,
}

/// A run that is steered.
#[derive(Debug, Args)]
pub(crate) struct SteerArguments {
    /// The release id (its latest run), or `id#2` for one run
    pub(crate) release: String,
    /// The node, step (NODE/STEP) or gate
    pub(crate) node: Option<String>,
    /// Why
    #[arg(long, short)]
    pub(crate) reason: Option<String>,
}

/// A question that only a person can answer.
#[derive(Debug, Args)]
pub(crate) struct ResolveArguments {
    /// The release id (its latest run), or `id#2` for one run
    pub(crate) release: String,
    /// The node or step (NODE/STEP)
    pub(crate) node: String,
    /// What is so
    #[arg(long = "as", value_name = "ANSWER", id = "answer")]
    pub(crate) answer: AnswerName,
    /// Why, and how it was seen
    #[arg(long, short)]
    pub(crate) reason: String,
}

/// The answers that `resolve` takes.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum AnswerName {
    /// The step was applied
    Applied,
    /// The step was not applied
    NotApplied,
    /// A stuck undo was done by hand
    DoneByHand,
    /// A stuck undo is accepted as it is
    Accepted,
}

/// A record.
#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
pub(crate) struct JournalArguments {
    /// The release id (its latest run), or `id#2` for one run
    #[arg(required = true)]
    pub(crate) release: Option<String>,
    /// Prints what people did before and around the release, in the place of its run
    #[arg(long)]
    pub(crate) preparation: bool,
    #[command(subcommand)]
    pub(crate) command: Option<JournalCommand>,
}

/// What can be done with a record.
#[derive(Debug, Subcommand)]
pub(crate) enum JournalCommand {
    /// Proves that a record is whole
    Verify {
        /// A release id, a bundle, or a file that `gantry journal RELEASE --json` wrote
        target: String,
        /// A head from a report or a message, that must be in the record
        #[arg(long, value_name = "NUMBER:HASH")]
        head: Option<String>,
        /// The key that the bundle must be signed with, or its first 16 digits
        #[arg(long, value_name = "DIGITS")]
        key: Option<String>,
    },
}

/// A recording that is judged.
#[derive(Debug, Args)]
pub(crate) struct JudgeArguments {
    /// The recording: one metric or a list of them, as JSON; `-` reads standard input
    pub(crate) file: PathBuf,
    /// How careful the judge is
    #[arg(long, value_enum, default_value_t = ProfileName::Safe)]
    pub(crate) profile: ProfileName,
    /// Which way it is judged
    #[arg(long, value_enum, default_value_t = ModeName::Anytime)]
    pub(crate) mode: ModeName,
    /// What the new version may not be beyond, for argo and flagger [default: `never_above`]
    #[arg(long, value_name = "NUMBER")]
    pub(crate) limit: Option<f64>,
    /// How many failures argo allows [default: 0], or at how many flagger rolls back [default: 5]
    #[arg(long, value_name = "COUNT")]
    pub(crate) failures: Option<u32>,
    /// Draws both versions, the interval and the evidence
    #[arg(long, value_name = "OUT.svg")]
    pub(crate) plot: Option<PathBuf>,
    /// Takes the recording for windows without harm and learns how careful the judge has to be
    #[arg(long, conflicts_with_all = ["profile", "mode", "limit", "failures", "plot"])]
    pub(crate) calibrate: bool,
}

/// The ways of judging.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum ModeName {
    /// By evidence that stays valid while people watch
    Anytime,
    /// As Kayenta does, asked after every bucket
    KayentaMw,
    /// As Argo Rollouts does: a limit, and how many failures are allowed
    Argo,
    /// As Flagger does: a limit, and at how many failures it rolls back
    Flagger,
}

/// How careful the judge is.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum ProfileName {
    /// For services whose noise is not known
    Safe,
    /// For services that were calibrated against themselves
    Fast,
}

/// What is imported.
#[derive(Debug, Args)]
pub(crate) struct ImportArguments {
    #[command(subcommand)]
    pub(crate) source: ImportSource,
}

/// Where a first release file comes from.
#[derive(Debug, Subcommand)]
pub(crate) enum ImportSource {
    /// From Compose files; later files add to earlier ones
    Compose {
        /// The Compose files
        #[arg(required = true)]
        files: Vec<PathBuf>,
        /// The file with variables [default: .env beside the first file]
        #[arg(long, value_name = "FILE")]
        env_file: Option<PathBuf>,
        /// Takes services of a profile in
        #[arg(long, value_name = "NAME")]
        profile: Vec<String>,
        /// The admin socket of an HAProxy that sends traffic to the services
        #[arg(long, value_name = "SOCKET")]
        haproxy: Option<String>,
        /// The id of the release [default: the first file's folder]
        #[arg(long, value_name = "ID")]
        release: Option<String>,
        /// Where the release file is written [default: standard output]
        #[arg(long, short, value_name = "FILE")]
        output: Option<PathBuf>,
    },
}

/// What is exported.
#[derive(Debug, Args)]
#[command(
    override_usage = "gantry export <FILE> --format <FORMAT>\n       gantry export <RELEASE> --bundle <FILE>"
)]
pub(crate) struct ExportArguments {
    /// The release file (`-` reads standard input); with --bundle the release id, or `id#2`
    pub(crate) release: PathBuf,
    /// The format of the graph
    #[arg(long, value_enum, required_unless_present = "bundle")]
    pub(crate) format: Option<ExportFormat>,
    /// Packs the record of a run, with all that proves it, into this file
    #[arg(long, value_name = "FILE", conflicts_with = "format")]
    pub(crate) bundle: Option<PathBuf>,
}

/// The formats of the graph.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum ExportFormat {
    /// Graphviz
    Dot,
    /// Mermaid flowchart
    Mermaid,
    /// The graph as JSON
    Json,
    /// A picture, as the window draws it
    Svg,
    /// Window, polls and the point of no return, for calendars
    Ics,
}

/// A release file of which a brief is written.
#[derive(Debug, Args)]
pub(crate) struct BriefArguments {
    /// The release file; `-` reads standard input
    pub(crate) file: PathBuf,
    /// The format
    #[arg(long, value_enum)]
    pub(crate) format: BriefFormat,
    /// Who reads it
    #[arg(long = "for", value_enum, default_value_t = Reader::Internal)]
    pub(crate) reader: Reader,
    /// The file to write, in the place of standard output
    #[arg(long, short)]
    pub(crate) output: Option<PathBuf>,
}

/// The formats of briefs.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum BriefFormat {
    /// Markdown
    Md,
    /// One HTML file
    Html,
    /// Pages
    Pdf,
}

/// A run of which a report is written.
#[derive(Debug, Args)]
pub(crate) struct ReportArguments {
    /// The release id (its latest run), or `id#2` for one run
    pub(crate) release: String,
    /// The format
    #[arg(long, value_enum)]
    pub(crate) format: ReportFormatName,
    /// Who reads it
    #[arg(long = "for", value_enum, default_value_t = Reader::Internal)]
    pub(crate) reader: Reader,
    /// The file to write, in the place of standard output
    #[arg(long, short)]
    pub(crate) output: Option<PathBuf>,
}

/// The formats of reports.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum ReportFormatName {
    /// Markdown
    Md,
    /// One HTML file
    Html,
    /// Pages
    Pdf,
    /// Everything that is known, under a schema with a version
    Json,
    /// The timeline for spreadsheets
    Csv,
}

/// Who reads a document.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum Reader {
    /// The people of the house: everything
    Internal,
    /// Customers: no people, no addresses, no machine's words
    Customer,
    /// An authority: everything that happened, people by stand-ins
    Regulator,
}

/// Delivery metrics.
#[derive(Debug, Args)]
pub(crate) struct InsightsArguments {
    /// How many days back
    #[arg(long, default_value_t = 90, value_parser = clap::value_parser!(u32).range(1..=3_650))]
    pub(crate) days: u32,
    /// Counts what a canary caught as a failed deployment
    #[arg(long)]
    pub(crate) count_caught: bool,
}

/// A sentence for the record.
#[derive(Debug, Args)]
pub(crate) struct NoteArguments {
    /// The release id (its latest run), or `id#2` for one run
    pub(crate) release: String,
    /// The sentence
    pub(crate) text: String,
    /// Which part of the report it belongs to
    #[arg(long, value_enum, default_value_t = TopicName::General)]
    pub(crate) topic: TopicName,
    /// A word to find it by; `failed`, `hotfix`, `incident:ID`, `impact:TIME` and `commit:TIME` count in `insights`
    #[arg(long)]
    pub(crate) tag: Vec<String>,
    /// Who does it, where it is an action
    #[arg(long)]
    pub(crate) owner: Option<String>,
    /// By which day, where it is an action, for example 2026-12-15
    #[arg(long, value_name = "DAY")]
    pub(crate) due: Option<chrono::NaiveDate>,
}

/// The parts of a report that people write.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum TopicName {
    /// The timeline alone
    General,
    /// What users felt
    Impact,
    /// What contributed to it
    Factor,
    /// What happened to data and flags
    Data,
    /// What went well
    WentWell,
    /// What went badly
    WentBadly,
    /// Where there was luck
    Lucky,
    /// What is to be done
    Action,
}

/// What the doctor looks at.
#[derive(Debug, Args)]
pub(crate) struct DoctorArguments {
    /// A release file whose connections and metrics are looked at too
    pub(crate) file: Option<PathBuf>,
}
