//! What people do in the window, done in the real one.

mod around;
mod draw;
mod launch;

use std::ffi::OsStr;
use std::path::Path;
use std::time::Instant;

use anyhow::{Context, Result, bail, ensure};
use serde_json::json;

use super::driver::Session;
use super::page::Page;
use super::stage::Stage;
use crate::{cargo, say::say};

/// A flow: what it shows, as a sentence, and how it is done.
type Flow = (&'static str, fn(&Stage, &Path) -> Result<()>);

const FLOWS: [Flow; 4] = [
    ("a file whose words are markup is shown as text", hostile),
    ("a graph is drawn and rehearsed", draw::a_graph),
    (
        "a launch is voted, started, killed, resumed, rolled back and reported",
        launch::from_vote_to_report,
    ),
    (
        "a second start and a link come to the one window, and it asks before it leaves a run",
        around::the_window,
    ),
];

/// The screens beside a release, and the tabs of one.
const SCREENS: [&str; 6] = [
    "releases",
    "catalogue",
    "connections",
    "insights",
    "journal",
    "settings",
];
const TABS: [&str; 7] = [
    "rollback",
    "plan",
    "timeline",
    "go-no-go",
    "communications",
    "run",
    "report",
];

/// A release whose title would be a script if anybody let it.
const HOSTILE: &str = include_str!("flows/hostile.yaml");

/// Its title.
const TITLE: &str = "<img src=x onerror=alert(1)>";

/// Does them all, each on a stage of its own, and leaves pictures in a folder.
pub(super) fn run(binary: &Path, pictures: &Path) -> Result<()> {
    std::fs::create_dir_all(pictures).with_context(|| pictures.display().to_string())?;
    let mut failed = 0;
    for (sentence, flow) in FLOWS {
        let began = Instant::now();
        let done = Stage::set(binary).and_then(|stage| flow(&stage, pictures));
        let took = began.elapsed().as_secs_f64();
        match done {
            Ok(()) => say(format_args!("window: ok, {took:.1} s: {sentence}")),
            Err(error) => {
                failed += 1;
                say(format_args!(
                    "window: FAILED, {took:.1} s: {sentence}: {error:#}"
                ));
            }
        }
    }
    if failed > 0 {
        bail!(
            "{failed} of {} flows failed; see {}",
            FLOWS.len(),
            pictures.display()
        );
    }
    say(format_args!(
        "window: pictures are in {}",
        pictures.display()
    ));
    Ok(())
}

/// Opens the app for somebody who never had it, and reads what it shows them first.
pub(super) fn first_screen(binary: &Path, pictures: &Path) -> Result<()> {
    std::fs::create_dir_all(pictures).with_context(|| pictures.display().to_string())?;
    let stage = Stage::set(binary)?;
    let session = open(&stage, None)?;
    let page = Page(&session);
    watched(&session, &pictures.join("failed-first.png"), || {
        page.says("Nothing is planned here yet.")?;
        page.picture(&pictures.join("installed.png"))
    })?;
    let title = session.run("return document.title;", &json!([]))?;
    ensure!(title == "Releases · Gantry", "the window is titled {title}");
    session.close()
}

/// Opens the sample release and leaves a picture of each screen and of each tab of the release.
pub(super) fn screens(binary: &Path, folder: &Path) -> Result<()> {
    std::fs::create_dir_all(folder).with_context(|| folder.display().to_string())?;
    let stage = Stage::set(binary)?;
    let sample = cargo::root().join("examples/first-release.yaml");
    let session = open(&stage, Some(&sample))?;
    let page = Page(&session);
    page.reads("h1", |name| name == "first-release")?;
    let tabs = TABS
        .iter()
        .map(|tab| format!("release/first-release/{tab}"));
    for place in SCREENS.iter().map(|&screen| screen.to_owned()).chain(tabs) {
        page.go(&format!("#/{place}"))?;
        let name = place.rsplit('/').next().unwrap_or_default();
        page.picture(&folder.join(format!("{name}.png")))?;
    }
    session.close()?;
    say(format_args!("pictures are in {}", folder.display()));
    Ok(())
}

/// Opens the app on a stage with a workspace of its own.
fn open(stage: &Stage, file: Option<&Path>) -> Result<Session> {
    let workspace = stage.file("gantry.db");
    let own = [OsStr::new("--db"), workspace.as_os_str()];
    let arguments: Vec<&OsStr> = own.into_iter().chain(file.map(Path::as_os_str)).collect();
    Session::open(stage, &arguments)
}

/// Does something in the window, and leaves a picture of what stands there if it goes wrong.
fn watched(session: &Session, failed: &Path, flow: impl FnOnce() -> Result<()>) -> Result<()> {
    let done = flow();
    if done.is_err() {
        // What went wrong is told; a picture of it is welcome and not owed.
        let _unseen = session.picture(failed);
    }
    done
}

fn hostile(stage: &Stage, pictures: &Path) -> Result<()> {
    let file = stage.write("shop.yaml", HOSTILE)?;
    let session = open(stage, Some(&file))?;
    let page = Page(&session);
    watched(&session, &pictures.join("failed.png"), || {
        page.reads("h1", |name| name == "shop-2.4")?;
        page.reads(".crumbs .title", |title| title == TITLE)?;
        let nodes = ["web", "orders", "orders-db"];
        page.reads("main", |text| nodes.iter().all(|node| text.contains(node)))?;
        page.picture(&pictures.join("hostile.png"))
    })?;
    session.close()
}
