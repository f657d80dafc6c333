//! A key in a file that only its owner can read.

use std::{
    fs,
    io::{self, ErrorKind, Write},
    path::{Path, PathBuf},
};

use gantry_store::private::{make_folder, private};

use super::Seed;

/// Gives the file of a name; names that are no file names are written as digits.
pub(super) fn path(folder: &Path, name: &str) -> PathBuf {
    let simple = |byte: u8| byte.is_ascii_alphanumeric() || b"-_@".contains(&byte);
    let plain = !name.is_empty() && name.len() <= 100 && name.bytes().all(simple);
    let file = if plain {
        format!("{name}.key")
    } else {
        format!("{}.name.key", gantry_model::digest::Digest::of(name)).replace(':', "-")
    };
    folder.join(file)
}

/// Reads a key; `None` where there is no file.
pub(super) fn read(file: &Path) -> io::Result<Option<Seed>> {
    let text = match fs::read_to_string(file) {
        Ok(text) => text,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error),
    };
    refuse_open(file)?;
    let no_key = || io::Error::new(ErrorKind::InvalidData, "this is not a key");
    parse(text.trim()).ok_or_else(no_key).map(Some)
}

/// Makes the file with a key; where another process was first, its key is taken.
pub(super) fn make(file: &Path, seed: Seed) -> io::Result<Seed> {
    if let Some(folder) = file.parent() {
        make_folder(folder)?;
    }
    // Written whole under another name first, so that nobody reads half a key.
    let draft = file.with_extension(format!("draft-{}", std::process::id()));
    let mut options = fs::OpenOptions::new();
    let open = private(options.write(true).create(true).truncate(true)).open(&draft);
    let mut open = open?;
    open.write_all(hex::encode(seed).as_bytes())?;
    open.sync_all()?;
    let linked = fs::hard_link(&draft, file);
    fs::remove_file(&draft)?;
    match linked {
        Ok(()) => Ok(seed),
        Err(error) if error.kind() == ErrorKind::AlreadyExists => {
            read(file)?.ok_or_else(|| ErrorKind::NotFound.into())
        }
        Err(error) => Err(error),
    }
}

/// Reads the digits of a key.
pub(super) fn parse(text: &str) -> Option<Seed> {
    hex::decode(text).ok()?.try_into().ok()
}

#[cfg(unix)]
fn refuse_open(file: &Path) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    let mode = fs::metadata(file)?.permissions().mode();
    if mode & 0o077 == 0 {
        return Ok(());
    }
    let sentence = "others can read it, so that it proves nothing: `chmod 600` it, or take it away";
    Err(io::Error::new(ErrorKind::PermissionDenied, sentence))
}

#[cfg(not(unix))]
fn refuse_open(_: &Path) -> io::Result<()> {
    Ok(())
}
