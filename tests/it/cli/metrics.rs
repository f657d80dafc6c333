//! The doctor over a source of metrics.

use std::{
    io::{Read, Write},
    net::TcpListener,
    thread,
};

use gantry_tests::place::Place;

/// Answers range queries by what they ask for, at the end of what they ask for.
fn source() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let url = format!("http://{}", listener.local_addr().expect("an address"));
    thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let mut piece = [0; 8192];
            let length = stream.read(&mut piece).unwrap_or(0);
            let asked = String::from_utf8_lossy(&piece[..length]).into_owned();
            let body = answer(&asked);
            let length = body.len();
            let head = format!(
                "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n"
            );
            let _gone = stream.write_all(format!("{head}{body}").as_bytes());
        }
    });
    url
}

fn answer(asked: &str) -> String {
    if !asked.contains("query_range") {
        return r#"{"status":"success","data":{"version":"9.9"}}"#.to_owned();
    }
    let end = asked
        .split("end=")
        .nth(1)
        .and_then(|rest| rest.split('&').next());
    let value = |text: &str| format!(r#"{{"values":[[{},"{text}"]]}}"#, end.unwrap_or("0"));
    let result = match asked {
        asked if asked.contains("2.4.0") => String::new(),
        asked if asked.contains("total") => value("120"),
        asked if asked.contains("queue") => value("NaN"),
        asked if asked.contains("many") => format!("{0},{0}", value("1")),
        _bad => String::new(),
    };
    format!(r#"{{"status":"success","data":{{"resultType":"matrix","result":[{result}]}}}}"#)
}

/// A release that asks for a ratio of two versions, two gauges and a source that is away.
fn release(url: &str) -> String {
    let metrics = r#"
  errors: { kind: ratio, source: metrics, bad: "bad{s='{{service}}',v='{{version}}'}", total: "total{s='{{service}}',v='{{version}}'}" }
  queue: { kind: gauge, source: metrics, query: sum(queue) }
  many: { kind: gauge, source: metrics, query: many }
  lost: { kind: gauge, source: away, query: "lost{v='{{version}}'}" }
nodes:
  orders: { kind: task, version: { from: 2.3.1, to: 2.4.0 }, run: { exec: ["true"], undo: ["true"] } }
"#;
    format!(
        "gantry: 1
release: demo
environment: test
connections:
  metrics: {{ prometheus: {{ url: \"{url}\" }} }}
  away: {{ prometheus: {{ url: \"http://127.0.0.1:9\" }} }}
metrics:{metrics}"
    )
}

#[test]
fn the_doctor_shows_a_sample_of_each_metric_and_each_kind_of_nothing() {
    let place = Place::new();
    place.write("release.yaml", release(&source()));
    let doctor = ["doctor", "release.yaml", "--json"];
    let examined = place.gantry(&doctor).exits(1).json();
    let seen: Vec<(&str, &str, &str)> = examined
        .as_array()
        .into_iter()
        .flatten()
        .map(|one| ["what", "state", "answer"].map(|key| one[key].as_str().unwrap_or_default()))
        .filter(|[what, ..]| what.starts_with("metric "))
        .map(|[what, state, answer]| (what, state, answer))
        .collect();
    let about = |name: &str| {
        let found = seen.iter().find(|(what, ..)| *what == name);
        *found.unwrap_or_else(|| panic!("{name} is not in {seen:?}"))
    };
    let (_, state, answer) = about("metric errors of orders 2.3.1");
    assert_eq!(state, "well");
    assert!(answer.starts_with("none bad"), "{answer}");
    assert!(answer.contains("of 120 in the minute"), "{answer}");
    let (_, state, answer) = about("metric errors of orders 2.4.0");
    assert_eq!((state, answer), ("absent", "total: no series matches"));
    assert_eq!(about("metric queue").2, "not a number");
    assert_eq!(about("metric many").2, "several series match");
    assert_eq!(about("metric lost of 2.3.1").1, "unwell");
    assert_eq!(
        seen.len(),
        5,
        "a source that is away is asked once: {seen:?}"
    );
}
