//! Changes of the workspace on their way out: to the page, to the tray, to the person.

use std::sync::Arc;

use gantry_api::{
    feed::{Change, Listener, Topic},
    notices::attend,
    watch,
};
use serde::Deserialize;
use serde_json::json;
use tauri::{AppHandle, Emitter, Manager};
use tauri_plugin_notification::NotificationExt;

use crate::{
    attention::{Attention, Row},
    gateway::Gateway,
    shell::MAIN,
    tray,
};

/// The event of the page.
const FEED: &str = "feed";

/// Starts to watch the workspace.
pub(crate) fn set_up(app: &AppHandle) {
    let gateway = Arc::clone(&app.state::<Arc<Gateway>>());
    let listener = gateway.app().feed().listen();
    let watched = Arc::clone(gateway.app());
    tauri::async_runtime::spawn(async move { watch::watch(&watched).await });
    let telling = Arc::clone(gateway.app());
    tauri::async_runtime::spawn(async move { match attend::all(&telling).await {} });
    tauri::async_runtime::spawn(tell(app.clone(), gateway, listener));
}

async fn tell(app: AppHandle, gateway: Arc<Gateway>, mut listener: Listener) {
    let mut attention = Attention::default();
    look(&app, &gateway, &mut attention).await;
    while let Some(change) = listener.next().await {
        // A window that is being closed hears nothing any more.
        let _unheard = app.emit_to(MAIN, FEED, &change);
        if is_of_runs(&change) {
            look(&app, &gateway, &mut attention).await;
        }
    }
}

fn is_of_runs(change: &Change) -> bool {
    change.topic == Topic::Runs
}

/// Looks at all releases, and says what a person should know.
async fn look(app: &AppHandle, gateway: &Gateway, attention: &mut Attention) {
    // What cannot be read is said by the page, which asks the same.
    let Ok(rows) = gateway.trusted("releases", json!({})).await else {
        return;
    };
    let Ok(rows) = Vec::<Row>::deserialize(rows) else {
        return;
    };
    tray::tell(app, &rows);
    for notice in attention.look(&rows) {
        let shown = app
            .notification()
            .builder()
            .title(notice.title)
            .body(notice.body)
            .show();
        // A machine without notifications has the window.
        let _silent = shown;
    }
}
