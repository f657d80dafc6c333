//! A simulated source of alerts, and its silences.

use std::{collections::BTreeMap, sync::Arc};

use async_trait::async_trait;
use gantry_model::unit::Span;
use gantry_port::{
    alerts::{Alert, Alerts, Silence},
    clock::Clock,
    fault::Fault,
};

use crate::{signal::Silenced, state::State, wire::Wire};

/// Knows which alerts fire when.
pub(crate) struct SimulatedAlerts {
    pub(crate) wire: Arc<Wire>,
}

/// How long a call takes.
const CALL: Span = Span::from_millis(20);

fn carries(labels: &BTreeMap<String, String>, wanted: &BTreeMap<String, String>) -> bool {
    wanted
        .iter()
        .all(|(name, value)| labels.get(name) == Some(value))
}

/// Gives the comments of the silences that are in force over an alert.
fn silenced_by(state: &State, labels: &BTreeMap<String, String>) -> Vec<String> {
    let silences = state.silences.iter();
    let over = silences
        .filter(|silence| silence.until > state.at && carries(labels, &silence.labels))
        .map(|silence| silence.comment.clone());
    over.collect()
}

#[async_trait]
impl Alerts for SimulatedAlerts {
    async fn firing(
        &self,
        labels: &BTreeMap<String, String>,
        _: Span,
    ) -> Result<Vec<Alert>, Fault> {
        self.wire.clock.wait(CALL).await;
        let state = self.wire.lock();
        let passed = (state.at - self.wire.start).num_milliseconds();
        let now = Span::from_millis(u64::try_from(passed).unwrap_or_default());
        let alerts = self.wire.signals.alerts.iter();
        let firing = alerts.filter(|alert| {
            alert.from <= now && now < alert.until && carries(&alert.labels, labels)
        });
        let alerts = firing.map(|alert| {
            let silenced_by = silenced_by(&state, &alert.labels);
            Alert {
                labels: alert.labels.clone(),
                since: self.wire.start + alert.from.as_delta(),
                summary: None,
                silenced: !silenced_by.is_empty(),
                silenced_by,
            }
        });
        Ok(alerts.collect())
    }

    async fn silence(&self, silence: &Silence, _: Span) -> Result<String, Fault> {
        self.wire.clock.wait(CALL).await;
        let mut state = self.wire.lock();
        let now = state.at;
        let same = |one: &&Silenced| one.comment == silence.comment && one.until > now;
        if let Some(found) = state.silences.iter().find(same) {
            return Ok(found.id.clone());
        }
        let id = format!("silence-{}", state.silences.len() + 1);
        state.silences.push(Silenced {
            id: id.clone(),
            comment: silence.comment.clone(),
            labels: silence.labels.clone(),
            until: silence.until,
        });
        Ok(id)
    }

    async fn unsilence(&self, id: &str, _: Span) -> Result<(), Fault> {
        self.wire.clock.wait(CALL).await;
        let mut state = self.wire.lock();
        let now = state.at;
        for silence in state.silences.iter_mut().filter(|silence| silence.id == id) {
            silence.until = silence.until.min(now);
        }
        Ok(())
    }
}
