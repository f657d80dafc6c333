//! What every source of alerts promises.

use std::{collections::BTreeMap, sync::Arc};

use async_trait::async_trait;
use gantry_model::{time::Timestamp, unit::Span};
use gantry_port::alerts::{Alert, Alerts, Silence};

use super::{Broken, answer, holds};

/// What the suite needs to know of the source that it asks.
#[async_trait]
pub trait Environment: Send + Sync {
    /// Gives the source.
    fn port(&self) -> Arc<dyn Alerts>;

    /// Names the labels of one alert that fires and that nobody has silenced.
    fn labels(&self) -> BTreeMap<String, String>;

    /// Gives the time.
    fn now(&self) -> Timestamp;
}

const TIME: Span = Span::from_secs(20);

/// Asks everything; leaves no silence in force.
///
/// # Errors
/// The first promise that is broken.
pub async fn suite(environment: &dyn Environment) -> Result<(), Broken> {
    finds_by_labels(environment).await?;
    silences_once(environment).await?;
    refuses_to_silence_everything(environment).await
}

async fn finds_by_labels(environment: &dyn Environment) -> Result<(), Broken> {
    const PROMISE: &str = "an alert is found by all of its labels, and by no others";
    let labels = environment.labels();
    let alert = one(environment).await?;
    let carries = labels
        .iter()
        .all(|(name, value)| alert.labels.get(name) == Some(value));
    holds(carries && !alert.silenced, PROMISE, &alert)?;
    for other in ["no such value", "\"} or {a=\"b", ".*", "back\\slash"] {
        let mut labels = labels.clone();
        labels.insert("alertname".to_owned(), other.to_owned());
        let found = environment.port().firing(&labels, TIME).await;
        let found = answer(found, PROMISE)?;
        holds(found.is_empty(), PROMISE, (other, found))?;
    }
    Ok(())
}

async fn silences_once(environment: &dyn Environment) -> Result<(), Broken> {
    const ONCE: &str = "a silence with the same comment is set once";
    const ENDED: &str = "a silence can be ended, and again";
    let port = environment.port();
    let silence = silence(environment);
    let first = answer(port.silence(&silence, TIME).await, ONCE)?;
    let again = answer(port.silence(&silence, TIME).await, ONCE)?;
    holds(first == again, ONCE, (&first, &again))?;
    let alert = one(environment).await?;
    let told = "a silenced alert is listed and says by which silence";
    let by = [silence.comment.clone()];
    holds(alert.silenced && alert.silenced_by == by, told, alert)?;
    for id in [first.as_str(), first.as_str(), "no-such-silence"] {
        answer(port.unsilence(id, TIME).await, ENDED)?;
    }
    let alert = one(environment).await?;
    holds(
        !alert.silenced && alert.silenced_by.is_empty(),
        ENDED,
        alert,
    )?;
    let anew = answer(port.silence(&silence, TIME).await, ENDED)?;
    holds(
        anew != first,
        "a silence that is over is not found again",
        &anew,
    )?;
    answer(port.unsilence(&anew, TIME).await, ENDED)
}

async fn refuses_to_silence_everything(environment: &dyn Environment) -> Result<(), Broken> {
    const PROMISE: &str = "a silence without labels is a fault";
    let mut silence = silence(environment);
    silence.labels.clear();
    let seen = environment.port().silence(&silence, TIME).await;
    holds(seen.is_err(), PROMISE, seen)
}

async fn one(environment: &dyn Environment) -> Result<Alert, Broken> {
    const PROMISE: &str = "one alert fires, and is listed whether it is silenced or not";
    let labels = environment.labels();
    let mut found = answer(environment.port().firing(&labels, TIME).await, PROMISE)?;
    match (found.pop(), found.is_empty()) {
        (Some(alert), true) => Ok(alert),
        (other, _) => Err(Broken::new(PROMISE, (other, found))),
    }
}

fn silence(environment: &dyn Environment) -> Silence {
    let now = environment.now();
    Silence {
        labels: environment.labels(),
        from: now,
        until: now + Span::from_secs(3600).as_delta(),
        by: "gantry".to_owned(),
        comment: "release conformance#1 of Gantry".to_owned(),
    }
}
