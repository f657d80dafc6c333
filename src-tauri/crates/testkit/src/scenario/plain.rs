//! The dice that have been thrown since the first day: what they gave for a seed they give for ever,
//! so that a seed that once found something can be played again.

use gantry_model::{
    command::{Actor, Answer, Command, Order},
    id::NodeId,
    operation::Direction,
    unit::{Span, Weight},
};
use gantry_simulation::fault::{Access, FaultMode, FaultRule};
use rand::{RngExt, seq::IndexedRandom};
use rand_chacha::ChaCha8Rng;
use serde_json::{Value, json};

use crate::draft::{Draft, blue_green, recreate, rolling};

pub(super) fn release(dice: &mut ChaCha8Rng, count: u32) -> Draft {
    let policy = ["rollback-release", "rollback-node", "hold", "continue"];
    let on_failure = *policy.choose(dice).unwrap_or(&"rollback-release");
    let parallel = dice.random_range(1..=8);
    let policy = json!({ "on-failure": on_failure, "max-parallel": parallel });
    let mut draft = Draft::new("simulated").with("policy", policy);
    for number in 0..count {
        let id = format!("n{number:02}");
        let needs = needs(dice, number);
        let needs: Vec<&str> = needs.iter().map(String::as_str).collect();
        draft = node(dice, draft, &id, &needs);
        if dice.random_bool(0.2) {
            let times = dice.random_range(0..3);
            draft = draft.also(&id, json!({ "retry": { "times": times, "backoff": "2s" } }));
        }
    }
    draft
}

/// Chooses up to three earlier nodes, so that the graph has no ring.
fn needs(dice: &mut ChaCha8Rng, number: u32) -> Vec<String> {
    let mut needs: Vec<u32> = (0..dice.random_range(0..=3_u32.min(number)))
        .map(|_| dice.random_range(0..number))
        .collect();
    needs.sort_unstable();
    needs.dedup();
    needs
        .into_iter()
        .map(|need| format!("n{need:02}"))
        .collect()
}

fn node(dice: &mut ChaCha8Rng, draft: Draft, id: &str, needs: &[&str]) -> Draft {
    match dice.random_range(0..10) {
        0..4 => {
            let draft = draft.task(id, needs);
            let idempotent = dice.random_bool(0.5);
            draft.also(id, json!({ "idempotent": idempotent }))
        }
        4 => draft.flag(id, needs),
        5 => draft.schema(id, needs),
        _ => {
            let strategy = strategy(dice);
            draft.app(id, needs, strategy)
        }
    }
}

fn strategy(dice: &mut ChaCha8Rng) -> Value {
    match dice.random_range(0..5) {
        0 => json!({ "canary": { "steps": ["5%", "50%", "100%"], "bake": "2m" } }),
        1 => json!({ "canary": {
            "steps": ["25%", "100%"], "bake": "1m", "replicas": 1, "baseline": "equal" } }),
        2 => blue_green(),
        3 => rolling(),
        _ => recreate(),
    }
}

pub(super) fn rule(dice: &mut ChaCha8Rng, ids: &[NodeId]) -> Option<FaultRule> {
    let node = ids.choose(dice)?.clone();
    let mode = mode(dice);
    let rule = FaultRule::on(node, mode);
    let rule = match dice.random_range(0..4) {
        0 => rule.going(Direction::Do),
        1 => rule.going(Direction::Undo),
        2 => rule.meeting(Access::Change),
        _ => rule,
    };
    let times = *[1, 1, 2, 3, 8, u32::MAX].choose(dice)?;
    Some(rule.after(dice.random_range(0..4), times))
}

fn mode(dice: &mut ChaCha8Rng) -> FaultMode {
    let from = *[0, 500, 2500, 5000, 10_000].choose(dice).unwrap_or(&0);
    let from = Weight::from_basis_points(from).unwrap_or(Weight::FULL);
    match dice.random_range(0..20) {
        0 => FaultMode::ConnectionRefused,
        1 => FaultMode::TimeoutUnsent,
        2 | 3 => FaultMode::ReplyLost,
        4 => FaultMode::Reset,
        5 => FaultMode::Rejected,
        6 => FaultMode::CredentialsExpired,
        7 => FaultMode::RateLimited {
            after: Some(Span::from_secs(dice.random_range(1..30))),
        },
        8 => FaultMode::Unavailable,
        9 => FaultMode::Slow { factor: 20.0 },
        10 => FaultMode::DeliveredTwice,
        11 => FaultMode::LyingSuccess,
        12 => FaultMode::PartialSuccess { instances: 1 },
        13 => FaultMode::StaleRead,
        14 => FaultMode::GarbledAnswer,
        15 => FaultMode::FlappingHealth,
        16 => FaultMode::TurnsBad { from },
        17 => FaultMode::CrashLoop { from },
        18 => FaultMode::NoData,
        _ => FaultMode::ExitStatus { status: 1 },
    }
}

pub(super) fn order(dice: &mut ChaCha8Rng, ids: &[NodeId]) -> Option<(Span, Order)> {
    let node = || ids.first().cloned();
    let named = ids.choose(dice)?.clone();
    let reason = || Some("the dice said so".to_owned());
    let command = match dice.random_range(0..9) {
        0 => Command::Hold {
            node: None,
            reason: reason(),
        },
        1 => Command::Hold {
            node: Some(named),
            reason: None,
        },
        2 => Command::Resume { node: None },
        3 => Command::Abort { reason: reason() },
        4 => Command::Rollback {
            node: None,
            reason: reason(),
        },
        5 => Command::Rollback {
            node: Some(named),
            reason: None,
        },
        6 => Command::Retry { node: named },
        7 => Command::Resolve {
            node: named,
            step: None,
            answer: Answer::Applied,
            reason: "it was seen".into(),
        },
        _ => Command::Skip {
            node: node()?,
            step: None,
            reason: "not needed".into(),
        },
    };
    let by = Actor::named("dice");
    let after = Span::from_secs(dice.random_range(0..1800));
    Some((after, Order { by, command }))
}
