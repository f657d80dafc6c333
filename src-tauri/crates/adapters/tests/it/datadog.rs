//! Datadog over exchanges that were written after its public description.

use gantry_port::metrics::{Metrics, Nothing, Point};
use serde_json::{Value, json};

use crate::{
    metric_server::{NOW, Reply, Server, TIME, minutes, question, still},
    metric_sources::datadog,
};

const QUERY: &str = "sum:http.requests{service:{{service}},version:{{version}}}.as_count().rollup(sum, {{interval}})";
const NO_POINT: Point = Point::Nothing(Nothing::NoPoint);

/// An answer of `GET /api/v1/query`, with these points of buckets of a minute.
fn answer(series: &[Value]) -> Reply {
    let body = json!({
        "status": "ok", "res_type": "time_series", "resp_version": 1,
        "query": "sum:http.requests{service:orders}.as_count().rollup(sum, 60)",
        "from_date": 1_795_436_580_000_i64, "to_date": 1_795_436_879_000_i64,
        "series": series, "values": [], "times": [], "message": "", "group_by": [],
    });
    Reply::json(&body.to_string())
}

fn series(interval: i64, points: &[(i64, Option<f64>)]) -> Value {
    let points: Vec<_> = points
        .iter()
        .map(|(ago, value)| json!([(NOW - ago) as f64 * 1000.0, value]))
        .collect();
    json!({
        "unit": null, "query_index": 0, "aggr": "sum", "metric": "http.requests",
        "tag_set": [], "expression": "sum:http.requests{service:orders}.as_count()",
        "scope": "service:orders", "interval": interval, "length": points.len(),
        "display_name": "http.requests", "pointlist": points, "attributes": {},
    })
}

async fn read(reply: Reply) -> (Vec<Point>, String) {
    let server = Server::always(reply).await;
    let port = datadog(&server.url(), still());
    let read = port.read(&question(QUERY), minutes(4, 600), TIME).await;
    (read.unwrap(), server.asked().concat())
}

#[tokio::test]
async fn points_are_told_by_the_begin_of_their_bucket() {
    let points = [(840, Some(120.0)), (780, None), (660, Some(90.0))];
    let (points, asked) = read(answer(&[series(60, &points)])).await;
    assert_eq!(
        points,
        [Point::Value(120.0), NO_POINT, NO_POINT, Point::Value(90.0)]
    );
    let line = asked.lines().next().unwrap();
    let range = format!(
        "GET /api/v1/query?from={}&to={}&query=sum",
        NOW - 840,
        NOW - 601
    );
    assert!(line.starts_with(&range), "{line}");
    assert!(
        line.contains("version%3A2.4.0%7D.as_count%28%29.rollup%28sum%2C+60%29"),
        "{line}"
    );
    assert!(asked.contains("dd-api-key: API\r\n"), "{asked}");
    assert!(asked.contains("dd-application-key: APP\r\n"), "{asked}");
}

#[tokio::test]
async fn none_and_several_are_told_apart() {
    let (points, _) = read(answer(&[])).await;
    assert_eq!(points, [Point::Nothing(Nothing::NoSeries); 4]);
    let one = series(60, &[(840, Some(1.0))]);
    let (points, _) = read(answer(&[one.clone(), one])).await;
    assert_eq!(points, [Point::Nothing(Nothing::Several); 4]);
}

#[tokio::test]
async fn buckets_of_another_length_and_errors_are_faults() {
    let error = json!({ "status": "error", "error": "Error parsing query", "series": [] });
    for reply in [
        answer(&[series(300, &[(840, Some(1.0))])]),
        Reply::json(&error.to_string()),
    ] {
        let server = Server::always(reply).await;
        let port = datadog(&server.url(), still());
        let read = port.read(&question(QUERY), minutes(4, 600), TIME).await;
        let fault = read.unwrap_err();
        let told = fault.message.contains("rollup") || fault.message.contains("parsing");
        assert!(told, "{fault}");
    }
}

#[tokio::test]
async fn a_grid_between_whole_minutes_is_moved_back_to_them() {
    let server = Server::always(answer(&[series(60, &[(660, Some(7.0))])])).await;
    let port = datadog(&server.url(), still());
    let read = port.read(&question(QUERY), minutes(1, 570), TIME).await;
    assert_eq!(read.unwrap(), [Point::Value(7.0)]);
}

#[tokio::test]
async fn a_key_that_is_not_known_is_told() {
    let known = Server::always(Reply::json("{\"valid\": true}")).await;
    let port = datadog(&known.url(), still());
    assert!(
        port.greet(TIME)
            .await
            .unwrap()
            .contains("knows the API key")
    );
    let unknown = Server::always(Reply::of(
        "403 Forbidden",
        "application/json",
        "{\"errors\": [\"Forbidden\"]}",
    ))
    .await;
    let fault = datadog(&unknown.url(), still())
        .greet(TIME)
        .await
        .unwrap_err();
    assert!(fault.message.contains("Forbidden"), "{fault}");
}
