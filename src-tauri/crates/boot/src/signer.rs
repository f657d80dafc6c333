//! Keys of people on this machine: in the operating system's keychain, or else in private files.

mod file;

use std::{collections::BTreeMap, path::PathBuf, time::Duration};

use async_trait::async_trait;
use gantry_model::secret::Secret;
use gantry_port::signer::{KeyOf, NoKey, Signer};
use ring::{
    rand::{SecureRandom, SystemRandom},
    signature::{Ed25519KeyPair, KeyPair},
};
use tokio::sync::Mutex;

use crate::{keychain, settings::Settings};

/// Set to `files`, it keeps keys out of the keychain, as tests and build machines want it.
const VARIABLE: &str = "GANTRY_KEYS";
/// How long the keychain may take; one that waits for a password never answers.
const PATIENCE: Duration = Duration::from_secs(5);

/// What a pair of keys is made of.
type Seed = [u8; 32];

/// Signs with keys from the keychain, or from files beside the workspace where there is none.
pub struct LocalSigner {
    folder: PathBuf,
    home: Home,
    known: Mutex<BTreeMap<String, Known>>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Home {
    Keychain,
    Files,
}

#[derive(Clone)]
struct Known {
    seed: Secret<Seed>,
    caution: Option<String>,
}

impl LocalSigner {
    /// Builds the signer; no key is looked at yet.
    pub fn new(settings: &Settings) -> Self {
        let chosen = settings.environment.get(VARIABLE).map(String::as_str);
        Self {
            folder: settings.key_folder(),
            home: match chosen {
                Some("files") => Home::Files,
                Some(_) | None => Home::Keychain,
            },
            known: Mutex::default(),
        }
    }

    async fn find(&self, name: &str) -> Result<Known, NoKey> {
        let mut known = self.known.lock().await;
        if let Some(found) = known.get(name) {
            return Ok(found.clone());
        }
        let found = self.look(name).await?;
        known.insert(name.to_owned(), found.clone());
        Ok(found)
    }

    /// A file goes first: it was made where there was no keychain, and its name is bound to it.
    async fn look(&self, name: &str) -> Result<Known, NoKey> {
        let file = file::path(&self.folder, name);
        let from_file = |seed| Known {
            seed: Secret::new(seed),
            caution: Some(format!(
                "the key of {name} lies in {}, readable for your user alone, because no keychain \
                 is used here",
                file.display()
            )),
        };
        let unusable = |error: std::io::Error| NoKey {
            name: name.to_owned(),
            reason: format!("{}: {error}", file.display()),
        };
        if let Some(seed) = file::read(&file).map_err(unusable)? {
            return Ok(from_file(seed));
        }
        if self.home == Home::Keychain
            && let Some(seed) = kept(name, fresh(name)?).await
        {
            return Ok(Known {
                seed: Secret::new(seed),
                caution: None,
            });
        }
        let seed = file::make(&file, fresh(name)?).map_err(unusable)?;
        Ok(from_file(seed))
    }
}

#[async_trait]
impl Signer for LocalSigner {
    async fn key(&self, name: &str) -> Result<KeyOf, NoKey> {
        let known = self.find(name).await?;
        let pair = pair(name, &known)?;
        let public = pair.public_key().as_ref().try_into();
        Ok(KeyOf {
            public: public.map_err(|_| broken(name))?,
            caution: known.caution,
        })
    }

    async fn sign(&self, name: &str, bytes: &[u8]) -> Result<[u8; 64], NoKey> {
        let known = self.find(name).await?;
        let signature = pair(name, &known)?.sign(bytes);
        signature.as_ref().try_into().map_err(|_| broken(name))
    }
}

fn pair(name: &str, known: &Known) -> Result<Ed25519KeyPair, NoKey> {
    Ed25519KeyPair::from_seed_unchecked(known.seed.expose()).map_err(|_| broken(name))
}

fn broken(name: &str) -> NoKey {
    NoKey {
        name: name.to_owned(),
        reason: "it is not a whole ed25519 key".into(),
    }
}

fn fresh(name: &str) -> Result<Seed, NoKey> {
    let mut seed = Seed::default();
    let no_randomness = |_| NoKey {
        name: name.to_owned(),
        reason: "this machine gives no random numbers to make one of".into(),
    };
    SystemRandom::new().fill(&mut seed).map_err(no_randomness)?;
    Ok(seed)
}

/// Gives what the keychain has for a name, or puts `fresh` into it; `None` where there is none.
///
/// A thread of its own, because the call may wait for a person for ever, and then nobody joins it.
async fn kept(name: &str, fresh: Seed) -> Option<Seed> {
    let entry = format!("person {name}");
    let (answer, answered) = tokio::sync::oneshot::channel();
    let thread = std::thread::Builder::new().name("keychain".into());
    let asked = thread.spawn(move || {
        let found = keychain::lookup(&entry).or_else(|| {
            let kept = keychain::keep(&entry, &hex::encode(fresh));
            kept.then(|| keychain::lookup(&entry)).flatten()
        });
        drop(answer.send(found));
    });
    asked.ok()?;
    let found = tokio::time::timeout(PATIENCE, answered)
        .await
        .ok()?
        .ok()??;
    file::parse(&found)
}

#[cfg(test)]
mod tests;
