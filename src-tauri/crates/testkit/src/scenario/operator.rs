//! People who say everything that can be said, whether it fits or not.

use gantry_model::{
    command::{Actor, Answer, Command, Order, Remark},
    id::{GateName, NodeId},
    unit::Span,
};
use rand::{RngExt, seq::IndexedRandom};
use rand_chacha::ChaCha8Rng;

/// Throws for more orders, of several people.
pub(super) fn orders(dice: &mut ChaCha8Rng, ids: &[NodeId], most: u32) -> Vec<(Span, Order)> {
    let count = dice.random_range(0..=most * 3);
    (0..count).filter_map(|_| order(dice, ids)).collect()
}

fn order(dice: &mut ChaCha8Rng, ids: &[NodeId]) -> Option<(Span, Order)> {
    let command = command(dice, ids)?;
    let by = Actor::named(*["author", "ann", "ben", "cem"].choose(dice)?);
    let after = *[
        dice.random_range(0..60),
        dice.random_range(0..1800),
        dice.random_range(0..20_000),
    ]
    .choose(dice)?;
    Some((Span::from_secs(after), Order { by, command }))
}

fn command(dice: &mut ChaCha8Rng, ids: &[NodeId]) -> Option<Command> {
    let node = ids.choose(dice)?.clone();
    let named = dice.random_bool(0.5).then(|| node.clone());
    let reason = "somebody thought so".to_owned();
    Some(match dice.random_range(0..14) {
        0 => Command::Hold {
            node: named,
            reason: Some(reason),
        },
        1..4 => Command::Resume { node: named },
        4 => Command::Retry { node },
        5 => Command::Skip {
            node,
            step: None,
            reason,
        },
        6 => Command::Resolve {
            node,
            step: None,
            answer: answer(dice)?,
            reason,
        },
        7..9 => Command::Done { node, note: None },
        9 => Command::Note {
            text: reason,
            remark: Remark::default(),
        },
        10 => match dice.random_range(0..4) {
            0 => Command::Abort { reason: None },
            1 => Command::Rollback {
                node: None,
                reason: None,
            },
            _ => Command::Rollback {
                node: Some(node),
                reason: None,
            },
        },
        11 => Command::Approve {
            gate: Some(GateName::contract()),
            node: named,
            note: None,
        },
        _ => Command::Approve {
            gate: None,
            node: None,
            note: Some(reason),
        },
    })
}

fn answer(dice: &mut ChaCha8Rng) -> Option<Answer> {
    let answers = [
        Answer::Applied,
        Answer::NotApplied,
        Answer::DoneByHand,
        Answer::Accepted,
    ];
    answers.choose(dice).copied()
}
