//! Services, versions in quarantine and kept connections, as commands work with them.

pub mod known;
pub(crate) mod quarantine;
pub(crate) mod secrecy;

use gantry_port::{catalogue::Catalogue, journal::Journal};

use crate::error::{ApiError, ErrorCode};

/// Gives the catalogue of a journal.
///
/// # Errors
/// `workspace` where it keeps none.
pub(crate) fn of(journal: &dyn Journal) -> Result<&dyn Catalogue, ApiError> {
    journal.catalogue().ok_or_else(|| {
        let message = "this workspace keeps no catalogue";
        ApiError::new(ErrorCode::Workspace, message, "open a workspace file")
    })
}

/// Says that a row is not what the caller saw.
pub(crate) fn stale(what: &str) -> ApiError {
    ApiError::new(
        ErrorCode::Refused,
        format!("{what} was changed meanwhile"),
        "look at it again; nothing was changed",
    )
}

/// Refuses an empty reason.
pub(crate) fn reason(text: &str) -> Result<(), ApiError> {
    if text.trim().is_empty() {
        let hint = "say why, in a sentence that still helps in a year";
        return Err(ApiError::new(
            ErrorCode::BadCall,
            "a reason is missing",
            hint,
        ));
    }
    Ok(())
}
