//! What follows from a delivery that failed.

use gantry_model::unit::Span;

/// How a delivery went wrong, as far as sending it again is concerned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Failure {
    /// A definite no: the address is wrong, the key is, or the message is.
    Final,
    /// Not taken now; the other side may have said how long it wants to be left alone.
    Busy(Option<Span>),
    /// It never left, or nobody knows whether it arrived.
    Passing,
}

/// What is done next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Next {
    /// It is sent again after this time.
    After(Span),
    /// It is given up, and the ledger says so.
    GiveUp,
}

/// How often a message is tried; with the pauses below that is about a day.
pub const TRIES: u32 = 30;
/// The first pause, and the longest.
const FIRST: Span = Span::from_secs(5);
const LONGEST: Span = Span::from_secs(60 * 60);
/// The longest that another side is left alone, whatever it asks for.
const LONGEST_ASKED: Span = Span::from_secs(6 * 60 * 60);

/// Says what follows from the failure of try number `tries`, counted from 1.
///
/// Pauses double from 5 s up to an hour. A busy channel is left alone for as long as it asks, at
/// most six hours.
pub fn next(failure: Failure, tries: u32) -> Next {
    let asked = match failure {
        Failure::Final => return Next::GiveUp,
        Failure::Busy(asked) => asked.unwrap_or(Span::ZERO).min(LONGEST_ASKED),
        Failure::Passing => Span::ZERO,
    };
    if tries >= TRIES {
        return Next::GiveUp;
    }
    let doubled = 1_u64 << tries.saturating_sub(1).min(20);
    let pause = Span::from_millis(FIRST.as_millis() * doubled).min(LONGEST);
    Next::After(pause.max(asked))
}
