//! The door: one address of this machine, and what lies behind it.

use std::{io, net::Ipv4Addr, sync::Arc};

use axum::{
    Router,
    extract::DefaultBodyLimit,
    middleware,
    routing::{get, post},
};
use gantry_api::app::{App, Caller};
use tokio::net::TcpListener;

use crate::{
    call::{self, Desk},
    feed,
    guard::{self, Guard},
    page::{self, Page},
};

/// Why the door cannot be opened.
#[derive(Debug, thiserror::Error)]
pub enum Closed {
    /// The port is taken, or may not be used.
    #[error("port {port} of this machine cannot be used: {reason}")]
    Port {
        /// The port.
        port: u16,
        /// Why, in the system's words.
        reason: io::Error,
    },
    /// There is no randomness to make a token of.
    #[error("the system gives no random numbers")]
    NoRandomness,
}

/// A door that is open but lets nobody in yet: [`Door::serve`] does.
pub struct Door {
    listener: TcpListener,
    guard: Arc<Guard>,
    router: Router,
}

impl Door {
    /// Opens the door on a port of 127.0.0.1; port 0 takes a free one.
    ///
    /// # Errors
    /// Where the port cannot be used.
    pub async fn open(
        app: Arc<App>,
        caller: Caller,
        page: Page,
        port: u16,
    ) -> Result<Self, Closed> {
        let taken = |reason| Closed::Port { port, reason };
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await;
        let listener = listener.map_err(taken)?;
        let port = listener.local_addr().map_err(taken)?.port();
        let guard = Arc::new(Guard::new(port).ok_or(Closed::NoRandomness)?);
        let router = router(app, caller, page).layer(middleware::from_fn_with_state(
            Arc::clone(&guard),
            guard::keep,
        ));
        Ok(Self {
            listener,
            guard,
            router,
        })
    }

    /// Gives the address that lets the first browser in; nobody after it.
    pub fn address(&self) -> String {
        self.guard.address().unwrap_or_default()
    }

    /// Answers until the process or the task ends.
    ///
    /// # Errors
    /// Where the system takes the port away.
    pub async fn serve(self) -> io::Result<()> {
        axum::serve(self.listener, self.router).await
    }
}

fn router(app: Arc<App>, caller: Caller, page: Page) -> Router {
    let desk = Desk {
        app: Arc::clone(&app),
        caller,
    };
    let calls = Router::new()
        .route("/api/call/{name}", post(call::call))
        .layer(DefaultBodyLimit::max(call::LIMIT))
        .with_state(desk);
    let changes = Router::new()
        .route("/api/feed", get(feed::feed))
        .with_state(app);
    let files = Router::new()
        .fallback(get(page::serve))
        .with_state(Arc::new(page));
    calls.merge(changes).merge(files)
}
