//! How good forecasts are, in worlds that are drawn from seeds; prints the table of `docs/forecast.md`.
//!
//! `cargo bench -p gantry-forecast --bench coverage -- 150` sets the number of worlds of each row.

#[path = "../tests/it/worlds.rs"]
mod worlds;

const OUTCOMES: usize = 40;

#[expect(clippy::print_stdout, reason = "a bench prints what it measured")]
fn main() {
    let typed = std::env::args().find_map(|argument| argument.parse().ok());
    let count: u64 = typed.unwrap_or(150);
    println!("{count} graphs a row, {OUTCOMES} outcomes each\n");
    println!(
        "| nodes | past runs | critical path of medians: late | P50: late | by P80 | by P90 | past ends alone: by P90 | loss v critical path of means | loss v past ends |"
    );
    println!("|---|---|---|---|---|---|---|---|---|");
    for nodes in [8, 20, 60] {
        for runs in [3, 5, 10, 20, 50] {
            let score = worlds::survey(nodes, runs, count, OUTCOMES);
            println!(
                "| {nodes} | {runs} | {:.0} % | {:.0} % | {:.0} % | {:.0} % | {:.0} % | ×{:.2} | ×{:.2} |",
                score.percent(score.critical_path_late),
                score.percent(score.late),
                score.percent(score.by_p80),
                score.percent(score.by_p90),
                score.percent(score.history_by_p90),
                score.pinball / score.critical_path_pinball,
                score.pinball / score.history_pinball,
            );
        }
    }
}
