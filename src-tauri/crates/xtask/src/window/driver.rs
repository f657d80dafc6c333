//! A session with the web view's driver, in the WebDriver protocol.

use std::ffi::OsStr;
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Stdio};

use anyhow::{Context, Result, bail};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use super::display::dying_with_us;
use super::processes;
use super::stage::Stage;
use super::waiting::{PATIENCE, until};
use crate::http::{JSON, Request, exchange, free_port};

/// Calls back after the frame that follows the next one; a picture taken sooner is of the past.
const TWO_FRAMES: &str = "const [done] = arguments;
requestAnimationFrame(() => requestAnimationFrame(() => done()));";

/// An app, opened and driven; ended with all its processes when it is dropped.
pub(super) struct Session {
    driver: Child,
    port: u16,
    id: String,
    app: u32,
}

impl Session {
    /// Starts the driver on a stage and has it open the app with these arguments.
    pub(super) fn open(stage: &Stage, arguments: &[&OsStr]) -> Result<Self> {
        let port = free_port()?;
        let mut command = dying_with_us("WebKitWebDriver");
        stage.lend(&mut command);
        let driver = command
            .args(["--host=127.0.0.1", &format!("--port={port}")])
            // The web view takes commands only when it is asked to at its start.
            .env("TAURI_WEBVIEW_AUTOMATION", "true")
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .context("cannot run WebKitWebDriver: run `cargo xtask setup`")?;
        let mut session = Self {
            driver,
            port,
            id: String::new(),
            app: 0,
        };
        until("the driver", || session.ask("GET", "/status", &Value::Null))?;
        session.id = session.start_app(stage.binary(), arguments)?;
        session.app = session.find_app(stage.binary())?;
        Ok(session)
    }

    fn start_app(&self, binary: &Path, arguments: &[&OsStr]) -> Result<String> {
        let words: Vec<_> = arguments
            .iter()
            .map(|word| word.to_string_lossy())
            .collect();
        let options = json!({ "binary": binary, "args": words });
        let wanted = json!({ "alwaysMatch": { "webkitgtk:browserOptions": options } });
        let answer = self.ask("POST", "/session", &json!({ "capabilities": wanted }))?;
        let id = answer["sessionId"].as_str().context("no session")?;
        Ok(id.to_owned())
    }

    fn find_app(&self, binary: &Path) -> Result<u32> {
        let started = processes::descendants(self.driver.id());
        let mut apps = started.into_iter();
        apps.find(|pid| processes::runs(*pid, binary))
            .context("the app that the driver started is not to be found")
    }

    /// The process of the app itself.
    pub(super) const fn app(&self) -> u32 {
        self.app
    }

    /// Ends the app as a power cut would: it is given no chance to do anything more.
    pub(super) fn kill_app(&self) -> Result<()> {
        processes::kill(&[self.app]);
        until("the end of the app", || {
            // What it started is somebody else's only once its last thread is gone.
            if processes::lives(self.app) || !processes::descendants(self.app).is_empty() {
                bail!("it lives")
            }
            Ok(())
        })
    }

    /// Runs a function's body in the page and gives what it returns.
    pub(super) fn run(&self, script: &str, arguments: &Value) -> Result<Value> {
        let body = json!({ "script": script, "args": arguments });
        self.say("execute/sync", &body)
    }

    /// Tells the session something, such as to click an element.
    pub(super) fn say(&self, rest: &str, body: &Value) -> Result<Value> {
        self.ask("POST", &format!("/session/{}/{rest}", self.id), body)
    }

    /// Leaves a picture of the page as it is once everything has been drawn.
    pub(super) fn picture(&self, path: &Path) -> Result<()> {
        self.say(
            "execute/async",
            &json!({ "script": TWO_FRAMES, "args": [] }),
        )?;
        let address = format!("/session/{}/screenshot", self.id);
        let picture = self.ask("GET", &address, &Value::Null)?;
        let bytes = STANDARD
            .decode(picture.as_str().context("no picture")?)
            .context("no picture")?;
        std::fs::write(path, bytes).with_context(|| path.display().to_string())
    }

    /// Closes the app.
    pub(super) fn close(&self) -> Result<()> {
        let path = format!("/session/{}", self.id);
        self.ask("DELETE", &path, &Value::Null).map(drop)
    }

    fn ask(&self, method: &str, path: &str, body: &Value) -> Result<Value> {
        let stream = TcpStream::connect(("127.0.0.1", self.port))?;
        stream.set_read_timeout(Some(PATIENCE))?;
        let content = match body {
            Value::Null => Vec::new(),
            other => serde_json::to_vec(other)?,
        };
        let request = Request {
            method,
            path,
            kind: JSON,
            content: &content,
        };
        let answer = exchange(stream, &request).with_context(|| format!("{method} {path}"))?;
        let mut document: Value = serde_json::from_slice(&answer.content)
            .with_context(|| format!("{method} {path}: no JSON"))?;
        let value = document["value"].take();
        if answer.status >= 400 {
            bail!("{method} {path} answered {}: {value}", answer.status);
        }
        Ok(value)
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        // The driver leaves what it started behind, and that would hold the screen.
        processes::kill(&processes::descendants(self.driver.id()));
        let _already_gone = self.driver.kill();
        let _already_reaped = self.driver.wait();
    }
}
