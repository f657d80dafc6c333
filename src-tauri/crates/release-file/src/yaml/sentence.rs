//! What the parser has to say, in words for people who did not write a YAML parser.

use granit_parser::{ErrorKind, ScanError};

use super::grow::{fault, too_deep};
use crate::{problem::Fault, source::Extent};

/// Turns a parser's error into a fault with a place and a sentence.
pub(super) fn of(text: &str, error: &ScanError) -> Fault {
    let at = error.marker().byte_offset().unwrap_or(text.len());
    let at = at.min(text.trim_end().len());
    let extent = Extent::new(at, at);
    if *error.kind() == ErrorKind::RecursionLimitExceeded {
        return too_deep(super::RELEASE_FILE.depth, extent);
    }
    match words(error.kind()) {
        Some((message, hint)) => fault("not-yaml", message, hint, extent),
        None => fault(
            "not-yaml",
            format!("this is not YAML: {}", error.kind()),
            "",
            extent,
        ),
    }
}

fn words(kind: &ErrorKind) -> Option<(&'static str, &'static str)> {
    Some(match kind {
        ErrorKind::UnclosedQuotedScalar => {
            ("this quote is never closed", "close it with the same quote")
        }
        ErrorKind::UnclosedFlowCollection { open: '[' }
        | ErrorKind::UnexpectedEofFlowSequence
        | ErrorKind::ExpectedFlowSequenceSeparator => {
            ("a list is not closed", "expected `,` or `]`")
        }
        ErrorKind::UnclosedFlowCollection { .. }
        | ErrorKind::UnexpectedEofFlowMapping
        | ErrorKind::UnexpectedEofImplicitFlowMapping
        | ErrorKind::ExpectedFlowMappingSeparator => ("a map is not closed", "expected `,` or `}`"),
        ErrorKind::UnexpectedEofBlockSequence
        | ErrorKind::UnexpectedEofBlockMapping
        | ErrorKind::UnexpectedEof => ("the file ends too early", "it may have been cut off"),
        ErrorKind::TabNotAllowed
        | ErrorKind::TabInBlockIndentation
        | ErrorKind::TabInIndentation
        | ErrorKind::TabAtBlockScalarStart => (
            "a tab stands where the indentation is",
            "YAML is indented with spaces",
        ),
        ErrorKind::InvalidIndentation
        | ErrorKind::InvalidFlowScalarIndent
        | ErrorKind::InvalidQuotedScalarIndent
        | ErrorKind::ExpectedBlockMappingKey
        | ErrorKind::ExpectedBlockSequenceEntry => (
            "this line does not fit the ones above it",
            "expected a `key:` or a `- ` in the column of its neighbours",
        ),
        ErrorKind::SimpleKeyExpected | ErrorKind::InvalidSimpleKey => {
            ("a key without its `:`", "expected `key: value`")
        }
        ErrorKind::MappingValueNotAllowed | ErrorKind::InvalidColonPlacement => (
            "a `:` stands where no key can be",
            "quote text that contains `: `, and indent a nested map on lines of its own",
        ),
        other => return words_about_text(other),
    })
}

/// The second half of the table: anchors, quotes and what stands inside of values.
fn words_about_text(kind: &ErrorKind) -> Option<(&'static str, &'static str)> {
    Some(match kind {
        ErrorKind::UnknownAnchor => (
            "this alias has no anchor before it",
            "expected `&name` further up, or quotes around text that begins with `*`",
        ),
        ErrorKind::UnexpectedCharacter { .. } => (
            "text cannot begin with this character",
            "put the text in quotes",
        ),
        ErrorKind::MismatchedFlowCollectionEnd { .. } | ErrorKind::MisplacedFlowCollectionEnd => (
            "this bracket closes nothing that is open",
            "brackets and braces are closed in the order in which they were opened",
        ),
        ErrorKind::InvalidTrailingSingleQuotedScalar
        | ErrorKind::InvalidTrailingDoubleQuotedScalar => (
            "something follows a closed quote",
            "quote the whole text, and write a quote inside it twice or with a backslash",
        ),
        ErrorKind::UnknownQuotedScalarEscape => (
            "a backslash stands before something that it does not escape",
            "write `\\\\` for a backslash, or use single quotes",
        ),
        ErrorKind::CommentNotSeparated => (
            "a comment begins inside a value",
            "put a space before the `#`",
        ),
        ErrorKind::DocumentIndicatorInQuotedScalar => (
            "this quote is never closed",
            "close it before the next `---`",
        ),
        _ => return None,
    })
}
