//! `checklist`: what people are asked for before and around a release, and their answers.

use std::path::{Path, PathBuf};

use gantry_model::{digest::Digest, id::ReleaseId};
use gantry_readiness::{
    event::{Evidence, Source, TestResult},
    request::Request,
};
use serde::{Deserialize, Serialize};

use crate::{
    app::{App, Caller},
    command::{Access, Command},
    error::{ApiError, ErrorCode},
    follow,
    readiness::{
        desk::{Desk, Writer},
        gate,
        look::{self, Which, reach_digest, reach_with_conditions},
        view::{self, View},
    },
    templates, workspace,
};

/// The longest file that is taken as evidence, in bytes.
const EVIDENCE_LIMIT: u64 = 256 * 1024 * 1024;

/// Shows or changes the preparation of a release.
#[derive(Clone, Debug, Deserialize)]
pub struct Checklist {
    /// A release id, or its file: a file is planned and put before people.
    pub release: String,
    /// What is done; without it the preparation is shown.
    #[serde(default)]
    pub action: Option<Action>,
}

/// What is done with a preparation.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Action {
    /// Answers an item.
    Tick {
        /// The item.
        item: String,
        /// The result.
        result: TestResult,
        /// What else there is to say.
        #[serde(default)]
        comment: Option<String>,
        /// A link, or a file that is hashed.
        #[serde(default)]
        evidence: Option<String>,
    },
    /// Runs the automatic items, or one of them.
    Check {
        /// The item.
        #[serde(default)]
        item: Option<String>,
        /// Whether the caller confirms what the file may reach.
        #[serde(default)]
        confirmed: Confirmed,
    },
    /// Asks something that needs nothing from outside.
    Ask(Request),
}

/// Whether somebody confirmed what a file may reach.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Confirmed {
    /// The caller has seen it and agrees.
    Yes,
    /// Only if it was confirmed before.
    #[default]
    Earlier,
}

/// A preparation after what was asked.
#[derive(Clone, Debug, Serialize)]
pub struct Prepared {
    /// How it stands.
    #[serde(flatten)]
    pub view: View,
    /// Who asks, by the name that their votes and ticks would be signed with.
    pub you: String,
    /// What the caller should know about their key.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub caution: Option<String>,
}

impl Command for Checklist {
    const NAME: &'static str = "checklist";
    const ACCESS: Access = Access::Operate;
    const ABOUT: &'static str =
        "Shows what people are asked for before and around a release, and takes their answers.";
    type Answer = Prepared;

    async fn execute(self, app: &App, caller: &Caller) -> Result<Prepared, ApiError> {
        let desk = Desk::open(app, caller)?;
        let (release, mut writer) = open(app, &desk, &self.release).await?;
        if let Some(action) = self.action {
            let by = match writer {
                Some(writer) => writer,
                None => desk.writer().await?,
            };
            act(app, &desk, (&release, &by), action).await?;
            writer = Some(by);
        }
        show(app, &desk, &release, writer).await
    }
}

/// Finds the release that is meant; a file is planned and put before people first.
pub(super) async fn open(
    app: &App,
    desk: &Desk<'_>,
    named: &str,
) -> Result<(ReleaseId, Option<Writer>), ApiError> {
    let file = PathBuf::from(named);
    let is_file =
        named.contains(['/', '\\']) || named.ends_with(".yaml") || named.ends_with(".yml");
    if !is_file {
        let release: ReleaseId =
            named
                .parse()
                .map_err(|error: gantry_model::id::InvalidName| {
                    ApiError::new(
                        ErrorCode::BadCall,
                        error.to_string(),
                        "name a release or its file",
                    )
                })?;
        gate::settle(desk, &release).await?;
        let presented = desk.preparation(&release).await?.state.presented.is_some();
        return match workspace::known(app, named).await {
            Ok(known) if !presented => put(app, desk, Path::new(&known.file)).await,
            Ok(_) | Err(_) => Ok((release, None)),
        };
    }
    put(app, desk, &file).await
}

/// Plans a file and puts it before people.
async fn put(
    app: &App,
    desk: &Desk<'_>,
    file: &Path,
) -> Result<(ReleaseId, Option<Writer>), ApiError> {
    let prepared = follow::prepare(app, file).await?;
    let release = prepared.plan.release.clone();
    gate::settle(desk, &release).await?;
    let writer = desk.writer().await?;
    desk.present(&writer, &prepared).await?;
    templates::keep(app, prepared.template.as_deref()).await;
    Ok((release, Some(writer)))
}

/// Shows how a preparation stands.
pub(super) async fn show(
    app: &App,
    desk: &Desk<'_>,
    release: &ReleaseId,
    writer: Option<Writer>,
) -> Result<Prepared, ApiError> {
    let preparation = desk.preparation(release).await?.state;
    let house = desk.house().await?.state;
    let none = || {
        let message = format!("nobody has put {release} before people yet");
        ApiError::new(
            ErrorCode::NoSuchPart,
            message,
            "`gantry checklist FILE` does, with its release file",
        )
    };
    let view = view::view(&preparation, &house, app.clock.now()).ok_or_else(none)?;
    let caution = writer.and_then(|writer| writer.caution);
    let you = desk.caller().name.clone();
    Ok(Prepared { view, you, caution })
}

async fn act(
    app: &App,
    desk: &Desk<'_>,
    (release, writer): (&ReleaseId, &Writer),
    action: Action,
) -> Result<(), ApiError> {
    let request = match action {
        Action::Ask(request) => request,
        Action::Check { item, confirmed } => {
            return check(app, desk, (release, writer), item, confirmed).await;
        }
        Action::Tick {
            item,
            result,
            comment,
            evidence,
        } => Request::Answer {
            item,
            result,
            source: Source::Person,
            comment,
            evidence: match evidence {
                Some(named) => Some(shown_by(app, named).await?),
                None => None,
            },
        },
    };
    desk.ask(release, writer, &request).await.map(drop)
}

async fn check(
    app: &App,
    desk: &Desk<'_>,
    (release, writer): (&ReleaseId, &Writer),
    item: Option<String>,
    confirmed: Confirmed,
) -> Result<(), ApiError> {
    let preparation = desk.preparation(release).await?.state;
    let Some(presented) = &preparation.presented else {
        return Ok(());
    };
    let Some(plan) = desk.plan(presented.plan).await? else {
        return Ok(());
    };
    if confirmed == Confirmed::Yes {
        let reach = reach_digest(&reach_with_conditions(&plan, &preparation));
        desk.ask(release, writer, &Request::ConfirmReach { reach })
            .await?;
    }
    let which = item.map_or(Which::All, Which::Named);
    look::look(app, desk, writer, (&plan, &which))
        .await
        .map(drop)
}

/// Takes an address as a link, and anything else as a file whose bytes are hashed.
async fn shown_by(app: &App, named: String) -> Result<Evidence, ApiError> {
    if named.starts_with("https://") || named.starts_with("http://") {
        return Ok(Evidence::Link(named));
    }
    let path = PathBuf::from(&named);
    let bytes = app.files.read(&path, EVIDENCE_LIMIT).await?;
    if u64::try_from(bytes.len()).is_ok_and(|length| length > EVIDENCE_LIMIT) {
        let message = format!("{named} is too long to be evidence");
        return Err(ApiError::new(
            ErrorCode::FileUnreadable,
            message,
            "give a link instead",
        ));
    }
    let name = path
        .file_name()
        .map(|name| name.to_string_lossy().into_owned());
    Ok(Evidence::File {
        name: name.unwrap_or(named),
        sha256: Digest::of(bytes),
    })
}
