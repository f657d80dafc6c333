//! Reading and writing the records of what people prepare, each line signed by who wrote it.

use std::sync::Arc;

use gantry_model::{
    digest::Digest,
    id::{ReleaseId, RunId},
    journal::{Entry, Head},
    plan::Plan,
    time::to_millisecond,
};
use gantry_port::{
    journal::Journal,
    rooms::Rooms,
    signer::{NoKey, Signer},
};
use gantry_readiness::{
    decide::{Given, Refusal, decide},
    difference,
    entry::{Draft, Person, PublicKey, Signed, read_all},
    event::{ClaimedNames, Happened},
    house::{self, Acquaintance, House, NotThem},
    preparation::{self, Preparation, fact::Presented},
    request::Request,
};

use crate::{
    app::{App, Caller, KnownBy},
    error::{ApiError, ErrorCode},
    follow::Prepared,
};

/// How often somebody else may be first before that is a mistake of ours.
const TRIES: u32 = 32;

/// The records of a workspace, and who writes into them.
pub struct Desk<'a> {
    app: &'a App,
    caller: &'a Caller,
    journal: Arc<dyn Journal>,
}

/// A record as it was read.
#[derive(Clone, Debug)]
pub struct Record<T> {
    /// What it says.
    pub state: T,
    /// Where it stands.
    pub head: Head,
}

/// A record, entry by entry.
#[derive(Clone, Debug)]
pub struct Signatures {
    /// The entries.
    pub entries: Vec<Entry>,
    /// What they say, and who signed it.
    pub events: Vec<Signed>,
    /// Where it stands.
    pub head: Head,
}

/// A person who may write.
#[derive(Clone, Debug)]
pub struct Writer {
    /// Who.
    pub person: Person,
    /// What they should know about their key.
    pub caution: Option<String>,
}

impl<'a> Desk<'a> {
    /// Opens the records of the workspace.
    ///
    /// # Errors
    /// `workspace`.
    pub fn open(app: &'a App, caller: &'a Caller) -> Result<Self, ApiError> {
        let journal = app.journal()?;
        Ok(Self {
            app,
            caller,
            journal,
        })
    }

    /// Reads what holds for the whole workspace.
    ///
    /// # Errors
    /// `workspace`, `journal-broken`.
    pub async fn house(&self) -> Result<Record<House>, ApiError> {
        let Signatures { events, head, .. } = self.read(house::ROOM).await?;
        let state = House::fold(&events);
        Ok(Record { state, head })
    }

    /// Reads where the preparation of a release stands.
    ///
    /// # Errors
    /// `workspace`, `journal-broken`.
    pub async fn preparation(&self, release: &ReleaseId) -> Result<Record<Preparation>, ApiError> {
        let Signatures { events, head, .. } = self.record_of(release).await?;
        let state = Preparation::fold(&events);
        Ok(Record { state, head })
    }

    /// Reads the record of a release's preparation: its entries as they stand there, and what they
    /// say.
    ///
    /// # Errors
    /// `workspace`, `journal-broken`.
    pub async fn record_of(&self, release: &ReleaseId) -> Result<Signatures, ApiError> {
        self.read(&preparation::room(release)).await
    }

    /// Whether people can sign through this door.
    pub fn signs(&self) -> bool {
        self.app.signer.is_some() && self.journal.rooms().is_some()
    }

    /// Signs bytes that are no entry of a record.
    ///
    /// # Errors
    /// `refused` where the key cannot be used.
    pub async fn sign(&self, writer: &Writer, bytes: &[u8]) -> Result<[u8; 64], ApiError> {
        Ok(self.signer()?.sign(&writer.person.name, bytes).await?)
    }

    /// Keeps a text by its hash, for whoever asks for it by that later.
    ///
    /// # Errors
    /// `workspace`.
    pub async fn keep(&self, text: &str) -> Result<Digest, ApiError> {
        let digest = Digest::of(text);
        self.rooms()?.keep_plan(digest, text.to_owned()).await?;
        Ok(digest)
    }

    /// Reads a text that was kept.
    ///
    /// # Errors
    /// `workspace`.
    pub async fn kept(&self, digest: Digest) -> Result<Option<String>, ApiError> {
        Ok(self.rooms()?.kept_plan(digest).await?)
    }

    /// Gives who writes: their key is made at its first use, and the name bound to it.
    ///
    /// # Errors
    /// `refused` where the name is somebody else's, or was only claimed.
    pub async fn writer(&self) -> Result<Writer, ApiError> {
        let key = self.signer()?.key(&self.caller.name).await?;
        let person = Person {
            name: self.caller.name.clone(),
            key: PublicKey::of(key.public),
        };
        for _ in 0..TRIES {
            let house = self.house().await?;
            self.refuse_claim(&house.state)?;
            let bound = Happened::KeyBound {
                name: person.name.clone(),
                public: person.key.clone(),
            };
            let done = match house.state.recognise(&person)? {
                Acquaintance::Known => true,
                Acquaintance::New => {
                    let written = self
                        .write((house::ROOM, house.head), &person, &[bound])
                        .await?;
                    written.is_some()
                }
            };
            if done {
                let caution = key.caution;
                return Ok(Writer { person, caution });
            }
        }
        Err(busy())
    }

    /// Gives who approves a gate; nobody where this door has no keys.
    ///
    /// Steering a run takes the command line's word for a name until the workspace says otherwise.
    ///
    /// # Errors
    /// `refused` where the name is somebody else's, or names that are claimed were refused.
    pub async fn approver(&self) -> Result<Option<Writer>, ApiError> {
        if !self.signs() {
            return Ok(None);
        }
        let settled = self.house().await?.state.claimed_names();
        if settled == Some(ClaimedNames::Refused) {
            return self.writer().await.map(Some);
        }
        let trusted = Caller {
            known: KnownBy::System,
            ..self.caller.clone()
        };
        let desk = Desk {
            app: self.app,
            caller: &trusted,
            journal: Arc::clone(&self.journal),
        };
        desk.writer().await.map(Some)
    }

    /// Gives who asks.
    pub fn caller(&self) -> &Caller {
        self.caller
    }

    /// Gives the journals of runs.
    pub fn journal(&self) -> Arc<dyn Journal> {
        Arc::clone(&self.journal)
    }

    /// Gives the head of a run's journal.
    ///
    /// # Errors
    /// `no-such-run`, `workspace`.
    pub async fn head_of(&self, run: &RunId) -> Result<Head, ApiError> {
        let entries = self.journal.read(run, 0).await?;
        Ok(entries.last().map_or(Head::EMPTY, |entry| Head {
            seq: entry.event.seq,
            hash: entry.hash,
        }))
    }

    /// Asks something of the preparation of a release; gives how many events it led to.
    ///
    /// # Errors
    /// `refused` with the sentence of why not.
    pub async fn ask(
        &self,
        release: &ReleaseId,
        writer: &Writer,
        request: &Request,
    ) -> Result<usize, ApiError> {
        let room = preparation::room(release);
        for _ in 0..TRIES {
            let preparation = self.preparation(release).await?;
            let house = self.house().await?;
            let given = Given {
                preparation: &preparation.state,
                house: &house.state,
                by: &writer.person,
                now: self.app.clock.now(),
            };
            let events = decide(given, request)?;
            if events.is_empty() {
                return Ok(0);
            }
            let written = self
                .write((&room, preparation.head), &writer.person, &events)
                .await?;
            if written.is_some() {
                return Ok(events.len());
            }
        }
        Err(busy())
    }

    /// Records what happened, wherever the record stands.
    ///
    /// # Errors
    /// `workspace`.
    pub async fn record(
        &self,
        room: &str,
        writer: &Writer,
        happened: &[Happened],
    ) -> Result<(), ApiError> {
        for _ in 0..TRIES {
            let head = self.read(room).await?.head;
            if self
                .write((room, head), &writer.person, happened)
                .await?
                .is_some()
            {
                return Ok(());
            }
        }
        Err(busy())
    }

    /// Puts a plan before people, unless it is there already.
    ///
    /// # Errors
    /// `refused` while a run of another plan is under way.
    pub async fn present(&self, writer: &Writer, prepared: &Prepared) -> Result<(), ApiError> {
        let plan = &prepared.plan;
        let before = self.preparation(&plan.release).await?.state.presented;
        let changes = match &before {
            Some(before) => self.changes(before, prepared).await?,
            None => Vec::new(),
        };
        let text = serde_json::to_string(&**plan).map_err(unwritable)?;
        self.rooms()?.keep_plan(plan.digest, text).await?;
        let present = Request::Present {
            plan: plan.digest,
            agenda: Box::new(prepared.agenda.clone()),
            changes,
        };
        self.ask(&plan.release, writer, &present).await.map(drop)
    }

    /// Reads a plan that was put before people.
    ///
    /// # Errors
    /// `workspace`.
    pub async fn plan(&self, digest: Digest) -> Result<Option<Plan>, ApiError> {
        let text = self.kept(digest).await?;
        let plan = text.map(|text| serde_json::from_str(&text)).transpose();
        plan.map_err(unwritable)
    }

    /// Says what changed in the plan and in what is asked.
    async fn changes(&self, before: &Presented, after: &Prepared) -> Result<Vec<String>, ApiError> {
        let asked = difference::asked(&before.agenda, &after.agenda);
        if before.plan == after.plan.digest {
            return Ok(asked);
        }
        let plan = self.plan(before.plan).await?;
        let planned = plan.map(|plan| difference::between(&plan, &after.plan));
        Ok(planned.into_iter().flatten().chain(asked).collect())
    }

    /// Names that are only claimed write nothing unless the workspace takes them.
    fn refuse_claim(&self, house: &House) -> Result<(), ApiError> {
        let allowed = house.claimed_names() == Some(ClaimedNames::Allowed);
        if allowed || self.caller.known == KnownBy::System {
            return Ok(());
        }
        let name = self.caller.name.clone();
        Err(NotThem::Claimed { name }.into())
    }

    async fn read(&self, room: &str) -> Result<Signatures, ApiError> {
        // Where no records are kept, nothing was recorded.
        let entries = match self.journal.rooms() {
            Some(rooms) => rooms.read(room, Head::EMPTY).await?,
            None => Vec::new(),
        };
        let bodies = entries.iter().map(|entry| entry.event.body.as_str());
        let (events, head) = read_all(room, bodies).map_err(|untrue| {
            let message = format!("the record of {room} is not to be trusted: {untrue}");
            ApiError::new(
                ErrorCode::JournalBroken,
                message,
                "restore the workspace file from a copy",
            )
        })?;
        Ok(Signatures {
            entries,
            events,
            head,
        })
    }

    async fn write(
        &self,
        (room, after): (&str, Head),
        person: &Person,
        happened: &[Happened],
    ) -> Result<Option<Head>, ApiError> {
        let now = to_millisecond(self.app.clock.now());
        let mut head = after;
        let mut entries = Vec::with_capacity(happened.len());
        for event in happened {
            let draft = Draft::new(room, head, (now, person), event).map_err(unwritable)?;
            let signature = self.signer()?.sign(&person.name, draft.bytes()).await?;
            let entry = draft.sign(signature);
            head = Head {
                seq: entry.seq,
                hash: head.hash.chain(entry.body.as_bytes()),
            };
            entries.push(entry);
        }
        Ok(self.rooms()?.append(room, after, entries).await?)
    }

    fn rooms(&self) -> Result<&dyn Rooms, ApiError> {
        let none = || {
            let message = "this workspace keeps no record of what people prepare";
            ApiError::new(ErrorCode::Workspace, message, "name another file with --db")
        };
        self.journal.rooms().ok_or_else(none)
    }

    fn signer(&self) -> Result<&dyn Signer, ApiError> {
        let none = || refused("nobody can sign here", "this door has no keys of people");
        self.app.signer.as_deref().ok_or_else(none)
    }
}

fn busy() -> ApiError {
    let message = "others write into this record all the time";
    ApiError::new(ErrorCode::Driven, message, "ask again")
}

fn unwritable(error: serde_json::Error) -> ApiError {
    let message = format!("the record cannot be read or written: {error}");
    ApiError::new(ErrorCode::Internal, message, "please report this")
}

fn refused(message: impl Into<String>, hint: &str) -> ApiError {
    ApiError::new(ErrorCode::Refused, message, hint)
}

impl From<Refusal> for ApiError {
    fn from(refusal: Refusal) -> Self {
        let code = match refusal {
            Refusal::NoSuch(_) => ErrorCode::NoSuchPart,
            Refusal::NotAllowed(_) | Refusal::Unfit(_) => ErrorCode::Refused,
        };
        Self::new(
            code,
            refusal.to_string(),
            "`gantry checklist RELEASE` shows how it stands",
        )
    }
}

impl From<NotThem> for ApiError {
    fn from(not_them: NotThem) -> Self {
        let hint = match &not_them {
            NotThem::OtherKey { .. } => {
                "use the machine and account that the name was first used on, or another name"
            }
            NotThem::Claimed { .. } => {
                "act under your own account, or settle it with `gantry people claimed-names allowed`"
            }
        };
        refused(not_them.to_string(), hint)
    }
}

impl From<NoKey> for ApiError {
    fn from(no_key: NoKey) -> Self {
        refused(
            no_key.to_string(),
            "mend or take away that key; a new one needs a new name",
        )
    }
}
