//! A real PostgreSQL on loopback, where this machine has one; skipped loudly elsewhere.

use std::{
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::Duration,
};

use gantry_adapters::inquiry::postgres::Postgres;
use gantry_model::release::connection::Database;
use gantry_port::inquiry::{Inquiry, Question};
use serde_json::json;

use crate::metric_server::{TIME, shouting, still};

/// A database server of its own, over a socket in its folder.
struct Cluster {
    server: Child,
    folder: tempfile::TempDir,
}

impl Drop for Cluster {
    fn drop(&mut self) {
        let _gone = self.server.kill();
        let _gone = self.server.wait();
    }
}

/// PostgreSQL refuses to run as root; whoever is root becomes nobody.
fn command(program: &Path) -> Command {
    if !rustix::process::geteuid().is_root() {
        return Command::new(program);
    }
    let mut command = Command::new("setpriv");
    command.args(["--reuid=65534", "--regid=65534", "--clear-groups"]);
    command.arg(program);
    command
}

fn program(name: &str) -> Option<PathBuf> {
    let path = std::env::var("PATH").unwrap_or_default();
    let debian = std::fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten();
    let debian = debian.flatten().map(|entry| entry.path().join("bin"));
    let mut folders = std::env::split_paths(&path).chain(debian);
    folders.find_map(|folder| Some(folder.join(name)).filter(|file| file.is_file()))
}

/// Starts a server; `None` where there is none to start.
fn cluster() -> Option<Cluster> {
    let folder = tempfile::Builder::new()
        .prefix("gantry-pg-")
        .tempdir()
        .ok()?;
    let everybody = std::os::unix::fs::PermissionsExt::from_mode(0o777);
    std::fs::set_permissions(folder.path(), everybody).ok()?;
    let data = folder.path().join("data");
    let made = command(&program("initdb")?)
        .args(["--auth=trust", "--username=gantry", "--no-sync", "-D"])
        .arg(&data)
        .env("LC_ALL", "C")
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status();
    if !made.is_ok_and(|status| status.success()) {
        return None;
    }
    let server = command(&program("postgres")?)
        .arg("-D")
        .arg(&data)
        .args(["-c", "listen_addresses=", "-F", "-k"])
        .arg(folder.path())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .ok()?;
    Some(Cluster { server, folder })
}

fn sql(query: &str) -> Question {
    let asked = json!({ "connection": "orders", "query": query, "equals": 0 });
    Question::Sql(serde_json::from_value(asked).unwrap())
}

#[tokio::test]
async fn a_value_of_a_real_postgres_is_compared_and_nothing_is_changed() {
    let Some(cluster) = cluster() else {
        eprintln!("skipped: no PostgreSQL can be started here");
        return;
    };
    let host = cluster
        .folder
        .path()
        .display()
        .to_string()
        .replace('/', "%2F");
    let url = format!("postgresql://gantry@{host}/postgres")
        .parse()
        .unwrap();
    let orders = Postgres::new(&Database { url }, shouting(), still());
    // It takes its socket when it is ready.
    let mut greeted = orders.greet(TIME).await;
    for _ in 0..100 {
        if greeted.is_ok() {
            break;
        }
        tokio::time::timeout(Duration::from_millis(100), std::future::pending::<()>())
            .await
            .unwrap_err();
        greeted = orders.greet(TIME).await;
    }
    assert!(greeted.unwrap().contains("postgres answers, version"));
    let zero = orders.ask(&sql("select 0::numeric;"), TIME).await.unwrap();
    assert!(zero.healthy, "{}", zero.detail);
    let three = orders
        .ask(&sql("select count(*) from (values (1), (2), (3)) v"), TIME)
        .await
        .unwrap();
    assert_eq!(
        (three.healthy, three.detail.as_str()),
        (false, "orders answered 3, not 0")
    );
    for (query, reason) in [
        ("create table t (a int)", "not one column"),
        ("select 0; drop table t", "multiple commands"),
        (
            "with gone as (delete from pg_class returning 0) select 0 from gone",
            "data-modifying",
        ),
        ("select nextval('pg_catalog.pg_class')", "not a sequence"),
        ("select 0, 0", "not one column"),
        ("select 1 where false", "no row"),
        ("select generate_series(1, 2)", "more than one row"),
        ("select null::text", "NULL"),
    ] {
        let fault = orders.ask(&sql(query), TIME).await.unwrap_err();
        assert!(fault.message.contains(reason), "{query}: {fault}");
    }
}
