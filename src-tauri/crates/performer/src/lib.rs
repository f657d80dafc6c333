//! Performs, undoes and observes one step over the capability ports.
//!
//! The engine knows steps, the ports know instances, shares, programs, flags and phases; this
//! crate is the bridge. Three rules hold in every file:
//!
//! - **State what shall be.** A step asks for a state, never for a change, so that the same key
//!   performed twice has the effect of once.
//! - **Believe the platform.** What became of a step is read from instances, shares, flags, task
//!   records and applied phases, never from what was asked for.
//! - **Go back to the baseline.** The old version is the one that the preflight saw serving and
//!   that the journal holds; nothing here knows a word for "previous".
//!
//! There is one file for each family of actions; [`Performer`] picks among them.

use std::sync::Arc;

use async_trait::async_trait;
use gantry_model::{
    id::{MetricName, RunId},
    measure::{Beside, Bucket},
    operation::{Evidence, Operation, Sample, Sighting, Work},
    plan::{Action, Nature, Plan, PlannedTrigger},
    release::check::{Criterion, Silence},
    rollback::{Guard, UndoKind},
    time::Timestamp,
};
use gantry_port::{
    clock::Clock,
    fault::{Fault, FaultKind},
    metrics::Grid,
    platform::{Platform, Sight},
    ports::Ports,
};

use crate::{deployment::Deployment, sample::Looks, scene::Scene};

mod criterion;
mod database;
mod deployment;
mod flag;
mod health;
mod measure;
mod preflight;
mod preview;
mod recreate;
mod retire;
mod rolling;
mod run;
mod sample;
mod scene;
mod shift;
mod sight;
mod silence;
mod stage;
mod traffic;
mod undo;
mod verify;

/// Implements the engine's seam to the world over the capability ports.
///
/// It holds nothing that a restart would miss: its only memory are the router's counters at the
/// last look, without which the first look of a bake cannot say how many requests were new.
pub struct Performer {
    ports: Ports,
    clock: Arc<dyn Clock>,
    looks: Looks,
}

impl Performer {
    /// Builds a performer over some ports and a clock.
    pub fn new(ports: Ports, clock: Arc<dyn Clock>) -> Self {
        Self {
            ports,
            clock,
            looks: Looks::default(),
        }
    }

    fn scene<'a>(&'a self, operation: &'a Operation) -> Result<Scene<'a>, Fault> {
        Scene::of(operation, &self.ports, &*self.clock)
    }
}

#[async_trait]
impl Platform for Performer {
    async fn perform(&self, operation: &Operation) -> Result<Evidence, Fault> {
        let scene = self.scene(operation)?;
        match &operation.work {
            Work::Do(_) => match scene.action() {
                Some(action) => {
                    let answer = self.act(&scene, action).await;
                    answer.map_err(|fault| of_the_whole(action, fault))
                }
                None => Err(scene::torn_plan()),
            },
            Work::Undo(action) => {
                if action.guard == Guard::AsLeft {
                    undo::guard::check(&scene, action).await?;
                }
                self.undo(&scene, action.kind).await
            }
        }
    }

    async fn observe(&self, operation: &Operation) -> Result<Sighting, Fault> {
        let scene = self.scene(operation)?;
        match &operation.work {
            Work::Do(_) => match scene.action() {
                Some(action) => look_at_step(&scene, action).await,
                None => Err(scene::torn_plan()),
            },
            Work::Undo(action) => look_at_undo(&scene, action.kind).await,
        }
    }

    async fn sample(&self, operation: &Operation) -> Result<Sample, Fault> {
        let scene = self.scene(operation)?;
        Ok(sample::sample(&scene, &self.looks).await)
    }

    async fn check(&self, _: &RunId, plan: &Plan, criterion: &Criterion) -> Result<Sample, Fault> {
        Ok(criterion::look(&self.ports, plan, criterion, self.clock.now()).await)
    }

    async fn measure(
        &self,
        operation: &Operation,
        grid: Grid,
        beside: Beside,
    ) -> Result<Vec<Bucket>, Fault> {
        let scene = self.scene(operation)?;
        measure::buckets(&scene, grid, beside).await
    }

    async fn recall(&self, operation: &Operation, grid: Grid) -> Vec<(MetricName, Vec<f64>)> {
        match self.scene(operation) {
            Ok(scene) => measure::before(&scene, grid).await,
            Err(_) => Vec::new(),
        }
    }

    async fn sight(&self, run: &RunId, plan: &Plan, trigger: &PlannedTrigger) -> Sight {
        sight::look(&self.ports, (run, plan), trigger, self.clock.now()).await
    }

    async fn silence(
        &self,
        run: &RunId,
        silence: &Silence,
        until: Timestamp,
    ) -> Result<String, Fault> {
        silence::set(&self.ports, run, silence, (self.clock.now(), until)).await
    }

    async fn unsilence(&self, silence: &Silence, id: &str) -> Result<(), Fault> {
        silence::end(&self.ports, silence, id).await
    }

    async fn cancel(&self, operation: &Operation) -> Result<(), Fault> {
        let scene = self.scene(operation)?;
        match scene.action() {
            Some(Action::Run) => self.ports.task.cancel(&scene.call.key).await,
            // These only look, so that nothing is left behind when nobody waits any more.
            Some(
                Action::Verify | Action::Preview | Action::VerifyData | Action::Compare { .. },
            ) => Ok(()),
            Some(action) => Err(not_stopped(action.word())),
            None => Err(not_stopped("undo")),
        }
    }
}

impl Performer {
    async fn act(&self, scene: &Scene<'_>, action: &Action) -> Result<Evidence, Fault> {
        match action {
            Action::Preflight => preflight::perform(scene).await,
            Action::Stage { replicas } => stage::perform(&Deployment::of(scene)?, *replicas).await,
            Action::StageBaseline { replicas } => {
                stage::perform_baseline(&Deployment::of(scene)?, *replicas).await
            }
            Action::Preview => preview::perform(&Deployment::of(scene)?).await,
            Action::Shift { weight } => {
                shift::perform(&Deployment::of(scene)?, *weight, &self.looks).await
            }
            Action::Batch { replicas, .. } => {
                rolling::perform(&Deployment::of(scene)?, *replicas, &self.looks).await
            }
            Action::StopOld => recreate::stop_old(&Deployment::of(scene)?).await,
            Action::StartNew { replicas } => {
                recreate::start_new(&Deployment::of(scene)?, *replicas, &self.looks).await
            }
            Action::Verify => verify::perform(&Deployment::of(scene)?).await,
            Action::Retire { .. } => retire::perform(&Deployment::of(scene)?).await,
            Action::Run => run::perform(scene).await,
            Action::SetFlag { weight } => flag::perform(scene, *weight).await,
            Action::Expand
            | Action::Backfill
            | Action::VerifyData
            | Action::DualWrite
            | Action::ReadNew
            | Action::Contract => database::perform(scene, action).await,
            Action::Compare { window } => database::compare(scene, action, *window).await,
            Action::Bake { .. } | Action::Soak { .. } | Action::Approve { .. } => {
                Err(not_performed(action))
            }
        }
    }

    async fn undo(&self, scene: &Scene<'_>, kind: UndoKind) -> Result<Evidence, Fault> {
        match kind {
            UndoKind::RestoreFlag => flag::restore(scene).await,
            UndoKind::RestageOld => undo::workload::restage(&Deployment::of(scene)?).await,
            UndoKind::RestoreTraffic => undo::traffic::perform(&Deployment::of(scene)?).await,
            UndoKind::RestoreWorkload => undo::workload::restore(&Deployment::of(scene)?).await,
            UndoKind::UndoTask => run::undo(scene).await,
            UndoKind::VerifyOld => verify::perform_old(&Deployment::of(scene)?).await,
            UndoKind::RemoveNew => undo::remove::perform(&Deployment::of(scene)?).await,
            UndoKind::RevertSchema => database::revert(scene).await,
        }
    }
}

/// Says of a whole step what one of its calls said of itself.
///
/// A step of several calls may have changed something before the call that was never sent, so
/// that it cannot count as untouched: whoever rolls back must look at it.
fn of_the_whole(action: &Action, fault: Fault) -> Fault {
    match (action.nature(), fault.kind) {
        (Nature::States, FaultKind::Unsent) => Fault::refused(fault.message),
        // The others make one call that changes something, or none.
        _ => fault,
    }
}

async fn look_at_step(scene: &Scene<'_>, action: &Action) -> Result<Sighting, Fault> {
    match action {
        Action::Stage { replicas } => stage::observe(&Deployment::of(scene)?, *replicas).await,
        Action::StageBaseline { replicas } => {
            stage::observe_baseline(&Deployment::of(scene)?, *replicas).await
        }
        Action::Shift { weight } => shift::observe(&Deployment::of(scene)?, *weight).await,
        Action::Batch { replicas, .. } => {
            rolling::observe(&Deployment::of(scene)?, *replicas).await
        }
        Action::StopOld => recreate::observe_stop(&Deployment::of(scene)?).await,
        Action::StartNew { replicas } => {
            recreate::observe_start(&Deployment::of(scene)?, *replicas).await
        }
        Action::Retire { .. } => retire::observe(&Deployment::of(scene)?).await,
        Action::Run => run::observe(scene).await,
        Action::SetFlag { weight } => flag::observe(scene, *weight).await,
        Action::Expand
        | Action::Backfill
        | Action::DualWrite
        | Action::ReadNew
        | Action::Contract => database::observe(scene, action).await,
        // These only look or wait: whatever became of them, asking again is safe.
        Action::Preflight
        | Action::Preview
        | Action::Verify
        | Action::VerifyData
        | Action::Compare { .. }
        | Action::Bake { .. }
        | Action::Soak { .. }
        | Action::Approve { .. } => Ok(Sighting::NotApplied),
    }
}

async fn look_at_undo(scene: &Scene<'_>, kind: UndoKind) -> Result<Sighting, Fault> {
    match kind {
        UndoKind::RestoreFlag => flag::observe_restored(scene).await,
        UndoKind::RestageOld => undo::workload::observe_restaged(&Deployment::of(scene)?).await,
        UndoKind::RestoreTraffic => undo::traffic::observe(&Deployment::of(scene)?).await,
        UndoKind::RestoreWorkload => undo::workload::observe(&Deployment::of(scene)?).await,
        UndoKind::UndoTask => run::observe_undo(scene).await,
        // Looking again is safe.
        UndoKind::VerifyOld => Ok(Sighting::NotApplied),
        UndoKind::RemoveNew => undo::remove::observe(&Deployment::of(scene)?).await,
        UndoKind::RevertSchema => database::observe_reverted(scene).await,
    }
}

fn not_stopped(word: &str) -> Fault {
    let message = format!("`{word}` cannot be stopped half-way");
    Fault::new(FaultKind::Unsupported, message)
}

fn not_performed(action: &Action) -> Fault {
    let message = format!("`{}` is waited for, not performed", action.word());
    Fault::new(FaultKind::Unsupported, message)
}
