//! Following a run on the terminal: a line per event, Ctrl-C, and the exit status at its end.

use std::pin::pin;

use gantry_api::{error::ApiError, readiness::guard};
use gantry_engine::{
    drive::{Driver, Handle},
    standing::Standing,
    status::{NodeState, status},
};
use gantry_model::{
    command::{Actor, Command, Order},
    event::{Outcome, RunEvent},
    journal::Entry,
};
use serde_json::json;

use crate::{commands::Door, error::Failure, output::Form, text::story::Story};

/// Follows a run until it has ended or only a person can move it, and gives the exit status.
///
/// The first Ctrl-C holds the run, the second leaves it to be resumed.
pub(crate) async fn follow(door: &Door<'_>, mut driver: Driver) -> Result<u8, Failure> {
    let handle = driver.handle();
    let name = driver.run().id().to_string();
    let mut teller = Teller {
        door,
        story: Story::default(),
        finished: false,
    };
    let standing = {
        let mut observer = |entry: &Entry, event: &RunEvent| teller.tell(entry, event);
        let mut followed = pin!(guard::follow(
            &door.app,
            &door.caller,
            &mut driver,
            &mut observer
        ));
        let mut interrupts = 0;
        loop {
            tokio::select! {
                standing = &mut followed => break standing.map_err(ApiError::from)?,
                _ = tokio::signal::ctrl_c() => {
                    interrupts += 1;
                    if interrupts > 1 {
                        door.output.aside(&format!("left as it is; `gantry resume {name}` takes it up again\n"));
                        return Ok(exit_status(Outcome::Held));
                    }
                    hold(door, &handle);
                }
            }
        }
    };
    let stuck = status(driver.run())
        .nodes
        .iter()
        .any(|node| node.state == NodeState::Stuck);
    Ok(teller.end(&name, &standing, stuck))
}

fn hold(door: &Door<'_>, handle: &Handle) {
    let command = Command::Hold {
        node: None,
        reason: Some("Ctrl-C".into()),
    };
    // The answer is an event that the story tells.
    drop(handle.give(Order {
        by: Actor::named(&door.caller.name),
        command,
    }));
    door.output
        .aside("holding; Ctrl-C again leaves the run to be resumed\n");
}

/// Tells events as they become durable.
struct Teller<'a> {
    door: &'a Door<'a>,
    story: Story,
    finished: bool,
}

impl Teller<'_> {
    fn tell(&mut self, entry: &Entry, event: &RunEvent) {
        self.finished = entry.event.kind == "finished";
        match self.door.output.form() {
            Form::Json => self.door.output.line(&entry.event.body),
            Form::Text => {
                if let Some(line) = self.story.line(event) {
                    self.door.output.line(&line);
                }
            }
        }
    }

    /// Tells how it stands and gives the exit status.
    fn end(&self, name: &str, standing: &Standing, stuck: bool) -> u8 {
        let output = self.door.output;
        match (standing, output.form()) {
            (Standing::Ended(outcome), Form::Json) if !self.finished => {
                output.line(&json!({ "kind": "finished", "outcome": outcome }).to_string());
            }
            (Standing::Ended(outcome), Form::Text) if !self.finished => {
                output.line(&format!("{name} has ended: {outcome}"));
            }
            (Standing::Ended(_), _) => {}
            (Standing::WaitsForPerson(sentence), Form::Json) => {
                output.line(
                    &json!({ "kind": "finished", "outcome": "held", "message": sentence })
                        .to_string(),
                );
            }
            (Standing::WaitsForPerson(sentence), Form::Text) => {
                output.line(&format!("{name} waits for you: {sentence}"));
                output.line(&format!("  then `gantry resume {name}` takes it up again, `gantry rollback {name}` takes it back"));
            }
        }
        match standing {
            Standing::Ended(outcome) => exit_status(*outcome),
            // Stuck means that something could not be put back: worse than a hold.
            Standing::WaitsForPerson(_) if stuck => exit_status(Outcome::PartlyRolledBack),
            Standing::WaitsForPerson(_) => exit_status(Outcome::Held),
        }
    }
}

/// Gives the exit status of an outcome.
pub(crate) fn exit_status(outcome: Outcome) -> u8 {
    match outcome {
        Outcome::Succeeded => 0,
        Outcome::Failed | Outcome::Cancelled => 1,
        Outcome::RolledBack => 3,
        Outcome::PartlyRolledBack => 4,
        Outcome::Held => 5,
    }
}
