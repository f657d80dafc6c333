//! Prometheus over recorded exchanges.

use gantry_model::unit::Span;
use gantry_port::metrics::{Grid, Metrics, Nothing, Point};

use crate::{
    metric_server::{NOW, Reply, Server, TIME, minutes, question, still},
    metric_sources::{prometheus, victoria},
};

fn matrix(series: &[&str]) -> Reply {
    let series: Vec<_> = series
        .iter()
        .map(|values| format!("{{\"metric\":{{}},\"values\":[{values}]}}"))
        .collect();
    let result = series.join(",");
    Reply::json(&format!(
        "{{\"status\":\"success\",\"data\":{{\"resultType\":\"matrix\",\"result\":[{result}]}}}}"
    ))
}

async fn read(reply: Reply, count: u32) -> Vec<Point> {
    let server = Server::always(reply).await;
    let port = prometheus(&server.url(), still());
    let read = port
        .read(&question("sum(up)"), minutes(count, 0), TIME)
        .await;
    read.unwrap()
}

const NO_POINT: Point = Point::Nothing(Nothing::NoPoint);

#[tokio::test]
async fn every_bucket_is_asked_for_at_its_end() {
    let server = Server::always(matrix(&[])).await;
    let port = prometheus(&format!("{}/base/", server.url()), still());
    let query = "sum(rate(m{service=\"{{service}}\"}[{{interval}}]))";
    port.read(&question(query), minutes(5, 60), TIME)
        .await
        .unwrap();
    let asked = server.asked();
    let [asked] = asked.as_slice() else {
        panic!("{asked:?}");
    };
    let line = asked.lines().next().unwrap();
    let (begin, end) = (NOW - 60 - 4 * 60, NOW - 60);
    assert!(line.starts_with("GET /base/api/v1/query_range?query=sum%28rate%28m%7Bservice%3D%22orders%22%7D%5B60s%5D%29%29&"), "{line}");
    assert!(
        line.contains(&format!("&start={begin}.000&end={end}.000&step=60.000&")),
        "{line}"
    );
    assert!(line.contains("&nocache=1&"), "{line}");
    assert!(asked.contains("authorization: Bearer TOKEN\r\n"), "{asked}");
}

#[tokio::test]
async fn numbers_stand_in_their_buckets_and_nothing_else_is_a_number() {
    let values = [(240, "1"), (180, "NaN"), (120, "+Inf"), (0, "0.5")];
    let values = values.map(|(ago, value)| format!("[{},\"{value}\"]", NOW - ago));
    let points = read(matrix(&[&values.join(",")]), 5).await;
    let nan = Point::Nothing(Nothing::NotANumber);
    assert_eq!(
        points,
        [Point::Value(1.0), nan, nan, NO_POINT, Point::Value(0.5)]
    );
}

#[tokio::test]
async fn no_series_and_several_are_told_apart() {
    let none = Point::Nothing(Nothing::NoSeries);
    assert_eq!(read(matrix(&[]), 2).await, [none, none]);
    let values = format!("[{NOW},\"1\"]");
    let several = Point::Nothing(Nothing::Several);
    assert_eq!(
        read(matrix(&[&values, &values]), 2).await,
        [several, several]
    );
}

#[tokio::test]
async fn a_series_that_fell_silent_is_stale() {
    let values = format!("[{},\"1\"]", NOW - 240);
    let stale = Point::Nothing(Nothing::Stale);
    let expected = [Point::Value(1.0), NO_POINT, NO_POINT, stale, stale];
    assert_eq!(read(matrix(&[&values]), 5).await, expected);
}

#[tokio::test]
async fn two_numbers_for_one_bucket_are_none() {
    let values = format!("[{NOW},\"1\"],[{NOW},\"1\"]");
    assert_eq!(
        read(matrix(&[&values]), 1).await,
        [Point::Nothing(Nothing::Several)]
    );
}

#[tokio::test]
async fn an_answer_for_other_buckets_in_part_or_of_another_kind_is_a_fault() {
    let replies = [
        matrix(&[&format!("[{},\"1\"]", NOW - 30)]),
        matrix(&[&format!("[{NOW},\"seven\"]")]),
        Reply::json(
            "{\"status\":\"success\",\"isPartial\":true,\"data\":{\"resultType\":\"matrix\",\"result\":[]}}",
        ),
        Reply::json("{\"status\":\"success\",\"data\":{\"resultType\":\"vector\",\"result\":[]}}"),
        Reply::json("{\"status\":\"error\",\"errorType\":\"bad_data\",\"error\":\"no\"}"),
    ];
    for reply in replies {
        let server = Server::always(reply.clone()).await;
        let port = prometheus(&server.url(), still());
        let read = port.read(&question("up"), minutes(1, 0), TIME).await;
        assert!(read.is_err(), "{reply:?}: {read:?}");
    }
}

#[tokio::test]
async fn a_reading_that_passes_at_the_second_attempt_is_an_answer() {
    let values = format!("[{NOW},\"7\"]");
    let server = Server::start(move |number, _| match number {
        0 => Reply::of("503 Busy", "text/plain", "later"),
        _ => matrix(&[&values]),
    })
    .await;
    let port = prometheus(&server.url(), still());
    let read = port.read(&question("up"), minutes(1, 0), TIME).await;
    assert_eq!(read.unwrap(), [Point::Value(7.0)]);
}

#[tokio::test]
async fn long_grids_are_asked_for_in_pieces() {
    let server = Server::start(|_, text| {
        let end = text
            .split("end=")
            .nth(1)
            .unwrap()
            .split('.')
            .next()
            .unwrap();
        matrix(&[&format!("[{end},\"1\"]")])
    })
    .await;
    let port = prometheus(&server.url(), still());
    let grid = Grid {
        bucket: Span::from_secs(1),
        count: 25_000,
        from: minutes(1, 25_000 - 60).from,
    };
    let points = port.read(&question("up"), grid, TIME).await.unwrap();
    let known: Vec<_> = (0..points.len())
        .filter(|at| points[*at].value().is_some())
        .collect();
    assert_eq!(known, [9_999, 19_999, 24_999]);
    assert_eq!(server.asked().len(), 3);
}

#[tokio::test]
async fn victoria_metrics_is_not_asked_for_the_last_half_minute() {
    let values = format!("[{},\"7\"]", NOW - 60);
    let server = Server::always(matrix(&[&values])).await;
    let port = victoria(&server.url(), None, still());
    let points = port
        .read(&question("up"), minutes(2, 0), TIME)
        .await
        .unwrap();
    assert_eq!(points, [Point::Value(7.0), NO_POINT]);
    assert!(server.asked()[0].contains(&format!("&end={}.000&", NOW - 60)));
    assert_eq!(port.settles_after(), Span::from_secs(30));
}
