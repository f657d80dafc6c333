//! The desktop of whoever runs Gantry: on Linux by D-Bus, elsewhere as the system does it.

use async_trait::async_trait;
use gantry_model::unit::Span;
use gantry_port::{
    channel::{Channel, Message, Receipt, Repeats},
    fault::Fault,
};
use notify_rust::Notification;

use super::post::cut;
use crate::wording::shown;

/// The longest text: a note is glanced at.
const LONGEST: usize = 400;

/// Shows notes on the desktop.
#[derive(Clone, Copy, Debug, Default)]
pub struct Desktop;

#[async_trait]
impl Channel for Desktop {
    fn repeats(&self) -> Repeats {
        Repeats::Seen
    }

    async fn send(&self, message: &Message, _timeout: Span) -> Result<Receipt, Fault> {
        let mut note = Notification::new();
        note.appname("Gantry")
            .summary(&message.title)
            .body(&escaped(&cut(&message.body, LONGEST)));
        // The library waits for the bus, which must not hold up anything else.
        let shown_note = tokio::task::spawn_blocking(move || note.show().map(drop));
        match shown_note.await {
            Ok(Ok(())) => Ok(Receipt::default()),
            Ok(Err(error)) => Err(nobody(&error.to_string())),
            Err(error) => Err(nobody(&error.to_string())),
        }
    }

    async fn greet(&self, _timeout: Span) -> Result<String, Fault> {
        let asked = tokio::task::spawn_blocking(server).await;
        let answer = asked.map_err(|error| nobody(&error.to_string()))?;
        answer.map_err(|words| nobody(&words))
    }
}

#[cfg(all(unix, not(target_os = "macos")))]
fn server() -> Result<String, String> {
    let server = notify_rust::get_server_information().map_err(|error| error.to_string())?;
    Ok(format!("{} {} shows notes", server.name, server.version))
}

#[cfg(not(all(unix, not(target_os = "macos"))))]
fn server() -> Result<String, String> {
    Ok("the system shows notes".to_owned())
}

fn nobody(words: &str) -> Fault {
    Fault::unsent(format!("no desktop shows notes here: {}", shown(words)))
}

/// Servers read a part of HTML.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}
