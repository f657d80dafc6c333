//! Leaving: never by accident while this app drives a release.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use tauri::{AppHandle, Manager, RunEvent, Window, WindowEvent};
use tauri_plugin_dialog::{DialogExt, MessageDialogButtons, MessageDialogKind};

use crate::gateway::Gateway;

/// What a person said about leaving.
#[derive(Debug, Default)]
pub(crate) struct Guard {
    /// They know what they leave behind.
    agreed: AtomicBool,
    /// They are being asked.
    asking: AtomicBool,
}

/// Asks before the window is closed over a release that runs.
pub(crate) fn on_window_event(window: &Window, event: &WindowEvent) {
    if let WindowEvent::CloseRequested { api, .. } = event
        && !may_leave(window.app_handle())
    {
        api.prevent_close();
        ask(window.app_handle());
    }
}

/// Asks before the app ends for another reason.
pub(crate) fn on_run_event(app: &AppHandle, event: &RunEvent) {
    if let RunEvent::ExitRequested { api, .. } = event
        && !may_leave(app)
    {
        api.prevent_exit();
        ask(app);
    }
}

/// Ends the app, after asking where a release runs.
pub(crate) fn ask(app: &AppHandle) {
    let driven = driven(app);
    if driven.is_empty() {
        app.exit(0);
        return;
    }
    let guard = app.state::<Guard>();
    if guard.asking.swap(true, Ordering::SeqCst) {
        return;
    }
    let handle = app.clone();
    app.dialog()
        .message(question(&driven))
        .title("A release is under way")
        .kind(MessageDialogKind::Warning)
        .buttons(MessageDialogButtons::OkCancelCustom(
            "Leave it".into(),
            "Stay".into(),
        ))
        .show(move |leave| {
            let guard = handle.state::<Guard>();
            guard.asking.store(false, Ordering::SeqCst);
            if leave {
                guard.agreed.store(true, Ordering::SeqCst);
                handle.exit(0);
            }
        });
}

fn may_leave(app: &AppHandle) -> bool {
    app.state::<Guard>().agreed.load(Ordering::SeqCst) || driven(app).is_empty()
}

fn driven(app: &AppHandle) -> Vec<String> {
    let driven = app.state::<Arc<Gateway>>().app().driven();
    driven.iter().map(ToString::to_string).collect()
}

fn question(driven: &[String]) -> String {
    format!(
        "{} is driven by this window. Programs that it started go on, nothing new begins, and \
         nobody watches it until it is resumed.",
        driven.join(", ")
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_leaves_is_told_what_they_leave() {
        let said = question(&["shop#2".to_owned()]);
        assert!(
            said.starts_with("shop#2 is driven by this window."),
            "{said}"
        );
    }
}
