//! Writing a file whole or not at all.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, ErrorKind, Write},
    path::{Path, PathBuf},
};

use gantry_model::digest::Digest;
use gantry_port::files::{Over, Unwritten};
use gantry_store::private::{make_folder, private};

/// Writes beside the file, then puts the new one in its place.
///
/// Between the look at what is there and the exchange another program may write: that is as small
/// as a file system without locks lets it be.
pub(super) fn write(path: &Path, bytes: &[u8], over: Over) -> Result<Digest, Unwritten> {
    let refused = |error: io::Error| Unwritten::Refused {
        path: path.into(),
        reason: super::reason(&error),
    };
    match over {
        Over::Nothing => create(path, bytes).map_err(refused)?,
        Over::Same(hash) => {
            // A link stays a link: what it leads to is exchanged.
            let target = fs::canonicalize(path).map_err(refused)?;
            if Digest::of(fs::read(&target).map_err(refused)?) != hash {
                return Err(Unwritten::Changed { path: path.into() });
            }
            exchange(&target, bytes).map_err(refused)?;
        }
    }
    Ok(Digest::of(bytes))
}

fn create(path: &Path, bytes: &[u8]) -> io::Result<()> {
    if let Some(folder) = path.parent() {
        make_folder(folder)?;
    }
    let mut file = private(OpenOptions::new().write(true).create_new(true)).open(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

fn exchange(target: &Path, bytes: &[u8]) -> io::Result<()> {
    let rights = fs::metadata(target)?.permissions();
    let (draft, mut file) = draft(target)?;
    let written = file
        .write_all(bytes)
        .and_then(|()| file.set_permissions(rights))
        .and_then(|()| file.sync_all())
        .and_then(|()| fs::rename(&draft, target));
    if written.is_err() {
        // What could not take the file's place is of no use to anybody.
        let _left = fs::remove_file(&draft);
    }
    written
}

/// Makes a file of its own beside the target, for nobody else to read yet.
fn draft(target: &Path) -> io::Result<(PathBuf, File)> {
    let process = std::process::id();
    for number in 0..u32::MAX {
        let draft = target.with_added_extension(format!("{process}-{number}.new"));
        match private(OpenOptions::new().write(true).create_new(true)).open(&draft) {
            Ok(file) => return Ok((draft, file)),
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
            Err(error) => return Err(error),
        }
    }
    Err(ErrorKind::AlreadyExists.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_changed_meanwhile_is_left_as_it_is() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("new/shop.yaml");
        let first = write(&file, b"one", Over::Nothing).unwrap();
        let second = write(&file, b"two", Over::Same(first)).unwrap();
        let late = write(&file, b"three", Over::Same(first));
        assert_eq!(late, Err(Unwritten::Changed { path: file.clone() }));
        assert_eq!(fs::read(&file).unwrap(), b"two");
        assert_eq!(second, Digest::of("two"));
        assert!(write(&file, b"four", Over::Nothing).is_err());
        let left = fs::read_dir(file.parent().unwrap()).unwrap().count();
        assert_eq!(left, 1, "nothing is left beside the file");
    }

    #[cfg(unix)]
    #[test]
    fn rights_and_links_stay_as_they_are() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let (file, link) = (folder.path().join("a.yaml"), folder.path().join("b.yaml"));
        let hash = write(&file, b"one", Over::Nothing).unwrap();
        fs::set_permissions(&file, fs::Permissions::from_mode(0o644)).unwrap();
        std::os::unix::fs::symlink(&file, &link).unwrap();
        write(&link, b"two", Over::Same(hash)).unwrap();
        assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
        assert_eq!(fs::read(&file).unwrap(), b"two");
        assert_eq!(
            fs::metadata(&file).unwrap().permissions().mode() & 0o777,
            0o644
        );
    }
}
