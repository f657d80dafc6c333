//! Files that must read.

use std::{
    fs,
    path::{Path, PathBuf},
};

use gantry_model::{id::NodeId, release::Release};
use gantry_release_file::read;

use crate::{WHOLE, examples};

fn release(text: &str) -> Release {
    match read("file.yaml", text.as_bytes()) {
        Ok(document) => document.release,
        Err(problems) => panic!("{problems}"),
    }
}

#[test]
fn the_whole_sample_reads() {
    let release = release(WHOLE);
    let ids: Vec<&str> = release.nodes.keys().map(NodeId::as_str).collect();
    assert_eq!(
        ids,
        ["new-checkout", "orders", "orders-db", "warm-cache", "web"]
    );
    let told = release.stakeholders.iter();
    let told: Vec<&str> = told.map(|told| told.audience.word()).collect();
    assert_eq!(told, ["engineers", "support", "customers"]);
    assert!(release.notify.escalate.is_some());
}

#[test]
fn every_example_reads() {
    let mut files = Vec::new();
    collect(&examples(), &mut files);
    assert!(files.len() >= 4, "{files:?}");
    for file in files {
        let bytes = fs::read(&file).unwrap();
        if let Err(problems) = read(&file.to_string_lossy(), &bytes) {
            panic!("{problems}");
        }
    }
}

/// Finds the YAML files in and below a folder that are release files.
fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let is_yaml = path
            .extension()
            .is_some_and(|extension| extension == "yaml");
        if path.is_dir() {
            collect(&path, files);
        } else if is_yaml && fs::read_to_string(&path).unwrap().contains("\ngantry:") {
            files.push(path);
        }
    }
}

#[test]
fn a_release_reads_back_from_what_it_writes() {
    let release = release(WHOLE);
    let json = serde_json::to_string(&release).unwrap();
    assert_eq!(self::release(&json), release);
}

#[test]
fn a_version_keeps_its_text() {
    let text = "gantry: 1\nrelease: r\nnodes:\n  web: { kind: app, version: 1.10 }\n  api: { kind: app, version: { from: 2.0, to: 1e3 } }\n";
    let release = release(text);
    let version = |node: &str| {
        let id: NodeId = node.parse().unwrap();
        release.nodes.get(&id).unwrap().version.clone().unwrap()
    };
    assert_eq!(version("web").to.as_str(), "1.10");
    assert_eq!(version("api").from.unwrap().as_str(), "2.0");
    assert_eq!(version("api").to.as_str(), "1e3");
}

#[test]
fn a_byte_order_mark_and_windows_line_ends_are_taken() {
    let windows = format!("\u{feff}{}", WHOLE.replace('\n', "\r\n"));
    assert_eq!(release(&windows), release(WHOLE));
}

#[test]
fn anchors_and_merge_keys_share_what_nodes_have_in_common() {
    let text = "gantry: 1\nrelease: r\nnodes:\n  a: &app\n    kind: app\n    estimate: 5m\n  b:\n    <<: *app\n    estimate: 7m\n";
    let release = release(text);
    let estimate = |node: &str| {
        let id: NodeId = node.parse().unwrap();
        release
            .nodes
            .get(&id)
            .unwrap()
            .estimate
            .unwrap()
            .to_string()
    };
    assert_eq!((estimate("a"), estimate("b")), ("5m".into(), "7m".into()));
}
