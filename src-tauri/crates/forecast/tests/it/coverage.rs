//! The check of the design on a smaller scale: what is told comes true as often as it says.

use crate::worlds::{Score, survey};

#[test]
fn what_is_told_comes_true_as_often_as_it_says() {
    let rows = [(8, 5), (8, 10), (8, 20), (20, 5), (20, 10), (20, 20)];
    let score = rows
        .iter()
        .map(|(nodes, runs)| survey(*nodes, *runs, 30, 40))
        .fold(Score::default(), Score::and);
    let told = [score.late, score.by_p80, score.by_p90].map(|count| score.percent(count));
    let [late, by_p80, by_p90] = told;
    assert!((42.0..=58.0).contains(&late), "{told:?}");
    assert!((75.0..=88.0).contains(&by_p80), "{told:?}");
    assert!((85.0..=95.0).contains(&by_p90), "{told:?}");
    assert!(score.pinball < score.critical_path_pinball, "{score:?}");
    assert!(score.pinball < score.history_pinball, "{score:?}");
    let naive = score.percent(score.critical_path_late);
    assert!(
        naive > 58.0,
        "the sum of medians would do: late in {naive} %"
    );
}
