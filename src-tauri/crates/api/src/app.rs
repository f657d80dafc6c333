//! What commands work on.

use std::{
    path::PathBuf,
    sync::{Arc, OnceLock},
};

use gantry_port::{
    clock::Clock,
    connector::Connector,
    files::Files,
    journal::{Journal, StoreError},
    signer::Signer,
};

use crate::{
    drives::Drives,
    error::ApiError,
    feed::Feed,
    fence::{Fenced, KnownFiles},
    forecast::Memory,
};

/// Opens the workspace; called at most once, and only by commands that need it.
pub type OpenWorkspace = Box<dyn Fn() -> Result<Arc<dyn Journal>, StoreError> + Send + Sync>;

/// The workspace file: whether it is there yet, and how it is opened or made.
pub struct WorkspaceFile {
    /// Whether it is there; commands that only look make none.
    pub is_there: Box<dyn Fn() -> bool + Send + Sync>,
    /// Opens it, or makes it.
    pub open: OpenWorkspace,
}

/// The application: ports, and nothing that knows a product.
pub struct App {
    /// Time.
    pub clock: Arc<dyn Clock>,
    /// Files that a caller names.
    pub files: Arc<dyn Files>,
    /// Files that a person chose; only what opens and makes releases reads these.
    pub(crate) chosen: Arc<dyn Files>,
    /// The files that callers may name where not all of them may.
    pub(crate) known_files: KnownFiles,
    /// Where new release files are made.
    pub(crate) release_folder: Option<PathBuf>,
    /// The runs that this process drives, where it stays long enough for that.
    pub(crate) drives: Option<Drives>,
    /// From connections to ports.
    pub connector: Arc<dyn Connector>,
    /// What forecasts remember of finished runs.
    pub(crate) memory: Memory,
    /// The keys of people on this machine.
    pub(crate) signer: Option<Arc<dyn Signer>>,
    feed: Feed,
    file: WorkspaceFile,
    workspace: OnceLock<Arc<dyn Journal>>,
}

impl App {
    /// Puts an application together; the workspace is opened when it is first needed, so that
    /// `check` and `rehearse` never touch it.
    pub fn new(
        clock: Arc<dyn Clock>,
        files: Arc<dyn Files>,
        connector: Arc<dyn Connector>,
        file: WorkspaceFile,
    ) -> Self {
        Self {
            clock,
            chosen: Arc::clone(&files),
            known_files: KnownFiles::default(),
            release_folder: None,
            drives: None,
            files,
            connector,
            memory: Memory::default(),
            signer: None,
            feed: Feed::default(),
            file,
            workspace: OnceLock::new(),
        }
    }

    /// Adds the keys of people; without them nobody can vote, tick or waive.
    #[must_use]
    pub fn with_signer(mut self, signer: Arc<dyn Signer>) -> Self {
        self.signer = Some(signer);
        self
    }

    /// Says where new release files are made; without it none can be.
    #[must_use]
    pub fn with_release_folder(mut self, folder: PathBuf) -> Self {
        self.release_folder = Some(folder);
        self
    }

    /// Puts it behind a door with a page: callers name only files of releases that were opened,
    /// and runs are driven in this process.
    #[must_use]
    pub fn behind_a_door(mut self) -> Arc<Self> {
        let fenced = Fenced::new(Arc::clone(&self.files), self.known_files.clone());
        self.files = Arc::new(fenced);
        Arc::new_cyclic(|myself| {
            self.drives = Some(Drives::new(myself.clone()));
            self
        })
    }

    /// Gives where changes are told and heard.
    pub fn feed(&self) -> &Feed {
        &self.feed
    }

    /// Gives the workspace's journal.
    ///
    /// # Errors
    /// `workspace` where the file cannot be used.
    pub fn journal(&self) -> Result<Arc<dyn Journal>, ApiError> {
        if let Some(journal) = self.workspace.get() {
            return Ok(Arc::clone(journal));
        }
        let opened = (self.file.open)()?;
        Ok(Arc::clone(self.workspace.get_or_init(|| opened)))
    }

    /// Gives the workspace's journal if there is a workspace, and makes none.
    ///
    /// # Errors
    /// `workspace` where the file cannot be used.
    pub fn journal_if_there(&self) -> Result<Option<Arc<dyn Journal>>, ApiError> {
        if self.workspace.get().is_none() && !(self.file.is_there)() {
            return Ok(None);
        }
        self.journal().map(Some)
    }
}

/// Who calls a command, and through which door.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Caller {
    /// The name that stands in the record.
    pub name: String,
    /// How the name is known.
    pub known: KnownBy,
}

/// How the name of a caller is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KnownBy {
    /// The system says so.
    System,
    /// The caller says so.
    Claim,
}
