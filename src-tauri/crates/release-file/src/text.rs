//! Bytes to text: UTF-8 of a bounded size, or a sentence why not.

use crate::{problem::Fault, source::Extent};

/// The largest file that is looked at.
const LARGEST: usize = 4 * 1024 * 1024;

/// Why bytes are not text, with the part before the fault that is, so that its place can be shown.
pub(crate) struct Refused<'a> {
    pub(crate) readable: &'a str,
    pub(crate) fault: Box<Fault>,
}

/// Gives the text of a file without its byte-order mark.
pub(crate) fn decode(bytes: &[u8]) -> Result<&str, Refused<'_>> {
    if bytes.len() > LARGEST {
        let message = format!("the file has {} bytes", bytes.len());
        return Err(refuse("", "too-large", message, "at most 4 MiB are read"));
    }
    if is_utf16(bytes) {
        let message = "the file is UTF-16".to_owned();
        return Err(refuse("", "not-utf-8", message, "save it as UTF-8"));
    }
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    let text = match std::str::from_utf8(bytes) {
        Ok(text) => text,
        Err(error) => return Err(not_utf8(bytes, error)),
    };
    match text.char_indices().find(|(_, c)| is_binary(*c)) {
        None => Ok(text),
        Some((at, character)) => Err(binary(text.get(..at).unwrap_or_default(), character)),
    }
}

/// Recognizes UTF-16 by its mark, or by every other of the first bytes being zero.
fn is_utf16(bytes: &[u8]) -> bool {
    match bytes {
        [0xFE, 0xFF, ..] | [0xFF, 0xFE, ..] => true,
        [0, first, 0, second, ..] | [first, 0, second, 0, ..] => *first != 0 && *second != 0,
        _ => false,
    }
}

fn not_utf8(bytes: &[u8], error: std::str::Utf8Error) -> Refused<'_> {
    let (readable, rest) = bytes.split_at(error.valid_up_to().min(bytes.len()));
    let readable = std::str::from_utf8(readable).unwrap_or_default();
    let byte = rest.first().copied().unwrap_or_default();
    let message = format!("the byte 0x{byte:02X} is not UTF-8 text");
    refuse(readable, "not-utf-8", message, "save the file as UTF-8")
}

fn binary(readable: &str, character: char) -> Refused<'_> {
    let message = format!("the character U+{:04X} is not text", u32::from(character));
    let hint = "a release file is plain text; inside quotes a control character is written with a backslash";
    refuse(readable, "not-text", message, hint)
}

/// Tells apart text from the control characters that no text editor writes.
fn is_binary(character: char) -> bool {
    character.is_control() && !matches!(character, '\t' | '\n' | '\r' | '\u{85}')
}

fn refuse<'a>(readable: &'a str, code: &'static str, message: String, hint: &str) -> Refused<'a> {
    Refused {
        readable,
        fault: Box::new(Fault {
            code,
            message,
            hint: hint.to_owned(),
            extent: Extent::new(readable.len(), readable.len()),
            earlier: None,
            pointer: String::new(),
        }),
    }
}
