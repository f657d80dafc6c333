//! Bakes that are judged: metrics that pass, fail, hold or stay silent.

use gantry_model::unit::Span;
use gantry_simulation::signal::{History, Incident, Side, SignalFault, SignalFaultKind, Signals};
use rand::{RngExt, SeedableRng, seq::IndexedRandom};
use rand_chacha::ChaCha8Rng;
use serde_json::{Value, json};

use crate::draft::Draft;

/// One release in so many is judged, and in it no more nodes than this: a judged bake costs a bucket
/// every fifteen seconds.
const ONE_IN: u32 = 4;
const MOST: usize = 2;

/// Gives some nodes of some releases a judge, and their services something to be judged by.
///
/// The dice are its own, so that all others fall as they always have.
pub(super) fn of(seed: u64, draft: Draft) -> (Draft, Signals) {
    let mut dice = ChaCha8Rng::seed_from_u64(seed.rotate_left(32) ^ 0x6A75_6467);
    let kinds = draft.kinds().into_iter();
    let apps: Vec<String> = kinds
        .filter(|(_, kind)| kind == "app")
        .map(|(id, _)| id)
        .collect();
    if apps.is_empty() || dice.random_range(0..ONE_IN) > 0 {
        return (draft, Signals::default());
    }
    let mut draft = draft.with("metrics", metrics());
    for _ in 0..dice.random_range(1..=MOST) {
        if let Some(id) = apps.choose(&mut dice) {
            let more = json!({ "strategy": strategy(&mut dice), "judge": judge(&mut dice) });
            draft = draft.also(id, more);
        }
    }
    (draft, signals(&mut dice))
}

fn metrics() -> Value {
    let query = |what: &str| format!("{what}{{s='{{{{service}}}}',v='{{{{version}}}}'}}");
    json!({
        "errors": {
            "kind": "ratio", "bad": query("bad"), "total": query("total"),
            "tolerate": "0.5%", "never-above": "20%"
        },
        "latency": { "kind": "latency", "query": query("p99"), "tolerate": "10%" },
    })
}

fn strategy(dice: &mut ChaCha8Rng) -> Value {
    match dice.random_range(0..4) {
        0 => json!({ "canary": { "steps": ["25%", "100%"], "bake": "5m" } }),
        1 => json!({ "canary": { "steps": ["10%", "50%", "100%"], "bake": "6m" } }),
        2 => json!({ "blue-green": { "bake": "6m", "keep-old": "2m" } }),
        _ => json!({ "rolling": { "batch": 2, "bake": "5m" } }),
    }
}

fn judge(dice: &mut ChaCha8Rng) -> Value {
    let metrics = [vec!["errors"], vec!["latency"], vec!["errors", "latency"]];
    let (profiles, warm_ups) = (["safe", "fast"], ["0s", "30s"]);
    let promotes = ["in-time", "early"];
    let doubts = ["hold", "extend", "rollback", "proceed"];
    json!({
        "source": "sim",
        "metrics": metrics.choose(dice),
        "profile": profiles.choose(dice),
        "bucket": "15s",
        "warm-up": warm_ups.choose(dice),
        "promote": promotes.choose(dice),
        "on-inconclusive": doubts.choose(dice),
    })
}

/// Throws for how the new version does, and for what is wrong with whoever measures it.
fn signals(dice: &mut ChaCha8Rng) -> Signals {
    let mut signals = Signals::default();
    match dice.random_range(0..8) {
        0 => signals.harm = 50.0,
        1 => signals.slower = 2.0,
        // Worse than tolerated by so little that nobody can tell within a bake.
        2 => (signals.failing, signals.harm, signals.sway) = (0.02, 1.3, 0.2),
        3 => {
            let from = Span::from_secs(dice.random_range(0..900));
            signals.incidents.push(Incident {
                from,
                until: from + Span::from_secs(300),
                factor: 60.0,
            });
        }
        _ => {}
    }
    if dice.random_bool(0.4) {
        signals.faults.push(fault(dice));
    }
    if dice.random_bool(0.1) {
        signals.history = History::OnlyNow;
    }
    signals
}

/// A fault of the source passes after some minutes, so that nobody waits for it for ever.
fn fault(dice: &mut ChaCha8Rng) -> SignalFault {
    let kind = match dice.random_range(0..8) {
        0 => SignalFaultKind::Unavailable,
        1 => SignalFaultKind::Garbled,
        2 => SignalFaultKind::NoSeries,
        3 => SignalFaultKind::Gap,
        4 => SignalFaultKind::NotANumber,
        5 => SignalFaultKind::CounterReset,
        6 => SignalFaultKind::Several,
        _ => SignalFaultKind::Late(Span::from_secs(dice.random_range(1..90))),
    };
    let from = Span::from_secs(dice.random_range(0..900));
    let lasts = Span::from_secs(*[20, 200, 1200].choose(dice).unwrap_or(&200));
    let sides = [None, Some(Side::Canary), Some(Side::Baseline)];
    SignalFault {
        from,
        until: from + lasts,
        side: sides.choose(dice).copied().flatten(),
        kind,
    }
}
