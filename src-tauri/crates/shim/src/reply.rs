//! What the shim tells the driver while the driver listens.

use std::os::fd::AsFd;

use rustix::net::{SendFlags, send};

/// One thing that the shim says; the driver may be gone, and then nobody hears it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reply {
    /// The claim is durable and the program runs.
    Started,
    /// The key is claimed already; this shim did nothing.
    Taken,
    /// The program was not started and the key is free; why, as a sentence.
    NotStarted(String),
    /// The record can be read.
    Finished,
}

impl Reply {
    /// Sends the reply, never raising a signal and never failing: the record says the same.
    pub fn send(&self, to: impl AsFd) {
        let mut bytes = vec![self.tag()];
        if let Self::NotStarted(reason) = self {
            bytes.extend_from_slice(reason.as_bytes());
        }
        // The socket's buffer is larger than any reply, so one call sends all of it.
        let _gone = send(to, &bytes, SendFlags::NOSIGNAL | SendFlags::DONTWAIT);
    }

    /// Reads the first reply of what was received, and says how many bytes it took; a reason goes
    /// on to the end. `None` if nothing was received or it is no reply.
    pub fn first(received: &[u8]) -> Option<(Self, usize)> {
        let (tag, rest) = received.split_first()?;
        match tag {
            b'S' => Some((Self::Started, 1)),
            b'T' => Some((Self::Taken, 1)),
            b'F' => Some((Self::Finished, 1)),
            b'N' => {
                let reason = String::from_utf8_lossy(rest).into_owned();
                Some((Self::NotStarted(reason), received.len()))
            }
            _ => None,
        }
    }

    fn tag(&self) -> u8 {
        match self {
            Self::Started => b'S',
            Self::Taken => b'T',
            Self::NotStarted(_) => b'N',
            Self::Finished => b'F',
        }
    }
}
