//! `gantry serve [--port N] [--ui FOLDER]`.

use std::sync::Arc;

use gantry_api::error::{ApiError, ErrorCode};
use gantry_server::{door, page::Page};
use serde_json::json;

use super::Door;
use crate::{arguments::serve::ServeArguments, error::Failure};

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
    let opened = door::Door::open(Arc::new(app), caller, page, typed.port).await;
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
        _ = tokio::signal::ctrl_c() => {}
    }
    Ok(0)
}

fn closed_door(closed: &door::Closed) -> Failure {
    let hint = "name another port with --port, or none to take a free one";
    ApiError::new(ErrorCode::Workspace, closed.to_string(), hint).into()
}
