//! How an event stands in the record: one line of JSON, signed over its exact bytes.
//!
//! The signature covers the hash of the entry before, so that it vouches for the whole record up
//! to it, and the room, so that a vote on one release is none on another. It is the last key of the
//! line; the chain's hash covers it too.

use gantry_model::{
    journal::{Head, NewEntry},
    time::Timestamp,
};
use ring::signature::{ED25519, UnparsedPublicKey};
use serde::{Deserialize, Serialize};

use crate::{event::Happened, house, preparation};

/// A public ed25519 key, as 64 hexadecimal digits.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PublicKey(String);

impl PublicKey {
    /// Takes the bytes of a key.
    pub fn of(bytes: [u8; 32]) -> Self {
        Self(hex::encode(bytes))
    }

    /// Gives all digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Gives the first digits, for people.
    pub fn short(&self) -> &str {
        self.0.get(..16).unwrap_or(&self.0)
    }

    /// Whether a signature over some bytes was made with this key.
    pub fn signed(&self, bytes: &[u8], signature: &str) -> bool {
        let (Ok(key), Ok(signature)) = (hex::decode(&self.0), hex::decode(signature)) else {
            return false;
        };
        UnparsedPublicKey::new(&ED25519, key)
            .verify(bytes, &signature)
            .is_ok()
    }
}

/// Who did something: a name, and the key that it was signed with.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Person {
    /// The name.
    pub name: String,
    /// The key.
    pub key: PublicKey,
}

/// An event with who did it and when.
#[derive(Clone, Debug, PartialEq)]
pub struct Signed {
    /// Its number in the record.
    pub seq: u64,
    /// When.
    pub at: Timestamp,
    /// Who.
    pub by: Person,
    /// What.
    pub happened: Happened,
}

/// Why a line of the record is not taken.
#[derive(Debug, thiserror::Error)]
pub enum Untrue {
    /// Not a line of this record.
    #[error("entry {seq} cannot be read")]
    Shape {
        /// Which.
        seq: u64,
        /// Why.
        #[source]
        source: serde_json::Error,
    },
    /// Not signed by who it names.
    #[error("entry {seq} is not signed by {by}")]
    Signature {
        /// Which.
        seq: u64,
        /// Who it names.
        by: String,
    },
}

/// An entry that waits for its signature.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draft {
    seq: u64,
    at: Timestamp,
    kind: String,
    open: String,
    bytes: Vec<u8>,
}

/// What stands between a line and its signature.
const SIGNATURE_KEY: &str = ",\"signature\":\"";
/// Keeps these signatures from being taken for any others.
const DOMAIN: &str = "gantry preparation 1";

#[derive(Serialize, Deserialize)]
struct Line<'a, H> {
    seq: u64,
    #[serde(with = "millisecond")]
    at: Timestamp,
    kind: std::borrow::Cow<'a, str>,
    by: std::borrow::Cow<'a, str>,
    key: PublicKey,
    what: H,
}

#[derive(Deserialize)]
struct WithSignature {
    signature: String,
}

impl Draft {
    /// Writes the line of an event that follows `after` in a room.
    ///
    /// # Errors
    /// Where it cannot be written as JSON.
    pub fn new(
        room: &str,
        after: Head,
        (at, by): (Timestamp, &Person),
        happened: &Happened,
    ) -> Result<Self, serde_json::Error> {
        let what = serde_json::to_value(happened)?;
        let kind = what
            .get("kind")
            .and_then(|kind| kind.as_str())
            .unwrap_or_default();
        let line = Line {
            seq: after.seq + 1,
            at,
            kind: kind.into(),
            by: by.name.as_str().into(),
            key: by.key.clone(),
            what: &what,
        };
        let body = serde_json::to_string(&line)?;
        let open = body.strip_suffix('}').unwrap_or(&body).to_owned();
        Ok(Self {
            seq: line.seq,
            at,
            kind: kind.to_owned(),
            bytes: to_sign(room, after, &open),
            open,
        })
    }

    /// Gives the bytes that are signed.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Puts the signature in its place.
    pub fn sign(self, signature: [u8; 64]) -> NewEntry {
        let signature = hex::encode(signature);
        NewEntry {
            seq: self.seq,
            at: self.at,
            kind: self.kind,
            body: format!("{}{SIGNATURE_KEY}{signature}\"}}", self.open),
        }
    }
}

/// Reads a line that follows `after`, and proves who wrote it.
///
/// # Errors
/// Where it cannot be read, or is not signed by who it names.
pub fn read(room: &str, after: Head, body: &str) -> Result<Signed, Untrue> {
    let seq = after.seq + 1;
    let shape = |source| Untrue::Shape { seq, source };
    let line: Line<'_, Happened> = serde_json::from_str(body).map_err(shape)?;
    let WithSignature { signature } = serde_json::from_str(body).map_err(shape)?;
    let open = body.strip_suffix(&format!("{SIGNATURE_KEY}{signature}\"}}"));
    let signed = open.is_some_and(|open| line.key.signed(&to_sign(room, after, open), &signature));
    let by = line.by.into_owned();
    if !signed || line.seq != seq {
        return Err(Untrue::Signature { seq, by });
    }
    Ok(Signed {
        seq,
        at: line.at,
        by: Person {
            name: by,
            key: line.key,
        },
        happened: line.what,
    })
}

/// Reads the bodies of a whole record, in order, and proves who wrote each.
///
/// # Errors
/// As [`read`], at the first entry that is not taken.
pub fn read_all<'a>(
    room: &str,
    bodies: impl IntoIterator<Item = &'a str>,
) -> Result<(Vec<Signed>, Head), Untrue> {
    let (mut head, mut events) = (Head::EMPTY, Vec::new());
    for body in bodies {
        events.push(read(room, head, body)?);
        head = Head {
            seq: head.seq + 1,
            hash: head.hash.chain(body.as_bytes()),
        };
    }
    Ok((events, head))
}

/// Whether a body is of a record like this one, in which every line is signed.
pub fn is_signed(body: &str) -> bool {
    body.contains(SIGNATURE_KEY)
}

/// Finds the room that bodies of a record are of, from what they say; nothing is proven by that.
pub fn room_of<'a>(bodies: impl IntoIterator<Item = &'a str>) -> String {
    let named = bodies.into_iter().find_map(|body| {
        let line: Line<'_, Happened> = serde_json::from_str(body).ok()?;
        line.what.release().map(preparation::room)
    });
    named.unwrap_or_else(|| house::ROOM.to_owned())
}

fn to_sign(room: &str, after: Head, open: &str) -> Vec<u8> {
    format!("{DOMAIN}\n{room}\n{}\n{open}", after.hash).into_bytes()
}

/// Instants as the journal writes them: UTC, to the millisecond.
mod millisecond {
    use chrono::SecondsFormat;
    use gantry_model::time::Timestamp;
    use serde::{Deserialize, Deserializer, Serializer};

    pub(super) fn serialize<S: Serializer>(at: &Timestamp, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(&at.to_rfc3339_opts(SecondsFormat::Millis, true))
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Timestamp, D::Error> {
        Timestamp::deserialize(from)
    }
}
