//! What a forecast costs: two thousand draws of two hundred nodes.

use std::time::{Duration, Instant};

use gantry_forecast::{
    law::Law,
    play::{DRAWS, play},
    project::{Project, Seat, State, Work},
};

const NODES: u32 = 200;
const ROUNDS: usize = 11;

#[expect(clippy::print_stdout, reason = "a bench prints what it measured")]
fn main() {
    println!("{DRAWS} draws, least and median of {ROUNDS}; the goal for 200 nodes is 50 ms");
    for (name, seats, steps) in [
        ("200 nodes of one step, a seat for each", 200, 1),
        ("200 nodes of one step, 8 seats", 8, 1),
        ("200 nodes of six steps, 8 seats", 8, 6),
    ] {
        let project = project(seats, steps);
        let mut spent: Vec<Duration> = (0..ROUNDS)
            .map(|_| {
                let start = Instant::now();
                std::hint::black_box(play(&project, [1; 32]));
                start.elapsed()
            })
            .collect();
        spent.sort_unstable();
        // The least is what it costs; the median is what others on the machine leave of it.
        println!(
            "  {name:<42} {:>10.2?} {:>10.2?}",
            spent[0],
            spent[ROUNDS / 2]
        );
    }
}

/// Builds layers of about as many nodes as each is wide; each needs three of the layer before.
fn project(seats: u32, steps: u32) -> Project {
    let wide = 14;
    let works = (0..NODES * steps).map(|place| {
        let (node, step) = (place / steps, place % steps);
        let before = |offset: u32| {
            let row = node / wide;
            let other = (row.checked_sub(1)? * wide) + (node + offset) % wide;
            Some(other * steps + steps - 1)
        };
        Work {
            node: Some(gantry_model::plan::NodeIndex(node)),
            needs: match step {
                0 => (0..3).filter_map(|offset| before(5 * offset)).collect(),
                _ => vec![place - 1],
            },
            fixed: 0.0,
            law: Some(place % 40),
            seat: Seat::Takes,
            state: State::Ahead,
        }
    });
    Project {
        works: works.collect(),
        laws: (0..40)
            .map(|law| Law::assumed(f64::from(law) / 10.0, 0.16))
            .collect(),
        seats,
        shared: (0.0, 0.02),
    }
}
