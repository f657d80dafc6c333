//! HAProxy, driven through its admin socket while it runs.
//!
//! Nothing is written to a configuration file: weights, states and servers are changed in the
//! running process, and a reload without `load-server-state-from-file` forgets them. Servers that
//! Gantry adds are called `gantry-ADDRESS` and are the only ones that it deletes; servers of the
//! configuration are set to maintenance instead and taken back when their address is asked for.
//! Servers marked `backup` are for the day when all others are down; they are left alone.
//!
//! Use `balance random(1)`. With `balance roundrobin` HAProxy can be far off the asked share right
//! after a change. Plain `balance random` draws two servers and takes the less busy one, which
//! under concurrent load favours a small canary: asked for 25 % it was measured at 29 %.
//! [`RouteState::algorithm`] says which one it is, as far as HAProxy tells.

mod arms;
mod route;
mod socket;
mod stat;
mod weights;

use std::{path::PathBuf, sync::Arc, time::Duration};

use async_trait::async_trait;
use gantry_model::{
    platform::{Arm, RouteState},
    release::connection,
};
use gantry_port::{
    clock::Clock,
    fault::Fault,
    ports::Call,
    router::{Router, RouterCapabilities},
};

use socket::Conversation;

/// A running HAProxy behind its admin socket.
pub struct Haproxy {
    socket: PathBuf,
    clock: Arc<dyn Clock>,
}

impl Haproxy {
    /// Takes note of where the socket is; nothing is connected before it is needed.
    pub fn new(settings: &connection::Haproxy, clock: Arc<dyn Clock>) -> Self {
        let path = &settings.socket;
        let path = path.strip_prefix("unix://").unwrap_or(path);
        Self {
            socket: path.into(),
            clock,
        }
    }

    /// Asks HAProxy who it is; changes nothing.
    ///
    /// # Errors
    /// `Unsent` where nobody listens, `Lost` where nobody answers.
    pub async fn greet(&self) -> Result<String, Fault> {
        let answer = Conversation::new(&self.socket).ask("show info").await?;
        let version = answer
            .lines()
            .find_map(|line| line.strip_prefix("Version: "));
        let socket = self.socket.display();
        Ok(format!(
            "HAProxy {} at {socket}",
            version.unwrap_or("of an unknown version")
        ))
    }
}

#[async_trait]
impl Router for Haproxy {
    fn capabilities(&self) -> RouterCapabilities {
        RouterCapabilities {
            product: "haproxy",
            weights: true,
            counts: true,
        }
    }

    async fn observe(&self, backend: &str) -> Result<RouteState, Fault> {
        let backend = checked(backend)?;
        let talk = Conversation::new(&self.socket);
        Ok(look(&talk, backend).await?.state())
    }

    async fn route(&self, call: &Call, backend: &str, arms: &[Arm]) -> Result<RouteState, Fault> {
        let backend = checked(backend)?;
        let left = (call.deadline - self.clock.now())
            .to_std()
            .map_err(|_| Fault::unsent(format!("the time for `{backend}` was over already")))?;
        let route = route::Route::new(self, call, backend, left);
        tokio::time::timeout(left, route.run(arms))
            .await
            .unwrap_or_else(|_| Err(overdue(backend, left)))
    }
}

fn overdue(backend: &str, left: Duration) -> Fault {
    Fault::lost(format!(
        "HAProxy was still at work on `{backend}` after {left:?}; observe it before anything else"
    ))
}

/// Lets no name through that could be a second command.
fn checked(backend: &str) -> Result<&str, Fault> {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | ':');
    if !backend.is_empty() && backend.chars().all(plain) {
        return Ok(backend);
    }
    Err(Fault::refused(format!(
        "`{}` is no name of a HAProxy backend: letters, digits, `-`, `_`, `.` and `:` are",
        backend.escape_debug()
    )))
}

/// Looks at a backend. By name HAProxy finds a frontend before a backend, so where both are called
/// alike it answers with an empty table, and the backend is sought among all of them.
async fn look(talk: &Conversation, backend: &str) -> Result<stat::Backend, Fault> {
    let command = format!("show stat {backend} 6 -1");
    let answer = talk.ask(&command).await?;
    if is_sentence(&answer) {
        return Err(talk.refused(&command, &answer));
    }
    if let Some(state) = stat::read(&answer, backend) {
        return Ok(state);
    }
    let all = "show stat -1 6 -1";
    let found = stat::read(&talk.ask(all).await?, backend);
    found.ok_or_else(|| talk.unreadable(&command))
}

/// Tells an error, which is one short line of words, from a table that was cut off or garbage.
fn is_sentence(answer: &str) -> bool {
    let text = answer.trim();
    let word = |c: char| c.is_ascii_graphic() || c == ' ';
    !text.is_empty() && !text.starts_with('#') && text.chars().all(word) && text.len() < 200
}
