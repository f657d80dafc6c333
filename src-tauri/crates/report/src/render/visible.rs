//! Text from anywhere, made harmless before any format sees it.

use std::borrow::Cow;

/// Makes characters visible that would act on a terminal or turn text round for the eye.
///
/// Controls and bidirectional overrides are written out as `⟨U+202E⟩`; line ends become spaces.
/// Marks and joiners that Arabic, Hebrew and Indic text needs stay.
pub(super) fn visible(text: &str) -> Cow<'_, str> {
    if !text.chars().any(acts) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len() + 8);
    for letter in text.chars() {
        match letter {
            '\n' | '\r' | '\t' | '\u{2028}' | '\u{2029}' => shown.push(' '),
            letter if acts(letter) => shown.push_str(&format!("⟨U+{:04X}⟩", letter as u32)),
            letter => shown.push(letter),
        }
    }
    Cow::Owned(shown)
}

fn acts(letter: char) -> bool {
    letter.is_control()
        || matches!(letter,
            '\u{200B}' | '\u{2028}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{FEFF}'
            | '\u{E0000}'..='\u{E007F}' | '\u{FFF9}'..='\u{FFFB}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_would_act_is_seen() {
        assert_eq!(
            visible("a\u{202E}b\u{1b}[31m\nc"),
            "a⟨U+202E⟩b⟨U+001B⟩[31m c"
        );
    }

    #[test]
    fn what_scripts_need_stays() {
        assert_eq!(
            visible("می\u{200C}روم שלום 発布"),
            "می\u{200C}روم שלום 発布"
        );
    }
}
