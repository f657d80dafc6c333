//! Numbers as JSON, over recorded exchanges.

use gantry_port::{
    fault::FaultKind,
    metrics::{Metrics, Nothing, Point},
};
use serde_json::json;

use crate::{
    metric_server::{NOW, Reply, Server, TIME, minutes, question},
    metric_sources::json_http,
};

const NO_POINT: Point = Point::Nothing(Nothing::NoPoint);

#[tokio::test]
async fn the_last_bucket_has_the_number_of_now() {
    let server = Server::always(Reply::json("{\"by\": {\"orders\": 7}}")).await;
    let port = json_http(json!({
        "url": format!("{}/stats/{{{{version}}}}?w={{{{interval}}}}", server.url()),
        "headers": { "X-Key": "k ${secret:key}" },
    }));
    let read = port
        .read(&question("$.by.{{service}}"), minutes(3, 0), TIME)
        .await;
    assert_eq!(read.unwrap(), [NO_POINT, NO_POINT, Point::Value(7.0)]);
    let asked = server.asked().concat();
    assert!(
        asked.starts_with("GET /stats/2.4.0?w=60s HTTP/1.1\r\n"),
        "{asked}"
    );
    assert!(asked.contains("x-key: k KEY\r\n"), "{asked}");
    assert!(!port.keeps_history() && !port.absent_is_zero());
}

#[tokio::test]
async fn a_bucket_long_past_is_not_answered_with_now() {
    let server = Server::always(Reply::json("{\"n\": 7}")).await;
    let port = json_http(json!({ "url": server.url() }));
    let read = port.read(&question("$.n"), minutes(1, 121), TIME).await;
    assert_eq!(read.unwrap(), [NO_POINT]);
    assert!(server.asked().is_empty());
}

#[tokio::test]
async fn an_old_number_is_stale_and_one_without_age_is_a_fault() {
    for (at, expected) in [
        (NOW - 120, Point::Value(7.0)),
        (NOW - 121, Point::Nothing(Nothing::Stale)),
    ] {
        let server = Server::always(Reply::json(&format!("{{\"n\": 7, \"at\": {at}}}"))).await;
        let port = json_http(json!({ "url": server.url(), "time": "$.at" }));
        let read = port.read(&question("$.n"), minutes(1, 0), TIME).await;
        assert_eq!(read.unwrap(), [expected]);
    }
    let server = Server::always(Reply::json("{\"n\": 7}")).await;
    let port = json_http(json!({ "url": server.url(), "time": "$.at" }));
    let read = port.read(&question("$.n"), minutes(1, 0), TIME).await;
    assert_eq!(read.unwrap_err().kind, FaultKind::Refused);
}

#[tokio::test]
async fn a_body_is_json_whose_strings_take_values() {
    let server = Server::always(Reply::json("[7]")).await;
    let port = json_http(json!({
        "url": server.url(), "method": "POST",
        "body": "{\"of\": \"{{version}}\", \"key\": \"${secret:key}\", \"last\": 60}",
    }));
    let mut hostile = question("/count $[0]");
    let version = "\", \"of\": \"${secret:key}".to_owned();
    hostile.values.insert("version".to_owned(), version.clone());
    let read = port.read(&hostile, minutes(1, 0), TIME).await;
    assert_eq!(read.unwrap(), [Point::Value(7.0)]);
    let asked = server.asked().concat();
    assert!(asked.starts_with("POST /count HTTP/1.1\r\n"), "{asked}");
    let (_, body) = asked.split_once("\r\n\r\n").unwrap();
    let body: serde_json::Value = serde_json::from_str(body).unwrap();
    assert_eq!(body, json!({ "of": version, "key": "KEY", "last": 60 }));
}

#[tokio::test]
async fn a_greeting_asks_only_where_no_value_belongs() {
    let server = Server::always(Reply::json("{}")).await;
    let port = json_http(json!({ "url": server.url() }));
    assert!(port.greet(TIME).await.unwrap().ends_with("answers JSON"));
    let port = json_http(json!({ "url": format!("{}/{{{{service}}}}", server.url()) }));
    assert!(port.greet(TIME).await.unwrap().contains("not asked"));
    assert_eq!(server.asked().len(), 1);
}
