//! A clock that is the machine's or leaps, and platforms that sleep or fail.

use std::{
    collections::HashMap,
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use async_trait::async_trait;
use gantry_model::{
    operation::{Evidence, Operation, Sample, Sighting},
    time::{Timestamp, to_millisecond},
    unit::Span,
};
use gantry_port::{
    clock::Clock,
    fault::{Fault, FaultKind},
    platform::Platform,
};
use gantry_simulation::noop::NoopPlatform;

/// The machine's clock.
pub(crate) struct RealClock(Instant);

impl RealClock {
    /// Starts counting.
    pub(crate) fn start() -> Self {
        Self(Instant::now())
    }
}

#[async_trait]
impl Clock for RealClock {
    fn now(&self) -> Timestamp {
        to_millisecond(chrono::Utc::now())
    }

    fn elapsed(&self) -> Span {
        Span::from_millis(self.0.elapsed().as_millis() as u64)
    }

    async fn wait(&self, span: Span) {
        tokio::time::sleep(span.as_duration()).await;
    }
}

/// A clock on which every wait is over at once, for long histories in short time.
#[derive(Default)]
pub(crate) struct LeapingClock(AtomicU64);

#[async_trait]
impl Clock for LeapingClock {
    fn now(&self) -> Timestamp {
        Timestamp::default() + self.elapsed().as_delta()
    }

    fn elapsed(&self) -> Span {
        Span::from_millis(self.0.load(Ordering::Relaxed))
    }

    async fn wait(&self, span: Span) {
        self.0.fetch_add(span.as_millis(), Ordering::Relaxed);
    }
}

/// Sleeps at each main step, and succeeds.
#[derive(Default)]
pub(crate) struct SleepingPlatform {
    /// How long.
    pub(crate) sleep: Duration,
    noop: NoopPlatform,
}

impl SleepingPlatform {
    /// Sleeps so long.
    pub(crate) fn new(sleep: Duration) -> Self {
        Self {
            sleep,
            noop: NoopPlatform::default(),
        }
    }
}

#[async_trait]
impl Platform for SleepingPlatform {
    async fn perform(&self, operation: &Operation) -> Result<Evidence, Fault> {
        let evidence = self.noop.perform(operation).await?;
        if evidence.baseline.is_none() {
            tokio::time::sleep(self.sleep).await;
        }
        Ok(evidence)
    }

    async fn observe(&self, operation: &Operation) -> Result<Sighting, Fault> {
        self.noop.observe(operation).await
    }

    async fn sample(&self, operation: &Operation) -> Result<Sample, Fault> {
        self.noop.sample(operation).await
    }
}

/// Refuses each step so many times before it succeeds, which makes long journals.
pub(crate) struct StubbornPlatform {
    refusals: u32,
    seen: Mutex<HashMap<String, u32>>,
    noop: NoopPlatform,
}

impl StubbornPlatform {
    /// Refuses so many times.
    pub(crate) fn new(refusals: u32) -> Self {
        Self {
            refusals,
            seen: Mutex::default(),
            noop: NoopPlatform::default(),
        }
    }
}

#[async_trait]
impl Platform for StubbornPlatform {
    async fn perform(&self, operation: &Operation) -> Result<Evidence, Fault> {
        let evidence = self.noop.perform(operation).await?;
        let step = operation.step().filter(|_| evidence.baseline.is_none());
        if let Some(step) = step {
            let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
            let times = seen.entry(step.id.to_string()).or_default();
            *times += 1;
            if *times <= self.refusals {
                return Err(Fault::new(FaultKind::Unsent, "not yet"));
            }
        }
        Ok(evidence)
    }

    async fn observe(&self, operation: &Operation) -> Result<Sighting, Fault> {
        self.noop.observe(operation).await
    }

    async fn sample(&self, operation: &Operation) -> Result<Sample, Fault> {
        self.noop.sample(operation).await
    }
}
