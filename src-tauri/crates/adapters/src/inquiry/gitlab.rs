//! GitLab: the statuses of a commit, by version 4 of its interface.

use std::sync::Arc;

use async_trait::async_trait;
use gantry_model::{
    release::{check::question::CiQuestion, connection::Forge},
    unit::Span,
};
use gantry_port::{
    clock::Clock,
    fault::Fault,
    inquiry::{Inquiry, Question},
    probe::ProbeAnswer,
    secret::Secrets,
};
use reqwest::Method;
use serde::Deserialize;

use super::{
    commit::{Checks, State},
    unanswered,
};
use crate::http::{
    endpoint::{Endpoint, base_or},
    reading::{Ask, Reader},
};

const API: &str = "https://gitlab.com/api/v4";
/// How many statuses one answer holds at most.
const PAGE: usize = 100;
/// After so many answers whoever has more is not looked at any more.
const MOST_PAGES: usize = 10;

/// GitLab, or a server of one's own.
pub struct Gitlab {
    endpoint: Endpoint,
    reader: Reader,
}

#[derive(Deserialize)]
struct Commit {
    id: String,
}

#[derive(Deserialize)]
struct Status {
    name: String,
    status: String,
    #[serde(default)]
    allow_failure: bool,
}

impl Gitlab {
    /// Builds the adapter; nothing is reached yet.
    ///
    /// # Errors
    /// Never for settings that were read from a file.
    pub fn new(
        settings: &Forge,
        secrets: Arc<dyn Secrets>,
        clock: Arc<dyn Clock>,
    ) -> Result<Self, Fault> {
        let url = base_or(settings.url.as_ref(), API)?;
        Ok(Self {
            endpoint: Endpoint::new("GitLab", url, secrets).with_token(settings.token.clone()),
            reader: Reader::new(clock),
        })
    }

    async fn checks(&self, asked: &CiQuestion) -> Result<Checks, Fault> {
        let commits = ["projects", &asked.repository, "repository", "commits"];
        let behind = |rest: &[&str]| -> Vec<String> {
            let all = commits.iter().chain(rest);
            all.map(|part| (*part).to_owned()).collect()
        };
        // Statuses are kept by commit: a branch is followed to where it stands now.
        let named = behind(&[&asked.commit]);
        let named: Vec<&str> = named.iter().map(String::as_str).collect();
        let commit: Commit = self
            .reader
            .read(&Ask::behind(&self.endpoint, Method::GET, &named).await?)
            .await?;
        let statuses = behind(&[&commit.id, "statuses"]);
        let statuses: Vec<&str> = statuses.iter().map(String::as_str).collect();
        let mut checks = Checks::default();
        for page in 1..=MOST_PAGES {
            let mut ask = Ask::behind(&self.endpoint, Method::GET, &statuses).await?;
            ask.request
                .url_mut()
                .query_pairs_mut()
                .append_pair("per_page", &PAGE.to_string())
                .append_pair("page", &page.to_string());
            let answer: Vec<Status> = self.reader.read(&ask).await?;
            for status in &answer {
                checks.add(&status.name, state_of(status));
            }
            if answer.len() < PAGE {
                return Ok(checks);
            }
        }
        let whom = self.endpoint.whom();
        Err(Fault::refused(format!(
            "{whom} has more statuses than are looked at"
        )))
    }
}

#[async_trait]
impl Inquiry for Gitlab {
    async fn ask(&self, question: &Question, timeout: Span) -> Result<ProbeAnswer, Fault> {
        let asked = match question {
            Question::Ci(asked) => asked,
            Question::Sql(_) => return Err(unanswered("gitlab", "values")),
        };
        let whom = self.endpoint.whom();
        let checks = self
            .reader
            .within(timeout, &whom, self.checks(asked))
            .await?;
        checks.answer(asked)
    }

    async fn greet(&self, timeout: Span) -> Result<String, Fault> {
        let whom = self.endpoint.whom();
        let greeting = async {
            let ask = Ask::behind(&self.endpoint, Method::GET, &["version"]).await?;
            let _version: serde_json::Value = self.reader.read(&ask).await?;
            Ok(format!("{whom} answers"))
        };
        self.reader.within(timeout, &whom, greeting).await
    }
}

fn state_of(status: &Status) -> State {
    match status.status.as_str() {
        "success" | "skipped" => State::Passed,
        _ if status.allow_failure => State::Passed,
        "failed" | "canceled" => State::Failed,
        // Created, waiting, preparing, pending, running, scheduled, and manual: not ended.
        _ => State::Running,
    }
}
