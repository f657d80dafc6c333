//! Runs a plan step by step without an engine: enough to look at the performer alone.

use std::{collections::BTreeMap, future::Future, sync::Arc};

use gantry_model::{
    id::{NodeId, RunId},
    operation::{Evidence, Operation, Sample, Sighting, Work},
    plan::{Action, Plan, StepIndex},
    platform::Baseline,
    release::check::Criterion,
    rollback::{Scope, UndoAction, plan_rollback},
};
use gantry_performer::Performer;
use gantry_planner::{Observations, plan};
use gantry_port::{clock::Clock, fault::Fault, platform::Platform};
use gantry_simulation::world::{Settings, World};
use gantry_testkit::draft::Draft;

pub(crate) struct Walk {
    pub(crate) plan: Arc<Plan>,
    pub(crate) world: World,
    performer: Performer,
    baselines: BTreeMap<NodeId, Arc<Baseline>>,
}

impl Walk {
    pub(crate) fn new(draft: Draft, settings: Settings) -> Self {
        let plan = Arc::new(planned(draft));
        let world = World::from_plan(&plan, settings);
        Self {
            performer: Performer::new(world.ports(), world.clock()),
            plan,
            world,
            baselines: BTreeMap::new(),
        }
    }

    /// Takes the flag services away, as if the connection were of another kind.
    pub(crate) fn without_flags(&mut self) {
        let mut ports = self.world.ports();
        ports.flags.clear();
        self.performer = Performer::new(ports, self.world.clock());
    }

    /// Performs all steps in order, up to and with the one of this name.
    pub(crate) async fn forward_to(&mut self, last: &str) -> Result<Evidence, Fault> {
        let mut evidence = Evidence::default();
        for index in 0..self.plan.steps.len() {
            evidence = self.step(StepIndex(index as u32)).await?;
            if self.plan.steps[index].id.as_str() == last {
                break;
            }
        }
        Ok(evidence)
    }

    pub(crate) async fn step(&mut self, index: StepIndex) -> Result<Evidence, Fault> {
        let step = self.plan.steps[index.at()].clone();
        match step.action {
            Action::Bake { .. } | Action::Soak { .. } => {
                self.world.clock().wait("30s".parse().unwrap()).await;
                let sample = self.sample(index).await?;
                return Ok(Evidence {
                    summary: sample.summary,
                    facts: sample.facts,
                    baseline: None,
                });
            }
            _ => {}
        }
        let evidence = self
            .performer
            .perform(&self.operation(Work::Do(index)))
            .await?;
        if let Some(baseline) = &evidence.baseline {
            let node = self.plan.nodes[step.node.at()].id.clone();
            self.baselines.insert(node, Arc::new(baseline.clone()));
        }
        Ok(evidence)
    }

    pub(crate) async fn sample(&self, index: StepIndex) -> Result<Sample, Fault> {
        self.performer
            .sample(&self.operation(Work::Do(index)))
            .await
    }

    pub(crate) async fn observe(&self, work: Work) -> Result<Sighting, Fault> {
        self.performer.observe(&self.operation(work)).await
    }

    /// Undoes what a set of touched steps asks for.
    pub(crate) async fn back(&self, touched: impl Fn(StepIndex) -> bool) -> Result<(), Fault> {
        for action in self.actions(touched) {
            self.performer
                .perform(&self.operation(Work::Undo(Arc::new(action))))
                .await?;
        }
        Ok(())
    }

    pub(crate) fn actions(&self, touched: impl Fn(StepIndex) -> bool) -> Vec<UndoAction> {
        plan_rollback(&self.plan, &touched, Scope::Release).actions
    }

    pub(crate) async fn undo(&self, action: &UndoAction) -> Result<Evidence, Fault> {
        self.performer
            .perform(&self.operation(Work::Undo(Arc::new(action.clone()))))
            .await
    }

    /// Performs one step, without taking anything of it down.
    pub(crate) async fn perform(&self, index: StepIndex) -> Result<Evidence, Fault> {
        self.performer
            .perform(&self.operation(Work::Do(index)))
            .await
    }

    /// Asks a step that is under way to stop.
    pub(crate) async fn cancel(&self, index: StepIndex) -> Result<(), Fault> {
        self.performer
            .cancel(&self.operation(Work::Do(index)))
            .await
    }

    /// Looks at a success criterion.
    pub(crate) async fn check(&self, criterion: &Criterion) -> Result<Sample, Fault> {
        let run = RunId::new(self.plan.release.clone(), 1);
        self.performer.check(&run, &self.plan, criterion).await
    }

    pub(crate) fn index(&self, id: &str) -> StepIndex {
        self.plan
            .step(&id.parse().unwrap())
            .unwrap_or_else(|| panic!("{id} in the plan"))
    }

    fn operation(&self, work: Work) -> Operation {
        let node = match &work {
            Work::Do(step) => self.plan.steps[step.at()].node,
            Work::Undo(action) => action.node,
        };
        let timeout = match &work {
            Work::Do(step) => self.plan.steps[step.at()].timeout,
            Work::Undo(action) => action.timeout,
        };
        Operation {
            run: RunId::new(self.plan.release.clone(), 1),
            epoch: 1,
            plan: Arc::clone(&self.plan),
            work,
            round: 1,
            baseline: self.baselines.get(&self.plan.nodes[node.at()].id).cloned(),
            deadline: self.world.clock().now() + timeout.as_delta(),
        }
    }
}

pub(crate) fn planned(draft: Draft) -> Plan {
    plan(&draft.release().unwrap(), &Observations::default()).unwrap()
}

pub(crate) fn run<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap()
        .block_on(future)
}
