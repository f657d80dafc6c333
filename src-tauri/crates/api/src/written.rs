//! A document that was written in a format.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use gantry_report::{document::Document, render};
use serde::{Deserialize, Serialize};

use crate::error::{ApiError, ErrorCode};

/// The formats of documents.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DocumentFormat {
    /// Markdown.
    Md,
    /// One HTML file.
    Html,
    /// Pages.
    Pdf,
}

/// A document as bytes; doors that speak JSON get text as text and pages as Base64.
#[derive(Clone, Debug, Serialize)]
pub struct Written {
    /// Its media type.
    pub media: &'static str,
    /// The text, of formats that are text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// The bytes in Base64, of formats that are not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub base64: Option<String>,
    #[serde(skip)]
    bytes: Vec<u8>,
}

impl Written {
    /// Gives the bytes.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Gives the bytes and nothing else.
    pub(crate) fn into_bytes(self) -> Vec<u8> {
        self.bytes
    }

    /// Takes text.
    pub(crate) fn text(media: &'static str, text: String) -> Self {
        Self {
            media,
            bytes: text.clone().into_bytes(),
            text: Some(text),
            base64: None,
        }
    }

    /// Takes bytes that are no text.
    pub(crate) fn bytes_of(media: &'static str, bytes: Vec<u8>) -> Self {
        Self {
            media,
            text: None,
            base64: Some(STANDARD.encode(&bytes)),
            bytes,
        }
    }

    /// Writes a document in a format.
    pub(crate) fn of(document: &Document, format: DocumentFormat) -> Result<Self, ApiError> {
        match format {
            DocumentFormat::Md => Ok(Self::text(
                "text/markdown",
                render::markdown::write(document),
            )),
            DocumentFormat::Html => Ok(Self::text("text/html", render::html::write(document))),
            DocumentFormat::Pdf => {
                let bytes = render::pdf::write(document).map_err(unwritable)?;
                Ok(Self::bytes_of("application/pdf", bytes))
            }
        }
    }
}

/// Says that a document could not be written, which is a mistake of ours.
pub(crate) fn unwritable(error: impl std::fmt::Display) -> ApiError {
    ApiError::new(
        ErrorCode::Internal,
        format!("the document cannot be written: {error}"),
        "choose another format, and please report this",
    )
}
