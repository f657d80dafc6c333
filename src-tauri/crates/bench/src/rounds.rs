//! Turns: in each round everybody runs once, so that a busy minute hits all of them alike.

use anyhow::Result;

use crate::say::say;

/// How much time a measurement may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Effort {
    /// Few rounds and small graphs, to see that everything works.
    Quick,
    /// What the tables in the documentation come from.
    Whole,
}

impl Effort {
    /// How many rounds.
    pub(crate) fn rounds(self) -> usize {
        match self {
            Self::Quick => 1,
            Self::Whole => 5,
        }
    }
}

/// One of those who take turns.
pub(crate) struct Contestant<'a> {
    /// What it is called.
    pub(crate) name: String,
    /// Runs once and gives the seconds that count.
    pub(crate) run: Box<dyn FnMut() -> Result<f64> + 'a>,
}

impl<'a> Contestant<'a> {
    /// Names something that can be run.
    pub(crate) fn new(name: impl Into<String>, run: impl FnMut() -> Result<f64> + 'a) -> Self {
        Self {
            name: name.into(),
            run: Box::new(run),
        }
    }
}

/// What came of one contestant.
pub(crate) struct Measured {
    /// What it is called.
    pub(crate) name: String,
    seconds: Vec<f64>,
}

impl Measured {
    /// The median.
    pub(crate) fn median(&self) -> f64 {
        self.seconds
            .get(self.seconds.len() / 2)
            .copied()
            .unwrap_or(f64::NAN)
    }

    /// `0.0124 [0.0101-0.0210] (5)`, in seconds.
    pub(crate) fn text(&self) -> String {
        let least = self.seconds.first().copied().unwrap_or(f64::NAN);
        let most = self.seconds.last().copied().unwrap_or(f64::NAN);
        format!(
            "{} [{}-{}] ({})",
            digits(self.median()),
            digits(least),
            digits(most),
            self.seconds.len()
        )
    }
}

/// Three significant digits.
fn digits(seconds: f64) -> String {
    let places = (2.0 - seconds.abs().max(1e-9).log10().floor()).clamp(0.0, 9.0);
    format!("{seconds:.*}", places as usize)
}

/// Runs everybody once a round. The one who starts moves on with each round, because whoever comes
/// after a heavy one finds a busier disk.
pub(crate) fn take_turns(effort: Effort, mut all: Vec<Contestant<'_>>) -> Result<Vec<Measured>> {
    let mut seconds = vec![Vec::new(); all.len()];
    for _ in 0..effort.rounds() {
        for (one, seconds) in all.iter_mut().zip(&mut seconds) {
            seconds.push((one.run)()?);
        }
        all.rotate_left(1);
        seconds.rotate_left(1);
    }
    let measured = all.into_iter().zip(seconds).map(|(one, mut seconds)| {
        seconds.sort_by(f64::total_cmp);
        Measured {
            name: one.name,
            seconds,
        }
    });
    let mut measured: Vec<Measured> = measured.collect();
    let turned = effort.rounds() % measured.len().max(1);
    measured.rotate_right(turned);
    Ok(measured)
}

/// Prints a table: everybody's seconds, and the ratio to the one named `base`.
pub(crate) fn table(title: &str, measured: &[Measured], base: &str) {
    let median = |name: &str| {
        let one = measured.iter().find(|one| one.name == name);
        one.map_or(f64::NAN, Measured::median)
    };
    say(format_args!(
        "\n| {title} | seconds | x {base} |\n|---|---|---|"
    ));
    for one in measured {
        let ratio = one.median() / median(base);
        say(format_args!(
            "| {} | {} | {ratio:.2} |",
            one.name,
            one.text()
        ));
    }
}
