//! Who acts where nobody said it.

/// Gives the system's user: what the session says, or else the owner of this process.
pub(crate) fn of_this_process(variable: impl Fn(&str) -> Option<String>) -> String {
    let named = ["USER", "LOGNAME"].into_iter().find_map(variable);
    named.unwrap_or_else(owner)
}

/// Services and containers have no session; their user stands in the system's list.
#[cfg(unix)]
fn owner() -> String {
    let id = rustix::process::geteuid().as_raw();
    let list = std::fs::read_to_string("/etc/passwd").unwrap_or_default();
    name_of(id, &list).map_or_else(|| format!("uid-{id}"), str::to_owned)
}

#[cfg(not(unix))]
fn owner() -> String {
    "somebody".into()
}

/// Finds the name of a user id in a list of the form of `/etc/passwd`.
#[cfg(unix)]
fn name_of(id: u32, list: &str) -> Option<&str> {
    let mut users = list.lines().map(|line| line.split(':'));
    users.find_map(|mut fields| {
        let name = fields.next()?;
        let listed: u32 = fields.nth(1)?.parse().ok()?;
        (listed == id && !name.is_empty()).then_some(name)
    })
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    const LIST: &str = "root:x:0:0:root:/root:/bin/sh\nbroken\nci:x:1001:1001::/srv/ci:/bin/sh\n";

    #[test]
    fn a_user_is_found_by_its_id() {
        assert_eq!(name_of(1001, LIST), Some("ci"));
        assert_eq!(name_of(0, LIST), Some("root"));
        assert_eq!(name_of(7, LIST), None);
    }

    #[test]
    fn the_session_is_asked_first() {
        let session = |name: &str| (name == "LOGNAME").then(|| "dana".to_owned());
        assert_eq!(of_this_process(session), "dana");
    }
}
