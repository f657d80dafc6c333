//! Installing services without starting them.
//!
//! Debian starts what it installs, and servers of metrics listen on every address of the machine.
//! Tests and demo start their own on loopback, so nobody needs those.

use std::fs::{OpenOptions, Permissions, remove_file, set_permissions};
use std::io::{ErrorKind, Write};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

use crate::say::say;

/// The program that Debian asks before it starts a service.
pub(super) const POLICY: &str = "/usr/sbin/policy-rc.d";

/// Answers "no" to every start.
const NO: &str = "#!/bin/sh\nexit 101\n";

/// While this lives no installed package starts a service.
pub(super) struct Quiet {
    ours: Option<PathBuf>,
}

impl Quiet {
    /// Puts a policy into place; one that is there already stays, and decides.
    pub(super) fn begin(policy: &Path) -> Result<Self> {
        let opened = OpenOptions::new().write(true).create_new(true).open(policy);
        let mut file = match opened {
            Ok(file) => file,
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {
                return Ok(Self { ours: None });
            }
            Err(error) => return Err(error).context("cannot keep services from starting"),
        };
        let quiet = Self {
            ours: Some(policy.to_path_buf()),
        };
        file.write_all(NO.as_bytes())
            .and_then(|()| set_permissions(policy, Permissions::from_mode(0o755)))
            .context("cannot keep services from starting")?;
        Ok(quiet)
    }
}

impl Drop for Quiet {
    fn drop(&mut self) {
        if let Some(policy) = &self.ours
            && let Err(error) = remove_file(policy)
        {
            say(format_args!(
                "setup: remove {} by hand: {error}",
                policy.display()
            ));
        }
    }
}

/// Keeps a service from starting at the next boot; says so where it cannot.
pub(super) fn disable(service: &str) {
    let unit = format!("{service}.service");
    let disabled = Command::new("systemctl")
        .args(["disable", "--quiet", &unit])
        .output();
    match disabled {
        Ok(output) if output.status.success() => {}
        // Without systemd nothing starts services by units.
        Err(error) if error.kind() == ErrorKind::NotFound => {}
        Ok(_) | Err(_) => say(format_args!(
            "setup: {unit} may start at the next boot: systemctl disable {unit}"
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_policy_of_ones_own_stays_and_ours_goes() {
        let folder = tempfile::tempdir().unwrap();
        let policy = folder.path().join("policy-rc.d");
        let quiet = Quiet::begin(&policy).unwrap();
        assert_eq!(std::fs::read_to_string(&policy).unwrap(), NO);
        drop(quiet);
        assert!(!policy.exists());
        std::fs::write(&policy, "theirs").unwrap();
        drop(Quiet::begin(&policy).unwrap());
        assert_eq!(std::fs::read_to_string(&policy).unwrap(), "theirs");
    }
}
