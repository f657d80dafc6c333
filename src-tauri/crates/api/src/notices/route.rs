//! From a message to the channel that it goes by.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use async_trait::async_trait;
use gantry_model::{digest::Digest, plan::Plan, release::stakeholder::Notify};
use gantry_notify::notice::Notice;
use gantry_port::{
    channel::Channel,
    fault::{Fault, FaultKind},
};

use crate::app::App;

/// Where a message goes, and how often its reader is told at most.
#[derive(Clone)]
pub struct Route {
    /// The channel.
    pub channel: Arc<dyn Channel>,
    /// The cap.
    pub notify: Notify,
}

/// Finds channels.
#[async_trait]
pub trait Routes: Send + Sync {
    /// Finds the way of a message.
    ///
    /// # Errors
    /// Refused where its plan names no such channel; lost where the plan cannot be read now.
    async fn find(&self, notice: &Notice) -> Result<Route, Fault>;
}

/// Channels of the plans in a workspace.
pub struct PlannedRoutes<'a> {
    app: &'a App,
    plans: Mutex<BTreeMap<Digest, Arc<Plan>>>,
}

impl<'a> PlannedRoutes<'a> {
    /// Finds channels by the plans of this application's workspace.
    pub fn of(app: &'a App) -> Self {
        Self {
            app,
            plans: Mutex::default(),
        }
    }

    async fn plan(&self, notice: &Notice) -> Result<Arc<Plan>, Fault> {
        if let Some(plan) = self.plans().get(&notice.plan) {
            return Ok(Arc::clone(plan));
        }
        let plan = Arc::new(self.read(notice).await?);
        self.plans().insert(notice.plan, Arc::clone(&plan));
        Ok(plan)
    }

    fn plans(&self) -> MutexGuard<'_, BTreeMap<Digest, Arc<Plan>>> {
        self.plans.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn read(&self, notice: &Notice) -> Result<Plan, Fault> {
        let later = |words: String| Fault::lost(format!("the plan cannot be read: {words}"));
        let journal = self.app.journal().map_err(|error| later(error.message))?;
        let text = match (&notice.run, journal.rooms()) {
            (Some(run), _) => Some(journal.plan(run).await.map_err(|e| later(e.to_string()))?),
            (None, Some(rooms)) => {
                let kept = rooms.kept_plan(notice.plan).await;
                kept.map_err(|error| later(error.to_string()))?
            }
            (None, None) => None,
        };
        let text = text.ok_or_else(|| Fault::refused("its plan is not kept here"))?;
        serde_json::from_str(&text).map_err(|error| later(error.to_string()))
    }
}

#[async_trait]
impl Routes for PlannedRoutes<'_> {
    async fn find(&self, notice: &Notice) -> Result<Route, Fault> {
        let plan = self.plan(notice).await?;
        let name = &notice.via.connection;
        let connection = plan.connections.get(name);
        let connection = connection
            .ok_or_else(|| Fault::refused(format!("its plan has no connection `{name}`")))?;
        let nobody = || {
            let sentence = format!("`{name}` ({}) tells nobody here", connection.product());
            Fault::new(FaultKind::Unsupported, sentence)
        };
        Ok(Route {
            channel: self.app.connector.channel(connection)?.ok_or_else(nobody)?,
            notify: plan.notify.clone(),
        })
    }
}
