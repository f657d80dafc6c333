//! The only place that prints.

use std::io::{IsTerminal, Write};

use serde::Serialize;
use tracing_subscriber::EnvFilter;

/// How answers are printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    /// Text for people.
    Text,
    /// JSON for programs.
    Json,
}

/// Prints answers on standard output and everything else on standard error.
///
/// Colours are left out where the stream is no terminal or `NO_COLOR` is set. A reader that went
/// away (`| head`) is no error of ours: what can no longer be printed is dropped.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Output {
    form: Form,
}

impl Output {
    pub(crate) fn new(json: bool) -> Self {
        Self {
            form: if json { Form::Json } else { Form::Text },
        }
    }

    pub(crate) fn form(&self) -> Form {
        self.form
    }

    /// Prints an answer: as JSON, or as the text that `text` draws.
    pub(crate) fn answer<T: Serialize>(&self, answer: &T, text: impl FnOnce(&T) -> String) {
        match self.form {
            Form::Json => self.json(answer),
            Form::Text => self.text(&text(answer)),
        }
    }

    /// Prints pretty JSON.
    pub(crate) fn json<T: Serialize>(&self, value: &T) {
        if let Ok(text) = serde_json::to_string_pretty(value) {
            self.text(&format!("{text}\n"));
        }
    }

    /// Prints text as it is.
    pub(crate) fn text(&self, text: &str) {
        let mut out = anstream::stdout().lock();
        let _ = out.write_all(text.as_bytes()).and_then(|()| out.flush());
    }

    /// Prints bytes as they are; documents are not always text.
    pub(crate) fn bytes(&self, bytes: &[u8]) {
        let mut out = std::io::stdout().lock();
        let _ = out.write_all(bytes).and_then(|()| out.flush());
    }

    /// Prints one line; every line is flushed, because somebody may be following.
    pub(crate) fn line(&self, line: &str) {
        self.text(&format!("{line}\n"));
    }

    /// Prints text for people beside the answer, on standard error.
    pub(crate) fn aside(&self, text: &str) {
        let mut error = anstream::stderr().lock();
        let _ = error
            .write_all(text.as_bytes())
            .and_then(|()| error.flush());
    }

    /// Whether a person watches standard output.
    pub(crate) fn is_watched(&self) -> bool {
        self.form == Form::Text && std::io::stdout().is_terminal()
    }

    /// Whether standard error takes colours.
    pub(crate) fn colours_aside(&self) -> bool {
        let choice = anstream::AutoStream::choice(&std::io::stderr());
        choice != anstream::ColorChoice::Never
    }
}

/// Sends what happens inside to standard error, if somebody asked for it.
pub(crate) fn trace(verbose: bool) {
    // Other crates may log whole requests with their secrets below `info`.
    let level = if verbose {
        "info,gantry_engine=debug,gantry_performer=debug,gantry_adapters=debug"
    } else {
        "off"
    };
    let asked = EnvFilter::try_from_env("GANTRY_LOG").unwrap_or_else(|_| EnvFilter::new(level));
    // These trace whole addresses and the ids of keys, whatever somebody asks for.
    let quiet = ["aws_sigv4=info", "aws_runtime=info"].into_iter();
    let filter = quiet
        .filter_map(|directive| directive.parse().ok())
        .fold(asked, EnvFilter::add_directive);
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .init();
}
