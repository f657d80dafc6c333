//! GitHub: check runs and statuses of a commit, by its REST interface.

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
use serde::{Deserialize, de::DeserializeOwned};

use super::{
    commit::{Checks, State},
    unanswered,
};
use crate::http::{
    endpoint::{Endpoint, base_or},
    reading::{Ask, Reader},
};

const API: &str = "https://api.github.com";
/// How many checks one answer holds at most.
const PAGE: usize = 100;
/// After so many answers whoever has more is not looked at any more.
const MOST_PAGES: usize = 10;

/// GitHub, or a server of one's own with its interface.
pub struct Github {
    endpoint: Endpoint,
    reader: Reader,
}

#[derive(Deserialize)]
struct Runs {
    total_count: usize,
    check_runs: Vec<Run>,
}

#[derive(Deserialize)]
struct Run {
    name: String,
    status: String,
    #[serde(default)]
    conclusion: Option<String>,
}

#[derive(Deserialize)]
struct Combined {
    total_count: usize,
    statuses: Vec<Status>,
}

#[derive(Deserialize)]
struct Status {
    context: String,
    state: String,
}

impl Github {
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
            endpoint: Endpoint::new("GitHub", url, secrets).with_token(settings.token.clone()),
            reader: Reader::new(clock),
        })
    }

    async fn page<T: DeserializeOwned>(&self, path: &[&str], page: usize) -> Result<T, Fault> {
        let mut ask = Ask::behind(&self.endpoint, Method::GET, path).await?;
        ask.request
            .url_mut()
            .query_pairs_mut()
            .append_pair("per_page", &PAGE.to_string())
            .append_pair("page", &page.to_string());
        self.reader.read(&ask).await
    }

    async fn checks(&self, asked: &CiQuestion) -> Result<Checks, Fault> {
        let Some((owner, name)) = asked.repository.split_once('/') else {
            let repository = &asked.repository;
            return Err(Fault::refused(format!(
                "`{repository}` is not `owner/name`"
            )));
        };
        let commit = ["repos", owner, name, "commits", &asked.commit];
        let mut checks = Checks::default();
        let (runs, statuses) = (behind(&commit, "check-runs"), behind(&commit, "status"));
        for page in 1..=MOST_PAGES {
            let answer: Runs = self.page(&runs, page).await?;
            for run in &answer.check_runs {
                checks.add(&run.name, state_of_run(run));
            }
            if whole(page, answer.total_count, &self.endpoint)? {
                break;
            }
        }
        for page in 1..=MOST_PAGES {
            let answer: Combined = self.page(&statuses, page).await?;
            for status in &answer.statuses {
                checks.add(&status.context, state_of_status(&status.state));
            }
            if whole(page, answer.total_count, &self.endpoint)? {
                break;
            }
        }
        Ok(checks)
    }
}

#[async_trait]
impl Inquiry for Github {
    async fn ask(&self, question: &Question, timeout: Span) -> Result<ProbeAnswer, Fault> {
        let asked = match question {
            Question::Ci(asked) => asked,
            Question::Sql(_) => return Err(unanswered("github", "values")),
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
            let ask = Ask::behind(&self.endpoint, Method::GET, &["rate_limit"]).await?;
            let _limits: serde_json::Value = self.reader.read(&ask).await?;
            Ok(format!("{whom} answers"))
        };
        self.reader.within(timeout, &whom, greeting).await
    }
}

fn behind<'a>(commit: &[&'a str], what: &'a str) -> Vec<&'a str> {
    commit.iter().copied().chain([what]).collect()
}

/// Whether all was read; a check that nobody looked at must not count as passed.
fn whole(page: usize, total: usize, endpoint: &Endpoint) -> Result<bool, Fault> {
    if page * PAGE >= total {
        return Ok(true);
    }
    if page == MOST_PAGES {
        let whom = endpoint.whom();
        return Err(Fault::refused(format!(
            "{whom} has more checks than are looked at"
        )));
    }
    Ok(false)
}

fn state_of_run(run: &Run) -> State {
    match (run.status.as_str(), run.conclusion.as_deref()) {
        ("completed", Some("success" | "neutral" | "skipped")) => State::Passed,
        ("completed", _) => State::Failed,
        (_, _) => State::Running,
    }
}

fn state_of_status(state: &str) -> State {
    match state {
        "success" => State::Passed,
        "pending" => State::Running,
        _ => State::Failed,
    }
}
