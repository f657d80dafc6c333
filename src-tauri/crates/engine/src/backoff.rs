//! How long to wait before asking again: exponential, with jitter that is always the same for a key.

use gantry_model::{digest::Digest, operation::Key, unit::Span};

/// No pause is longer.
const LONGEST: u64 = 5 * 60 * 1000;

/// Gives the pause before try number `again` (from 1) of a key.
///
/// The pause doubles with each try, up to five minutes; of the result, half stands and half is
/// drawn from the key, so that many callers spread out and one seed gives one journal.
pub fn pause(base: Span, key: Option<&Key>, again: u32) -> Span {
    let doubled = base
        .as_millis()
        .saturating_mul(1 << again.saturating_sub(1).min(20));
    let whole = doubled.min(LONGEST.max(base.as_millis()));
    let half = whole / 2;
    Span::from_millis(half + draw(key, again) % (whole - half + 1))
}

fn draw(key: Option<&Key>, again: u32) -> u64 {
    let key = key.map(Key::as_str).unwrap_or_default();
    let digest = Digest::of(format!("{key}#{again}"));
    let bytes = digest.as_bytes().iter().take(8);
    bytes.fold(0, |sum, byte| sum << 8 | u64::from(*byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_stay_bounded_and_repeat_themselves() {
        let base = Span::from_secs(1);
        for again in 1..40 {
            let span = pause(base, None, again).as_millis();
            let whole = (1000_u64 << (again - 1).min(20)).min(LONGEST);
            assert!((whole / 2..=whole).contains(&span), "{again}: {span}");
            assert_eq!(span, pause(base, None, again).as_millis());
        }
        assert_eq!(pause(Span::ZERO, None, 3), Span::ZERO);
    }
}
