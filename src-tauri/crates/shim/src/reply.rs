//! What the shim tells the driver while the driver listens.

use std::os::fd::AsFd;

use rustix::net::{SendFlags, send};

/// What a keeper says first; a shim that knows no keepers ends without saying it.
pub const READY: u8 = b'K';
/// What stands before the sentence in a keeper's reply: number, tag, length.
const FRAME: usize = 9;

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

    /// Gives the bytes with which a keeper answers to the task of a number.
    pub fn to_frame(&self, number: u32) -> Vec<u8> {
        let reason = match self {
            Self::NotStarted(reason) => reason.as_str(),
            Self::Started | Self::Taken | Self::Finished => "",
        };
        let length = u32::try_from(reason.len()).unwrap_or_default();
        let mut frame = Vec::with_capacity(FRAME + reason.len());
        frame.extend_from_slice(&number.to_le_bytes());
        frame.push(self.tag());
        frame.extend_from_slice(&length.to_le_bytes());
        frame.extend_from_slice(reason.as_bytes());
        frame
    }

    /// Reads the first of a keeper's replies: whose it is, what, and how many bytes it took.
    /// `None` if it is not there as a whole.
    pub fn first_framed(received: &[u8]) -> Option<(u32, Self, usize)> {
        let (number, rest) = received.split_first_chunk::<4>()?;
        let (tag, rest) = rest.split_first()?;
        let (length, rest) = rest.split_first_chunk::<4>()?;
        let length = usize::try_from(u32::from_le_bytes(*length)).ok()?;
        let reason = rest.get(..length)?;
        let said = [&[*tag], reason].concat();
        let (reply, _) = Self::first(&said)?;
        Some((u32::from_le_bytes(*number), reply, FRAME + length))
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_keepers_replies_read_back_one_after_the_other_and_never_in_part() {
        let replies = [
            Reply::Finished,
            Reply::NotStarted("no `x`".into()),
            Reply::NotStarted(String::new()),
            Reply::Taken,
        ];
        let frames = (7..).zip(&replies);
        let bytes: Vec<u8> = frames.flat_map(|(at, reply)| reply.to_frame(at)).collect();
        let mut rest = bytes.as_slice();
        for (at, reply) in (7..).zip(replies) {
            let whole = reply.to_frame(at).len();
            for length in 0..whole {
                assert_eq!(Reply::first_framed(&rest[..length]), None);
            }
            assert_eq!(Reply::first_framed(rest), Some((at, reply, whole)));
            rest = &rest[whole..];
        }
        assert!(rest.is_empty());
    }
}
