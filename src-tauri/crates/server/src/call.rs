//! One command by its name.

use std::sync::Arc;

use axum::{
    Json,
    body::Bytes,
    extract::{Path, State, rejection::BytesRejection},
    http::{HeaderMap, StatusCode, header},
};
use gantry_api::{
    app::{App, Caller},
    command,
};
use serde_json::{Map, Value};

use crate::refusal::Refusal;

/// The longest arguments, in bytes: a release file of the greatest length, written as JSON.
pub(crate) const LIMIT: usize = 10 * 1024 * 1024;

/// What calls are answered with.
#[derive(Clone)]
pub(crate) struct Desk {
    pub(crate) app: Arc<App>,
    pub(crate) caller: Caller,
}

/// Calls a command with the JSON of its arguments; an empty body is no arguments.
pub(crate) async fn call(
    State(desk): State<Desk>,
    Path(name): Path<String>,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Result<Json<Value>, Refusal> {
    let body = body.map_err(|_| {
        let hint = "no command takes more than 10 MiB";
        Refusal::with(StatusCode::PAYLOAD_TOO_LARGE, "the call is too long", hint)
    })?;
    if !is_json(&headers) {
        let hint = "send `Content-Type: application/json`";
        let status = StatusCode::UNSUPPORTED_MEDIA_TYPE;
        return Err(Refusal::with(status, "the call is not JSON", hint));
    }
    let arguments = if body.is_empty() {
        Value::Object(Map::new())
    } else {
        serde_json::from_slice(&body).map_err(|error| {
            let message = format!("the arguments are not JSON: {error}");
            Refusal::with(StatusCode::BAD_REQUEST, &message, "see docs/commands.md")
        })?
    };
    let answer = command::call(&desk.app, &desk.caller, &name, arguments).await?;
    Ok(Json(answer))
}

/// A form of a foreign page cannot send this type without asking first.
fn is_json(headers: &HeaderMap) -> bool {
    let sent = headers.get(header::CONTENT_TYPE);
    let sent = sent
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    let kind = sent.split(';').next().unwrap_or_default().trim();
    kind.eq_ignore_ascii_case("application/json")
}
