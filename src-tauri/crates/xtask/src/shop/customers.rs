//! Customers: a steady load on every service, and a count of what they were told.

use std::path::Path;
use std::process::{Child, Command, Stdio};

use anyhow::{Context, Result, bail};
use rustix::process::{Pid, Signal, kill_process};
use serde::Deserialize;

use crate::haproxy::Backend;

/// Load generators that run until they are sent away.
#[derive(Debug)]
pub struct Customers {
    groups: Vec<Group>,
}

#[derive(Debug)]
struct Group {
    service: String,
    generator: Option<Child>,
}

/// What the customers of one service were told.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
pub struct Answers {
    /// Requests sent.
    pub sent: u64,
    /// Answers by version and status.
    pub answers: Vec<Count>,
    /// Requests without any answer, by reason.
    pub failures: Vec<Failures>,
}

/// How often one version answered with one status.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Count {
    /// The version that answered, `-` where the router did.
    pub version: String,
    /// The status of the answer.
    pub status: u16,
    /// How often.
    pub count: u64,
}

/// How often there was no answer for one reason.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Failures {
    /// Why there was none.
    pub reason: String,
    /// How often.
    pub count: u64,
}

impl Answers {
    /// Gives the answers of a version, whatever their status.
    #[must_use]
    pub fn of(&self, version: &str) -> u64 {
        let given = self.answers.iter().filter(|one| one.version == version);
        given.map(|one| one.count).sum()
    }

    /// Gives how many requests a version answered otherwise than by 200.
    #[must_use]
    pub fn failed_at(&self, version: &str) -> u64 {
        let given = self.answers.iter().filter(|one| one.version == version);
        given
            .filter(|one| one.status != 200)
            .map(|one| one.count)
            .sum()
    }

    /// Gives the versions that answered, each once; the router, which answers as `-`, is none.
    #[must_use]
    pub fn versions(&self) -> Vec<&str> {
        let named = self.answers.iter().filter(|one| one.version != "-");
        let versions: std::collections::BTreeSet<&str> =
            named.map(|one| one.version.as_str()).collect();
        versions.into_iter().collect()
    }

    /// Gives the requests that no version answered: the router did, or nobody.
    #[must_use]
    pub fn unanswered(&self) -> u64 {
        self.failed_at("-") + self.failures.iter().map(|one| one.count).sum::<u64>()
    }

    /// Answers other than 200 that this version did not give: failures that somebody else caused.
    #[must_use]
    pub fn failed_apart_from(&self, version: &str) -> u64 {
        let answered = self
            .answers
            .iter()
            .filter(|one| one.status != 200 && one.version != version);
        answered.map(|one| one.count).sum::<u64>()
            + self.failures.iter().map(|one| one.count).sum::<u64>()
    }
}

impl Customers {
    /// Starts a load generator a backend, at so many requests a second; the binary is [`crate::fixture::binary`].
    ///
    /// # Errors
    ///
    /// When it cannot be started.
    pub fn come(binary: &Path, crowds: &[(&Backend, u32)]) -> Result<Self> {
        let mut customers = Self { groups: Vec::new() };
        for (backend, rate) in crowds {
            let generator = Command::new(binary)
                .args(["load", "--json", "--url", &backend.url()])
                .args(["--rate", &rate.to_string()])
                .stdout(Stdio::piped())
                .spawn()
                .context("cannot run the load generator")?;
            customers.groups.push(Group {
                service: backend.name.clone(),
                generator: Some(generator),
            });
        }
        Ok(customers)
    }

    /// Sends them away and gives what they were told, by service.
    ///
    /// # Errors
    ///
    /// When a load generator did not count to its end.
    pub fn leave(mut self) -> Result<Vec<(String, Answers)>> {
        self.groups.iter_mut().map(Group::leave).collect()
    }
}

impl Group {
    fn leave(&mut self) -> Result<(String, Answers)> {
        let service = self.service.clone();
        let Some(generator) = self.generator.take() else {
            bail!("the customers of {service} have left before");
        };
        let pid = i32::try_from(generator.id()).ok().and_then(Pid::from_raw);
        kill_process(pid.context("a process has a number")?, Signal::TERM)
            .with_context(|| format!("lost the customers of {service}"))?;
        let output = generator
            .wait_with_output()
            .with_context(|| format!("lost the customers of {service}"))?;
        let answers = serde_json::from_slice(&output.stdout)
            .with_context(|| format!("the customers of {service} say nothing"))?;
        Ok((service, answers))
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        if let Some(mut generator) = self.generator.take() {
            let _already_gone = generator.kill();
            let _already_reaped = generator.wait();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn failures_of_the_bad_version_are_its_own() {
        let answers: Answers = serde_json::from_str(
            r#"{ "sent": 13,
                 "answers": [ { "version": "1.1", "status": 200, "count": 5 },
                              { "version": "1.2", "status": 500, "count": 4 },
                              { "version": "-", "status": 503, "count": 3 } ],
                 "failures": [ { "reason": "timeout", "count": 1 } ] }"#,
        )
        .unwrap();
        assert_eq!(answers.failed_apart_from("1.2"), 4);
    }
}
