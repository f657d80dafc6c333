//! What every source of metrics promises.

use std::sync::Arc;

use async_trait::async_trait;
use gantry_model::unit::Span;
use gantry_port::{
    fault::FaultKind,
    metrics::{Grid, Metrics, Nothing, Point, Question},
};

use super::{Broken, answer, holds};

/// What a question finds in the source that the suite asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subject {
    /// One series that has the number 7 in every bucket of the grid that the source can tell.
    Seven,
    /// No series at all.
    Absent,
    /// Two series.
    Several,
    /// One series whose points are `NaN`.
    NotANumber,
    /// The series of [`Self::Seven`] if the place `{{version}}` is filled with `2.4.0`.
    OfVersion,
}

/// What the suite needs to know of the source that it asks.
#[async_trait]
pub trait Environment: Send + Sync {
    /// Gives the source.
    fn port(&self) -> Arc<dyn Metrics>;

    /// Gives the query of a subject; none where the source cannot hold such a thing.
    fn query(&self, subject: Subject) -> Option<String>;

    /// Gives five settled buckets.
    fn grid(&self) -> Grid;
}

/// More than any source needs that runs beside the test.
const TIME: Span = Span::from_secs(20);

/// Versions that are somebody's attempt to ask for something else.
const HOSTILE: [&str; 10] = [
    "\"} or up{",
    "'} or up{'",
    "` or vector(7) or `",
    "\\\"} or up{x=\"",
    "2.4.0\n} or vector(7) #",
    "*",
    ".*",
    "..",
    "../2.4.0?x=1#",
    "${secret:token}",
];

/// Asks everything.
///
/// # Errors
/// The first promise that is broken.
pub async fn suite(environment: &dyn Environment) -> Result<(), Broken> {
    answers_every_bucket(environment).await?;
    tells_each_nothing_apart(environment).await?;
    knows_nothing_of_the_future(environment).await?;
    tells_the_same_again(environment).await?;
    takes_values_for_values(environment).await?;
    refuses_a_place_without_value(environment).await?;
    keeps_to_the_time(environment).await
}

async fn answers_every_bucket(environment: &dyn Environment) -> Result<(), Broken> {
    const PROMISE: &str = "there is one point for each bucket, and the number is the number";
    let points = read(environment, Subject::Seven, environment.grid()).await?;
    let Some(points) = points else {
        return Ok(());
    };
    holds(points.len() == 5, PROMISE, &points)?;
    let keeps_history = environment.port().keeps_history();
    let known = points.iter().filter(|point| **point == Point::Value(7.0));
    let expected = if keeps_history { 5 } else { 1 };
    holds(known.count() == expected, PROMISE, &points)?;
    let last = points.last().copied();
    holds(last == Some(Point::Value(7.0)), PROMISE, points)
}

async fn tells_each_nothing_apart(environment: &dyn Environment) -> Result<(), Broken> {
    const PROMISE: &str = "each kind of nothing is told apart, and none is a number";
    for (subject, expected) in [
        (Subject::Absent, Nothing::NoSeries),
        (Subject::Several, Nothing::Several),
        (Subject::NotANumber, Nothing::NotANumber),
    ] {
        let points = read(environment, subject, environment.grid()).await?;
        let last = points.as_ref().map(|points| points.last().copied());
        let fits = last.is_none_or(|last| last == Some(Point::Nothing(expected)));
        holds(fits, PROMISE, (subject, &points))?;
        let numbers = points.iter().flatten().filter_map(|point| point.value());
        holds(numbers.count() == 0, PROMISE, (subject, &points))?;
    }
    Ok(())
}

async fn knows_nothing_of_the_future(environment: &dyn Environment) -> Result<(), Broken> {
    const PROMISE: &str = "a bucket that is not over has no number";
    let grid = environment.grid();
    let later = Span::from_secs(24 * 3600).as_delta();
    let Some(from) = grid.from.checked_add_signed(later) else {
        return Ok(());
    };
    let points = read(environment, Subject::Seven, Grid { from, ..grid }).await?;
    let numbers = points.iter().flatten().filter_map(|point| point.value());
    holds(numbers.count() == 0, PROMISE, points)
}

async fn tells_the_same_again(environment: &dyn Environment) -> Result<(), Broken> {
    const PROMISE: &str = "what is settled stays, whatever part of it is asked for";
    if !environment.port().keeps_history() {
        return Ok(());
    }
    let grid = environment.grid();
    let whole = read(environment, Subject::Seven, grid).await?;
    let again = read(environment, Subject::Seven, grid).await?;
    holds(whole == again, PROMISE, (&whole, &again))?;
    let Some(from) = grid.end_of(0) else {
        return Ok(());
    };
    let tail = Grid {
        from,
        count: grid.count - 1,
        ..grid
    };
    let part = read(environment, Subject::Seven, tail).await?;
    let rest = whole.map(|points| points.into_iter().skip(1).collect());
    holds(part == rest, PROMISE, (&rest, &part))
}

async fn takes_values_for_values(environment: &dyn Environment) -> Result<(), Broken> {
    const PROMISE: &str = "a version finds its own numbers, and no other text finds any";
    let Some(template) = environment.query(Subject::OfVersion) else {
        return Ok(());
    };
    let port = environment.port();
    let question = versioned(&template, "2.4.0");
    let own = port.read(&question, environment.grid(), TIME).await;
    let own = answer(own, PROMISE)?;
    holds(own.last() == Some(&Point::Value(7.0)), PROMISE, own)?;
    for hostile in HOSTILE {
        let question = versioned(&template, hostile);
        // To refuse such a value is as good as to find nothing under it.
        if let Ok(points) = port.read(&question, environment.grid(), TIME).await {
            let numbers = points.iter().filter_map(|point| point.value());
            holds(numbers.count() == 0, PROMISE, (hostile, &points))?;
        }
    }
    Ok(())
}

async fn refuses_a_place_without_value(environment: &dyn Environment) -> Result<(), Broken> {
    const PROMISE: &str = "a place without a value is a fault";
    let Some(template) = environment.query(Subject::OfVersion) else {
        return Ok(());
    };
    let question = Question {
        template,
        values: [].into(),
    };
    let port = environment.port();
    let seen = port.read(&question, environment.grid(), TIME).await;
    holds(seen.is_err(), PROMISE, seen)
}

async fn keeps_to_the_time(environment: &dyn Environment) -> Result<(), Broken> {
    const PROMISE: &str = "without time there is no answer";
    let Some(template) = environment.query(Subject::Seven) else {
        return Ok(());
    };
    let port = environment.port();
    let question = versioned(&template, "2.4.0");
    let seen = port.read(&question, environment.grid(), Span::ZERO).await;
    let lost = seen
        .as_ref()
        .is_err_and(|fault| fault.kind == FaultKind::Lost);
    holds(lost, PROMISE, seen)
}

async fn read(
    environment: &dyn Environment,
    subject: Subject,
    grid: Grid,
) -> Result<Option<Vec<Point>>, Broken> {
    const PROMISE: &str = "a question that can be asked is answered";
    let Some(template) = environment.query(subject) else {
        return Ok(None);
    };
    let question = versioned(&template, "2.4.0");
    let read = environment.port().read(&question, grid, TIME).await;
    answer(read, PROMISE).map(Some)
}

fn versioned(template: &str, version: &str) -> Question {
    let values = [("service", "orders"), ("version", version)];
    Question {
        template: template.to_owned(),
        values: values
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .into(),
    }
}
