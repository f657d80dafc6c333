//! What is told when something goes wrong.

use gantry_api::error::{ApiError, ErrorCode};
use gantry_release_file::problem::Colour;
use serde_json::json;

use crate::output::{Form, Output};

/// A command that could not do what it was asked.
#[derive(Debug)]
pub(crate) struct Failure(Box<ApiError>);

impl From<ApiError> for Failure {
    fn from(error: ApiError) -> Self {
        Self(Box::new(error))
    }
}

impl Failure {
    /// A call that is wrong in itself.
    pub(crate) fn bad_call(message: impl Into<String>, hint: impl Into<String>) -> Self {
        ApiError::new(ErrorCode::BadCall, message, hint).into()
    }

    /// Something that the system refuses.
    pub(crate) fn system(message: &str, error: &std::io::Error) -> Self {
        ApiError::new(
            ErrorCode::Workspace,
            format!("{message}: {error}"),
            "see the message of the system",
        )
        .into()
    }

    /// Tells it and gives the exit status.
    pub(crate) fn tell(&self, output: &Output) -> u8 {
        let error = &self.0;
        match output.form() {
            Form::Json if error.problems.is_empty() => output.json(&json!({ "error": error })),
            Form::Json => {
                // Problems stand beside the error, as they stand beside a check that found no errors.
                let told = ApiError {
                    problems: Vec::new(),
                    ..(**error).clone()
                };
                output.json(&json!({ "error": told, "problems": error.problems }));
            }
            Form::Text => output.aside(&self.drawn(output)),
        }
        error.code.exit_status()
    }

    fn drawn(&self, output: &Output) -> String {
        let error = &self.0;
        let colour = if output.colours_aside() {
            Colour::Ansi
        } else {
            Colour::Plain
        };
        let shown = error
            .shown
            .as_ref()
            .map(|problems| problems.render(colour))
            .unwrap_or_default();
        let differences: String = error
            .problems
            .iter()
            .filter_map(|problem| problem.get("difference")?.as_str())
            .map(|difference| format!("{difference}\n"))
            .collect();
        let causes: String = error
            .chain
            .iter()
            .map(|cause| format!("  because {cause}\n"))
            .collect();
        let hint = if error.hint.is_empty() {
            String::new()
        } else {
            format!("  {}\n", error.hint)
        };
        format!(
            "{shown}{differences}error[{}]: {}\n{causes}{hint}",
            error.code, error.message
        )
    }
}
