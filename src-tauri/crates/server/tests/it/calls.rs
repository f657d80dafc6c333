//! Commands and the feed behind the door.

use gantry_api::feed::{Change, Topic};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use crate::browser::House;

const TEXT: &str =
    "gantry: 1\nrelease: tiny\nnodes:\n  one:\n    kind: task\n    run: { exec: [\"true\"] }\n";

#[tokio::test]
async fn a_command_answers_over_http_what_it_answers_everywhere() {
    let house = House::open().await;
    let cookie = house.enter().await;
    let answer = house.call(&cookie, "adapters", "").await;
    assert_eq!(answer.status, 200);
    assert_eq!(answer.header("content-type"), Some("application/json"));
    assert!(answer.json().to_string().contains("haproxy"));
}

#[tokio::test]
async fn a_call_that_is_wrong_says_what_is_wrong() {
    let house = House::open().await;
    let cookie = house.enter().await;
    let unknown = house.call(&cookie, "launch-missiles", "{}").await;
    assert_eq!(
        (unknown.status, unknown.json()["code"].as_str()),
        (400, Some("bad-call"))
    );
    let unfit = house.call(&cookie, "status", "{\"release\":7}").await;
    assert_eq!(unfit.status, 400);
    let garbled = house.call(&cookie, "status", "{").await;
    assert_eq!(garbled.status, 400);
    let missing = house
        .call(&cookie, "status", "{\"release\":\"nothing\"}")
        .await;
    assert_eq!(
        (missing.status, missing.json()["code"].as_str()),
        (404, Some("no-such-run"))
    );
    let origin = format!(
        "Cookie: {cookie}\r\nOrigin: http://127.0.0.1:{}\r\n",
        house.port
    );
    let form = format!("{origin}Content-Type: text/plain\r\n");
    assert_eq!(house.post("list", &form, "{}").await.status, 415);
    let path = house
        .get("/api/call/list", &format!("Cookie: {cookie}\r\n"))
        .await;
    assert_eq!(
        path.status, 405,
        "looking changes nothing, so calls are never GET"
    );
}

#[tokio::test]
async fn a_call_that_is_too_long_is_refused() {
    let house = House::open().await;
    let cookie = house.enter().await;
    let long = format!("{{\"text\":\"{}\"}}", "x".repeat(11 * 1024 * 1024));
    let answer = house.call(&cookie, "draft", &long).await;
    assert_eq!(
        (answer.status, answer.json()["code"].as_str()),
        (413, Some("bad-call"))
    );
}

#[tokio::test]
async fn a_draft_is_planned_and_its_problems_have_places() {
    let house = House::open().await;
    let cookie = house.enter().await;
    let draft = |text: &str| serde_json::json!({ "text": text }).to_string();
    let good = house.call(&cookie, "draft", &draft(TEXT)).await.json();
    assert_eq!(good["plan"]["release"], "tiny");
    let wrong = TEXT.replace("exec:", "exce:");
    let bad = house.call(&cookie, "draft", &draft(&wrong)).await.json();
    assert!(bad["plan"].is_null());
    let problem = &bad["problems"][0];
    assert_eq!(
        (problem["line"].as_u64(), problem["severity"].as_str()),
        (Some(6), Some("error"))
    );
    assert!(problem["end_column"].as_u64() > problem["column"].as_u64());
}

#[tokio::test]
async fn the_feed_delivers_what_changed() {
    let house = House::open().await;
    let cookie = house.enter().await;
    let mut stream = house.connect().await;
    let request = format!(
        "GET /api/feed HTTP/1.1\r\nHost: 127.0.0.1:{}\r\nCookie: {cookie}\r\n\r\n",
        house.port
    );
    stream.write_all(request.as_bytes()).await.unwrap();
    let head = read_until(&mut stream, "\r\n\r\n").await;
    assert!(head.contains("text/event-stream"), "{head}");
    house.app.feed().tell(Change::one(Topic::Run, "shop#1"));
    let event = read_until(&mut stream, "\n\n").await;
    assert!(
        event.contains("data: {\"topic\":\"run\",\"id\":\"shop#1\"}"),
        "{event}"
    );
}

async fn read_until(stream: &mut tokio::net::TcpStream, end: &str) -> String {
    let mut text = String::new();
    let mut bytes = [0; 1024];
    while !text.contains(end) {
        let count = stream.read(&mut bytes).await.unwrap();
        assert!(count > 0, "the stream has ended: {text}");
        text.push_str(std::str::from_utf8(&bytes[..count]).unwrap());
    }
    text
}
