//! Running a task, and what undoes it.

use gantry_model::{
    operation::{Evidence, Sighting},
    release::task::{HttpCall, Task, UndoTask},
    unit::Span,
};
use gantry_port::{
    fault::{Fault, FaultKind},
    task::{Finished, Program, TaskSighting},
};

use crate::scene::Scene;

/// How much of what a program printed goes into a sentence.
const QUOTE: usize = 400;

/// What a task or its undo is.
enum Work<'a> {
    Program(&'a [String]),
    Http(&'a HttpCall),
    Nothing,
}

/// Runs the task.
pub(crate) async fn perform(scene: &Scene<'_>) -> Result<Evidence, Fault> {
    carry_out(scene, forward(scene)?).await
}

/// Says what became of the task.
pub(crate) async fn observe(scene: &Scene<'_>) -> Result<Sighting, Fault> {
    look(scene, forward(scene)?).await
}

/// Runs the task's own undo.
pub(crate) async fn undo(scene: &Scene<'_>) -> Result<Evidence, Fault> {
    carry_out(scene, backward(scene)?).await
}

/// Says what became of the task's undo.
pub(crate) async fn observe_undo(scene: &Scene<'_>) -> Result<Sighting, Fault> {
    look(scene, backward(scene)?).await
}

/// Describes a program of the node as the task port wants it.
pub(crate) fn program(scene: &Scene<'_>, argv: &[String]) -> Result<Program, Fault> {
    let task = task(scene)?;
    let mut env: Vec<_> = task.env.clone().into_iter().collect();
    let version = scene
        .node
        .version
        .as_ref()
        .map(|version| version.to.as_str());
    let own = [
        ("GANTRY_NODE", Some(scene.node.id.as_str())),
        ("GANTRY_VERSION", version),
    ];
    for (name, value) in own {
        // Names and versions have no `$`, so that they always read as text.
        if let Some(Ok(value)) = value.map(str::parse) {
            env.push((name.to_owned(), value));
        }
    }
    Ok(Program {
        argv: argv.to_vec(),
        folder: scene.operation.plan.folder.clone(),
        env,
        timeout: task.timeout.unwrap_or_else(|| scene.time_left()),
        secrets: Vec::new(),
        idempotent: is_idempotent(scene),
    })
}

/// Gives the program that a task node starts; `None` if it makes a call or a person does it.
pub(crate) fn forward_program<'a>(scene: &Scene<'a>) -> Result<Option<&'a [String]>, Fault> {
    if task(scene)?.manual.is_some() {
        return Ok(None);
    }
    match forward(scene)? {
        Work::Program(argv) => Ok(Some(argv)),
        Work::Http(_) | Work::Nothing => Ok(None),
    }
}

fn task<'a>(scene: &Scene<'a>) -> Result<&'a Task, Fault> {
    let missing = || Fault::refused(format!("`{}` runs nothing", scene.node.id));
    scene.node.run.as_ref().ok_or_else(missing)
}

fn forward<'a>(scene: &Scene<'a>) -> Result<Work<'a>, Fault> {
    let task = task(scene)?;
    match (&task.exec, &task.http) {
        (Some(argv), _) => Ok(Work::Program(argv)),
        (None, Some(call)) => Ok(Work::Http(call)),
        (None, None) => Err(for_a_person(scene)),
    }
}

fn backward<'a>(scene: &Scene<'a>) -> Result<Work<'a>, Fault> {
    match &task(scene)?.undo {
        Some(UndoTask::Exec(argv)) => Ok(Work::Program(argv)),
        Some(UndoTask::Http(call)) => Ok(Work::Http(call)),
        Some(UndoTask::Manual(_)) => Err(for_a_person(scene)),
        None => Ok(Work::Nothing),
    }
}

fn for_a_person(scene: &Scene<'_>) -> Fault {
    let message = format!("`{}` is done by a person, not by a program", scene.node.id);
    Fault::new(FaultKind::Unsupported, message)
}

/// Whether the same key may be sent again although nobody knows what became of it.
fn is_idempotent(scene: &Scene<'_>) -> bool {
    let plan = &scene.operation.plan;
    let mut steps = scene
        .node
        .steps()
        .filter_map(|step| plan.steps.get(step.at()));
    match scene.operation.step() {
        Some(step) => step.idempotent,
        None => steps.any(|step| step.idempotent),
    }
}

async fn carry_out(scene: &Scene<'_>, work: Work<'_>) -> Result<Evidence, Fault> {
    match work {
        Work::Program(argv) => {
            let program = program(scene, argv)?;
            let finished = scene.ports.task.run(&scene.call, &program).await?;
            judge(argv, &finished)
        }
        Work::Http(request) => {
            let status = scene.ports.task.call(&scene.call, request).await?;
            judge_status(request, status)
        }
        Work::Nothing => Ok(Evidence::sentence("there is nothing that would undo it")),
    }
}

async fn look(scene: &Scene<'_>, work: Work<'_>) -> Result<Sighting, Fault> {
    let idempotent = is_idempotent(scene);
    let unknown = |message: &str| match idempotent {
        true => Sighting::NotApplied,
        false => Sighting::Unknown {
            message: message.into(),
        },
    };
    let argv = match work {
        Work::Program(argv) => argv,
        Work::Http(_) => return Ok(unknown("nobody can tell whether the call arrived")),
        Work::Nothing => return Ok(Sighting::NotApplied),
    };
    Ok(match scene.ports.task.find(&scene.call.key).await? {
        TaskSighting::NeverStarted => Sighting::NotApplied,
        TaskSighting::Running => Sighting::UnderWay,
        TaskSighting::Finished(finished) => match judge(argv, &finished) {
            Ok(evidence) => Sighting::Applied { evidence },
            Err(fault) => Sighting::Failed {
                message: fault.message,
            },
        },
        TaskSighting::Vanished => {
            unknown("it was started and is gone, and nobody recorded how it ended")
        }
    })
}

fn judge(argv: &[String], finished: &Finished) -> Result<Evidence, Fault> {
    let name = argv.first().map_or("", String::as_str);
    let Finished {
        status,
        signal,
        took,
        ..
    } = finished;
    let took_words = Span::from_millis(took.as_millis());
    let message = match (status, signal) {
        _ if finished.timed_out => {
            format!("`{name}` was not over after {took_words} and was ended")
        }
        (Some(0), _) => {
            let mut evidence =
                Evidence::sentence(format!("`{name}` ended well after {took_words}"));
            evidence.facts.insert("exit_status".into(), 0.into());
            evidence
                .facts
                .insert("took_ms".into(), took.as_millis().into());
            return Ok(evidence);
        }
        (Some(status), _) => format!("`{name}` ended with status {status}"),
        (None, Some(signal)) => format!("`{name}` was ended by signal {signal}"),
        (None, None) => format!("`{name}` ended without a status"),
    };
    Err(Fault::refused(match last_words(finished) {
        "" => message,
        words => format!("{message}: {words}"),
    }))
}

/// Gives the last line of what a program said, errors first.
fn last_words(finished: &Finished) -> &str {
    let last = |text: &'_ str| text.trim_end().rfind('\n').map_or(0, |at| at + 1);
    let text = match finished.stderr.trim() {
        "" => finished.stdout.trim_end(),
        _ => finished.stderr.trim_end(),
    };
    let line = text.get(last(text)..).unwrap_or_default().trim();
    let end = line
        .char_indices()
        .nth(QUOTE)
        .map_or(line.len(), |(at, _)| at);
    line.get(..end).unwrap_or(line)
}

fn judge_status(request: &HttpCall, status: u16) -> Result<Evidence, Fault> {
    let good = match request.status {
        Some(wanted) => status == wanted,
        None => (200..300).contains(&status),
    };
    let (method, url) = (&request.method, request.url.as_str());
    if !good {
        return Err(Fault::refused(format!("{method} {url} answered {status}")));
    }
    let mut evidence = Evidence::sentence(format!("{method} {url} answered {status}"));
    evidence.facts.insert("status".into(), status.into());
    Ok(evidence)
}
