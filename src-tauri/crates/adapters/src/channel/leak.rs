//! Whether a text that somebody else wrote holds a secret of ours, in any of the usual forms.
//!
//! A product may repeat in its answer what it was sent, and an answer that is a refusal is told to
//! people. Nothing of such an answer is shown then.

use base64::{Engine, prelude::BASE64_STANDARD_NO_PAD};
use gantry_model::secret::Secret;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

/// So many characters in a row are no accident.
const TELLING: usize = 8;

/// Says whether a text holds a telling part of one of the secrets.
pub(crate) fn holds(text: &str, secrets: &[Secret<String>]) -> bool {
    let bare: String = text.to_ascii_lowercase();
    secrets.iter().any(|secret| {
        let mut forms = forms(secret.expose()).into_iter();
        forms.any(|form| shares(&bare, &form.to_ascii_lowercase()))
    })
}

fn forms(secret: &str) -> Vec<String> {
    let bytes = secret.as_bytes();
    let hex = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    let mut forms = vec![secret.to_owned(), hex];
    forms.push(utf8_percent_encode(secret, NON_ALPHANUMERIC).to_string());
    for shift in 0..3 {
        // Base64 looks different by how many bytes stood before; the first signs mix with those.
        let shifted = [vec![b' '; shift], bytes.to_vec()].concat();
        let encoded = BASE64_STANDARD_NO_PAD.encode(shifted);
        let pure: String = encoded
            .chars()
            .skip(if shift == 0 { 0 } else { shift + 1 })
            .collect();
        let url_safe = pure.replace('+', "-").replace('/', "_");
        forms.extend([pure, url_safe]);
    }
    forms
}

/// Says whether a text has so many signs in a row of a form; of a short one, all of them.
fn shares(text: &str, form: &str) -> bool {
    let signs: Vec<char> = form.chars().collect();
    match signs.len() {
        0 => false,
        length if length <= TELLING => text.contains(form),
        _ => signs
            .windows(TELLING)
            .any(|part| text.contains(&part.iter().collect::<String>())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_found_in_any_form_and_in_part() {
        let secret = "hunter2/ÄÖ-correct horse";
        let secrets = [Secret::new(secret.to_owned())];
        let basic = BASE64_STANDARD_NO_PAD.encode(format!("gantry:{secret}"));
        for text in [
            format!("no: {secret}"),
            "the token correct ho… is wrong".to_owned(),
            format!("Authorization: Basic {basic}"),
            format!("/hook?k={}", utf8_percent_encode(secret, NON_ALPHANUMERIC)),
            secret.bytes().map(|byte| format!("{byte:02X}")).collect(),
        ] {
            assert!(holds(&text, &secrets), "{text}");
        }
        assert!(!holds("channel_not_found: the hunter is here", &secrets));
    }
}
