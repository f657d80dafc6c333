//! When a backup was made: a file's own time, or a time that somebody tells.

use chrono::DateTime;
use gantry_model::{time::Timestamp, unit::Span};
use gantry_port::fault::Fault;
use reqwest::header::LAST_MODIFIED;

use super::http::{beginning, parsed, redacted};
use crate::{
    http::{
        address,
        client::{Clients, cause},
    },
    wording::shown,
};

/// Seconds since 1970 have fewer digits than this for some thousand years; milliseconds have more.
const MILLISECONDS_FROM: i64 = 100_000_000_000;

/// Gives when a file was last written.
pub(super) fn of_file(path: &str) -> Result<Timestamp, Fault> {
    let written = std::fs::metadata(path).and_then(|found| found.modified());
    let written =
        written.map_err(|error| Fault::refused(format!("cannot look at {path}: {error}")))?;
    Ok(written.into())
}

/// Gives the time that an address answers, or else when it says that it was changed.
pub(super) async fn of_address(
    clients: &Clients,
    url: &str,
    timeout: Span,
) -> Result<Timestamp, Fault> {
    let target = parsed(url)?;
    let name = redacted(&target);
    if address::is_refused(&target) {
        let reason = address::refusal();
        return Err(Fault::unsent(format!("{name}: {reason}")));
    }
    let client = clients.of(&target)?;
    let look = async {
        let response = client.get(target).send().await;
        let response =
            response.map_err(|error| Fault::lost(format!("{name}: {}", cause(&error))))?;
        let status = response.status();
        if !status.is_success() {
            return Err(Fault::refused(format!("{name} answered {status}")));
        }
        let changed = response.headers().get(LAST_MODIFIED).cloned();
        let changed = changed.and_then(|at| httpdate::parse_http_date(at.to_str().ok()?).ok());
        let told = read(beginning(response).await.trim());
        match (told, changed) {
            (Ok(told), _) => Ok(told),
            (Err(_), Some(changed)) => Ok(changed.into()),
            (Err(_), None) => Err(Fault::refused(format!(
                "{name} answers no time and does not say when it was changed"
            ))),
        }
    };
    let looked = tokio::time::timeout(timeout.as_duration(), look).await;
    looked.unwrap_or_else(|_| {
        Err(Fault::lost(format!(
            "{name} did not answer within {timeout}"
        )))
    })
}

/// Reads RFC 3339, or seconds or milliseconds since 1970.
pub(super) fn read(text: &str) -> Result<Timestamp, Fault> {
    let text = text.trim().trim_matches('"');
    if let Ok(exact) = DateTime::parse_from_rfc3339(text) {
        return Ok(exact.to_utc());
    }
    let counted = text.parse::<i64>().ok().and_then(|number| match number {
        number if number >= MILLISECONDS_FROM => DateTime::from_timestamp_millis(number),
        number => DateTime::from_timestamp(number, 0),
    });
    counted.ok_or_else(|| Fault::refused(format!("`{}` is no time", shown(text))))
}

#[cfg(test)]
mod tests {
    use super::read;

    #[test]
    fn times_are_read_as_programs_print_them() {
        let at = "2026-12-01T20:00:00Z".parse().unwrap();
        for text in [
            "2026-12-01T20:00:00Z",
            "2026-12-01T21:00:00+01:00",
            "1796155200",
            "1796155200000",
            "\"2026-12-01T20:00:00Z\"",
        ] {
            assert_eq!(read(text), Ok(at), "{text}");
        }
        for text in ["", "yesterday", "20:00"] {
            assert!(read(text).is_err(), "{text}");
        }
    }
}
