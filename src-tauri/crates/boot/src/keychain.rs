//! The operating system's keychain.

/// The name under which Gantry keeps its entries.
const SERVICE: &str = "gantry";

/// Gives the entry of a secret's name; `None` where there is no entry or no keychain.
pub fn lookup(name: &str) -> Option<String> {
    keyring::Entry::new(SERVICE, name).ok()?.get_password().ok()
}

/// Puts a secret under a name; whether it is there now.
pub fn keep(name: &str, value: &str) -> bool {
    let entry = keyring::Entry::new(SERVICE, name);
    entry.is_ok_and(|entry| entry.set_password(value).is_ok())
}
