//! What the shim is asked to run, and how that travels through a pipe.

use std::{
    ffi::{OsStr, OsString},
    io::{self, Read},
    os::unix::ffi::{OsStrExt, OsStringExt},
    path::PathBuf,
    time::Duration,
};

/// The longest spec that is read: arguments and environment of a process are limited to less.
const LONGEST: u32 = 16 << 20;

/// What a driver opens with that wants a keeper; no spec is so long that it begins like this.
pub const KEEPER: [u8; 4] = *b"KEEP";

/// One program to run; it may hold secrets, so it has no `Debug` and is never written to disk.
#[derive(Clone, PartialEq, Eq)]
pub struct Spec {
    /// The path that, with something added, names the task's claim and record.
    pub task: PathBuf,
    /// The idempotency key, for people who look into the files.
    pub key: String,
    /// The executable, as a path that does not depend on the working folder.
    pub program: PathBuf,
    /// The arguments, the name of the program among them.
    pub argv: Vec<OsString>,
    /// The folder that the program starts in.
    pub directory: PathBuf,
    /// The whole environment of the program.
    pub environment: Vec<(OsString, OsString)>,
    /// How long it may run.
    pub timeout: Duration,
    /// How long it has between the request to end and the end.
    pub grace: Duration,
    /// How much of the end of each output is kept, in bytes.
    pub output_cap: usize,
    /// Values that must not be seen in the output.
    pub secrets: Vec<Vec<u8>>,
}

impl Spec {
    /// Gives the bytes that [`Self::read`] reads back.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut body = Vec::new();
        put(&mut body, self.task.as_os_str().as_bytes());
        put(&mut body, self.key.as_bytes());
        put(&mut body, self.program.as_os_str().as_bytes());
        put_all(&mut body, self.argv.iter().map(|text| text.as_bytes()));
        put(&mut body, self.directory.as_os_str().as_bytes());
        let pairs = || self.environment.iter();
        put_all(&mut body, pairs().map(|(name, _)| name.as_bytes()));
        put_all(&mut body, pairs().map(|(_, value)| value.as_bytes()));
        put(&mut body, &millis(self.timeout).to_le_bytes());
        put(&mut body, &millis(self.grace).to_le_bytes());
        put(&mut body, &(self.output_cap as u64).to_le_bytes());
        put_all(&mut body, self.secrets.iter().map(Vec::as_slice));
        let mut bytes = Vec::with_capacity(body.len() + 4);
        put(&mut bytes, &body);
        bytes
    }

    /// Reads a spec, to its last byte and no further.
    ///
    /// # Errors
    /// If the sender is gone before the end (the driver died), or if the bytes are not a spec.
    pub fn read(mut from: impl Read) -> io::Result<Self> {
        let mut length = [0; 4];
        from.read_exact(&mut length)?;
        let length = u32::from_le_bytes(length);
        if length > LONGEST {
            return Err(malformed());
        }
        let mut body = vec![0; length as usize];
        from.read_exact(&mut body)?;
        Fields(&body).spec().ok_or_else(malformed)
    }
}

fn malformed() -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, "not a task for this shim")
}

fn millis(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}

/// Appends one field: its length, then its bytes.
fn put(to: &mut Vec<u8>, field: &[u8]) {
    let length = u32::try_from(field.len()).unwrap_or(u32::MAX);
    to.extend_from_slice(&length.to_le_bytes());
    to.extend_from_slice(field);
}

fn put_all<'a>(to: &mut Vec<u8>, fields: impl ExactSizeIterator<Item = &'a [u8]>) {
    let count = u32::try_from(fields.len()).unwrap_or(u32::MAX);
    to.extend_from_slice(&count.to_le_bytes());
    for field in fields {
        put(to, field);
    }
}

/// What is left to be read of a spec's body.
struct Fields<'a>(&'a [u8]);

impl Fields<'_> {
    fn spec(mut self) -> Option<Spec> {
        let spec = Spec {
            task: self.path()?,
            key: String::from_utf8(self.bytes()?).ok()?,
            program: self.path()?,
            argv: self.all()?.into_iter().map(OsString::from_vec).collect(),
            directory: self.path()?,
            environment: self.pairs()?,
            timeout: Duration::from_millis(self.number()?),
            grace: Duration::from_millis(self.number()?),
            output_cap: usize::try_from(self.number()?).ok()?,
            secrets: self.all()?,
        };
        self.0.is_empty().then_some(spec)
    }

    fn count(&mut self) -> Option<usize> {
        let (number, rest) = self.0.split_first_chunk::<4>()?;
        self.0 = rest;
        usize::try_from(u32::from_le_bytes(*number)).ok()
    }

    fn bytes(&mut self) -> Option<Vec<u8>> {
        let length = self.count()?;
        let (field, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        Some(field.to_vec())
    }

    fn all(&mut self) -> Option<Vec<Vec<u8>>> {
        let count = self.count()?;
        (0..count).map(|_| self.bytes()).collect()
    }

    fn pairs(&mut self) -> Option<Vec<(OsString, OsString)>> {
        let names = self.all()?.into_iter().map(OsString::from_vec);
        let values = self.all()?.into_iter().map(OsString::from_vec);
        (names.len() == values.len()).then(|| names.zip(values).collect())
    }

    fn path(&mut self) -> Option<PathBuf> {
        Some(OsStr::from_bytes(&self.bytes()?).into())
    }

    fn number(&mut self) -> Option<u64> {
        let bytes: [u8; 8] = self.bytes()?.try_into().ok()?;
        Some(u64::from_le_bytes(bytes))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spec() -> Spec {
        Spec {
            task: "/t/a".into(),
            key: "a/b/do/1".into(),
            program: "/bin/echo".into(),
            argv: vec!["echo".into(), "a\n'$(b)".into(), OsString::new()],
            directory: "/".into(),
            environment: vec![("A".into(), "b=c".into())],
            timeout: Duration::from_millis(1500),
            grace: Duration::from_secs(2),
            output_cap: 65536,
            secrets: vec![b"hunter2".to_vec()],
        }
    }

    #[test]
    fn a_spec_reads_back_and_leaves_what_follows() {
        let mut bytes = spec().to_bytes();
        bytes.extend_from_slice(b"more");
        let mut from = bytes.as_slice();
        assert!(Spec::read(&mut from).is_ok_and(|read| read == spec()));
        assert_eq!(from, b"more");
    }

    #[test]
    fn a_spec_that_was_cut_or_changed_in_length_is_refused() {
        let bytes = spec().to_bytes();
        for length in 0..bytes.len() {
            assert!(Spec::read(&bytes[..length]).is_err(), "{length}");
        }
        for at in 0..4 {
            let mut changed = bytes.clone();
            changed[at] = 0xff;
            assert!(Spec::read(changed.as_slice()).is_err(), "{at}");
        }
    }
}
