//! Five hundred crashes around the outbox: no message lost, none doubled where the channel can tell.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, AtomicI64, Ordering},
    },
};

use async_trait::async_trait;
use gantry_api::notices::{
    route::{Route, Routes},
    sender::Sender,
};
use gantry_model::{
    digest::Digest,
    event::{Happened, Outcome, RunEvent},
    id::{ReleaseId, RunId},
    journal::{Head, RunSummary},
    release::stakeholder::Notify,
    time::Timestamp,
    unit::Span,
};
use gantry_notify::{
    notice::{Mood, Notice, Urgency},
    storm::Haste,
};
use gantry_port::{
    channel::{Channel, Message, Receipt, Repeats},
    clock::Clock,
    fault::Fault,
    journal::{Batch, Journal, NewRun, StoreError},
    outbox::{NewParcel, Outbox, ParcelState, Which},
};
use gantry_simulation::clock::VirtualClock;
use gantry_store::{
    fault::{Fault as DiskFault, Faults, Operation},
    workspace::Workspace,
};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

const CRASHES: u32 = 500;
/// Readers and how many messages a minute each may get; the last one gets digests.
const READERS: [(&str, u32); 2] = [("Support", 200), ("Team", 3)];

/// Dies at the n-th thing that is asked of the disk or of the channel; then nothing works any more.
#[derive(Default)]
struct Process {
    left: AtomicI64,
    dead: AtomicBool,
}

impl Process {
    fn lives(&self) -> bool {
        if self.left.fetch_sub(1, Ordering::SeqCst) == 1 {
            self.dead.store(true, Ordering::SeqCst);
        }
        !self.dead.load(Ordering::SeqCst)
    }
}

impl Faults for Process {
    fn before(&self, _: Operation) -> Result<(), DiskFault> {
        match self.lives() {
            true => Ok(()),
            false => Err(DiskFault::InputOutput),
        }
    }
}

/// What arrived: by whom it was to be read, in the order of arrival.
#[derive(Clone, Default)]
struct Arrived(Arc<Mutex<Vec<Message>>>);

struct Post {
    process: Arc<Process>,
    arrived: Arrived,
}

#[async_trait]
impl Channel for Post {
    fn repeats(&self) -> Repeats {
        Repeats::Told
    }

    /// May die before it took the message, and after.
    async fn send(&self, message: &Message, _: Span) -> Result<Receipt, Fault> {
        if !self.process.lives() {
            return Err(Fault::unsent("dead"));
        }
        self.arrived.0.lock().unwrap().push(message.clone());
        match self.process.lives() {
            true => Ok(Receipt::default()),
            false => Err(Fault::lost("dead")),
        }
    }

    async fn greet(&self, _: Span) -> Result<String, Fault> {
        Ok("here".into())
    }
}

struct Ways(Arc<Post>);

#[async_trait]
impl Routes for Ways {
    async fn find(&self, notice: &Notice) -> Result<Route, Fault> {
        let (_, at_most) = READERS
            .iter()
            .find(|(name, _)| *name == notice.stakeholder)
            .unwrap();
        Ok(Route {
            channel: Arc::clone(&self.0) as Arc<dyn Channel>,
            notify: Notify {
                at_most: *at_most,
                ..Notify::default()
            },
        })
    }
}

fn shop() -> ReleaseId {
    "shop".parse().unwrap()
}

fn run() -> RunId {
    RunId::new(shop(), 1)
}

fn key(reader: &str, seq: u64) -> String {
    format!("{reader}-{seq}")
}

fn parcel(reader: &str, seq: u64, at: Timestamp) -> NewParcel {
    let notice = Notice {
        key: key(reader, seq),
        release: shop(),
        run: Some(run()),
        environment: "default".parse().unwrap(),
        plan: Digest::zero(),
        stakeholder: reader.into(),
        audience: Default::default(),
        via: serde_json::from_str(r#"{"connection":"chat"}"#).unwrap(),
        occasion: gantry_model::release::stakeholder::Occasion::Held,
        event: "held".into(),
        urgency: Urgency::Urgent,
        mood: Mood::Warning,
        at,
        title: format!("event {seq}"),
        body: String::new(),
    };
    NewParcel {
        key: notice.key.clone(),
        reader: reader.into(),
        body: serde_json::to_string(&notice).unwrap(),
    }
}

fn batch(after: Head, at: Timestamp) -> Batch {
    let seq = after.seq + 1;
    let what = Happened::Finished {
        outcome: Outcome::Failed,
        message: String::new(),
        changed: Vec::new(),
    };
    Batch {
        after,
        entries: vec![RunEvent { seq, at, what }.to_entry().unwrap()],
        summary: RunSummary {
            run: run(),
            title: None,
            environment: "default".parse().unwrap(),
            state: "running".into(),
            ended: false,
            plan: Digest::zero(),
            steps_done: 0,
            steps_total: 1,
            started_at: at,
            changed_at: at,
        },
        answered: Vec::new(),
        messages: READERS
            .iter()
            .map(|(reader, _)| parcel(reader, seq, at))
            .collect(),
        snapshots: Vec::new(),
    }
}

/// One life of a process: it writes events and sends, until it dies or has done its part.
async fn live(
    workspace: &Workspace,
    clock: &VirtualClock,
    ways: &Ways,
    head: &mut Head,
) -> Result<(), StoreError> {
    if let Ok(latest) = workspace.head(&run()).await {
        *head = latest;
    }
    let lease = match head.seq {
        0 => {
            let new = NewRun {
                release: shop(),
                claims: Vec::new(),
                plan: "{}".into(),
            };
            let now = clock.now();
            let first = move |_: &RunId| batch(Head::EMPTY, now);
            let (lease, latest) = workspace.create(new, Box::new(first)).await?;
            *head = latest;
            lease
        }
        _ => workspace.lease(&run()).await?,
    };
    let sender = Sender {
        outbox: workspace,
        clock,
        routes: ways,
    };
    for _ in 0..3 {
        *head = workspace.append(&*lease, batch(*head, clock.now())).await?;
        sender.round(&Which::All, Haste::Patient).await?;
        clock.pass(Span::from_secs(7));
    }
    Ok(())
}

#[tokio::test]
async fn no_crash_loses_a_message_or_shows_one_twice() {
    let seed = 20_261_123;
    println!("seed {seed}");
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    let home = quick_folder();
    let file = home.path().join("gantry.db");
    let clock = VirtualClock::new("2026-12-01T19:00:00Z".parse().unwrap());
    let arrived = Arrived::default();
    let mut head = Head::EMPTY;
    let mut crashes = 0;
    while crashes < CRASHES {
        let process = Arc::new(Process::default());
        process
            .left
            .store(random.random_range(1..100), Ordering::SeqCst);
        let post = Post {
            process: Arc::clone(&process),
            arrived: arrived.clone(),
        };
        if let Ok(workspace) = Workspace::open_with(&file, process.clone()) {
            // What it says is of no use: a process that died says nothing.
            let _died = live(&workspace, &clock, &Ways(Arc::new(post)), &mut head).await;
        }
        crashes += u32::from(process.dead.load(Ordering::SeqCst));
        // Claims of the dead run out meanwhile.
        clock.pass(Span::from_secs(121));
    }
    let workspace = Workspace::open(&file).unwrap();
    let post = Post {
        process: Arc::default(),
        arrived: arrived.clone(),
    };
    let ways = Ways(Arc::new(post));
    let sender = Sender {
        outbox: &workspace,
        clock: &clock,
        routes: &ways,
    };
    for _ in 0..500 {
        let round = sender.round(&Which::All, Haste::Closing).await.unwrap();
        clock.pass(Span::from_secs(3600));
        if round.waiting == 0 {
            break;
        }
    }
    let last = workspace.head(&run()).await.unwrap().seq;
    assert!(last > 50, "the crashes left time for {last} events");
    check(&workspace, &arrived, last).await;
}

/// A crash here is a process that dies, not a machine: memory is as good as a disk, and quicker.
pub(crate) fn quick_folder() -> tempfile::TempDir {
    let memory = std::path::Path::new("/dev/shm");
    let made = memory.is_dir().then(|| tempfile::tempdir_in(memory).ok());
    made.flatten()
        .unwrap_or_else(|| tempfile::tempdir().unwrap())
}

/// Every event of the journal was told to every reader exactly once: singly or in one digest.
async fn check(workspace: &Workspace, arrived: &Arrived, last: u64) {
    let arrived = arrived.0.lock().unwrap().clone();
    let mut shown: BTreeMap<String, &Message> = BTreeMap::new();
    for message in &arrived {
        // Who knows keys shows the first; the others must be that very message.
        let first = shown.entry(message.key.clone()).or_insert(message);
        assert_eq!((&first.title, &first.body), (&message.title, &message.body));
    }
    let parcels = workspace.parcels(&shop()).await.unwrap();
    let known: BTreeSet<&String> = parcels.iter().map(|one| &one.key).collect();
    assert!(
        shown.keys().all(|key| known.contains(key)),
        "nothing is told that was not recorded"
    );
    let mut digests = 0;
    for (reader, _) in READERS {
        for seq in 1..=last {
            let wanted = key(reader, seq);
            let parcel = parcels.iter().find(|one| one.key == wanted);
            let parcel = parcel.unwrap_or_else(|| panic!("{wanted} was lost with its event"));
            match parcel.state {
                ParcelState::Delivered => {
                    assert!(shown.contains_key(&wanted), "{wanted} never arrived")
                }
                ParcelState::Digested => {
                    digests += 1;
                    assert!(
                        !shown.contains_key(&wanted),
                        "{wanted} came alone and in a digest"
                    );
                    assert!(
                        shown.contains_key(parcel.words.as_deref().unwrap()),
                        "its digest never arrived"
                    );
                }
                ParcelState::Waiting | ParcelState::Failed => {
                    panic!("{wanted} is {:?}", parcel.state)
                }
            }
        }
    }
    let beyond = parcels
        .iter()
        .filter(|one| one.key == key("Support", last + 1));
    assert_eq!(beyond.count(), 0, "a message without its event");
    println!(
        "{last} events, {} sent, {} shown, {digests} in digests",
        arrived.len(),
        shown.len()
    );
}
