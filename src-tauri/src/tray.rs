//! The tray: what runs, one click from the window.

use std::path::Path;

use tauri::{
    App, AppHandle, Manager, Wry,
    menu::{Menu, MenuBuilder},
    tray::{TrayIcon, TrayIconBuilder},
};

use crate::attention::{Row, line, summary};

/// The libraries that draw a tray on Linux; without one of them there is none.
const LIBRARIES: [&str; 2] = ["libayatana-appindicator3.so.1", "libappindicator3.so.1"];

/// Where Linux distributions keep libraries.
const FOLDERS: [&str; 6] = [
    "/usr/lib",
    "/usr/lib64",
    "/lib",
    "/usr/local/lib",
    "/usr/lib/x86_64-linux-gnu",
    "/usr/lib/aarch64-linux-gnu",
];

/// The tray icon, where the system has a tray.
struct Tray(TrayIcon);

/// Shows the tray; an app without one works as well.
pub(crate) fn set_up(app: &App) {
    if !is_possible() {
        return;
    }
    let Some(icon) = app.default_window_icon().cloned() else {
        return;
    };
    let Ok(menu) = entries(app.handle(), &[]) else {
        return;
    };
    let built = TrayIconBuilder::with_id("gantry")
        .icon(icon)
        .tooltip("Gantry")
        .menu(&menu)
        .build(app);
    if let Ok(tray) = built {
        app.manage(Tray(tray));
    }
}

/// Says in the tray what runs now.
pub(crate) fn tell(app: &AppHandle, rows: &[Row]) {
    let Some(tray) = app.try_state::<Tray>() else {
        return;
    };
    let tooltip = summary(rows).unwrap_or_else(|| "Gantry".into());
    let told = tray
        .0
        .set_tooltip(Some(tooltip))
        .and_then(|()| tray.0.set_menu(Some(entries(app, rows)?)));
    // A tray that cannot be changed shows what it showed before; the window is the truth.
    let _stale = told;
}

fn entries(app: &AppHandle, rows: &[Row]) -> Result<Menu<Wry>, tauri::Error> {
    let mut menu = MenuBuilder::new(app);
    for row in rows {
        if matches!(row.state.as_str(), "running" | "waiting" | "interrupted") {
            menu = menu.text(format!("gantry://release/{}", row.release), line(row));
        }
    }
    menu.separator()
        .text("show", "Open Gantry")
        .text("quit", "Quit")
        .build()
}

/// The library is loaded when the first icon is made, and ends the program where it is missing.
fn is_possible() -> bool {
    !cfg!(target_os = "linux")
        || FOLDERS.iter().any(|folder| {
            let folder = Path::new(folder);
            LIBRARIES
                .iter()
                .any(|library| folder.join(library).exists())
        })
}
