//! What is answered when something is refused.

use axum::{
    Json,
    http::StatusCode,
    response::{Html, IntoResponse, Response},
};
use gantry_api::error::{ApiError, ErrorCode};

/// An error of a command on its way out.
pub(crate) struct Refusal(ApiError, Option<StatusCode>);

impl Refusal {
    /// Refuses with a status of its own.
    pub(crate) fn with(status: StatusCode, message: &str, hint: &str) -> Self {
        Self(
            ApiError::new(ErrorCode::BadCall, message, hint),
            Some(status),
        )
    }
}

impl From<ApiError> for Refusal {
    fn from(error: ApiError) -> Self {
        Self(error, None)
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let Self(error, status) = self;
        let derived = StatusCode::from_u16(error.code.http_status());
        let status = status.or(derived.ok());
        let status = status.unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        (status, Json(error)).into_response()
    }
}

/// Tells a person at a browser, in one plain page without anything that was sent.
pub(crate) fn told(status: StatusCode, sentence: &'static str) -> Response {
    let page = format!(
        "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>Gantry</title><p>{sentence}</p></html>"
    );
    (status, Html(page)).into_response()
}
