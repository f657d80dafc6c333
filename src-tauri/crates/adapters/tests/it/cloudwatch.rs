//! CloudWatch over exchanges that were written after its public description.

use gantry_port::metrics::{Metrics, Nothing, Point};
use serde_json::{Value, json};

use crate::{
    metric_server::{NOW, Reply, Server, TIME, minutes, question, still},
    metric_sources::cloudwatch,
};

const QUERY: &str = r#"{"namespace": "AWS/ApplicationELB", "metric": "RequestCount", "dimensions": {"TargetGroup": "targetgroup/{{service}}-{{version}}/1"}, "stat": "Sum"}"#;
const NO_POINT: Point = Point::Nothing(Nothing::NoPoint);

fn answer(results: &[Value], next: Option<&str>) -> Reply {
    let mut body = json!({ "MetricDataResults": results, "Messages": [] });
    if let Some(token) = next {
        body["NextToken"] = token.into();
    }
    Reply::of("200 OK", "application/x-amz-json-1.0", &body.to_string())
}

fn result(label: &str, status: &str, points: &[(i64, f64)]) -> Value {
    let times: Vec<_> = points.iter().map(|(ago, _)| NOW - ago).collect();
    let values: Vec<_> = points.iter().map(|(_, value)| *value).collect();
    json!({
        "Id": "gantry", "Label": label, "StatusCode": status,
        "Timestamps": times, "Values": values,
    })
}

async fn read(
    reply: impl Fn(usize, &str) -> Reply + Send + Sync + 'static,
) -> (Vec<Point>, Vec<String>) {
    let server = Server::start(reply).await;
    let port = cloudwatch(&server.url(), still());
    let read = port.read(&question(QUERY), minutes(4, 600), TIME).await;
    (read.unwrap(), server.asked())
}

#[tokio::test]
async fn points_are_told_by_the_begin_of_their_bucket() {
    let points = [(840, 120.0), (660, 90.0)];
    let (points, asked) =
        read(move |_, _| answer(&[result("RequestCount", "Complete", &points)], None)).await;
    assert_eq!(
        points,
        [Point::Value(120.0), NO_POINT, NO_POINT, Point::Value(90.0)]
    );
    let (head, body) = asked[0].split_once("\r\n\r\n").unwrap();
    let target = "x-amz-target: GraniteServiceVersion20100801.GetMetricData";
    assert!(
        head.starts_with("POST / HTTP/1.1\r\n") && head.contains(target),
        "{head}"
    );
    let asked: Value = serde_json::from_str(body).unwrap();
    assert_eq!(asked["StartTime"], NOW - 840);
    assert_eq!(asked["EndTime"], NOW - 600);
    let dimension = &asked["MetricDataQueries"][0]["MetricStat"]["Metric"]["Dimensions"][0];
    assert_eq!(dimension["Value"], "targetgroup/orders-2.4.0/1");
}

#[tokio::test]
async fn requests_are_signed_for_service_region_and_session() {
    let (_, asked) = read(|_, _| answer(&[], None)).await;
    let head = asked[0].split_once("\r\n\r\n").unwrap().0;
    let scope = "authorization: AWS4-HMAC-SHA256 Credential=ID/20261123/eu-central-1/monitoring/aws4_request";
    assert!(head.contains(scope), "{head}");
    let signed = "SignedHeaders=content-type;host;x-amz-date;x-amz-security-token;x-amz-target";
    assert!(head.contains(signed), "{head}");
    assert!(head.contains("x-amz-security-token: SESSION"), "{head}");
    assert!(!asked[0].contains("KEY"), "{head}");
}

#[tokio::test]
async fn pages_are_read_to_the_end() {
    let (points, asked) = read(|number, _| match number {
        0 => answer(&[result("a", "PartialData", &[(840, 1.0)])], Some("more")),
        _ => answer(&[result("a", "Complete", &[(780, 2.0)])], None),
    })
    .await;
    assert_eq!(points[..2], [Point::Value(1.0), Point::Value(2.0)]);
    assert!(asked[1].contains("\"NextToken\":\"more\""), "{}", asked[1]);
}

#[tokio::test]
async fn none_and_several_are_told_apart() {
    let none = [Point::Nothing(Nothing::NoSeries); 4];
    assert_eq!(read(|_, _| answer(&[], None)).await.0, none);
    let empty = |_: usize, _: &str| answer(&[result("a", "Complete", &[])], None);
    assert_eq!(read(empty).await.0, none);
    let two = |_: usize, _: &str| {
        let one = |label| result(label, "Complete", &[(840, 1.0)]);
        answer(&[one("a"), one("b")], None)
    };
    assert_eq!(read(two).await.0, [Point::Nothing(Nothing::Several); 4]);
}

#[tokio::test]
async fn an_answer_with_gaps_or_without_times_is_a_fault() {
    let mut uneven = result("a", "Complete", &[(840, 1.0)]);
    uneven["Values"] = json!([1.0, 2.0]);
    let partial = result("a", "PartialData", &[(840, 1.0)]);
    let forbidden = result("a", "Forbidden", &[]);
    for result in [uneven, partial, forbidden] {
        let server = Server::always(answer(&[result], None)).await;
        let port = cloudwatch(&server.url(), still());
        let read = port.read(&question(QUERY), minutes(4, 600), TIME).await;
        assert!(read.is_err(), "{read:?}");
    }
}
