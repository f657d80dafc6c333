//! A document that the page hands over, to be kept as a file.

use base64::{Engine, engine::general_purpose::STANDARD};
use gantry_api::error::{ApiError, ErrorCode};
use serde::Deserialize;

/// What became of a document that cannot be kept.
pub(crate) const NOT_WRITTEN: &str = "nothing was written";

/// What a document is called that has no name which a file can have.
const NAMELESS: &str = "document";

/// The longest name that is proposed, in bytes of what every file system takes.
const LONGEST: usize = 120;

/// A name that is proposed to a person, and what is written where they say.
#[derive(Debug, Deserialize)]
pub(crate) struct Document {
    name: String,
    text: Option<String>,
    base64: Option<String>,
}

impl Document {
    /// Gives a name without a folder in it: the page says what, and a person says where.
    pub(crate) fn name(&self) -> String {
        let last = self.name.rsplit(['/', '\\']).next().unwrap_or_default();
        let is_safe = |letter: &char| letter.is_ascii_alphanumeric() || "-_. ".contains(*letter);
        let name: String = last.chars().filter(is_safe).take(LONGEST).collect();
        let name = name.trim_start_matches(['.', ' ']);
        if name.is_empty() { NAMELESS } else { name }.to_owned()
    }

    /// Gives what is written.
    pub(crate) fn bytes(&self) -> Result<Vec<u8>, ApiError> {
        let refused = |what: String| ApiError::new(ErrorCode::BadCall, what, NOT_WRITTEN);
        match (&self.text, &self.base64) {
            (Some(text), None) => Ok(text.clone().into_bytes()),
            (None, Some(coded)) => STANDARD
                .decode(coded)
                .map_err(|error| refused(error.to_string())),
            (Some(_), Some(_)) | (None, None) => {
                Err(refused("a document is `text` or `base64`".to_owned()))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(name: &str) -> Document {
        Document {
            name: name.to_owned(),
            text: None,
            base64: Some("aGk=".to_owned()),
        }
    }

    #[test]
    fn a_name_leads_into_no_folder_and_hides_nothing() {
        assert_eq!(named("shop-2-report.pdf").name(), "shop-2-report.pdf");
        assert_eq!(named("../../.bashrc").name(), "bashrc");
        assert_eq!(named("a\\b\u{202e}fdp.exe").name(), "bfdp.exe");
        assert_eq!(named("/").name(), NAMELESS);
    }

    #[test]
    fn a_document_is_text_or_bytes() {
        assert_eq!(named("a").bytes().unwrap(), b"hi");
        let neither = Document {
            base64: None,
            ..named("a")
        };
        assert_eq!(neither.bytes().unwrap_err().code, ErrorCode::BadCall);
    }
}
