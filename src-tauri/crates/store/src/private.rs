//! Files and folders that nobody but their owner can read: workspaces, keys, new release files.

use std::{
    fs::{DirBuilder, OpenOptions},
    io,
    path::Path,
};

/// Lets the file that these options make be read by its owner alone, where the system knows owners.
pub fn private(options: &mut OpenOptions) -> &mut OpenOptions {
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(options, 0o600);
    options
}

/// Makes a folder with those around it, for their owner alone; one that is there stays as it is.
///
/// # Errors
/// The system's.
pub fn make_folder(folder: &Path) -> io::Result<()> {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}
