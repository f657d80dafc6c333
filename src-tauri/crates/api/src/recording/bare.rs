//! Numbers that are none, as Python and JavaScript tools write them into JSON.

/// Replaces `NaN`, `Infinity` and `-Infinity` outside of strings by `null`.
pub(super) fn numbers_to_null(bytes: &[u8]) -> Vec<u8> {
    let words: [&[u8]; 3] = [b"-Infinity", b"Infinity", b"NaN"];
    let mut out = Vec::with_capacity(bytes.len());
    let mut rest = bytes;
    let (mut quoted, mut escaped) = (false, false);
    while let Some((byte, behind)) = rest.split_first() {
        let found = words.iter().find(|word| !quoted && rest.starts_with(word));
        if let Some(word) = found {
            out.extend_from_slice(b"null");
            rest = rest.get(word.len()..).unwrap_or_default();
            continue;
        }
        quoted ^= *byte == b'"' && !escaped;
        escaped = quoted && *byte == b'\\' && !escaped;
        out.push(*byte);
        rest = behind;
    }
    out
}
