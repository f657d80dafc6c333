//! Tasks: exactly one of a program, a call and a person.

use gantry_model::{
    plan::Finding,
    release::{
        node::Kind,
        task::{Task, UndoTask},
    },
};

use super::text;
use crate::{place::Place, settled::Settled};

/// Checks what a task node runs.
pub(super) fn check(settled: &Settled<'_>, found: &mut Vec<Finding>) {
    let place = settled.place.at("run");
    match (&settled.node.run, settled.node.kind) {
        (Some(task), Kind::Task) => check_task(settled, task, &place, found),
        (None, Kind::Task) => {
            let message = format!("`{}` is a task and runs nothing.", settled.id);
            let hint = "add `run` with `exec`, `http` or `manual`";
            found.push(settled.place.error("missing-part", message, hint));
        }
        // That `run` does not fit is said with the other parts that do not.
        (_, Kind::App | Kind::Config | Kind::Database | Kind::Flag) => {}
    }
}

fn check_task(settled: &Settled<'_>, task: &Task, place: &Place, found: &mut Vec<Finding>) {
    let forms = [
        task.exec.is_some(),
        task.http.is_some(),
        task.manual.is_some(),
    ];
    if forms.iter().filter(|given| **given).count() != 1 {
        let message = format!(
            "`{}` must have one of `exec`, `http` and `manual`.",
            settled.id
        );
        let hint = "keep one of them, and make further tasks of the others";
        found.push(place.error("task-form", message, hint));
    }
    let has_version = settled.node.version.is_some();
    let undo = match &task.undo {
        Some(UndoTask::Exec(arguments)) => Some((arguments, "undo")),
        Some(UndoTask::Manual(_) | UndoTask::Http(_)) | None => None,
    };
    for (arguments, key) in task.exec.iter().map(|exec| (exec, "exec")).chain(undo) {
        let place = place.at(key);
        found.extend(text::check_arguments(arguments, &place));
        for (number, argument) in arguments.iter().enumerate() {
            let place = place.at(number);
            found.extend(text::check_placeholders(argument, &place, has_version));
        }
    }
}
