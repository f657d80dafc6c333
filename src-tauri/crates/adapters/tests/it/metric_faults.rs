//! What is no answer is never a number, whatever product it comes from.

use gantry_port::{
    fault::FaultKind,
    metrics::{Grid, Point},
};
use tokio::net::TcpListener;

use crate::{
    metric_server::{Reply, Server, TIME, minutes, question, still},
    metric_sources::all,
    platform,
};
use gantry_model::unit::Span;

/// Long settled for every product, and now enough for those that know only now.
fn grid(product: &str) -> Grid {
    match product {
        "json-http" => minutes(3, 0),
        _ => minutes(3, 600),
    }
}

/// Asks every product and expects a fault of each, after this many requests.
async fn faulty(reply: Reply, kind: FaultKind, requests: usize) {
    for at in 0..5 {
        let server = Server::always(reply.clone()).await;
        let clock = still();
        let (product, query, port) = all(&server.url(), &clock).swap_remove(at);
        let read = port.read(&question(query), grid(product), TIME).await;
        let fault = read.expect_err(product);
        assert_eq!(fault.kind, kind, "{product}: {fault}");
        assert_eq!(server.asked().len(), requests, "{product}: {fault}");
        assert!(!fault.message.contains("TOKEN"), "{fault}");
    }
}

#[tokio::test]
async fn a_page_instead_of_json_is_refused_at_once() {
    let page = Reply::of("200 OK", "text/html", "<html>7</html>");
    faulty(page, FaultKind::Refused, 1).await;
}

#[tokio::test]
async fn json_of_another_shape_is_refused_at_once() {
    for body in [
        "",
        "7",
        "[7]",
        "{\"value\": 7}",
        "{\"n\": 1e999}",
        "{\"n\": NaN}",
        "{\"n\": [7]}",
    ] {
        faulty(Reply::json(body), FaultKind::Refused, 1).await;
    }
    faulty(Reply::json(&"[".repeat(100_000)), FaultKind::Refused, 1).await;
}

#[tokio::test]
async fn what_may_pass_is_asked_four_times() {
    let busy = FaultKind::Busy { after: None };
    let of = |status| Reply::of(status, "text/html", "<html>try later</html>");
    faulty(of("503 Busy"), busy, 4).await;
    faulty(of("500 Oops"), FaultKind::Lost, 4).await;
    faulty(of("502 Gateway"), FaultKind::Lost, 4).await;
    faulty(Reply::Bytes(Vec::new()), FaultKind::Lost, 4).await;
    let torn = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 99\r\n\r\n{"
        .to_vec();
    faulty(Reply::Bytes(torn), FaultKind::Lost, 4).await;
}

#[tokio::test]
async fn a_no_is_a_no() {
    for status in [
        "400 Bad",
        "401 Who",
        "403 Not you",
        "404 Not here",
        "422 Bad query",
    ] {
        faulty(
            Reply::of(status, "application/json", "{}"),
            FaultKind::Refused,
            1,
        )
        .await;
    }
}

#[tokio::test]
async fn redirects_are_not_followed() {
    let elsewhere = Server::always(Reply::json("{}")).await;
    let text = format!(
        "HTTP/1.1 302 Found\r\nLocation: {}/\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
        elsewhere.url()
    );
    faulty(Reply::Bytes(text.into_bytes()), FaultKind::Refused, 1).await;
    assert!(elsewhere.asked().is_empty());
}

#[tokio::test]
async fn a_body_of_a_hundred_megabytes_is_not_read() {
    let promised =
        b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 104857600\r\n\r\n[";
    faulty(Reply::Bytes(promised.to_vec()), FaultKind::Refused, 1).await;
    let mut sent =
        b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n\r\n".to_vec();
    sent.resize(100 * 1024 * 1024, b' ');
    let server = Server::always(Reply::Bytes(sent)).await;
    let (_, query, port) = all(&server.url(), &still()).swap_remove(0);
    let read = port.read(&question(query), grid(""), TIME).await;
    let fault = read.unwrap_err();
    assert!(fault.message.contains("more than 10 MiB"), "{fault}");
}

#[tokio::test]
async fn silence_is_over_when_the_time_is() {
    let server = Server::always(Reply::Silence).await;
    for (product, query, port) in all(&server.url(), &platform::clock()) {
        let now = chrono::Utc::now() - chrono::TimeDelta::minutes(10);
        let mut grid = Grid {
            from: now,
            ..grid(product)
        };
        if product == "json-http" {
            grid.from = chrono::Utc::now() - chrono::TimeDelta::minutes(3);
        }
        let read = port
            .read(&question(query), grid, Span::from_millis(200))
            .await;
        assert_eq!(read.expect_err(product).kind, FaultKind::Lost, "{product}");
    }
}

#[tokio::test]
async fn link_local_addresses_are_never_asked() {
    for url in [
        "http://169.254.169.254",
        "http://[::ffff:169.254.169.254]:80",
        "http://metadata.google.internal",
    ] {
        for (product, query, port) in all(url, &still()) {
            let read = port.read(&question(query), grid(product), TIME).await;
            let fault = read.expect_err(product);
            assert_eq!(fault.kind, FaultKind::Unsent, "{product}");
            assert!(fault.message.contains("never called"), "{fault}");
        }
    }
}

#[tokio::test]
async fn nobody_there_is_unsent() {
    let gone = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", gone.local_addr().unwrap());
    drop(gone);
    for (product, query, port) in all(&url, &still()) {
        let read = port.read(&question(query), grid(product), TIME).await;
        assert_eq!(
            read.expect_err(product).kind,
            FaultKind::Unsent,
            "{product}"
        );
    }
}

#[tokio::test]
async fn a_bucket_that_is_not_over_is_not_asked_for() {
    let server = Server::always(Reply::json("{\"n\": 7, \"at\": 0}")).await;
    for (product, query, port) in all(&server.url(), &still()) {
        let read = port.read(&question(query), minutes(3, -3600), TIME).await;
        let points = read.expect(product);
        assert!(
            points.iter().all(|point: &Point| point.value().is_none()),
            "{product}"
        );
    }
    assert!(server.asked().is_empty());
}
