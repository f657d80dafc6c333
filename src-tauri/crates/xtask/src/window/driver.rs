//! A session with the web view's driver, in the WebDriver protocol.

use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use super::dying_with_us;
use crate::http::{JSON, Request, exchange};

const PATIENCE: Duration = Duration::from_secs(60);
const PAUSE: Duration = Duration::from_millis(100);

/// The name under which the protocol hands out elements.
const ELEMENT: &str = "element-6066-11e4-a52e-4f735466cecf";

/// Calls back after the frame that follows the next one; a picture taken sooner is of the past.
const TWO_FRAMES: &str = "const [done] = arguments;
requestAnimationFrame(() => requestAnimationFrame(() => done()));";

/// The app, opened and driven; ended when it is dropped.
pub(super) struct Session {
    driver: Child,
    port: u16,
    id: String,
}

impl Session {
    /// Starts the driver on this display and has it open the app with a file.
    pub(super) fn open(display: &str, binary: &Path, file: &Path) -> Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").context("no free port")?;
        let port = listener.local_addr().context("no free port")?.port();
        drop(listener);
        let driver = dying_with_us("WebKitWebDriver")
            .args(["--host=127.0.0.1", &format!("--port={port}")])
            .env("DISPLAY", display)
            .env("GDK_BACKEND", "x11")
            .env("LANG", "en_US.UTF-8")
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
        };
        session.wait_for_driver()?;
        session.id = session.start_app(binary, file)?;
        Ok(session)
    }

    fn wait_for_driver(&mut self) -> Result<()> {
        let started = Instant::now();
        while self.ask("GET", "/status", &Value::Null).is_err() {
            let ended = self.driver.try_wait().context("lost the driver")?;
            if ended.is_some() || started.elapsed() > PATIENCE {
                bail!("WebKitWebDriver does not start");
            }
            std::thread::sleep(PAUSE);
        }
        Ok(())
    }

    fn start_app(&self, binary: &Path, file: &Path) -> Result<String> {
        // A workspace beside the file: not that of the person who runs this.
        let workspace = file.with_extension("db");
        let options = json!({ "binary": binary, "args": ["--db", workspace, file] });
        let wanted = json!({ "alwaysMatch": { "webkitgtk:browserOptions": options } });
        let answer = self.ask("POST", "/session", &json!({ "capabilities": wanted }))?;
        let id = answer["sessionId"].as_str().context("no session")?;
        Ok(id.to_owned())
    }

    /// Waits until the text of the first element that matches is as wanted.
    ///
    /// What the page shows first is often not yet what it asked for.
    pub(super) fn wait_for(&self, selector: &str, wanted: impl Fn(&str) -> bool) -> Result<()> {
        let started = Instant::now();
        loop {
            // An element may be drawn anew between being found and being read.
            let seen = self.first_text(selector);
            if seen.as_deref().is_ok_and(&wanted) {
                return Ok(());
            }
            if started.elapsed() > PATIENCE {
                bail!("the window shows at `{selector}`: {seen:?}");
            }
            std::thread::sleep(PAUSE);
        }
    }

    fn first_text(&self, selector: &str) -> Result<String> {
        let query = json!({ "using": "css selector", "value": selector });
        let found = self.ask("POST", &self.path("elements"), &query)?;
        let elements = found.as_array().context("no list of elements")?;
        self.text(elements.first().context("no such element")?)
    }

    fn text(&self, element: &Value) -> Result<String> {
        let id = element[ELEMENT].as_str().context("an element has no id")?;
        // Not `text`: WebKit's driver was seen to give nothing for a title that stood on the screen.
        let path = self.path(&format!("element/{id}/property/textContent"));
        let text = self.ask("GET", &path, &Value::Null)?;
        Ok(text.as_str().unwrap_or_default().trim().to_owned())
    }

    /// Leaves a picture of the page as it is once everything has been drawn.
    pub(super) fn picture(&self, path: &Path) -> Result<()> {
        let wait = json!({ "script": TWO_FRAMES, "args": [] });
        self.ask("POST", &self.path("execute/async"), &wait)?;
        let picture = self.ask("GET", &self.path("screenshot"), &Value::Null)?;
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

    fn path(&self, rest: &str) -> String {
        format!("/session/{}/{rest}", self.id)
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
        let _already_gone = self.driver.kill();
        let _already_reaped = self.driver.wait();
    }
}
