//! Channels by which people are told.

use std::sync::Arc;

use gantry_adapters::channel::{
    desktop::Desktop, discord::Discord, mail::Smtp, matrix::Matrix, nobody::Nobody,
    pagerduty::PagerDuty, slack::Slack, statuspage::StatusPage, teams::Teams, webhook::Webhook,
};
use gantry_model::{
    release::connection::{self, Connection},
    unit::Span,
};
use gantry_port::{
    channel::Channel, clock::Clock, connector::Adapter, fault::Fault, secret::Secrets,
};

use super::undriven;

/// How long a greeting may take.
const PATIENCE: Span = Span::from_secs(10);

/// Makes adapters for what tells people.
pub(super) struct Channels {
    secrets: Arc<dyn Secrets>,
    clock: Arc<dyn Clock>,
}

impl Channels {
    /// Builds the maker; nothing is reached.
    pub(super) fn new(secrets: Arc<dyn Secrets>, clock: Arc<dyn Clock>) -> Self {
        Self { secrets, clock }
    }

    /// Makes the channel behind a connection; none for one that tells nobody.
    pub(super) fn of(&self, connection: &Connection) -> Result<Option<Arc<dyn Channel>>, Fault> {
        let (secrets, clock) = (Arc::clone(&self.secrets), Arc::clone(&self.clock));
        let Some(channel) = connection.channel() else {
            // In a simulated world there is nobody to tell.
            let simulated = matches!(connection, Connection::Simulated(_));
            return Ok(simulated.then(|| Arc::new(Nobody) as Arc<dyn Channel>));
        };
        Ok(Some(match channel {
            connection::Channel::Slack(settings) => Arc::new(Slack::new(settings, secrets, clock)?),
            connection::Channel::Teams(settings) => Arc::new(Teams::new(settings, secrets, clock)),
            connection::Channel::Discord(settings) => {
                Arc::new(Discord::new(settings, secrets, clock))
            }
            connection::Channel::PagerDuty(settings) => {
                Arc::new(PagerDuty::new(settings, secrets, clock)?)
            }
            connection::Channel::StatusPage(settings) => {
                Arc::new(StatusPage::new(settings, secrets, clock)?)
            }
            connection::Channel::Matrix(settings) => {
                Arc::new(Matrix::new(settings, secrets, clock))
            }
            connection::Channel::Smtp(settings) => Arc::new(Smtp::new(settings, secrets, clock)),
            connection::Channel::Webhook(settings) => {
                Arc::new(Webhook::new(settings, secrets, clock))
            }
            connection::Channel::Desktop => Arc::new(Desktop),
        }))
    }

    /// Reaches out to a channel, tells nobody, and says what answered.
    pub(super) async fn greet(&self, connection: &Connection) -> Result<String, Fault> {
        match self.of(connection)? {
            Some(channel) => channel.greet(PATIENCE).await,
            None => Err(undriven(connection)),
        }
    }
}

/// Lists the products.
pub(super) fn adapters() -> Vec<Adapter> {
    let channel = |product, can, note| Adapter {
        port: "channel",
        product,
        can,
        note,
    };
    let tells = || vec!["messages"];
    let threads = || vec!["messages", "a thread for each run"];
    vec![
        channel(
            "slack",
            threads(),
            "threads need a bot's `token`; a webhook keeps none",
        ),
        channel("teams", tells(), "a workflow that takes Adaptive Cards"),
        channel(
            "discord",
            threads(),
            "threads in forum channels alone: `forum: true`",
        ),
        channel(
            "pagerduty",
            vec!["alerts", "change events"],
            "one incident for each run, resolved at its end",
        ),
        channel(
            "statuspage",
            vec!["incidents"],
            "one incident for each run, updated until its end",
        ),
        channel("matrix", threads(), "a repeated message is shown once"),
        channel("smtp", threads(), "STARTTLS unless the file says otherwise"),
        channel("webhook", tells(), "HMAC-SHA-256 over time and body"),
        channel("desktop", tells(), "on the machine that drives the run"),
    ]
}
