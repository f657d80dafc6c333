//! What everything that runs programs promises.

use std::sync::Arc;

use async_trait::async_trait;
use futures_util::future::{Either, join, select};
use gantry_model::{operation::Key, unit::Span};
use gantry_port::{
    ports::Call,
    task::{Finished, Program, Task, TaskSighting},
};

use super::{Broken, answer, holds};

/// What the suite needs to know of the things that it runs.
#[async_trait]
pub trait Environment: Send + Sync {
    /// Gives the port.
    fn port(&self) -> Arc<dyn Task>;

    /// Gives a program that ends soon with a status, 0 or 3.
    fn ends_with(&self, status: i32) -> Program;

    /// Gives a program that runs for some seconds, and may run for as long as `timeout`.
    fn takes_long(&self, timeout: Span) -> Program;

    /// Counts how often a program was really started under a key, seen from outside the port.
    fn starts(&self, key: &Key) -> usize;

    /// Builds a call; the same word gives the same key. The suite calls what ends with status 3
    /// `fails`.
    fn call(&self, word: &str) -> Result<Call, Broken>;

    /// Lets a part of a second pass: long enough for a program to have started.
    async fn pause(&self);
}

const LONG: Span = Span::from_secs(60);

/// Asks everything.
///
/// # Errors
/// The first promise that is broken.
pub async fn suite(environment: &dyn Environment) -> Result<(), Broken> {
    knows_nothing_of_a_new_key(environment).await?;
    runs_once_and_keeps_the_record(environment).await?;
    tells_the_exit_status(environment).await?;
    ends_what_takes_too_long(environment).await?;
    lets_two_wait_for_one_program(environment).await?;
    leaves_it_running_when_nobody_waits(environment).await?;
    ends_what_is_cancelled(environment).await
}

async fn knows_nothing_of_a_new_key(environment: &dyn Environment) -> Result<(), Broken> {
    const PROMISE: &str = "a key that was never used was never started";
    let key = environment.call("never")?.key;
    let seen = answer(environment.port().find(&key).await, PROMISE)?;
    holds(seen == TaskSighting::NeverStarted, PROMISE, seen)
}

async fn runs_once_and_keeps_the_record(environment: &dyn Environment) -> Result<(), Broken> {
    const PROMISE: &str = "a key runs once, and its record answers from then on";
    let call = environment.call("once")?;
    let first = run(environment, &call, &environment.ends_with(0)).await?;
    holds(first.status == Some(0), PROMISE, &first)?;
    let second = run(environment, &call, &environment.ends_with(0)).await?;
    holds(first == second, PROMISE, (&first, second))?;
    let starts = environment.starts(&call.key);
    holds(starts == 1, PROMISE, starts)?;
    let seen = answer(environment.port().find(&call.key).await, PROMISE)?;
    holds(seen == TaskSighting::Finished(first), PROMISE, seen)
}

async fn tells_the_exit_status(environment: &dyn Environment) -> Result<(), Broken> {
    const PROMISE: &str = "an exit status is told as it is";
    let call = environment.call("fails")?;
    let finished = run(environment, &call, &environment.ends_with(3)).await?;
    holds(
        finished.status == Some(3) && !finished.timed_out,
        PROMISE,
        finished,
    )
}

async fn ends_what_takes_too_long(environment: &dyn Environment) -> Result<(), Broken> {
    const PROMISE: &str = "what runs longer than it may is ended, and that is told";
    let call = environment.call("too-long")?;
    let program = environment.takes_long(Span::from_millis(300));
    let finished = run(environment, &call, &program).await?;
    holds(
        finished.timed_out && finished.status.is_none(),
        PROMISE,
        finished,
    )
}

async fn lets_two_wait_for_one_program(environment: &dyn Environment) -> Result<(), Broken> {
    const PROMISE: &str = "a second call with the same key attaches to the first";
    let call = environment.call("two")?;
    let program = environment.ends_with(0);
    let both = join(
        run(environment, &call, &program),
        run(environment, &call, &program),
    )
    .await;
    let (first, second) = (both.0?, both.1?);
    holds(first == second, PROMISE, (first, second))?;
    let starts = environment.starts(&call.key);
    holds(starts == 1, PROMISE, starts)
}

async fn leaves_it_running_when_nobody_waits(environment: &dyn Environment) -> Result<(), Broken> {
    const PROMISE: &str = "a program goes on when nobody waits for it any more";
    let call = environment.call("left")?;
    let program = environment.takes_long(LONG);
    let waiting = Box::pin(run(environment, &call, &program));
    if let Either::Left((finished, _)) = select(waiting, environment.pause()).await {
        return Err(Broken::new(
            "a long program takes longer than a pause",
            finished?,
        ));
    }
    let seen = answer(environment.port().find(&call.key).await, PROMISE)?;
    holds(seen == TaskSighting::Running, PROMISE, seen)?;
    let finished = run(environment, &call, &program).await?;
    let starts = environment.starts(&call.key);
    holds(
        finished.status == Some(0) && starts == 1,
        PROMISE,
        (finished, starts),
    )
}

async fn ends_what_is_cancelled(environment: &dyn Environment) -> Result<(), Broken> {
    const PROMISE: &str = "what is cancelled ends, and is not taken for a success";
    let call = environment.call("cancelled")?;
    let program = environment.takes_long(LONG);
    let waiting = Box::pin(run(environment, &call, &program));
    if let Either::Left((finished, _)) = select(waiting, environment.pause()).await {
        return Err(Broken::new(
            "a long program takes longer than a pause",
            finished?,
        ));
    }
    answer(environment.port().cancel(&call.key).await, PROMISE)?;
    let finished = run(environment, &call, &program).await?;
    holds(finished.status != Some(0), PROMISE, finished)?;
    answer(
        environment.port().cancel(&call.key).await,
        "cancelling twice is fine",
    )
}

async fn run(
    environment: &dyn Environment,
    call: &Call,
    program: &Program,
) -> Result<Finished, Broken> {
    let finished = environment.port().run(call, program).await;
    answer(finished, "a program runs and its end is told")
}
