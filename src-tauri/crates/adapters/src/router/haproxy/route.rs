//! One change of the route: bring in, wait, shift, drain, take out, read back.

use std::{collections::BTreeMap, net::SocketAddr, time::Duration};

use gantry_model::{
    operation::Direction,
    platform::{Arm, RouteState},
    unit::Span,
};
use gantry_port::{
    fault::{Fault, FaultKind},
    ports::Call,
};

use super::{
    Haproxy,
    arms::{Wanted, wanted},
    look,
    socket::Conversation,
    stat::{Backend, Row},
};

/// Servers with this name were added by us and may be deleted by us.
const OURS: &str = "gantry-";

/// How often the state is looked at while something is waited for.
const LOOK_EVERY: Span = Span::from_millis(50);

/// Rolling back does not wait longer than this for the last of several servers.
const UNDO_PATIENCE: Duration = Duration::from_secs(5);

/// HAProxy keeps idle connections for a while, and a server with any cannot be deleted.
const DELETE_PATIENCE: Duration = Duration::from_secs(1);

/// What is kept of the call's time for taking out and reading back.
const RESERVE: Duration = Duration::from_secs(2);

pub(super) struct Route<'a> {
    haproxy: &'a Haproxy,
    backend: &'a str,
    direction: Direction,
    talk: Conversation,
    started: Span,
    left: Duration,
}

/// A wanted server under the name that it has in HAProxy.
struct Placed {
    name: String,
    arm: usize,
    weight: u32,
    entering: bool,
}

impl<'a> Route<'a> {
    pub(super) fn new(haproxy: &'a Haproxy, call: &Call, backend: &'a str, left: Duration) -> Self {
        Self {
            haproxy,
            backend,
            direction: call.direction,
            talk: Conversation::new(&haproxy.socket),
            started: haproxy.clock.elapsed(),
            left,
        }
    }

    pub(super) async fn run(mut self, arms: &[Arm]) -> Result<RouteState, Fault> {
        let wanted = wanted(arms)?;
        let before = self.look().await?;
        let mut placed = Vec::new();
        for one in &wanted {
            placed.push(self.place(&before, &placed, one).await?);
        }
        let ready = self.await_up(&placed).await?;
        self.shift(&ready, &placed).await?;
        self.drain(&placed).await?;
        self.take_out(&placed).await?;
        self.verify(&placed).await
    }

    async fn look(&self) -> Result<Backend, Fault> {
        look(&self.talk, self.backend).await
    }

    async fn tell(&mut self, commands: &[String]) -> Result<(), Fault> {
        self.talk.tell(commands).await
    }

    fn spent(&self) -> Duration {
        let now = self.haproxy.clock.elapsed().as_duration();
        now.saturating_sub(self.started.as_duration())
    }

    /// Gives how long may be waited: what is left without the reserve, and half of little.
    fn waiting_time(&self) -> Duration {
        self.left.saturating_sub(RESERVE).max(self.left / 2)
    }

    /// Makes sure that an address has a server that takes no traffic it did not have before.
    async fn place(
        &mut self,
        before: &Backend,
        placed: &[Placed],
        wanted: &Wanted,
    ) -> Result<Placed, Fault> {
        let taken = |row: &&Row| placed.iter().any(|placed| placed.name == row.name);
        let free = || before.servers.iter().filter(|row| !taken(row));
        let address = wanted.address.to_string();
        let mut same = free().filter(|row| row.address == address);
        let slot = free().find(|row| row.is_free_slot());
        let name = match (same.clone().find(|row| serves(row)), same.next(), slot) {
            (Some(row), _, _) => return Ok(placed_in(row, wanted)),
            (None, Some(row), _) => row.name.clone(),
            (None, None, Some(row)) => {
                let name = row.name.clone();
                self.readdress(&name, wanted.address).await?;
                name
            }
            (None, None, None) => {
                let slots: Vec<&Row> = free().filter(|row| row.is_out()).collect();
                self.add(wanted.address, &slots).await?
            }
        };
        self.bring_in(&name).await?;
        Ok(Placed {
            name,
            arm: wanted.arm,
            weight: wanted.weight,
            entering: true,
        })
    }

    /// Adds a server, or, where this HAProxy or this backend cannot, takes one that is out.
    async fn add(&mut self, address: SocketAddr, out: &[&Row]) -> Result<String, Fault> {
        let name = format!("{OURS}{}", address.to_string().replace(['[', ']'], ""));
        let server = self.server(&name);
        let command = format!("add server {server} {address} check inter 500ms weight 0");
        let Some(complaint) = self.talk.attempt(&command).await? else {
            return Ok(name);
        };
        match out.iter().find(|row| !row.name.starts_with(OURS)) {
            Some(slot) => {
                self.readdress(&slot.name, address).await?;
                Ok(slot.name.clone())
            }
            None => Err(self.talk.refused(
                &command,
                &format!(
                    "{complaint} Declare slots with `server-template`, or use `balance random(1)`."
                ),
            )),
        }
    }

    async fn readdress(&mut self, name: &str, address: SocketAddr) -> Result<(), Fault> {
        let server = self.server(name);
        let (host, port) = (address.ip(), address.port());
        let command = format!("set server {server} addr {host} port {port}");
        self.tell(&[command]).await
    }

    /// Lets a server in with weight 0, so that its check runs and nobody is sent to it.
    async fn bring_in(&mut self, name: &str) -> Result<(), Fault> {
        let server = self.server(name);
        self.tell(&[format!("set server {server} weight 0")])
            .await?;
        let command = format!("enable health {server}");
        match self.talk.attempt(&command).await? {
            // A server of the configuration without `check` has none that could be enabled.
            Some(words) if !words.contains("not enabled") => {
                return Err(self.talk.refused(&command, &words));
            }
            Some(_) | None => {}
        }
        self.tell(&[format!("set server {server} state ready")])
            .await
    }

    /// Waits until those that shall take traffic can. Forward, all that come in must be up.
    /// Backward, one of each arm is enough after a while: the others are left out by HAProxy
    /// until they are up, and the bad version does not keep its traffic meanwhile.
    async fn await_up(&self, placed: &[Placed]) -> Result<Backend, Fault> {
        loop {
            let now = self.look().await?;
            let Some(waits) = self.not_ready(&now, placed) else {
                return Ok(now);
            };
            if self.spent() >= self.waiting_time() {
                return Err(Fault::refused(format!(
                    "backend `{}` keeps its shares: {waits} did not come up within {:?}",
                    self.backend,
                    self.spent()
                )));
            }
            self.haproxy.clock.wait(LOOK_EVERY).await;
        }
    }

    fn not_ready(&self, now: &Backend, placed: &[Placed]) -> Option<String> {
        let mut arms: BTreeMap<usize, bool> = BTreeMap::new();
        let mut late = None;
        for one in placed.iter().filter(|one| one.weight > 0) {
            let row = now.server(&one.name);
            let up = row.is_some_and(Row::is_proven_up);
            *arms.entry(one.arm).or_default() |= up;
            if !up {
                let words = row.map_or("it is gone".to_owned(), Row::words);
                late = late.or(Some((one.entering, format!("`{}` is {words};", one.name))));
            }
        }
        let (entering, words) = late?;
        let patient = match self.direction {
            Direction::Do => true,
            Direction::Undo => self.spent() < UNDO_PATIENCE,
        };
        let enough = arms.values().all(|up| *up);
        (!enough || entering && patient).then_some(words)
    }

    /// Gives the new weights, first those that rise most, and only then takes traffic away.
    async fn shift(&mut self, now: &Backend, placed: &[Placed]) -> Result<(), Fault> {
        let mut weights: Vec<&Placed> = placed
            .iter()
            .filter(|one| now.server(&one.name).map(Row::weight) != Some(one.weight))
            .collect();
        weights.sort_by_key(|one| std::cmp::Reverse(one.weight));
        let mut commands: Vec<String> = weights
            .iter()
            .map(|one| {
                format!(
                    "set server {} weight {}",
                    self.server(&one.name),
                    one.weight
                )
            })
            .collect();
        for row in surplus(now, placed).filter(|row| !row.is_draining()) {
            commands.push(format!("set server {} state drain", self.server(&row.name)));
        }
        self.tell(&commands).await
    }

    /// Waits for requests under way on servers of no arm; at the end of its time it ends them.
    async fn drain(&mut self, placed: &[Placed]) -> Result<(), Fault> {
        loop {
            let now = self.look().await?;
            let busy: Vec<&Row> = surplus(&now, placed)
                .filter(|row| row.active() > 0)
                .collect();
            if busy.is_empty() {
                return Ok(());
            }
            if self.spent() >= self.waiting_time() {
                let end =
                    |row: &&Row| format!("shutdown sessions server {}", self.server(&row.name));
                let commands: Vec<String> = busy.iter().map(end).collect();
                return self.tell(&commands).await;
            }
            self.haproxy.clock.wait(LOOK_EVERY).await;
        }
    }

    async fn take_out(&mut self, placed: &[Placed]) -> Result<(), Fault> {
        let now = self.look().await?;
        let names = surplus(&now, placed).map(|row| self.server(&row.name));
        let commands: Vec<String> = names
            .map(|server| format!("set server {server} state maint"))
            .collect();
        self.tell(&commands).await?;
        let others = now.servers.iter().filter(|row| is_other(row, placed));
        let until = self.spent() + DELETE_PATIENCE;
        for row in others.filter(|row| row.name.starts_with(OURS)) {
            self.delete(&row.name, until).await?;
        }
        Ok(())
    }

    /// Deletes a server of ours. One that idle connections hold stays in maintenance, where it
    /// harms nobody, and goes with the next change.
    async fn delete(&mut self, name: &str, until: Duration) -> Result<(), Fault> {
        let command = format!("del server {}", self.server(name));
        while let Some(words) = self.talk.attempt(&command).await? {
            if words.contains("No such server") {
                return Ok(());
            }
            if !words.contains("connections") {
                return Err(self.talk.refused(&command, &words));
            }
            if self.spent() >= until {
                tracing::info!(
                    server = name,
                    backend = self.backend,
                    "leave in maintenance"
                );
                return Ok(());
            }
            self.haproxy.clock.wait(LOOK_EVERY).await;
        }
        Ok(())
    }

    /// Believes nothing but what HAProxy says afterwards.
    async fn verify(&self, placed: &[Placed]) -> Result<RouteState, Fault> {
        let now = self.look().await?;
        let wrong = placed.iter().find(|one| {
            let row = now.server(&one.name);
            !row.is_some_and(|row| serves(row) && row.weight() == one.weight)
        });
        let stray = surplus(&now, placed).next();
        match (wrong, stray) {
            (None, None) => Ok(now.state()),
            (Some(one), _) => Err(self.conflict(&one.name, &format!("weight {}", one.weight))),
            (None, Some(row)) => Err(self.conflict(&row.name, "to be out")),
        }
    }

    fn conflict(&self, name: &str, wanted: &str) -> Fault {
        Fault::new(
            FaultKind::Conflict,
            format!(
                "server `{}` was given {wanted} and HAProxy says otherwise: \
                 somebody else changes this backend too",
                self.server(name)
            ),
        )
    }

    fn server(&self, name: &str) -> String {
        format!("{}/{name}", self.backend)
    }
}

fn serves(row: &Row) -> bool {
    !row.is_out() && !row.is_draining()
}

fn placed_in(row: &Row, wanted: &Wanted) -> Placed {
    Placed {
        name: row.name.clone(),
        arm: wanted.arm,
        weight: wanted.weight,
        entering: row.weight() == 0,
    }
}

fn is_other(row: &Row, placed: &[Placed]) -> bool {
    !placed.iter().any(|placed| placed.name == row.name)
}

/// Servers of no arm that are not out yet.
fn surplus<'b>(backend: &'b Backend, placed: &'b [Placed]) -> impl Iterator<Item = &'b Row> {
    let servers = backend.servers.iter();
    servers.filter(move |row| is_other(row, placed) && !row.is_out())
}
