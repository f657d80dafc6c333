//! Keys of people on this machine.

use async_trait::async_trait;

/// A key that cannot be had.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the key of {name} cannot be used: {reason}")]
pub struct NoKey {
    /// Whose.
    pub name: String,
    /// Why, for people.
    pub reason: String,
}

/// A public key, and where its other half lies.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyOf {
    /// The public key, ed25519.
    pub public: [u8; 32],
    /// What people should know about the place where the private one lies; nothing where that is
    /// the keychain.
    pub caution: Option<String>,
}

/// Signs for people whose keys are on this machine.
///
/// Guarantees: the private key never leaves the implementation; the same name gives the same key
/// until somebody takes it away.
#[async_trait]
pub trait Signer: Send + Sync {
    /// Gives the public key of a name, and makes a pair at its first use.
    async fn key(&self, name: &str) -> Result<KeyOf, NoKey>;

    /// Signs bytes with the key of a name.
    async fn sign(&self, name: &str, bytes: &[u8]) -> Result<[u8; 64], NoKey>;
}
