//! Which strategy fits a node, with the reasons.

use gantry_model::release::{
    Release,
    node::{Kind, Node},
    strategy::{BlueGreen, Canary, Progressive, Recreate, Rolling, Strategy, StrategyName},
};

/// From this many instances on, replacing them one by one keeps most of them serving.
const ENOUGH_TO_ROLL: u32 = 2;

/// Environments in which downtime is nobody's trouble.
const RELAXED: [&str; 5] = ["dev", "development", "local", "sandbox", "test"];

/// Names the strategy that fits best.
pub(crate) fn strategy(release: &Release, node: &Node) -> StrategyName {
    match node.kind {
        Kind::Task => StrategyName::Run,
        Kind::Flag => StrategyName::Progressive,
        Kind::Database => StrategyName::ExpandContract,
        Kind::App | Kind::Config => serving(release, node),
    }
}

fn serving(release: &Release, node: &Node) -> StrategyName {
    let judged = node.judge.is_some() || release.defaults.judge.is_some();
    match (&node.router, node.kind) {
        (Some(_), Kind::App) if judged => StrategyName::Canary,
        (Some(_), _) => StrategyName::BlueGreen,
        (None, _) if replicas(node) >= ENOUGH_TO_ROLL && !relaxed(release) => StrategyName::Rolling,
        (None, _) => StrategyName::Recreate,
    }
}

fn replicas(node: &Node) -> u32 {
    node.workload
        .as_ref()
        .map_or(1, |workload| workload.replicas)
}

fn relaxed(release: &Release) -> bool {
    RELAXED.contains(&release.environment.as_str())
}

/// Gives a strategy's default settings; `None` where it cannot do without files or is no strategy.
pub(crate) fn settings(name: StrategyName) -> Option<Strategy> {
    match name {
        StrategyName::Recreate => Some(Strategy::Recreate(Recreate {})),
        StrategyName::Rolling => Some(Strategy::Rolling(Rolling::default())),
        StrategyName::BlueGreen => Some(Strategy::BlueGreen(BlueGreen::default())),
        StrategyName::Canary => Some(Strategy::Canary(Canary::default())),
        StrategyName::Progressive => Some(Strategy::Progressive(Progressive::default())),
        StrategyName::ExpandContract | StrategyName::ShadowWrites | StrategyName::Run => None,
    }
}

/// Says in a sentence why a strategy was recommended.
pub(crate) fn reason(release: &Release, node: &Node, name: StrategyName) -> String {
    match name {
        StrategyName::Run => "A task runs once.".into(),
        StrategyName::Progressive => {
            "A flag goes up share by share and comes down at once.".into()
        }
        StrategyName::ExpandContract | StrategyName::ShadowWrites => {
            "A schema is expanded first and contracted last, so that both versions can live on it."
                .into()
        }
        StrategyName::Canary => {
            "A router can share its traffic and metrics can judge the new version.".into()
        }
        StrategyName::BlueGreen => {
            "A router can shift its traffic at once, and back as quickly; no metric judges a canary."
                .into()
        }
        StrategyName::Rolling => format!(
            "No router shares its traffic, and {} instances can be replaced a few at a time.",
            replicas(node)
        ),
        StrategyName::Recreate if relaxed(release) => {
            format!("Downtime does no harm in `{}`.", release.environment)
        }
        StrategyName::Recreate => {
            "One instance without a router can only be stopped and started.".into()
        }
    }
}

/// Lists what else would fit, each with its reason.
pub(crate) fn alternatives(node: &Node, recommended: StrategyName) -> Vec<String> {
    let routed = node.router.is_some();
    let all: &[(StrategyName, bool, &str)] = match node.kind {
        Kind::Task | Kind::Flag => &[],
        Kind::Database => &[(
            StrategyName::ShadowWrites,
            true,
            "where old and new must be compared under real writes",
        )],
        Kind::App | Kind::Config => &[
            (
                StrategyName::Canary,
                routed,
                "where metrics shall judge it step by step",
            ),
            (
                StrategyName::BlueGreen,
                routed,
                "where going back must be quick",
            ),
            (
                StrategyName::Rolling,
                true,
                "where twice the instances are too many",
            ),
            (StrategyName::Recreate, true, "where an outage is tolerated"),
        ],
    };
    let others = all
        .iter()
        .filter(|(name, fits, _)| *fits && *name != recommended);
    others
        .map(|(name, _, why)| format!("{name}: {why}"))
        .collect()
}
