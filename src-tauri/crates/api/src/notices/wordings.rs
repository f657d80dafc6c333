//! The files in which a release says things its own way.

use std::{collections::BTreeMap, path::Path};

use gantry_model::plan::Plan;
use gantry_notify::wording::Wordings;

use crate::app::App;

/// The longest wording, in bytes.
const LIMIT: u64 = 32 * 1024;

/// Reads the wordings that the stakeholders of a plan name; one that cannot be read is told where
/// it would have been used, and Gantry's own words are used there.
pub(crate) async fn read(app: &App, plan: &Plan) -> Wordings {
    let mut files = BTreeMap::new();
    for name in plan
        .stakeholders
        .iter()
        .filter_map(|one| one.template.clone())
    {
        let path = Path::new(&plan.folder).join(&name);
        let text = match app.files.read_referred(&path, LIMIT).await {
            Ok(bytes) => String::from_utf8(bytes).map_err(|_| "it is not UTF-8".to_owned()),
            Err(unreadable) => Err(unreadable.reason),
        };
        files.insert(name, text);
    }
    Wordings::of(files)
}
