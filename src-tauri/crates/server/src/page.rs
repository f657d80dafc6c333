//! The files of the page: from the program itself, or from a folder.

use std::{
    fs,
    path::{Component, Path, PathBuf},
    sync::Arc,
};

use axum::{
    extract::State,
    http::{StatusCode, Uri, header},
    response::{IntoResponse, Response},
};
use percent_encoding::percent_decode_str;

use crate::refusal::told;

mod built {
    include!(concat!(env!("OUT_DIR"), "/page.rs"));
}

/// What shows wherever the address is no file: the page finds its place itself.
const FIRST: &str = "index.html";

/// Where the files of the page come from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Page {
    /// A folder with an `index.html`.
    Folder(PathBuf),
    /// What was built into the program.
    BuiltIn,
}

impl Page {
    /// Gives the page of this build: a release build carries it, a debug build has a folder.
    pub fn of_this_build() -> Self {
        match built::FOLDER {
            Some(folder) => Self::Folder(folder.into()),
            None => Self::BuiltIn,
        }
    }

    /// Says whether there is a page at all.
    pub fn is_there(&self) -> bool {
        self.read(FIRST).is_some()
    }

    /// Reads one file by its name under the page.
    fn read(&self, name: &str) -> Option<Vec<u8>> {
        match self {
            Self::Folder(folder) => from_folder(folder, name),
            Self::BuiltIn => {
                let found = built::EMBEDDED.iter().find(|(known, _)| *known == name);
                found.map(|(_, bytes)| bytes.to_vec())
            }
        }
    }
}

/// Reads a file that lies in a folder: no way up, and no link out.
fn from_folder(folder: &Path, name: &str) -> Option<Vec<u8>> {
    let inside = Path::new(name);
    let plain = |part: Component<'_>| matches!(part, Component::Normal(_));
    if name.contains(['\\', '\0']) || !inside.components().all(plain) {
        return None;
    }
    let folder = fs::canonicalize(folder).ok()?;
    let file = fs::canonicalize(folder.join(inside)).ok()?;
    let is_inside = file.starts_with(&folder) && file.is_file();
    if is_inside { fs::read(file).ok() } else { None }
}

/// Serves a file of the page.
pub(crate) async fn serve(State(page): State<Arc<Page>>, uri: Uri) -> Response {
    let decoded = percent_decode_str(uri.path()).decode_utf8();
    let Ok(name) = decoded.as_deref().map(|path| path.trim_start_matches('/')) else {
        return told(StatusCode::NOT_FOUND, "There is nothing here.");
    };
    if let Some(bytes) = page.read(name).filter(|_| !name.is_empty()) {
        return file(name, bytes);
    }
    if name.contains(['.', '\\', '\0']) || name.starts_with("api/") {
        return told(StatusCode::NOT_FOUND, "There is nothing here.");
    }
    match page.read(FIRST) {
        Some(bytes) => file(FIRST, bytes),
        None => told(
            StatusCode::NOT_FOUND,
            "This build of Gantry carries no page. Build it (ui) and name its folder with --ui.",
        ),
    }
}

fn file(name: &str, bytes: Vec<u8>) -> Response {
    ([(header::CONTENT_TYPE, media(name))], bytes).into_response()
}

/// Gives the media type of the kinds of file that a page is built of.
fn media(name: &str) -> &'static str {
    match Path::new(name)
        .extension()
        .and_then(|ending| ending.to_str())
    {
        Some("html") => "text/html; charset=utf-8",
        Some("js" | "mjs") => "text/javascript; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("json" | "map") => "application/json",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        Some("ico") => "image/x-icon",
        Some("woff2") => "font/woff2",
        Some("txt") => "text/plain; charset=utf-8",
        Some(_) | None => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_outside_the_folder_is_read() {
        let folder = tempfile::tempdir().unwrap();
        let page = folder.path().join("page");
        fs::create_dir(&page).unwrap();
        fs::write(folder.path().join("secret.txt"), "secret").unwrap();
        fs::write(page.join("a.js"), "1").unwrap();
        assert!(from_folder(&page, "a.js").is_some());
        for name in [
            "../secret.txt",
            "/etc/hostname",
            "x/../../secret.txt",
            "..\\secret.txt",
            "a.js\0",
        ] {
            assert_eq!(from_folder(&page, name), None, "{name}");
        }
        #[cfg(unix)]
        {
            std::os::unix::fs::symlink(folder.path().join("secret.txt"), page.join("out.txt"))
                .unwrap();
            assert_eq!(from_folder(&page, "out.txt"), None);
        }
    }
}
