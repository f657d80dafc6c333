//! What the program answered.

use serde_json::Value;

/// Exit status and both outputs of a program that has ended.
#[derive(Clone, Debug)]
pub struct Answer {
    /// What was called, for messages.
    pub call: String,
    /// The exit status; `None` if a signal ended it.
    pub status: Option<i32>,
    /// Standard output.
    pub out: String,
    /// Standard error.
    pub err: String,
}

impl Answer {
    /// Demands an exit status.
    #[track_caller]
    pub fn exits(self, status: i32) -> Self {
        assert_eq!(
            self.status,
            Some(status),
            "`{}`\n--- standard output\n{}\n--- standard error\n{}",
            self.call,
            self.out,
            self.err
        );
        self
    }

    /// Demands that standard output or standard error says something.
    #[track_caller]
    pub fn says(self, words: &str) -> Self {
        assert!(
            self.out.contains(words) || self.err.contains(words),
            "`{}` does not say {words:?}\n--- standard output\n{}\n--- standard error\n{}",
            self.call,
            self.out,
            self.err
        );
        self
    }

    /// Reads standard output as one JSON value.
    #[track_caller]
    pub fn json(&self) -> Value {
        match serde_json::from_str(&self.out) {
            Ok(value) => value,
            Err(error) => panic!("`{}` prints no JSON: {error}\n{}", self.call, self.out),
        }
    }

    /// Reads standard output as one JSON value per line.
    #[track_caller]
    pub fn events(&self) -> Vec<Value> {
        let read = |line: &str| match serde_json::from_str(line) {
            Ok(value) => value,
            Err(error) => panic!("`{}` prints no JSON: {error}\n{line}", self.call),
        };
        self.out.lines().map(read).collect()
    }

    /// Demands that standard output is JSON, whole or a value per line.
    #[track_caller]
    pub fn events_or_json(&self) {
        if serde_json::from_str::<Value>(&self.out).is_err() {
            self.events();
        }
    }
}
