//! The menus: what the system expects of an app; everything else is in the page.

use std::sync::Arc;

use serde_json::{Value, json};
use tauri::{
    App, AppHandle, Manager,
    menu::{Menu, MenuBuilder, MenuEvent, SubmenuBuilder},
};

use crate::{dialogs::Dialogs, gateway::Gateway, link, quit, shell};

const OPEN: &str = "open";
const SAMPLE: &str = "sample";
const QUIT: &str = "quit";

/// The screens that the menu leads to, with their place in the page.
const SCREENS: [(&str, &str); 6] = [
    ("releases", "Releases"),
    ("catalogue", "Catalogue"),
    ("connections", "Connections"),
    ("insights", "Insights"),
    ("journal", "Journal"),
    ("settings", "Settings"),
];

/// Builds the menu bar and answers it.
pub(crate) fn set_up(app: &mut App) -> Result<(), tauri::Error> {
    let menu = bar(app)?;
    app.set_menu(menu)?;
    app.on_menu_event(answer);
    Ok(())
}

fn bar(app: &App) -> Result<Menu<tauri::Wry>, tauri::Error> {
    let release = SubmenuBuilder::new(app, "Release")
        .text(OPEN, "Open a release file…")
        .text(SAMPLE, "New from the sample")
        .separator()
        .text(QUIT, "Quit")
        .build()?;
    let mut go = SubmenuBuilder::new(app, "Go");
    for (id, title) in SCREENS {
        go = go.text(id, title);
    }
    let edit = SubmenuBuilder::new(app, "Edit")
        .cut()
        .copy()
        .paste()
        .select_all()
        .build()?;
    MenuBuilder::new(app)
        .items(&[&release, &edit, &go.build()?])
        .build()
}

/// Does what an entry of the menu bar or of the tray says.
pub(crate) fn answer(app: &AppHandle, event: MenuEvent) {
    match event.id().as_ref() {
        OPEN => call(app, "open-release", json!({})),
        SAMPLE => call(app, "new-release", json!({ "from": "sample" })),
        QUIT => quit::ask(app),
        "show" => shell::focus(app),
        screen if SCREENS.iter().any(|(id, _)| *id == screen) => {
            shell::go(app, &format!("#/{screen}"));
        }
        release => {
            // An entry of the tray is a link to its release.
            if let Some(release) = link::release(release) {
                shell::go(app, &link::place(release));
                shell::focus(app);
            }
        }
    }
}

/// Calls what gives a release, and shows it.
fn call(app: &AppHandle, name: &'static str, arguments: Value) {
    let app = app.clone();
    tauri::async_runtime::spawn(async move {
        let gateway = Arc::clone(&app.state::<Arc<Gateway>>());
        match gateway.call(&Dialogs(app.clone()), name, arguments).await {
            Ok(row) => {
                let release = row["release"].as_str().unwrap_or_default();
                shell::go(&app, &link::place(release));
            }
            // Who closed the dialog knows that nothing was opened.
            Err(error) if error.message == "no file was chosen" => {}
            Err(error) => shell::tell(&app, &error),
        }
    });
}
