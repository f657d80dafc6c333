//! `gantry catalogue [put NAME …]`.

use gantry_api::{
    catalogue::known::ServiceRow,
    command::Command as _,
    commands::catalogue::{Catalogue, Catalogued, PutService},
};

use super::{Door, parsed};
use crate::{
    arguments::catalogue::{CatalogueArguments, CatalogueCommand},
    error::Failure,
    text::table,
};

const NAMES: &str = "a service is named with small letters, digits and dashes";

pub(super) async fn run(door: &Door<'_>, typed: &CatalogueArguments) -> Result<u8, Failure> {
    let Some(command) = &typed.command else {
        let all = Catalogue {}.execute(&door.app, &door.caller).await?;
        door.output.answer(&all, drawn);
        return Ok(0);
    };
    let CatalogueCommand::Put {
        name,
        owner,
        kind,
        tier,
        needs,
    } = command;
    let needs = needs.iter().map(|need| parsed(need, NAMES));
    let put = PutService {
        name: parsed(name, NAMES)?,
        owner: owner.clone(),
        kind: kind.clone(),
        tier: *tier,
        needs: needs.collect::<Result<_, _>>()?,
        row: None,
    };
    let kept = put.execute(&door.app, &door.caller).await?;
    door.output
        .answer(&kept, |kept| format!("{} is kept.\n", kept.name));
    Ok(0)
}

fn drawn(all: &Catalogued) -> String {
    if all.services.is_empty() {
        return "No service is known. Runs bring them in, and `gantry catalogue put NAME` does.\n"
            .into();
    }
    let rows = all.services.iter().map(row);
    table::draw(["service", "owner", "calls", "runs", "quarantine"], rows)
}

fn row(service: &ServiceRow) -> [String; 5] {
    let needs: Vec<String> = service.needs.iter().map(ToString::to_string).collect();
    let runs = service.environments.iter().map(|place| {
        let version = place.version.as_ref();
        let version = version.map_or_else(|| "nothing".to_owned(), ToString::to_string);
        format!("{version} in {}", place.environment)
    });
    let bad = service.quarantined.iter();
    let bad: Vec<String> = bad
        .map(|bad| format!("{}: {}", bad.version, bad.reason))
        .collect();
    [
        service.name.to_string(),
        service.owner.clone().unwrap_or_default(),
        needs.join(", "),
        runs.collect::<Vec<_>>().join(", "),
        bad.join("; "),
    ]
}
