//! The text of a release file: whose it is, and what its hash is.

use gantry_model::{digest::Digest, id::ReleaseId};

/// The longest release file, in bytes.
pub(crate) const LIMIT: u64 = 4 * 1024 * 1024;

/// Gives the release that a text is of: also one that has problems can be opened and mended.
pub(crate) fn release_of(bytes: &[u8]) -> Option<ReleaseId> {
    if let Ok(document) = gantry_release_file::read("release file", bytes) {
        return Some(document.release.release);
    }
    let text = std::str::from_utf8(bytes).ok()?;
    let mut keys = text.lines().filter_map(|line| line.split_once(':'));
    let is_ours = text.lines().any(|line| line.starts_with("gantry:"));
    let (_, value) = keys.find(|(key, _)| *key == "release")?;
    let value = value.split(" #").next().unwrap_or(value);
    let name = value.trim().trim_matches(['"', '\'']);
    name.parse().ok().filter(|_| is_ours)
}

/// Puts another id into a text that was written for one.
pub(crate) fn renamed(text: &str, release: &str) -> String {
    let line = |line: &str| {
        if line.starts_with("release:") {
            format!("release: {release}")
        } else {
            line.to_owned()
        }
    };
    text.lines()
        .map(line)
        .fold(String::new(), |text, line| text + &line + "\n")
}

/// Gives the hash by which a text is known.
pub(crate) fn hash(bytes: &[u8]) -> Digest {
    Digest::of(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_with_problems_still_says_whose_it_is() {
        let id = |text: &str| release_of(text.as_bytes()).map(|id| id.to_string());
        assert_eq!(
            id("gantry: 1\nrelease: shop # x\nnodes: [\n").as_deref(),
            Some("shop")
        );
        assert_eq!(
            id("gantry: 1\nrelease: \"shop\"\nnodes: [\n").as_deref(),
            Some("shop")
        );
        assert_eq!(id("release: shop\n"), None, "not one of ours");
        assert_eq!(id("gantry: 1\n  release: shop\n"), None);
        assert_eq!(id("root:x:0:0:root:/root:/bin/sh\n"), None);
        assert_eq!(release_of(&[0xff, 0xfe]), None);
    }

    #[test]
    fn a_text_gets_another_id_and_nothing_else_changes() {
        let text = renamed("# first\ngantry: 1\nrelease: a\nnodes: {}\n", "b");
        assert_eq!(text, "# first\ngantry: 1\nrelease: b\nnodes: {}\n");
    }
}
