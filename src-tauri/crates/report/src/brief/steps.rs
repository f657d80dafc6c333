//! The numbered steps with owner, start and duration.

use gantry_model::plan::{Action, Plan, Step, StepIndex};

use crate::{
    clock::{lasting, since},
    document::{Section, Sources, Table, Text, Tone},
    words,
};

/// How many steps are listed.
const LISTED: usize = 2_000;

/// Lists the steps in the order of their earliest start.
pub(super) fn section(plan: &Plan) -> Section {
    let mut section = Section::new("steps", "The steps");
    let starts = starts(plan);
    let mut order: Vec<usize> = (0..plan.steps.len()).collect();
    order.sort_by_key(|at| (starts.get(*at).copied().unwrap_or(0), *at));
    let mut table = Table::new(&[
        ("#>", 1),
        ("Step", 4),
        ("Does", 6),
        ("Owner", 3),
        ("Starts>", 3),
        ("Takes>", 2),
        ("Undo", 4),
    ]);
    for (number, at) in order.iter().take(LISTED).enumerate() {
        let Some(step) = plan.steps.get(*at) else {
            continue;
        };
        let takes = span(step).map_or_else(|| "unknown".to_owned(), lasting);
        table.row(
            tone(step),
            Sources::none(),
            vec![
                Text::plain((number + 1).to_string()),
                Text::code(step.id.to_string()),
                Text::plain(words::action(step)),
                Text::plain(words::owner(plan, step)),
                Text::plain(since(starts.get(*at).copied().unwrap_or(0))),
                Text::plain(takes),
                Text::plain(words::undo(step.undo)),
            ],
        );
    }
    section.table_or(table, "The plan has no steps.");
    if order.len() > LISTED {
        let more = format!(
            "{} steps more; `gantry plan --json` lists all.",
            order.len() - LISTED
        );
        section.say(more, Sources::none());
    }
    section.say(
        "Starts are the earliest, counted from the start of the release; people, gates and retries come on top.",
        Sources::none(),
    );
    section
}

fn tone(step: &Step) -> Tone {
    match step.action {
        Action::Contract => Tone::Warn,
        Action::Approve { .. } => Tone::Back,
        _ => Tone::Plain,
    }
}

/// How long a step takes, where somebody knows or it was declared.
fn span(step: &Step) -> Option<u64> {
    let declared = match &step.action {
        Action::Bake { duration, .. } | Action::Soak { duration } => Some(*duration),
        Action::Compare { window } => Some(*window),
        _ => None,
    };
    declared.or(step.estimate).map(|span| span.as_millis())
}

/// Computes the earliest start of each step; what takes unknown time counts as nothing.
fn starts(plan: &Plan) -> Vec<u64> {
    let mut starts = vec![0_u64; plan.steps.len()];
    let mut open: Vec<usize> = plan.steps.iter().map(|step| step.needs.len()).collect();
    let mut users: Vec<Vec<usize>> = vec![Vec::new(); plan.steps.len()];
    for (at, step) in plan.steps.iter().enumerate() {
        for StepIndex(need) in &step.needs {
            if let Some(list) = users.get_mut(*need as usize) {
                list.push(at);
            }
        }
    }
    let mut ready: Vec<usize> = (0..open.len())
        .filter(|at| open.get(*at) == Some(&0))
        .collect();
    while let Some(at) = ready.pop() {
        let took = plan.steps.get(at).and_then(span).unwrap_or(0);
        let end = starts.get(at).copied().unwrap_or(0).saturating_add(took);
        for user in users.get(at).cloned().unwrap_or_default() {
            if let (Some(start), Some(count)) = (starts.get_mut(user), open.get_mut(user)) {
                *start = (*start).max(end);
                *count = count.saturating_sub(1);
                if *count == 0 {
                    ready.push(user);
                }
            }
        }
    }
    starts
}
