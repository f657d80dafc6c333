//! An operation with the parts of the world that it needs.

use gantry_model::{
    operation::Operation,
    plan::{Action, PlannedNode, Step},
    platform::Baseline,
    unit::Span,
};
use gantry_port::{
    clock::Clock,
    database::Database,
    fault::{Fault, FaultKind},
    flag::Flags,
    ports::{Call, Ports},
};

/// Everything that performing or observing one operation works with.
pub(crate) struct Scene<'a> {
    pub(crate) operation: &'a Operation,
    pub(crate) node: &'a PlannedNode,
    pub(crate) ports: &'a Ports,
    pub(crate) clock: &'a dyn Clock,
    pub(crate) call: Call,
}

impl<'a> Scene<'a> {
    pub(crate) fn of(
        operation: &'a Operation,
        ports: &'a Ports,
        clock: &'a dyn Clock,
    ) -> Result<Self, Fault> {
        let node = operation.node().ok_or_else(torn_plan)?;
        let call = Call {
            key: operation.key().ok_or_else(torn_plan)?,
            epoch: operation.epoch,
            run: operation.run.clone(),
            step: operation.id().ok_or_else(torn_plan)?.clone(),
            direction: operation.direction(),
            deadline: operation.deadline,
        };
        Ok(Self {
            operation,
            node,
            ports,
            clock,
            call,
        })
    }

    pub(crate) fn action(&self) -> Option<&'a Action> {
        self.operation.step().map(|step| &step.action)
    }

    /// Gives what ran before; every step but the preflight has it.
    pub(crate) fn baseline(&self) -> Result<&'a Baseline, Fault> {
        self.operation.baseline.as_deref().ok_or_else(|| {
            let node = &self.node.id;
            Fault::refused(format!(
                "`{node}` has no recorded baseline: its preflight comes first"
            ))
        })
    }

    /// Walks the node's steps up to the one at hand; all of them when it is being undone.
    pub(crate) fn steps_so_far(&self) -> impl DoubleEndedIterator<Item = &'a Step> {
        let plan = &self.operation.plan;
        let here = self.operation.step().map(|step| &step.id);
        let all: Vec<&Step> = self
            .node
            .steps()
            .filter_map(|step| plan.steps.get(step.at()))
            .collect();
        let until = all
            .iter()
            .position(|step| Some(&step.id) == here)
            .unwrap_or(all.len());
        all.into_iter().take(until)
    }

    /// Gives the time until the operation must be over.
    pub(crate) fn time_left(&self) -> Span {
        let left = self.operation.deadline - self.clock.now();
        Span::from_millis(u64::try_from(left.num_milliseconds()).unwrap_or(0))
    }

    pub(crate) fn flags(&self) -> Result<&'a dyn Flags, Fault> {
        let name = self.node.connection.as_ref();
        let found = name.and_then(|name| self.ports.flags.get(name));
        found
            .map(|flags| &**flags)
            .ok_or_else(|| self.no_connection(name, "keeps flags"))
    }

    pub(crate) fn database(&self) -> Result<&'a dyn Database, Fault> {
        let name = self.node.connection.as_ref();
        let found = name.and_then(|name| self.ports.databases.get(name));
        found
            .map(|database| &**database)
            .ok_or_else(|| self.no_connection(name, "is a database"))
    }

    pub(crate) fn no_connection(
        &self,
        name: Option<&gantry_model::id::ConnectionName>,
        role: &str,
    ) -> Fault {
        let node = &self.node.id;
        let message = match name {
            Some(name) => {
                format!("`{node}` uses connection `{name}`, and nothing by that name {role}")
            }
            None => format!("`{node}` names no connection that {role}"),
        };
        Fault::new(FaultKind::Unsupported, message)
    }
}

/// Says that the plan and the operation do not fit together.
pub(crate) fn torn_plan() -> Fault {
    Fault::refused("the plan has no such step: it does not belong to this run")
}
