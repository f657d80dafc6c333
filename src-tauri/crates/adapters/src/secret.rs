//! Secrets from the environment and the keychain.
