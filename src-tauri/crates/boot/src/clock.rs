//! The system's clock; the only place that reads it.

use std::time::Instant;

use async_trait::async_trait;
use chrono::Utc;
use gantry_model::{
    time::{Timestamp, to_millisecond},
    unit::Span,
};
use gantry_port::clock::Clock;

/// The system's wall clock and its monotonic one.
#[derive(Debug)]
pub struct SystemClock {
    started: Instant,
}

impl SystemClock {
    /// Starts counting elapsed time.
    pub fn start() -> Self {
        Self {
            started: Instant::now(),
        }
    }
}

#[async_trait]
impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        to_millisecond(Utc::now())
    }

    fn elapsed(&self) -> Span {
        Span::from_millis(u64::try_from(self.started.elapsed().as_millis()).unwrap_or(u64::MAX))
    }

    async fn wait(&self, span: Span) {
        tokio::time::sleep(span.as_duration()).await;
    }
}
