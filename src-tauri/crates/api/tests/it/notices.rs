//! A release that tells people, from its file to the ledger and the report.

use std::{
    path::{Path, PathBuf},
    sync::{Arc, Mutex},
};

use async_trait::async_trait;
use gantry_api::{
    app::{App, Caller, KnownBy, WorkspaceFile},
    command, follow,
    readiness::guard,
};
use gantry_model::{id::ConnectionName, plan::Plan, release::connection::Connection, unit::Span};
use gantry_port::{
    channel::{Channel, Message, Receipt, Repeats},
    connector::{Adapter, Connector},
    fault::Fault,
    files::{Files, Unreadable},
    journal::Journal,
    ports::Ports,
};
use gantry_simulation::world::{Settings, World};
use gantry_store::workspace::Workspace;

use crate::outbox_crashes::quick_folder;
use serde_json::{Value, json};

const SHOP: &str = r#"
gantry: 1
release: shop
title: Checkout redesign
environment: production
connections:
  chat: { slack: { webhook: "https://hooks.example.com/${secret:hook}" } }
nodes:
  orders:
    kind: task
    # The store works on another thread, for which virtual time does not wait.
    run: { exec: ["true"], undo: ["true"], timeout: 24h }
stakeholders:
  - { name: Team, via: { connection: chat }, on: [started, progress, held, failed, finished] }
  - { name: Customers, via: { connection: chat, to: "C1" }, audience: customers,
      on: [started, finished], template: customers.md }
"#;
const CUSTOMERS: &str = "News: {{ public_name }}\n\nIt is {{ event }} now.";

struct Texts;

#[async_trait]
impl Files for Texts {
    async fn read(&self, path: &Path, _: u64) -> Result<Vec<u8>, Unreadable> {
        let text = match path.file_name().and_then(|name| name.to_str()) {
            Some("shop.yaml") => Some(SHOP),
            Some("customers.md") => Some(CUSTOMERS),
            _other => None,
        };
        text.map(Into::into).ok_or(Unreadable {
            path: path.into(),
            reason: "there is no such text".into(),
            missing: true,
        })
    }

    fn absolute(&self, path: &Path) -> Result<PathBuf, Unreadable> {
        Ok(Path::new("/texts").join(path))
    }
}

/// Takes messages; is busy as often as it was told to be.
#[derive(Default)]
struct Post {
    busy: Mutex<u32>,
    taken: Mutex<Vec<Message>>,
}

#[async_trait]
impl Channel for Post {
    fn repeats(&self) -> Repeats {
        Repeats::Told
    }

    async fn send(&self, message: &Message, _: Span) -> Result<Receipt, Fault> {
        let mut busy = self.busy.lock().unwrap();
        if *busy > 0 {
            *busy -= 1;
            return Err(Fault::unsent("the post office is closed"));
        }
        self.taken.lock().unwrap().push(message.clone());
        Ok(Receipt {
            thread: Some("thread-1".into()),
            reference: Some("ok".into()),
        })
    }

    async fn greet(&self, _: Span) -> Result<String, Fault> {
        Ok("here".into())
    }
}

struct Simulated {
    ports: Ports,
    post: Arc<Post>,
}

#[async_trait]
impl Connector for Simulated {
    async fn connect(&self, _: &Plan) -> Result<Ports, Fault> {
        Ok(self.ports.clone())
    }

    fn channel(&self, connection: &Connection) -> Result<Option<Arc<dyn Channel>>, Fault> {
        assert_eq!(connection.product(), "slack");
        Ok(Some(Arc::clone(&self.post) as Arc<dyn Channel>))
    }

    async fn test(&self, _: &ConnectionName, _: &Connection, _: &Path) -> Result<String, Fault> {
        Ok("here".into())
    }

    fn adapters(&self) -> Vec<Adapter> {
        Vec::new()
    }
}

struct Office {
    app: App,
    post: Arc<Post>,
    _home: tempfile::TempDir,
}

impl Office {
    fn new() -> Self {
        let release = gantry_release_file::read("shop", SHOP.as_bytes()).unwrap();
        let plan = gantry_planner::plan(&release.release, &Default::default()).unwrap();
        let world = World::from_plan(&plan, Settings::default());
        let post = Arc::new(Post::default());
        let connector = Simulated {
            ports: world.ports(),
            post: Arc::clone(&post),
        };
        let home = quick_folder();
        let path = home.path().join("gantry.db");
        let file = WorkspaceFile {
            is_there: Box::new(|| true),
            open: Box::new(move || Ok(Arc::new(Workspace::open(&path)?) as Arc<dyn Journal>)),
        };
        Self {
            app: App::new(world.clock(), Arc::new(Texts), Arc::new(connector), file),
            post,
            _home: home,
        }
    }

    async fn call(&self, name: &str, arguments: Value) -> Value {
        command::call(&self.app, &dana(), name, arguments)
            .await
            .unwrap()
    }

    /// Runs the release to its end, telling people on the way.
    async fn run(&self) {
        let prepared = follow::prepare(&self.app, Path::new("shop.yaml"))
            .await
            .unwrap();
        let mut driver = follow::start(&self.app, &dana(), prepared).await.unwrap();
        guard::follow(&self.app, &dana(), &mut driver, &mut |_, _| {})
            .await
            .unwrap();
    }

    fn taken(&self) -> Vec<(String, String)> {
        let taken = self.post.taken.lock().unwrap();
        let each = taken.iter();
        each.map(|one| (one.via.to.clone().unwrap_or_default(), one.event.clone()))
            .collect()
    }
}

fn dana() -> Caller {
    Caller {
        name: "dana".into(),
        known: KnownBy::System,
    }
}

fn outcomes(notices: &Value) -> Vec<(String, String, u64)> {
    let lines = notices["ledger"].as_array().unwrap().iter();
    lines
        .map(|line| {
            let word = |key: &str| line[key].as_str().unwrap().to_owned();
            (
                word("event"),
                word("outcome"),
                line["attempts"].as_u64().unwrap(),
            )
        })
        .collect()
}

#[tokio::test]
async fn a_run_tells_its_stakeholders_and_the_ledger_and_the_report_say_so() {
    let office = Office::new();
    office.run().await;
    let mut told = office.taken();
    told.sort();
    let expected = [
        ("", "node-done"),
        ("", "started"),
        ("", "succeeded"),
        ("C1", "started"),
        ("C1", "succeeded"),
    ];
    assert_eq!(
        told,
        expected.map(|(to, event)| (to.to_owned(), event.to_owned()))
    );
    let last = office.post.taken.lock().unwrap().last().unwrap().clone();
    assert_eq!(
        last.thread.as_deref(),
        Some("thread-1"),
        "later messages are put into the thread"
    );

    let notices = office.call("notices", json!({ "release": "shop" })).await;
    assert!(
        outcomes(&notices)
            .iter()
            .all(|(_, outcome, tries)| outcome == "delivered" && *tries == 1)
    );
    let own = notices["ledger"]
        .as_array()
        .unwrap()
        .iter()
        .find(|line| line["audience"] == "Customers")
        .unwrap();
    assert_eq!(
        (own["title"].as_str(), own["body"].as_str()),
        (Some("News: Checkout redesign"), Some("It is started now."))
    );
    let noted = office
        .call(
            "acknowledge",
            json!({ "release": "shop", "notice": own["id"] }),
        )
        .await;
    assert_eq!(noted["acknowledged"], 1);
    assert_eq!(
        office
            .call("acknowledge", json!({ "release": "shop" }))
            .await["acknowledged"],
        4
    );

    let report = office
        .call("report", json!({ "release": "shop", "format": "md" }))
        .await;
    let text = report.to_string();
    assert!(
        text.contains("Notifications") && text.contains("News: Checkout redesign"),
        "{text}"
    );
    assert!(text.contains("dana"));
}

#[tokio::test]
async fn what_a_closed_channel_did_not_take_is_sent_by_the_next_process() {
    let office = Office::new();
    *office.post.busy.lock().unwrap() = u32::MAX;
    office.run().await;
    assert_eq!(office.taken(), []);
    let notices = office.call("notices", json!({ "release": "shop" })).await;
    let all = outcomes(&notices);
    assert_eq!(all.len(), 5);
    assert!(
        all.iter()
            .all(|(_, outcome, tries)| outcome == "waiting" && *tries >= 1),
        "{all:?}"
    );
    assert_eq!(notices["ledger"][0]["said"], "the post office is closed");
    *office.post.busy.lock().unwrap() = 0;
    office.app.clock.wait(Span::from_secs(7200)).await;
    let round = office
        .call("send-notices", json!({ "release": "shop" }))
        .await;
    assert_eq!(
        (round["delivered"].as_u64(), round["waiting"].as_u64()),
        (Some(5), Some(0))
    );
}

#[tokio::test]
async fn a_rehearsal_sends_nothing_and_shows_what_would_be_sent() {
    let office = Office::new();
    let rehearsed = office
        .call("rehearse", json!({ "file": "shop.yaml" }))
        .await;
    let would = rehearsed["notices"].as_array().unwrap();
    assert_eq!(would.len(), 5);
    assert_eq!(would[0]["audience"], "Team");
    let preview = office
        .call("notices", json!({ "release": "./shop.yaml" }))
        .await;
    assert_eq!(preview["matrix"].as_array().unwrap().len(), 2);
    assert_eq!(preview["matrix"][1]["audience"], "Customers");
    let previews = preview["previews"].as_array().unwrap();
    assert!(
        previews
            .iter()
            .any(|one| one["event"] == "rolled-back" && one["audience"] == "Customers")
    );
    assert_eq!(preview["ledger"].as_array().unwrap().len(), 0);
    assert_eq!(office.taken(), []);
}
