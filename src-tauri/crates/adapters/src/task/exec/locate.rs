//! Finds the executable that a name means, before anything is claimed.

use std::{
    env::split_paths,
    path::{Path, PathBuf},
};

use rustix::fs::{Access, access};

/// Finds the executable: a name with a slash is relative to the folder, a bare one is looked up
/// in `path`. The error is a sentence that names what was looked for and where.
pub(super) fn locate(name: &str, folder: &Path, path: &str) -> Result<PathBuf, String> {
    let shown = folder.display();
    if !folder.is_dir() {
        return Err(format!(
            "the folder {shown} that `{name}` should start in does not exist"
        ));
    }
    if name.contains('/') {
        return match check(folder.join(name)) {
            Found::Executable(program) => Ok(program),
            Found::NotExecutable(program) => Err(not_executable(name, &program)),
            Found::Nothing => Err(format!("`{name}` does not exist in {shown}")),
        };
    }
    let mut blocked = None;
    // An empty name would find the folders themselves.
    for place in split_paths(path).filter(|_| !name.is_empty()) {
        match check(folder.join(place).join(name)) {
            Found::Executable(program) => return Ok(program),
            Found::NotExecutable(program) => blocked = blocked.or(Some(program)),
            Found::Nothing => {}
        }
    }
    Err(match blocked {
        Some(program) => not_executable(name, &program),
        None => format!(
            "`{name}` is not in PATH ({path}); write `./{name}` if it lies beside the release file"
        ),
    })
}

enum Found {
    Executable(PathBuf),
    NotExecutable(PathBuf),
    Nothing,
}

fn check(program: PathBuf) -> Found {
    if !program.is_file() {
        return Found::Nothing;
    }
    match access(&program, Access::EXEC_OK) {
        Ok(()) => Found::Executable(program),
        Err(_) => Found::NotExecutable(program),
    }
}

fn not_executable(name: &str, program: &Path) -> String {
    let program = program.display();
    format!("`{name}` is not executable: chmod +x {program}")
}
