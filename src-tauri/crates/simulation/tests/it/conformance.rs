use std::{future::Future, sync::Arc};

use async_trait::async_trait;
use gantry_model::{
    operation::Key,
    plan::{Plan, PlannedNode},
    platform::{Revision, Template},
    release::node::Flag,
    unit::Span,
};
use gantry_port::{
    clock::Clock,
    database::Database,
    flag::Flags,
    ports::Call,
    router::Router,
    task::{Program, Task},
    workload::Workload,
};
use gantry_simulation::{
    fault::{FaultMode, FaultPlan, FaultRule},
    ledger::Target,
    world::{Settings, World},
};
use gantry_testkit::{
    conformance::{self, Broken},
    draft::{Draft, canary},
};

struct Simulated {
    plan: Plan,
    world: World,
}

pub(crate) fn plan() -> Plan {
    let draft = Draft::new("r")
        .app("web", &[], canary())
        .flag("look", &[])
        .schema("db", &[]);
    gantry_planner::plan(&draft.release().unwrap(), &Default::default()).unwrap()
}

pub(crate) fn run<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap()
        .block_on(future)
}

impl Simulated {
    fn new() -> Self {
        let plan = plan();
        // The suite's program that fails is called `fails`.
        let rule = FaultRule::on(
            "conformance".parse().unwrap(),
            FaultMode::ExitStatus { status: 3 },
        );
        let faults = FaultPlan {
            rules: vec![rule.at_step("fails")],
        };
        let world = World::from_plan(
            &plan,
            Settings {
                faults,
                ..Settings::default()
            },
        );
        Self { plan, world }
    }

    fn node(&self, id: &str) -> PlannedNode {
        let index = self.plan.node(&id.parse().unwrap()).unwrap();
        self.plan.nodes[index.at()].clone()
    }

    fn call(&self, word: &str) -> Result<Call, Broken> {
        let deadline = self.world.clock().now() + Span::from_secs(3600).as_delta();
        conformance::call(word, deadline)
    }
}

#[async_trait]
impl conformance::workload::Environment for Simulated {
    fn port(&self) -> Arc<dyn Workload> {
        self.world
            .ports()
            .workloads
            .remove(&"sim".parse().unwrap())
            .unwrap()
    }

    fn revision(&self, version: &str) -> Revision {
        Revision {
            service: "fresh".parse().unwrap(),
            environment: "test".parse().unwrap(),
            version: version.parse().unwrap(),
        }
    }

    fn template(&self, version: &str) -> Template {
        Template {
            image: format!("fresh:{version}"),
            digest: None,
            port: Some(80),
            env: Default::default(),
            command: None,
            network: None,
        }
    }

    fn call(&self, word: &str) -> Result<Call, Broken> {
        self.call(word)
    }
}

#[async_trait]
impl conformance::router::Environment for Simulated {
    fn port(&self) -> Arc<dyn Router> {
        self.world
            .ports()
            .routers
            .remove(&"sim".parse().unwrap())
            .unwrap()
    }

    fn backend(&self) -> String {
        "web".into()
    }

    fn addresses(&self) -> [String; 3] {
        [1, 2, 3].map(|host| format!("10.0.0.{host}:8080"))
    }

    fn call(&self, word: &str) -> Result<Call, Broken> {
        self.call(word)
    }
}

#[async_trait]
impl conformance::task::Environment for Simulated {
    fn port(&self) -> Arc<dyn Task> {
        self.world.ports().task
    }

    fn ends_with(&self, _: i32) -> Program {
        self.takes_long(Span::from_secs(60))
    }

    fn takes_long(&self, timeout: Span) -> Program {
        Program {
            argv: vec!["./program".into()],
            folder: ".".into(),
            env: Vec::new(),
            timeout,
            secrets: Vec::new(),
            idempotent: false,
        }
    }

    fn starts(&self, key: &Key) -> usize {
        let started = |effect: &&gantry_simulation::ledger::Effect| {
            effect.target == Target::Program && effect.key == key.as_str()
        };
        self.world.ledger().iter().filter(started).count()
    }

    fn call(&self, word: &str) -> Result<Call, Broken> {
        self.call(word)
    }

    async fn pause(&self) {
        self.world.clock().wait(Span::from_millis(500)).await;
    }
}

#[async_trait]
impl conformance::flags::Environment for Simulated {
    fn port(&self) -> Arc<dyn Flags> {
        self.world
            .ports()
            .flags
            .remove(&"sim".parse().unwrap())
            .unwrap()
    }

    fn flag(&self) -> Flag {
        self.node("look").flag.unwrap()
    }

    fn call(&self, word: &str) -> Result<Call, Broken> {
        self.call(word)
    }
}

#[async_trait]
impl conformance::database::Environment for Simulated {
    fn port(&self) -> Arc<dyn Database> {
        self.world
            .ports()
            .databases
            .remove(&"sim".parse().unwrap())
            .unwrap()
    }

    fn node(&self) -> PlannedNode {
        self.node("db")
    }

    fn call(&self, word: &str) -> Result<Call, Broken> {
        self.call(word)
    }
}

#[test]
fn the_simulated_platform_keeps_the_contract_of_workloads() {
    run(conformance::workload::suite(&Simulated::new())).unwrap();
}

#[test]
fn the_simulated_router_keeps_the_contract_of_routers() {
    run(conformance::router::suite(&Simulated::new())).unwrap();
}

#[test]
fn the_simulated_programs_keep_the_contract_of_tasks() {
    run(conformance::task::suite(&Simulated::new())).unwrap();
}

#[test]
fn the_simulated_flags_keep_the_contract_of_flags() {
    run(conformance::flags::suite(&Simulated::new())).unwrap();
}

#[test]
fn the_simulated_database_keeps_the_contract_of_databases() {
    run(conformance::database::suite(&Simulated::new())).unwrap();
}
