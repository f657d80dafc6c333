//! What stands in a bundle.

/// One file of a bundle, in the order in which they stand in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Part {
    /// All others with their lengths and hashes.
    Manifest,
    /// The signature of the manifest.
    Signature,
    /// How a person checks it.
    Readme,
    /// The run's journal, one line for each event.
    Journal,
    /// What people did before and around the run, each line signed.
    Preparation,
    /// Where the journal stood, as people signed it.
    Heads,
    /// Who signed anything, with their public keys.
    Keys,
    /// The plan that was run.
    Plan,
    /// The release file that the plan was made of.
    Release,
    /// The report as Markdown.
    ReportMarkdown,
    /// The report as one HTML file.
    ReportHtml,
    /// The report as pages.
    ReportPdf,
    /// The report for programs.
    ReportJson,
    /// The timeline for spreadsheets.
    Timeline,
}

impl Part {
    /// All of them, in their order.
    pub const ALL: [Self; 14] = [
        Self::Manifest,
        Self::Signature,
        Self::Readme,
        Self::Journal,
        Self::Preparation,
        Self::Heads,
        Self::Keys,
        Self::Plan,
        Self::Release,
        Self::ReportMarkdown,
        Self::ReportHtml,
        Self::ReportPdf,
        Self::ReportJson,
        Self::Timeline,
    ];

    /// Gives its name in the bundle.
    pub fn name(self) -> &'static str {
        match self {
            Self::Manifest => "manifest.json",
            Self::Signature => "manifest.sig",
            Self::Readme => "README.txt",
            Self::Journal => "journal.ndjson",
            Self::Preparation => "preparation.ndjson",
            Self::Heads => "heads.json",
            Self::Keys => "keys.json",
            Self::Plan => "plan.json",
            Self::Release => "release.yaml",
            Self::ReportMarkdown => "report.md",
            Self::ReportHtml => "report.html",
            Self::ReportPdf => "report.pdf",
            Self::ReportJson => "report.json",
            Self::Timeline => "timeline.csv",
        }
    }

    /// Finds a part by its name.
    pub fn named(name: &[u8]) -> Option<Self> {
        let mut all = Self::ALL.into_iter();
        all.find(|part| part.name().as_bytes() == name)
    }

    /// Whether a bundle must have it: a release file is not always known, and where nobody could
    /// sign there is no record of people.
    pub fn is_required(self) -> bool {
        match self {
            Self::Preparation | Self::Release => false,
            Self::Manifest
            | Self::Signature
            | Self::Readme
            | Self::Journal
            | Self::Heads
            | Self::Keys
            | Self::Plan
            | Self::ReportMarkdown
            | Self::ReportHtml
            | Self::ReportPdf
            | Self::ReportJson
            | Self::Timeline => true,
        }
    }
}
