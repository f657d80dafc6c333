//! What commands work on.

use std::sync::{Arc, OnceLock};

use gantry_port::{
    clock::Clock,
    connector::Connector,
    files::Files,
    journal::{Journal, StoreError},
};

use crate::error::ApiError;

/// Opens the workspace; called at most once, and only by commands that need it.
pub type OpenWorkspace = Box<dyn Fn() -> Result<Arc<dyn Journal>, StoreError> + Send + Sync>;

/// The application: ports, and nothing that knows a product.
pub struct App {
    /// Time.
    pub clock: Arc<dyn Clock>,
    /// Files that a person names.
    pub files: Arc<dyn Files>,
    /// From connections to ports.
    pub connector: Arc<dyn Connector>,
    open: OpenWorkspace,
    workspace: OnceLock<Arc<dyn Journal>>,
}

impl App {
    /// Puts an application together; the workspace is opened when it is first needed, so that
    /// `check`, `plan` and `rehearse` never touch it.
    pub fn new(
        clock: Arc<dyn Clock>,
        files: Arc<dyn Files>,
        connector: Arc<dyn Connector>,
        open: OpenWorkspace,
    ) -> Self {
        Self {
            clock,
            files,
            connector,
            open,
            workspace: OnceLock::new(),
        }
    }

    /// Gives the workspace's journal.
    ///
    /// # Errors
    /// `workspace` where the file cannot be used.
    pub fn journal(&self) -> Result<Arc<dyn Journal>, ApiError> {
        if let Some(journal) = self.workspace.get() {
            return Ok(Arc::clone(journal));
        }
        let opened = (self.open)()?;
        Ok(Arc::clone(self.workspace.get_or_init(|| opened)))
    }
}

/// Who calls a command, and through which door.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Caller {
    /// The name that stands in the record.
    pub name: String,
}
