//! `gantry connections list|put|remove|test`.

use gantry_api::{
    command::Command as _,
    commands::{
        connections::{TestConnections, Tested},
        kept_connections::{ConnectionRow, ListConnections, PutConnection, RemoveConnection},
    },
};

use super::{Door, parsed};
use crate::{
    arguments::catalogue::{ConnectionsArguments, ConnectionsCommand},
    error::Failure,
    text::table,
};

const NAMES: &str = "a connection is named with small letters, digits and dashes";

pub(super) async fn run(door: &Door<'_>, typed: &ConnectionsArguments) -> Result<u8, Failure> {
    match &typed.command {
        ConnectionsCommand::List => {
            let all = ListConnections {}.execute(&door.app, &door.caller).await?;
            door.output.answer(&all, |all| listed(all));
            Ok(0)
        }
        ConnectionsCommand::Put { name, settings } => put(door, name, settings).await,
        ConnectionsCommand::Remove { name } => {
            let name = parsed(name, NAMES)?;
            let removed = RemoveConnection { name };
            let removed = removed.execute(&door.app, &door.caller).await?;
            door.output
                .answer(&removed, |gone| format!("{} is forgotten.\n", gone.name));
            Ok(0)
        }
        ConnectionsCommand::Test { file, name } => {
            let connection = name.as_ref().map(|name| parsed(name, NAMES));
            let command = TestConnections {
                file: file.clone(),
                connection: connection.transpose()?,
            };
            let tested = command.execute(&door.app, &door.caller).await?;
            door.output.answer(&tested, |tested| drawn(tested));
            Ok(u8::from(!tested.iter().all(|one| one.reachable)))
        }
    }
}

async fn put(door: &Door<'_>, name: &str, settings: &str) -> Result<u8, Failure> {
    // The parser's words may quote what was typed, which may be a secret.
    let connection = serde_json::from_str(settings).map_err(|error| {
        let place = format!("line {}, column {}", error.line(), error.column());
        let hint = "for example {\"docker\":{}}";
        Failure::bad_call(format!("the settings are not JSON: {place}"), hint)
    })?;
    let put = PutConnection {
        name: parsed(name, NAMES)?,
        connection,
        row: None,
    };
    let kept = put.execute(&door.app, &door.caller).await?;
    door.output.answer(&kept, |kept| {
        format!("{} is kept: {}.\n", kept.name, kept.product)
    });
    Ok(0)
}

fn listed(all: &[ConnectionRow]) -> String {
    if all.is_empty() {
        return "The workspace keeps no connection.\n".into();
    }
    let rows = all.iter().map(|one| {
        let secrets = one.secrets.iter().map(|secret| match secret.known {
            true => secret.name.clone(),
            false => format!("{} (not set here)", secret.name),
        });
        let used: Vec<String> = one.used_by.iter().map(ToString::to_string).collect();
        [
            one.name.to_string(),
            one.product.to_owned(),
            secrets.collect::<Vec<_>>().join(", "),
            used.join(", "),
        ]
    });
    table::draw(["connection", "product", "secrets", "used by"], rows)
}

pub(super) fn drawn(tested: &[Tested]) -> String {
    if tested.is_empty() {
        return "The file names no connection.\n".into();
    }
    let rows = tested.iter().map(|one| {
        let state = if one.reachable {
            "reached"
        } else {
            "not reached"
        };
        [
            one.connection.clone(),
            one.product.into(),
            state.into(),
            one.answer.clone(),
        ]
    });
    table::draw(["connection", "product", "state", "answer"], rows)
}
