//! Compose's health checks as probes from outside.

use gantry_model::unit::Span;

use super::{
    notes::{Notes, Topic},
    tree::Tree,
};

/// How a service's health can be looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Health {
    pub(super) probe: Probe,
    pub(super) within: Span,
    pub(super) every: Span,
}

/// What is asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Probe {
    /// Nothing that can be asked from outside; the platform's own word is taken.
    Platform,
    Http {
        port: Option<u16>,
        path: String,
    },
    Tcp {
        port: u16,
    },
}

impl Health {
    pub(super) fn of(service: &str, check: &Tree, notes: &mut Notes) -> Self {
        let words = words(check);
        let is_off = check.text_of("disable") == Some("true");
        let probe = if is_off {
            Probe::Platform
        } else {
            probe(service, &words)
        };
        if probe == Probe::Platform && !words.is_empty() && !is_off {
            notes.add(Topic::NoHealth, service.escape_debug().to_string());
        }
        let span = |key, usual| {
            let written = check.text_of(key);
            written
                .and_then(|text| text.parse().ok())
                .unwrap_or(Span::from_secs(usual))
        };
        let retries = check
            .text_of("retries")
            .and_then(|text| text.parse::<u64>().ok());
        let every: Span = span("interval", 30);
        let patience = every
            .as_millis()
            .saturating_mul(retries.unwrap_or(3).min(1000));
        let within = span("start_period", 0) + Span::from_millis(patience);
        // A day is longer than any start, and keeps the sum where the release file takes it.
        let bounded =
            |span: Span, least| span.clamp(Span::from_secs(least), Span::from_secs(86_400));
        Self {
            probe,
            within: bounded(within, 10),
            every: bounded(every, 1),
        }
    }
}

/// Gives the words of a check's command; nothing where there is none.
fn words(check: &Tree) -> Vec<String> {
    let Some(test) = check.get("test") else {
        return Vec::new();
    };
    if let Some(line) = test.text() {
        return shell(line);
    }
    let items: Vec<&str> = test.items().iter().filter_map(Tree::text).collect();
    match items.split_first() {
        Some((&"CMD", words)) => words.iter().map(|word| (*word).to_owned()).collect(),
        Some((&"CMD-SHELL", lines)) => shell(&lines.join(" ")),
        Some(_) | None => Vec::new(),
    }
}

fn shell(line: &str) -> Vec<String> {
    // `curl … || exit 1` is how people write a plain `curl …`.
    let line = line.split("||").next().unwrap_or_default();
    shlex::split(line).unwrap_or_default()
}

fn probe(service: &str, words: &[String]) -> Probe {
    let line = words.join(" ");
    if line.contains('|')
        || line.contains("&&")
        || line.contains(';') && !line.contains("/dev/tcp/")
    {
        return Probe::Platform;
    }
    let program = words
        .first()
        .map(|word| word.rsplit('/').next().unwrap_or_default());
    match program {
        Some("curl" | "wget") => words
            .iter()
            .find_map(|word| http(service, word))
            .unwrap_or(Probe::Platform),
        Some("nc" | "ncat" | "netcat") => netcat(service, words),
        Some(_) | None => line
            .split_once("/dev/tcp/")
            .and_then(|(_, target)| device(service, target))
            .unwrap_or(Probe::Platform),
    }
}

fn is_itself(service: &str, host: &str) -> bool {
    matches!(
        host,
        "localhost" | "127.0.0.1" | "0.0.0.0" | "[::1]" | "::1"
    ) || host == service
}

fn http(service: &str, word: &str) -> Option<Probe> {
    let address = word.strip_prefix("http://")?;
    let (authority, path) = match address.find('/') {
        Some(at) => address.split_at(at),
        None => (address, "/"),
    };
    let (host, port) = match authority.rsplit_once(':') {
        Some((host, port)) if port.bytes().all(|b| b.is_ascii_digit()) => (host, port.parse().ok()),
        Some(_) | None => (authority, Some(80)),
    };
    let is_plain = path.chars().all(|c| c.is_ascii_graphic() && c != '$');
    (is_itself(service, host) && is_plain).then(|| Probe::Http {
        port,
        path: path.to_owned(),
    })
}

fn netcat(service: &str, words: &[String]) -> Probe {
    let plain: Vec<&str> = words
        .iter()
        .skip(1)
        .map(String::as_str)
        .filter(|w| !w.starts_with('-'))
        .collect();
    match plain.as_slice() {
        [.., host, port] if is_itself(service, host) => match port.parse() {
            Ok(port) => Probe::Tcp { port },
            Err(_) => Probe::Platform,
        },
        _ => Probe::Platform,
    }
}

fn device(service: &str, target: &str) -> Option<Probe> {
    let (host, rest) = target.split_once('/')?;
    let digits = rest
        .find(|c: char| !c.is_ascii_digit())
        .unwrap_or(rest.len());
    let port = rest.get(..digits)?.parse().ok()?;
    is_itself(service, host).then_some(Probe::Tcp { port })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn probe_of(line: &str) -> Probe {
        probe("web", &shell(line))
    }

    #[test]
    fn checks_that_could_be_asked_from_outside_are_recognized() {
        let http = |port, path: &str| Probe::Http {
            port: Some(port),
            path: path.into(),
        };
        assert_eq!(
            probe_of("curl -f http://localhost:8080/health || exit 1"),
            http(8080, "/health")
        );
        assert_eq!(probe_of("wget --spider http://127.0.0.1/"), http(80, "/"));
        assert_eq!(probe_of("curl http://web:1"), http(1, "/"));
        assert_eq!(probe_of("nc -z localhost 7001"), Probe::Tcp { port: 7001 });
        assert_eq!(
            probe_of("bash -c 'echo > /dev/tcp/localhost/90'"),
            Probe::Tcp { port: 90 }
        );
    }

    #[test]
    fn checks_that_mean_more_are_left_to_the_platform() {
        for line in [
            "curl -s http://localhost:9200/_cluster/health | grep green",
            "curl http://elsewhere:80/",
            "pg_isready",
            "curl https://localhost/",
            "nc -z localhost",
            "'",
            "",
        ] {
            assert_eq!(probe_of(line), Probe::Platform, "{line}");
        }
    }
}
