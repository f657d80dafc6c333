//! Probes against real servers and programs.

use std::io::{Read, Write};

use gantry_adapters::probe::Prober;
use gantry_model::unit::Span;
use gantry_port::{
    fault::FaultKind,
    probe::{Probe, ProbeAnswer, ProbeTarget, Stamp},
};
use gantry_testkit::haproxy::Origin;

const TIME: Span = Span::from_secs(5);

fn prober() -> Prober {
    let path = std::env::var("PATH").unwrap();
    let environment = [
        ("PATH".to_owned(), path),
        ("TOKEN".to_owned(), "hunter2".to_owned()),
    ];
    Prober::new(environment).unwrap()
}

async fn http(url: &str, status: u16, timeout: Span) -> ProbeAnswer {
    let url = url.to_owned();
    let target = ProbeTarget::Http { url, status };
    prober().probe(&target, timeout).await.unwrap()
}

async fn shell(line: &str, timeout: Span) -> ProbeAnswer {
    let target = ProbeTarget::Exec {
        argv: ["sh", "-c", line].map(str::to_owned).to_vec(),
        folder: "/".into(),
    };
    prober().probe(&target, timeout).await.unwrap()
}

/// Answers each connection with these bytes, as a server that says what a test needs.
fn server(answer: &'static [u8]) -> String {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    std::thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let _request = stream.read(&mut [0; 4096]);
            let _peer_may_be_gone = stream.write_all(answer);
        }
    });
    format!("http://{address}/healthz")
}

#[tokio::test]
async fn the_status_decides() {
    let origin = Origin::start("shop").unwrap();
    let url = format!("http://{}/healthz", origin.address());
    assert!(http(&url, 200, TIME).await.healthy);
    assert!(!http(&url, 204, TIME).await.healthy);
    origin.fall_ill();
    let answer = http(&url, 200, TIME).await;
    assert!(!answer.healthy);
    assert!(
        answer.detail.contains("answered 503 instead of 200: shop"),
        "{}",
        answer.detail
    );
}

#[tokio::test]
async fn nobody_there_silence_and_nonsense_are_unhealthy_and_no_fault() {
    let silent = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let silent = format!("http://{}/", silent.local_addr().unwrap());
    let bodies = server(b"HTTP/1.1 500 No\r\nContent-Length: 9999999999\r\n\r\nlong\x1b[31m");
    for (url, words) in [
        ("http://127.0.0.1:1/".to_owned(), "refused"),
        (silent, "127.0.0.1"),
        (server(b"SSH-2.0-OpenSSH\r\n"), "127.0.0.1"),
        (bodies, "answered 500"),
        ("http://169.254.169.254/latest".to_owned(), "never called"),
        (
            "http://[::ffff:169.254.169.254]/".to_owned(),
            "never called",
        ),
    ] {
        let answer = http(&url, 200, Span::from_millis(500)).await;
        assert!(!answer.healthy, "{url}");
        assert!(answer.detail.contains(words), "{url}: {}", answer.detail);
        assert!(!answer.detail.contains('\u{1b}'), "{}", answer.detail);
    }
}

#[tokio::test]
async fn a_redirect_is_told_and_not_followed() {
    let url = server(
        b"HTTP/1.1 302 Found\r\nLocation: http://169.254.169.254/\r\nContent-Length: 0\r\n\r\n",
    );
    let answer = http(&url, 200, TIME).await;
    assert!(
        answer
            .detail
            .contains("sends on to http://169.254.169.254/"),
        "{}",
        answer.detail
    );
    assert!(http(&url, 302, TIME).await.healthy);
}

#[tokio::test]
async fn a_password_in_an_address_is_not_repeated() {
    let answer = http("http://ann:hunter2@127.0.0.1:1/?token=hunter2", 200, TIME).await;
    assert!(!answer.detail.contains("hunter2"), "{}", answer.detail);
}

#[tokio::test]
async fn what_is_no_address_is_a_fault() {
    for (url, kind) in [
        ("not an address", FaultKind::Refused),
        ("file:///etc/passwd", FaultKind::Unsupported),
    ] {
        let target = ProbeTarget::Http {
            url: url.into(),
            status: 200,
        };
        assert_eq!(prober().probe(&target, TIME).await.unwrap_err().kind, kind);
    }
}

#[tokio::test]
async fn a_port_takes_connections_or_not() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let look = |address: &str| {
        let address = address.to_owned();
        async move {
            prober()
                .probe(&ProbeTarget::Tcp { address }, TIME)
                .await
                .unwrap()
        }
    };
    assert!(look(&address).await.healthy);
    drop(listener);
    assert!(!look(&address).await.healthy);
    assert!(!look("169.254.169.254:80").await.healthy);
    assert!(!look("no port").await.healthy);
}

#[tokio::test]
async fn a_program_s_exit_status_decides() {
    assert!(shell("exit 0", TIME).await.healthy);
    let answer = shell("echo too late >&2; exit 3", TIME).await;
    assert!(!answer.healthy);
    assert!(
        answer.detail.contains("exit status: 3: too late"),
        "{}",
        answer.detail
    );
    assert!(
        shell("test -z \"$TOKEN\" && test -n \"$PATH\"", TIME)
            .await
            .healthy,
        "the allow-list"
    );
    assert!(
        shell("sleep 30 2>&2 & exit 0", TIME).await.healthy,
        "a grandchild holds nobody up"
    );
}

#[tokio::test]
async fn a_program_that_does_not_end_is_ended_with_all_it_started() {
    let mark = std::env::temp_dir().join(format!("gantry-probe-{}", std::process::id()));
    let line = format!("(sleep 2; touch {0}) & sleep 60", mark.display());
    let answer = shell(&line, Span::from_millis(300)).await;
    assert!(answer.detail.contains("was ended"), "{}", answer.detail);
    assert!(shell("sleep 2.5", TIME).await.healthy);
    assert!(!mark.exists());
}

#[tokio::test]
async fn a_program_that_is_not_there_is_unsent() {
    for program in ["gantry-no-such-program", "./no-such-program"] {
        let target = ProbeTarget::Exec {
            argv: vec![program.into()],
            folder: "/".into(),
        };
        assert_eq!(
            prober().probe(&target, TIME).await.unwrap_err().kind,
            FaultKind::Unsent
        );
    }
}

async fn stamp(stamp: Stamp) -> Result<gantry_model::time::Timestamp, gantry_port::fault::Fault> {
    prober().stamp(&stamp, TIME).await
}

fn told(line: &str) -> Stamp {
    Stamp::Exec {
        argv: ["sh", "-c", line].map(str::to_owned).to_vec(),
        folder: "/".into(),
    }
}

#[tokio::test]
async fn the_time_of_a_backup_is_read_from_a_file_an_address_or_a_program() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("orders.dump");
    std::fs::write(&path, "rows").unwrap();
    let written = std::fs::metadata(&path).unwrap().modified().unwrap();
    let path = path.display().to_string();
    assert_eq!(stamp(Stamp::File { path }).await, Ok(written.into()));
    let noon: gantry_model::time::Timestamp = "2026-12-01T12:00:00Z".parse().unwrap();
    let body = server(
        b"HTTP/1.1 200 OK\r\nContent-Length: 20\r\nConnection: close\r\n\r\n2026-12-01T12:00:00Z",
    );
    assert_eq!(stamp(Stamp::Http { url: body }).await, Ok(noon));
    let head = server(
        b"HTTP/1.1 200 OK\r\nLast-Modified: Tue, 01 Dec 2026 12:00:00 GMT\r\nContent-Length: 4\r\nConnection: close\r\n\r\nrows",
    );
    assert_eq!(stamp(Stamp::Http { url: head }).await, Ok(noon));
    assert_eq!(stamp(told("echo 1796126400; echo done")).await, Ok(noon));
}

#[tokio::test]
async fn what_tells_no_time_is_no_answer() {
    let path = "/nowhere/orders.dump".to_owned();
    assert!(stamp(Stamp::File { path }).await.is_err());
    let words = server(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nConnection: close\r\n\r\nfresh");
    assert!(stamp(Stamp::Http { url: words }).await.is_err());
    let gone = server(
        b"HTTP/1.1 404 Not Found\r\nContent-Length: 10\r\nConnection: close\r\n\r\n1796126400",
    );
    assert!(stamp(Stamp::Http { url: gone }).await.is_err());
    assert!(stamp(told("echo 1796126400; exit 3")).await.is_err());
    assert!(stamp(told("echo soon")).await.is_err());
}
