//! `gantry serve [--port N] [--ui FOLDER]`.

use std::sync::Arc;

use gantry_api::{
    app::App,
    error::{ApiError, ErrorCode},
};
use gantry_server::{door, page::Page};
use serde_json::json;

use super::Door;
use crate::{arguments::serve::ServeArguments, error::Failure, output::Output};

/// Answers a browser of this machine until Ctrl-C.
pub(super) async fn run(door: Door<'_>, typed: &ServeArguments) -> Result<u8, Failure> {
    let Door {
        app,
        caller,
        output,
        ..
    } = door;
    let page = match &typed.ui {
        Some(folder) => Page::Folder(folder.clone()),
        None => Page::of_this_build(),
    };
    if !page.is_there() {
        output.aside("there is no page to show: build `ui`, or name its folder with --ui\n");
    }
    let app = app.behind_a_door();
    let opened = door::Door::open(Arc::clone(&app), caller, page, typed.port).await;
    let opened = opened.map_err(|closed| closed_door(&closed))?;
    let address = opened.address();
    output.answer(&json!({ "url": address }), |_| {
        format!(
            "{address}\nThe address works once, in a browser of this machine; Ctrl-C ends it.\n"
        )
    });
    tokio::select! {
        served = opened.serve() => {
            served.map_err(|error| Failure::system("the door was closed", &error))?;
        }
        () = gantry_api::watch::watch(&app) => {}
        never = gantry_api::notices::attend::all(&app) => match never {},
        _ = tokio::signal::ctrl_c() => leave(&app, output).await,
    }
    Ok(0)
}

/// Says which runs this door leaves behind.
async fn leave(app: &App, output: &Output) {
    for run in app.driven() {
        output.aside(&format!(
            "left as it is; `gantry resume {run}` takes it up again\n"
        ));
    }
    app.stop_driving().await;
}

fn closed_door(closed: &door::Closed) -> Failure {
    let hint = "name another port with --port, or none to take a free one";
    ApiError::new(ErrorCode::Workspace, closed.to_string(), hint).into()
}
