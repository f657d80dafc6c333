//! What has changed, as events of a stream that stays open.

use std::{convert::Infallible, sync::Arc, time::Duration};

use axum::{
    extract::State,
    response::sse::{Event, KeepAlive, Sse},
};
use futures_util::{Stream, stream};
use gantry_api::{
    app::App,
    feed::{Change, Listener},
};

/// How often something is sent at least, so that a dead connection is noticed.
const ALIVE: Duration = Duration::from_secs(15);

/// Sends changes until the browser goes away.
pub(crate) async fn feed(
    State(app): State<Arc<App>>,
) -> Sse<impl Stream<Item = Result<Event, Infallible>>> {
    let changes = stream::unfold(app.feed().listen(), next);
    Sse::new(changes).keep_alive(KeepAlive::new().interval(ALIVE))
}

async fn next(mut listener: Listener) -> Option<(Result<Event, Infallible>, Listener)> {
    let change = listener.next().await?;
    Some((Ok(event(&change)), listener))
}

fn event(change: &Change) -> Event {
    // A topic and an id are always JSON.
    Event::default()
        .json_data(change)
        .unwrap_or_else(|_| Event::default())
}
