//! What the tests of platforms share: a real clock, calls, revisions, and loud skipping.

use std::{
    fs::OpenOptions,
    io::Write,
    sync::Arc,
    time::{Duration, Instant},
};

use async_trait::async_trait;
use gantry_model::{
    operation::{Direction, Key},
    platform::Revision,
    time::Timestamp,
    unit::Span,
};
use gantry_port::{clock::Clock, ports::Call};

/// Real platforms take real time.
struct RealClock(Instant);

pub(crate) fn clock() -> Arc<dyn Clock> {
    Arc::new(RealClock(Instant::now()))
}

#[async_trait]
impl Clock for RealClock {
    fn now(&self) -> Timestamp {
        chrono::Utc::now()
    }

    fn elapsed(&self) -> Span {
        Span::from_millis(u64::try_from(self.0.elapsed().as_millis()).unwrap())
    }

    async fn wait(&self, span: Span) {
        tokio::time::sleep(span.as_duration()).await;
    }
}

pub(crate) fn call(direction: Direction, time: Duration) -> Call {
    let run = "shop-2.4#1".parse().unwrap();
    let step = "orders/shift".parse().unwrap();
    Call {
        key: Key::new(&run, &step, direction, 1),
        epoch: 1,
        run,
        step,
        direction,
        deadline: chrono::Utc::now() + time,
    }
}

/// A forward call with plenty of time.
pub(crate) fn forward() -> Call {
    call(Direction::Do, Duration::from_secs(60))
}

pub(crate) fn revision(service: &str, version: &str) -> Revision {
    Revision {
        service: service.parse().unwrap(),
        environment: "test".parse().unwrap(),
        version: version.parse().unwrap(),
    }
}

/// Skips loudly and is counted; where nothing may be skipped it fails.
pub(crate) fn skip(test: &str, reason: &str) {
    let mandatory = std::env::var("GANTRY_REAL").is_ok_and(|value| value == "1");
    assert!(!mandatory, "{test} may not be skipped here: {reason}");
    eprintln!("SKIPPED: {test}: {reason}");
    if let Some(path) = std::env::var_os("GANTRY_SKIPS") {
        let file = OpenOptions::new().create(true).append(true).open(path);
        let _uncounted = file.and_then(|mut file| writeln!(file, "skipped: {test}: {reason}"));
    }
}
