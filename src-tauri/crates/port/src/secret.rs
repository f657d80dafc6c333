//! Secrets by name.

use async_trait::async_trait;
use gantry_model::{id::SecretName, secret::Secret};

/// A secret that cannot be had.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "secret `{name}` is not set: put it into the environment as {variable} or into the keychain"
)]
pub struct MissingSecret {
    /// The secret.
    pub name: SecretName,
    /// The variable that would be read.
    pub variable: String,
}

/// Gives secrets to the adapters, at the moment they are needed.
#[async_trait]
pub trait Secrets: Send + Sync {
    /// Gives the value of a secret.
    async fn get(&self, name: &SecretName) -> Result<Secret<String>, MissingSecret>;
}

/// Gives the environment variable that holds a secret: `a-b` is `GANTRY_SECRET_A_B`.
pub fn variable(name: &SecretName) -> String {
    let word = name.as_str().to_ascii_uppercase().replace(['-', '.'], "_");
    format!("GANTRY_SECRET_{word}")
}
