//! The window and everything of the system around it.

use std::{path::PathBuf, sync::Arc};

use gantry_api::error::ApiError;
use serde_json::{Value, json};
use tauri::{
    App, AppHandle, Manager, State, Url, WebviewUrl, WebviewWindow, WebviewWindowBuilder,
    webview::NewWindowResponse,
};
use tauri_plugin_deep_link::DeepLinkExt;
use tauri_plugin_dialog::DialogExt;
use tauri_plugin_window_state::StateFlags;

use crate::{
    arguments::Arguments, dialogs::Dialogs, gateway::Gateway, link, menu, news, quit, tray,
};

/// The label of the one window.
pub(crate) const MAIN: &str = "main";

/// What the app was asked to show when it was started.
pub(crate) struct Opening {
    /// A release file.
    pub(crate) file: Option<PathBuf>,
    /// A link.
    pub(crate) link: Option<String>,
    /// Whether a workspace was named: a second window beside the usual one is wanted then.
    pub(crate) own_workspace: bool,
}

/// Opens the window and returns when the app ends.
pub(crate) fn run(gateway: Arc<Gateway>, opening: Opening) -> Result<(), tauri::Error> {
    let mut builder = tauri::Builder::default();
    if !opening.own_workspace {
        // First of all plugins: a second start ends here and hands over what it was asked.
        builder = builder.plugin(tauri_plugin_single_instance::init(second_start));
    }
    builder
        .plugin(tauri_plugin_deep_link::init())
        .plugin(tauri_plugin_dialog::init())
        .plugin(tauri_plugin_notification::init())
        .plugin(
            tauri_plugin_window_state::Builder::default()
                .with_state_flags(StateFlags::SIZE | StateFlags::POSITION | StateFlags::MAXIMIZED)
                .build(),
        )
        .manage(gateway)
        .manage(quit::Guard::default())
        .invoke_handler(tauri::generate_handler![call])
        .on_window_event(quit::on_window_event)
        .setup(move |app| Ok(set_up(app, opening)?))
        .build(tauri::generate_context!())?
        .run(|app, event| quit::on_run_event(app, &event));
    Ok(())
}

fn set_up(app: &mut App, opening: Opening) -> Result<(), tauri::Error> {
    menu::set_up(app)?;
    WebviewWindowBuilder::new(app, MAIN, WebviewUrl::default())
        .title("Gantry")
        .inner_size(1280.0, 800.0)
        .min_inner_size(960.0, 600.0)
        // The page is the only place there is: no link leads out of it, and none opens another.
        .on_navigation(is_the_page)
        .on_new_window(|_, _| NewWindowResponse::Deny)
        // What is kept goes through a dialog of the system, and nothing past it.
        .on_download(|_, _| false)
        .build()?;
    tray::set_up(app);
    news::set_up(app.handle());
    let handle = app.handle().clone();
    app.deep_link().on_open_url(move |event| {
        for url in event.urls() {
            follow(&handle, url.as_str());
        }
    });
    show(app.handle(), opening.file, opening.link);
    Ok(())
}

/// Whether an address is one of the page: Windows has another way to write it.
fn is_the_page(url: &Url) -> bool {
    match url.scheme() {
        "tauri" => url.host_str() == Some("localhost"),
        "http" | "https" => url.host_str() == Some("tauri.localhost"),
        _ => false,
    }
}

/// Shows what a second start was asked to show.
fn second_start(app: &AppHandle, words: Vec<String>, folder: String) {
    let typed = words.into_iter().skip(1).map(Into::into);
    let arguments = Arguments::of(typed);
    let file = arguments.file.map(|file| PathBuf::from(folder).join(file));
    show(app, file, arguments.link);
    focus(app);
}

/// Opens a file, follows a link, whichever there is.
fn show(app: &AppHandle, file: Option<PathBuf>, link: Option<String>) {
    if let Some(link) = link {
        follow(app, &link);
    }
    let Some(file) = file else { return };
    let app = app.clone();
    tauri::async_runtime::spawn(async move {
        let gateway = Arc::clone(&app.state::<Arc<Gateway>>());
        match gateway.open(file).await {
            Ok(release) => go(&app, &link::place(&release)),
            Err(error) => tell(&app, &error),
        }
    });
}

fn follow(app: &AppHandle, address: &str) {
    if let Some(release) = link::release(address) {
        go(app, &link::place(release));
        focus(app);
    }
}

/// Lets the page go to a place of its own.
pub(crate) fn go(app: &AppHandle, place: &str) {
    let Some(window) = app.get_webview_window(MAIN) else {
        return;
    };
    if let Ok(mut url) = window.url() {
        url.set_fragment(Some(place.trim_start_matches('#')));
        // A page that cannot be moved stays where it is.
        let _stays = window.navigate(url);
    }
}

/// Brings the window to the front.
pub(crate) fn focus(app: &AppHandle) {
    if let Some(window) = app.get_webview_window(MAIN) {
        let shown = WebviewWindow::unminimize(&window)
            .and_then(|()| window.show())
            .and_then(|()| window.set_focus());
        // A window manager may say no; the person clicks then.
        let _refused = shown;
    }
}

/// Tells a person what went wrong outside of the page.
pub(crate) fn tell(app: &AppHandle, error: &ApiError) {
    let message = format!("{}\n{}", error.message, error.hint);
    app.dialog().message(message).title("Gantry").show(|_| {});
}

/// The one command that the page may call.
#[tauri::command]
async fn call(
    app: AppHandle,
    gateway: State<'_, Arc<Gateway>>,
    name: String,
    arguments: Option<Value>,
) -> Result<Value, ApiError> {
    let arguments = arguments.unwrap_or_else(|| json!({}));
    gateway.call(&Dialogs(app), &name, arguments).await
}
