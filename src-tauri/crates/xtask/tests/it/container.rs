//! A real container of the fixture.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use gantry_xtask::docker::{Body, Engine};
use gantry_xtask::fixture::{self, Image};
use gantry_xtask::real_platform;
use serde_json::{Value, json};

const PATIENCE: Duration = Duration::from_secs(30);

/// Starts a container and waits until its own health check has spoken.
fn start(engine: &Engine, name: &str, image: &str) -> Value {
    let create = format!("/containers/create?name={name}");
    let body = json!({ "Image": image });
    engine.request("POST", &create, Body::Json(&body)).unwrap();
    engine
        .request("POST", &format!("/containers/{name}/start"), Body::Empty)
        .unwrap();
    let started = Instant::now();
    loop {
        let path = format!("/containers/{name}/json");
        let container = engine.json("GET", &path, Body::Empty).unwrap();
        if container["State"]["Health"]["Status"] != "starting" {
            return container;
        }
        assert!(started.elapsed() < PATIENCE, "still starting: {container}");
        std::thread::yield_now();
    }
}

fn get(address: &str, path: &str) -> String {
    let mut stream = TcpStream::connect((address, 8080)).unwrap();
    write!(stream, "GET {path} HTTP/1.0\r\n\r\n").unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}

#[test]
fn a_container_of_the_fixture_answers_on_its_own_address() {
    let Some(engine) = real_platform::docker("a_container_of_the_fixture_answers") else {
        return;
    };
    let image = Image::new("shop/orders", "2.4.0")
        .import(&engine, &fixture::binary().unwrap())
        .unwrap();
    let container = start(&engine, "orders-1", &image);
    assert_eq!(container["State"]["Health"]["Status"], "healthy");
    let address = container["NetworkSettings"]["IPAddress"].as_str().unwrap();
    let answer = get(address, "/");
    assert!(answer.starts_with("HTTP/1.0 200"), "{answer}");
    assert!(answer.ends_with("orders 2.4.0 ok\n"), "{answer}");
}

#[test]
fn a_container_of_an_unhealthy_version_is_told_apart() {
    let Some(engine) = real_platform::docker("a_container_of_an_unhealthy_version") else {
        return;
    };
    let image = Image::new("shop/orders", "2.4.0-bad")
        .with("UNHEALTHY", "1")
        .import(&engine, &fixture::binary().unwrap())
        .unwrap();
    let container = start(&engine, "orders-bad", &image);
    assert_eq!(container["State"]["Health"]["Status"], "unhealthy");
}
