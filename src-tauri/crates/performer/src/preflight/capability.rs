//! Whether the platform and the router can do what the strategy asks of them.

use gantry_model::release::strategy::StrategyName;
use gantry_port::fault::{Fault, FaultKind};

use crate::deployment::{Backend, Deployment};

/// What a strategy cannot do without.
struct Demands {
    side_by_side: bool,
    router: bool,
    weights: bool,
}

/// Says which capability is missing, before anything is changed.
pub(super) fn check(deployment: &Deployment<'_>) -> Result<(), Fault> {
    let strategy = deployment.scene.node.strategy;
    let demands = demands(strategy);
    let platform = deployment.platform.capabilities();
    let product = platform.product;
    if demands.side_by_side && !platform.side_by_side {
        return unsupported(
            deployment,
            format!("{product} cannot run two versions at once"),
        );
    }
    match &deployment.backend {
        None if demands.router => unsupported(deployment, "it has no `router`".into()),
        Some(_) if !platform.addresses => unsupported(
            deployment,
            format!("instances on {product} have no addresses that a router could be given"),
        ),
        Some(backend) if demands.weights => check_weights(deployment, backend),
        Some(_) | None => Ok(()),
    }
}

fn check_weights(deployment: &Deployment<'_>, backend: &Backend<'_>) -> Result<(), Fault> {
    let router = backend.router.capabilities();
    if router.weights {
        return Ok(());
    }
    unsupported(
        deployment,
        format!("{} cannot share traffic by weight", router.product),
    )
}

fn demands(strategy: StrategyName) -> Demands {
    let (side_by_side, router, weights) = match strategy {
        StrategyName::Canary => (true, true, true),
        StrategyName::BlueGreen => (true, true, false),
        StrategyName::Rolling
        | StrategyName::Recreate
        | StrategyName::Progressive
        | StrategyName::ExpandContract
        | StrategyName::ShadowWrites
        | StrategyName::Run => (false, false, false),
    };
    Demands {
        side_by_side,
        router,
        weights,
    }
}

fn unsupported(deployment: &Deployment<'_>, reason: String) -> Result<(), Fault> {
    let node = deployment.scene.node;
    let message = format!(
        "`{}` cannot be deployed by {}: {reason}",
        node.id, node.strategy
    );
    Err(Fault::new(FaultKind::Unsupported, message))
}
