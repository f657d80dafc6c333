//! The workspace file, opened.

mod append;
mod catalogue;
mod changes;
mod journal;
mod outbox;
mod releases;
mod rooms;

use std::{fs, path::Path, sync::Arc};

use gantry_model::{
    id::RunId,
    journal::Head,
    verify::{Broken, verify_chain},
};
use gantry_port::journal::StoreError;

use crate::{
    failure::Failure,
    fault::{Faultless, Faults},
    gate::{Company, Gate, Presence},
    lease::this_process,
    place::Place,
    schema::{self, Ending},
    session::Session,
    table::{journal as entries, runs},
    worker::{Role, Worker},
};

/// A workspace file that is open.
///
/// Drop it before the process ends: closing in order is what spares the next one the check that
/// follows a crash. The fields are dropped in their order: connections first, presence last.
pub struct Workspace {
    writer: Worker,
    reader: Worker,
    place: Arc<Place>,
    holder: String,
    _presence: Presence,
}

impl Workspace {
    /// Opens a workspace, or makes it with its folder, only for its owner.
    ///
    /// Refuses with a sentence: a network file system, a database of another program, a schema newer
    /// than this program, a damaged file.
    /// After a crash, and while the file is small, its structure is looked through first.
    pub fn open(path: &Path) -> Result<Self, StoreError> {
        Self::open_with(path, Arc::new(Faultless))
    }

    /// Opens a workspace whose operations `faults` may fail; for tests.
    pub fn open_with(path: &Path, faults: Arc<dyn Faults>) -> Result<Self, StoreError> {
        Self::try_open(path, &faults).map_err(|failure| failure.into_store_error(path))
    }

    fn try_open(path: &Path, faults: &Arc<dyn Faults>) -> Result<Self, Failure> {
        let place = Place::prepare(path)?;
        let gate = Gate::enter(&place)?;
        let ending = ending(&place, gate.company());
        let writer = Session::open(place.file(), Arc::clone(faults))?;
        schema::prepare(&writer, schema::VERSIONS, gate.company(), ending)?;
        let reader = Session::open(place.file(), Arc::clone(faults))?;
        let presence = gate.leave(&place)?;
        let started = Failure::file(place.file());
        let writer = Worker::start(writer, Role::Write).map_err(started)?;
        let started = Failure::file(place.file());
        let reader = Worker::start(reader, Role::Read).map_err(started)?;
        Ok(Self {
            writer,
            reader,
            place: Arc::new(place),
            holder: this_process(),
            _presence: presence,
        })
    }

    /// Gives the path of the file, absolute.
    pub fn path(&self) -> &Path {
        self.place.file()
    }

    /// Says how many transactions this workspace has made durable since it was opened.
    pub fn commits(&self) -> u64 {
        self.writer.commits()
    }

    /// Gives the last entry of a run's journal, to keep elsewhere or to verify against.
    pub async fn head(&self, run: &RunId) -> Result<Head, StoreError> {
        let run = run.clone();
        let find = move |session: &Session| Ok(runs::find(session, &run)?.head);
        self.reader.run(find).await
    }

    /// Verifies the journal of a run as it is stored, up to its recorded head.
    pub async fn verify(&self, run: &RunId) -> Result<Result<Head, Broken>, StoreError> {
        let run = run.clone();
        let check = move |session: &Session| {
            let row = runs::find(session, &run)?;
            let lines = entries::lines(session, row.id)?;
            Ok(verify_chain(lines, Some(row.head)))
        };
        self.reader.run(check).await
    }
}

/// A log that is left while nobody has the file open comes from a process that did not close it.
fn ending(place: &Place, company: Company) -> Ending {
    let left = fs::metadata(place.log()).is_ok_and(|log| log.len() > 0);
    match company {
        Company::Alone if left => Ending::Unclean,
        Company::Alone | Company::Others => Ending::Clean,
    }
}
