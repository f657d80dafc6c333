//! The fixture service as a static binary and as container images.

use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};

use crate::cargo;
use crate::docker::{Body, Engine, encoded};
use crate::say::say;

/// Names the static binary to whatever runs inside the sandbox.
pub const BINARY_VARIABLE: &str = "GANTRY_FIXTURE";

const TARGET: &str = "x86_64-unknown-linux-gnu";

/// Builds the fixture as one static file and says where it is.
///
/// It has a target folder of its own: other flags for the same crates would otherwise make every
/// build of the workspace start again.
///
/// # Errors
///
/// When it does not compile.
pub fn build() -> Result<PathBuf> {
    let folder = cargo::target().join("fixture");
    let arguments = [
        "build",
        "--quiet",
        "--release",
        "--package",
        "gantry-fixture",
        "--target",
        TARGET,
    ];
    say(format_args!("$ cargo {} (static)", arguments.join(" ")));
    let status = cargo::cargo()
        .args(arguments)
        .arg("--target-dir")
        .arg(&folder)
        .env("RUSTFLAGS", "-C target-feature=+crt-static")
        .status()
        .context("cannot run cargo")?;
    if !status.success() {
        bail!("the fixture does not build: {status}");
    }
    Ok(folder.join(TARGET).join("release").join("gantry-fixture"))
}

/// The static binary that the sandbox was started with.
///
/// # Errors
///
/// Outside of the sandbox.
pub fn binary() -> Result<PathBuf> {
    let path = std::env::var_os(BINARY_VARIABLE)
        .with_context(|| format!("{BINARY_VARIABLE} is not set: this is not the sandbox"))?;
    Ok(PathBuf::from(path))
}

/// A container image of the fixture: a name, and who the service in it is.
#[derive(Debug, Clone)]
pub struct Image {
    repository: String,
    tag: String,
    variables: Vec<(String, String)>,
}

impl Image {
    /// An image `REPOSITORY:TAG` whose service says that it is the repository's last word in the
    /// version of the tag; it listens on port 8080 and checks its own health twice a second.
    #[must_use]
    pub fn new(repository: &str, tag: &str) -> Self {
        let service = repository.rsplit('/').next().unwrap_or(repository);
        let image = Self {
            repository: repository.to_owned(),
            tag: tag.to_owned(),
            variables: Vec::new(),
        };
        image
            .with("HOST", "0.0.0.0")
            .with("PORT", "8080")
            .with("SERVICE", service)
            .with("VERSION", tag)
    }

    /// Adds a variable of the fixture's environment, such as `UNHEALTHY` or `BAD_AFTER_REQUESTS`.
    #[must_use]
    pub fn with(mut self, name: &str, value: &str) -> Self {
        self.variables.push((name.to_owned(), value.to_owned()));
        self
    }

    /// The name under which a container is made of it.
    #[must_use]
    pub fn reference(&self) -> String {
        format!("{}:{}", self.repository, self.tag)
    }

    /// Puts the image into the daemon's store and gives its name.
    ///
    /// It consists of the one static file: no base image is needed and nothing is downloaded.
    ///
    /// # Errors
    ///
    /// When the daemon refuses it.
    pub fn import(&self, engine: &Engine, binary: &Path) -> Result<String> {
        let path = format!(
            "/images/create?fromSrc=-&repo={}&tag={}{}",
            encoded(&self.repository),
            encoded(&self.tag),
            self.changes()
        );
        let answer = engine.request("POST", &path, Body::Tar(&archive(binary)?))?;
        let words = String::from_utf8_lossy(&answer);
        // The daemon has sent its status before it reads the archive: errors come in the stream.
        if words.contains("\"error\"") {
            bail!("the image {} was refused: {words}", self.reference());
        }
        Ok(self.reference())
    }

    fn changes(&self) -> String {
        let mut lines = vec![
            "ENTRYPOINT [\"/gantry-fixture\"]".to_owned(),
            "CMD [\"serve\"]".to_owned(),
            "EXPOSE 8080".to_owned(),
            "HEALTHCHECK --interval=500ms --timeout=2s --retries=2 \
             CMD [\"/gantry-fixture\", \"healthcheck\", \"http://127.0.0.1:8080/healthz\"]"
                .to_owned(),
        ];
        for (name, value) in &self.variables {
            lines.push(format!("ENV {name}={value}"));
        }
        lines.iter().fold(String::new(), |mut query, line| {
            // Writing to a String cannot fail.
            let _infallible = write!(query, "&changes={}", encoded(line));
            query
        })
    }
}

fn archive(binary: &Path) -> Result<Vec<u8>> {
    let folder = binary.parent().context("a binary lies in a folder")?;
    let output = Command::new("tar")
        .args(["--create", "--owner=0", "--group=0", "--mode=755"])
        .arg("--directory")
        .arg(folder)
        .arg("gantry-fixture")
        .stderr(Stdio::inherit())
        .output()
        .context("cannot run tar")?;
    if !output.status.success() {
        bail!("tar ended with {}", output.status);
    }
    Ok(output.stdout)
}
