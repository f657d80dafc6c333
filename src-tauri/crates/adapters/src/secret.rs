//! Secrets from the environment and the keychain.
//!
//! Neither source is read here: the functions that read them are handed in, so the environment of
//! this process and the keychain's client stay where the application is put together.

use std::{
    sync::{Arc, mpsc},
    thread,
    time::Duration,
};

use async_trait::async_trait;
use gantry_model::{
    id::SecretName,
    secret::{Secret, SecretText},
};
use gantry_port::{
    fault::Fault,
    secret::{MissingSecret, Secrets, variable},
};
use tokio::sync::oneshot;

/// Secrets from variables named `GANTRY_SECRET_…`.
pub struct EnvironmentSecrets {
    lookup: Lookup,
}

/// Gives the text under a name of a source's own; `None` if it has none.
pub type Lookup = Box<dyn Fn(&str) -> Option<String> + Send + Sync>;

impl EnvironmentSecrets {
    /// Builds the source over a function that gives a variable's value.
    pub fn new(lookup: Lookup) -> Self {
        Self { lookup }
    }
}

#[async_trait]
impl Secrets for EnvironmentSecrets {
    async fn get(&self, name: &SecretName) -> Result<Secret<String>, MissingSecret> {
        let value = (self.lookup)(&variable(name));
        value.map(Secret::new).ok_or_else(|| missing(name))
    }
}

/// Secrets from the operating system's keychain.
///
/// A keychain may be absent (no session bus on a server), locked, or wait for a person to type a
/// password; the caller must never wait for that without end. One thread asks it, and an answer
/// that does not come in time counts as no answer.
pub struct KeychainSecrets {
    questions: mpsc::Sender<Question>,
    patience: Duration,
}

type Question = (SecretName, oneshot::Sender<Option<Secret<String>>>);

impl KeychainSecrets {
    /// Builds the source over a function that asks the keychain for the entry of a secret's name.
    pub fn new(lookup: Lookup, patience: Duration) -> Self {
        let (questions, asked) = mpsc::channel::<Question>();
        // Ends when the source is dropped and nobody can ask any more.
        thread::spawn(move || {
            for (name, answer) in asked {
                // Whoever stopped waiting does not hear it.
                let _gone = answer.send(lookup(name.as_str()).map(Secret::new));
            }
        });
        Self {
            questions,
            patience,
        }
    }
}

#[async_trait]
impl Secrets for KeychainSecrets {
    async fn get(&self, name: &SecretName) -> Result<Secret<String>, MissingSecret> {
        let (answer, heard) = oneshot::channel();
        if self.questions.send((name.clone(), answer)).is_err() {
            return Err(missing(name));
        }
        match tokio::time::timeout(self.patience, heard).await {
            Ok(Ok(Some(value))) => Ok(value),
            Ok(Ok(None) | Err(_)) | Err(_) => Err(missing(name)),
        }
    }
}

/// Several sources, asked in order; the first that has a secret gives it.
pub struct ChainedSecrets {
    sources: Vec<Arc<dyn Secrets>>,
}

impl ChainedSecrets {
    /// Builds the chain.
    pub fn new(sources: Vec<Arc<dyn Secrets>>) -> Self {
        Self { sources }
    }
}

#[async_trait]
impl Secrets for ChainedSecrets {
    async fn get(&self, name: &SecretName) -> Result<Secret<String>, MissingSecret> {
        for source in &self.sources {
            if let Ok(value) = source.get(name).await {
                return Ok(value);
            }
        }
        Err(missing(name))
    }
}

/// Puts the values in the place of a text's references.
///
/// # Errors
/// Unsent, naming the first secret that cannot be had.
pub(crate) async fn resolve(
    secrets: &dyn Secrets,
    text: &SecretText,
) -> Result<Secret<String>, Fault> {
    let mut values = Vec::new();
    for name in text.names() {
        let value = secrets.get(name).await;
        let value = value.map_err(|missing| Fault::unsent(missing.to_string()))?;
        values.push((name, value));
    }
    text.resolve(|name| {
        let found = values.iter().find(|(known, _)| *known == name);
        found
            .map(|(_, value)| value.clone())
            .ok_or_else(|| Fault::unsent(format!("secret `{name}` was not resolved")))
    })
}

fn missing(name: &SecretName) -> MissingSecret {
    MissingSecret {
        name: name.clone(),
        variable: variable(name),
    }
}
