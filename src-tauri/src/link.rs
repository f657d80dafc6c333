//! Links into the app: they go somewhere, and never do anything.

/// What every link begins with.
pub(crate) const SCHEME: &str = "gantry://";

/// The longest id that a release can have.
const LONGEST: usize = 63;

/// Gives the release that a link leads to; anything else than `gantry://release/ID` leads nowhere.
pub(crate) fn release(link: &str) -> Option<&str> {
    let id = link.strip_prefix(SCHEME)?.strip_prefix("release/")?;
    let id = id.strip_suffix('/').unwrap_or(id);
    let fits =
        |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b".-".contains(&byte);
    let is_id = !id.is_empty() && id.len() <= LONGEST && id.bytes().all(fits);
    is_id.then_some(id)
}

/// Gives the place in the page of a release.
pub(crate) fn place(release: &str) -> String {
    format!("#/release/{release}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_address_of_a_release_leads_somewhere() {
        assert_eq!(release("gantry://release/shop-2.4"), Some("shop-2.4"));
        assert_eq!(release("gantry://release/shop/"), Some("shop"));
        for link in [
            "gantry://release/",
            "gantry://release/shop/run?start=1",
            "gantry://release/../x",
            "gantry://release/%2e",
            "gantry://release/<script>",
            "gantry://start/shop",
            "https://release/shop",
            "gantry://release/SHOP",
        ] {
            assert_eq!(release(link), None, "{link}");
        }
        assert_eq!(
            release(&format!("gantry://release/{}", "x".repeat(64))),
            None
        );
    }
}
