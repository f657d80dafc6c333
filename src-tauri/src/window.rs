//! The window.

use gantry_api::error::ApiError;
use serde_json::Value;
use tauri::{State, WebviewUrl, WebviewWindowBuilder};

use crate::gateway::Gateway;

/// Opens the window and returns when it is closed.
pub(crate) fn run(gateway: Gateway) -> Result<(), tauri::Error> {
    tauri::Builder::default()
        .manage(gateway)
        .invoke_handler(tauri::generate_handler![call])
        .setup(|app| {
            WebviewWindowBuilder::new(app, "main", WebviewUrl::default())
                .title("Gantry")
                .inner_size(1120.0, 720.0)
                // The page is the only place there is: no link leads out of it.
                .on_navigation(|url| url.scheme() == "tauri" && url.host_str() == Some("localhost"))
                .build()?;
            Ok(())
        })
        .run(tauri::generate_context!())
}

/// The one command that the page may call.
#[tauri::command]
async fn call(gateway: State<'_, Gateway>, name: &str) -> Result<Value, ApiError> {
    gateway.call(name).await
}
