//! A real HAProxy in front of real fixture processes.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

use gantry_xtask::fixture;
use gantry_xtask::haproxy::{Backend, Haproxy};
use gantry_xtask::real_platform;
use serde_json::Value;

/// A fixture process on a free port, ended with the test.
struct Service {
    child: Child,
    address: String,
}

impl Service {
    fn start(version: &str) -> Self {
        let mut child = Command::new(fixture::binary().unwrap())
            .env("PORT", "0")
            .env("VERSION", version)
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap())
            .read_line(&mut line)
            .unwrap();
        let address = line.trim().rsplit(' ').next().unwrap().to_owned();
        Self { child, address }
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        let _already_gone = self.child.kill();
        let _already_reaped = self.child.wait();
    }
}

fn load(url: &str) -> Value {
    let output = Command::new(fixture::binary().unwrap())
        .args([
            "load",
            "--url",
            url,
            "--rate",
            "400",
            "--seconds",
            "1",
            "--json",
        ])
        .output()
        .unwrap();
    serde_json::from_slice(&output.stdout).unwrap()
}

#[test]
fn servers_added_at_run_time_share_the_requests() {
    if real_platform::docker("servers_added_at_run_time").is_none() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let backend = Backend::new("orders").unwrap();
    let socket = folder.path().join("admin.sock");
    let haproxy = Haproxy::start(folder.path(), &socket, std::slice::from_ref(&backend)).unwrap();
    let services = [Service::start("1"), Service::start("2")];
    for (number, service) in services.iter().enumerate() {
        let name = format!("orders/s{number}");
        let answer = haproxy.command(&format!("add server {name} {} weight 50", service.address));
        assert_eq!(answer.unwrap(), "New server registered.");
        haproxy.command(&format!("enable server {name}")).unwrap();
    }
    let report = load(&backend.url());
    assert_eq!(report["answers"].as_array().unwrap().len(), 2, "{report}");
    assert_eq!(report["failures"].as_array().unwrap().len(), 0, "{report}");
}
