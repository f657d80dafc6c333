//! The acts of the demo, inside the sandbox.

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use anyhow::{Context, Result, bail};

use super::end_state::{Told, judge, print_end_state};
use super::words::{heading, tell, typed};
use super::{FAILED, gantry};
use crate::docker::Engine;
use crate::sandbox::FOLDER_VARIABLE;
use crate::say::say;
use crate::shop::{Answers, Incident, ORDERS_TIMES, Shop, Snapshot};

/// Requests a second and service.
const RATE: u32 = 60;

/// How long customers are asked who serves them when everything is over.
const LAST_LOOK: Duration = Duration::from_secs(3);

const PICTURE: &str = "    catalogue ─┬─ orders ──┬─ web
     rolling   │   canary  │   blue-green
               │           └─ warm-cache
               │               a task
               └─ search ──── suggestions
                   recreate    rolling";

/// Performs on the stage of the sandbox, and says by its exit status whether it all came true.
///
/// # Errors
///
/// When the stage cannot be set or `gantry` cannot be started.
pub fn perform() -> Result<ExitCode> {
    let engine = Engine::from_environment().context("no Docker daemon: this is not the sandbox")?;
    let folder = std::env::var_os(FOLDER_VARIABLE).context("this is not the sandbox")?;
    let folder = PathBuf::from(folder).join("shop");
    std::fs::create_dir_all(&folder).context("no folder for the shop")?;
    heading("The stage");
    tell(
        "A Docker daemon of its own, HAProxy, Prometheus, and a shop of five services and a task:",
    );
    tell(PICTURE);
    let stage = Stage {
        shop: Shop::open(&engine, &folder)?,
        engine,
    };
    stage.play()
}

/// The shop, and the daemon that it runs on.
struct Stage {
    engine: Engine,
    shop: Shop,
}

impl Stage {
    fn play(&self) -> Result<ExitCode> {
        heading("First deployment: 1.0");
        tell("Nothing runs yet. Everything comes up in the order of the graph.");
        let first = self.run("1.0", 0)?;

        heading("A good release in a bad hour: 1.1");
        tell(&format!(
            "From now on customers come: {RATE} requests a second to each service, and {ORDERS_TIMES} times as many\n\
             to orders, whose canary is judged by what Prometheus sees. While it serves, one request in\n\
             ten fails at orders for some seconds, at the old version and the new one alike: an\n\
             incident that is not the release's fault and must not take it back."
        ));
        let (good, during_good) = self.with_customers(|| {
            Incident::of_orders(&self.engine).beside(|| self.run("1.1", 0))?
        })?;

        heading("A bad release: 1.2");
        tell(
            "Orders 1.2 starts well and turns bad once it has real traffic: at 25 % every fifth answer\n\
             is an error, and all are 40 ms slower. Its health check stays green.\n\
             The way back is planned and shown first. Nobody will touch the keyboard.",
        );
        let before = Snapshot::take(&self.engine, &self.shop)?;
        let (bad, during_bad) = self.with_customers(|| self.run("1.2", 3))?;
        let after = Snapshot::take(&self.engine, &self.shop)?;
        let ((), now) = self.with_customers(|| {
            std::thread::sleep(LAST_LOOK);
            Ok(())
        })?;

        heading("The end state");
        print_end_state(&after, &now, &during_bad)?;

        heading("The record");
        let verified = self.gantry(&["journal", "verify", "shop-1.2"])?;
        self.gantry(&["status", "shop-1.2"])?;

        heading("What was promised");
        let kept = judge(&Told {
            statuses: [first, good, bad],
            before: &before,
            after: &after,
            during_good: &during_good,
            during_bad: &during_bad,
            now: &now,
            journal: verified,
        });
        Ok(if kept {
            ExitCode::SUCCESS
        } else {
            ExitCode::from(FAILED)
        })
    }

    /// Runs a release that ends with this exit status, or the story makes no sense any more.
    fn run(&self, version: &str, expected: i32) -> Result<i32> {
        let file = format!("shop-{version}.yaml");
        let status = self.gantry(&["run", &file, "--yes"])?;
        if status != expected {
            bail!("{file} ended with exit status {status} and not with {expected}");
        }
        say(format_args!("\nexit status {status}"));
        Ok(status)
    }

    /// Types a command and lets it speak for itself; gives its exit status.
    fn gantry(&self, arguments: &[&str]) -> Result<i32> {
        let words = [&["gantry"], arguments].concat();
        typed(&words);
        let status = gantry()
            .args(arguments)
            .current_dir(self.shop.folder())
            .env("GANTRY_DB", self.shop.folder().join("workspace.db"))
            .status()
            .context("cannot run gantry")?;
        match status.code() {
            Some(code) => Ok(code),
            None => bail!("`{}` ended with {status}", words.join(" ")),
        }
    }

    /// Does something while customers come, and gives what they were told.
    fn with_customers<T>(
        &self,
        work: impl FnOnce() -> Result<T>,
    ) -> Result<(T, Vec<(String, Answers)>)> {
        let customers = self.shop.customers(RATE)?;
        let done = work()?;
        Ok((done, customers.leave()?))
    }
}
