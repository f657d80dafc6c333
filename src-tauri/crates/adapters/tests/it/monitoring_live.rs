//! Real Prometheus and VictoriaMetrics over the real fixture under load.

use std::{
    io::Read,
    net::{SocketAddr, TcpListener, TcpStream},
    process::{Child, Command, Stdio},
    sync::Arc,
    time::{Duration, Instant},
};

use gantry_model::unit::Span;
use gantry_port::metrics::{Grid, Metrics, Nothing, Point, Question};
use gantry_testkit::monitoring::{Known, Monitor};

use crate::{
    metric_server::TIME,
    metric_sources::{prometheus, victoria},
    monitoring::started,
    platform::{self, skip},
};

/// Scrapes come five times a second, and the machine may be busy.
const PATIENCE: Duration = Duration::from_secs(60);

/// The fixture as a process, ended with the test.
struct Fixture {
    child: Child,
    address: SocketAddr,
}

impl Fixture {
    /// Starts one of which every fifth answer is a failure, or skips loudly where there is none.
    fn start(test: &str) -> Option<Self> {
        let Some(program) = std::env::var_os("GANTRY_FIXTURE") else {
            skip(test, "no fixture: run it by `cargo xtask sandbox`");
            return None;
        };
        let address = TcpListener::bind("127.0.0.1:0")
            .unwrap()
            .local_addr()
            .unwrap();
        let child = Command::new(program)
            .envs([("SERVICE", "orders"), ("VERSION", "2.4.0"), ("ERR", "0.2")])
            .env("PORT", address.port().to_string())
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .spawn()
            .unwrap();
        Some(Self { child, address })
    }

    /// Makes ten requests.
    fn serve(&self) {
        for _request in 0..10 {
            let Ok(mut stream) = TcpStream::connect(self.address) else {
                continue;
            };
            let request = b"GET / HTTP/1.0\r\n\r\n";
            let _asked = std::io::Write::write_all(&mut stream, request);
            let _answer = stream.read_to_end(&mut Vec::new());
        }
    }
}

impl Drop for Fixture {
    fn drop(&mut self) {
        let _dead_already = self.child.kill();
        let _reaped = self.child.wait();
    }
}

fn question(version: &str, selector: &str) -> Question {
    let metric = "http_requests_total{service=\"{{service}}\",version=\"{{version}}\"";
    let values = [("service", "orders"), ("version", version)];
    Question {
        template: format!("sum(increase({metric}{selector}}}[{{{{interval}}}}]))"),
        values: values
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .into(),
    }
}

/// The newest whole bucket of two seconds that has a number, served until there is one.
async fn newest(fixture: &Fixture, port: &dyn Metrics, question: &Question) -> Option<(Grid, f64)> {
    let until = Instant::now() + PATIENCE;
    while Instant::now() < until {
        fixture.serve();
        let bucket = Span::from_secs(2);
        let grid = Grid {
            from: chrono::Utc::now() - bucket.as_delta() - port.settles_after().as_delta(),
            bucket,
            count: 1,
        };
        let points = port.read(question, grid, TIME).await.unwrap();
        if let Some(number) = points[0].value().filter(|number| *number > 50.0) {
            return Some((grid, number));
        }
    }
    None
}

async fn ask_all(fixture: &Fixture, port: Arc<dyn Metrics>) {
    let total = question("2.4.0", "");
    let Some((grid, all)) = newest(fixture, port.as_ref(), &total).await else {
        panic!("no number came");
    };
    let bad = question("2.4.0", ",code=~\"5..\"");
    let points = port.read(&bad, grid, TIME).await.unwrap();
    let failed = points[0].value().unwrap();
    assert!((0.1..0.3).contains(&(failed / all)), "{failed} of {all}");
    let none = question("2.4.0", ",code=\"418\"");
    let points = port.read(&none, grid, TIME).await.unwrap();
    assert_eq!(points, [Point::Nothing(Nothing::NoSeries)]);
    let hostile = question("\"} or up{x=\"", "");
    let points = port.read(&hostile, grid, TIME).await.unwrap();
    assert_eq!(points, [Point::Nothing(Nothing::NoSeries)]);
    let latency = "histogram_quantile(0.99, sum by (le) (rate(http_request_duration_seconds_bucket{version=\"{{version}}\"}[{{interval}}])))";
    let mut p99 = total;
    latency.clone_into(&mut p99.template);
    let points = port.read(&p99, grid, TIME).await.unwrap();
    assert!(points[0].value().is_some_and(|p99| p99 < 1.0), "{points:?}");
}

#[tokio::test]
async fn a_real_prometheus_counts_what_the_fixture_answers() {
    let Some(fixture) = Fixture::start("prometheus live") else {
        return;
    };
    let targets = [fixture.address];
    let known = Known {
        targets: &targets,
        past: None,
    };
    let Some(running) = started("prometheus live", Monitor::prometheus(known)) else {
        return;
    };
    let url = format!("http://{}", running.address());
    ask_all(&fixture, Arc::new(prometheus(&url, platform::clock()))).await;
}

#[tokio::test]
async fn a_real_victoria_metrics_counts_what_the_fixture_answers() {
    let Some(fixture) = Fixture::start("victoria-metrics live") else {
        return;
    };
    let targets = [fixture.address];
    let known = Known {
        targets: &targets,
        past: None,
    };
    let running = Monitor::victoria(known, &["-search.latencyOffset=0s"]);
    let Some(running) = started("victoria-metrics live", running) else {
        return;
    };
    let url = format!("http://{}", running.address());
    // Samples can be found a second or two after their scrape; until then counts are too low.
    let settles_after = Some(Span::from_secs(5));
    let port = victoria(&url, settles_after, platform::clock());
    ask_all(&fixture, Arc::new(port)).await;
}
