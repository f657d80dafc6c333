//! The releases that a workspace knows: opened, made, read and saved.
//!
//! A release is known by its id; its file lies wherever its people keep it. What a row shows of a
//! release is read from the file and from its latest run each time, never kept.

pub mod row;
pub mod text;

use std::{path::Path, sync::Arc};

use gantry_model::id::ReleaseId;
use gantry_port::{
    files::Unwritten,
    journal::Journal,
    releases::{KnownRelease, Releases, Signature},
};

use crate::{
    app::{App, Caller},
    error::{ApiError, ErrorCode},
};

/// Finds a release whose file is known, and lets its file be named from now on.
///
/// # Errors
/// `no-such-part` where nobody opened one of that name.
pub async fn known(app: &App, name: &str) -> Result<KnownRelease, ApiError> {
    let found = match name.parse::<ReleaseId>() {
        Ok(release) => {
            let journal = app.journal()?;
            list(&*journal)?.find_release(&release).await?
        }
        Err(_) => None,
    };
    let known = found.ok_or_else(|| {
        ApiError::new(
            ErrorCode::NoSuchPart,
            format!("no release file called {name} was opened here"),
            "open its file first",
        )
    })?;
    app.known_files.add(&known.file);
    Ok(known)
}

/// Lists the releases whose files are known, and lets their files be named from now on.
///
/// # Errors
/// `workspace`.
pub async fn all(app: &App) -> Result<Vec<KnownRelease>, ApiError> {
    let journal = app.journal()?;
    let all = list(&*journal)?.list_releases().await?;
    for known in &all {
        app.known_files.add(&known.file);
    }
    Ok(all)
}

/// Takes the file of a release in.
///
/// # Errors
/// `workspace`; `refused` where another file that is still there has the same release.
pub(crate) async fn take_in(
    app: &App,
    caller: &Caller,
    release: &ReleaseId,
    file: &Path,
) -> Result<KnownRelease, ApiError> {
    let named = file.to_str().ok_or_else(|| {
        let message = format!("{} is not text that can be kept", file.display());
        ApiError::new(ErrorCode::FileUnreadable, message, "rename the file")
    })?;
    let journal = app.journal()?;
    let list = list(&*journal)?;
    if let Some(other) = list.find_release(release).await? {
        let stays = other.file != named && is_of(app, &other, release).await;
        if stays {
            let message = format!("release {release} is open already, from {}", other.file);
            let hint = "close it first, or give one of the two another id";
            return Err(ApiError::new(ErrorCode::Refused, message, hint));
        }
    }
    let signature = signature(app, caller);
    let known = list
        .open_release(release, named.to_owned(), signature)
        .await?;
    app.known_files.add(&known.file);
    Ok(known)
}

/// Gives the list of releases of a journal.
///
/// # Errors
/// `workspace` where it keeps none.
pub(crate) fn list(journal: &dyn Journal) -> Result<&dyn Releases, ApiError> {
    journal.releases().ok_or_else(|| {
        let message = "this workspace keeps no list of releases";
        ApiError::new(ErrorCode::Workspace, message, "open a workspace file")
    })
}

/// Signs a change with who asks for it and when.
pub(crate) fn signature(app: &App, caller: &Caller) -> Signature {
    Signature {
        by: caller.name.clone(),
        at: app.clock.now(),
    }
}

/// Says whether a known file is still there and still of its release.
async fn is_of(app: &App, known: &KnownRelease, release: &ReleaseId) -> bool {
    let files = Arc::clone(&app.chosen);
    let read = files.read(Path::new(&known.file), text::LIMIT).await;
    read.is_ok_and(|bytes| text::release_of(&bytes).as_ref() == Some(release))
}

impl From<Unwritten> for ApiError {
    fn from(unwritten: Unwritten) -> Self {
        let (code, hint) = match &unwritten {
            Unwritten::Changed { .. } => (
                ErrorCode::Refused,
                "read it again, and take over what the other one wrote; nothing was changed",
            ),
            Unwritten::Refused { .. } => (
                ErrorCode::FileUnreadable,
                "check the name and the permissions",
            ),
        };
        Self::new(code, unwritten.to_string(), hint)
    }
}
