//! One problem for people: the line, what is meant underlined, what to do below.

use annotate_snippets::{AnnotationKind, Level, Origin, Renderer, Snippet};
use gantry_model::plan::Severity;

use crate::{
    problem::{Colour, Problem},
    secrecy,
    source::Source,
};

/// Lines beyond this are named and not shown; nobody reads them on a terminal.
const LONGEST_SHOWN: usize = 300;

/// Shows a problem; values that look like secrets are shown as stars.
pub(crate) fn problem(source: &Source, problem: &Problem, colour: Colour) -> String {
    let line = source.first_line(problem.extent);
    let level = match problem.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Note => Level::NOTE,
    };
    let title = level.primary_title(&problem.message).id(&*problem.code);
    // A long line is not even looked at: every problem of it would look at all of it again.
    let group = if line.text.len() > LONGEST_SHOWN {
        let place = problem.place;
        title.element(
            Origin::path(source.name())
                .line(place.line as usize)
                .char_column(place.column as usize),
        )
    } else {
        let hidden = secrecy::hide(line.text, line.marked, &problem.code);
        title.element(
            Snippet::source(hidden.text)
                .path(source.name())
                .line_start(line.number)
                .annotation(AnnotationKind::Primary.span(hidden.marked)),
        )
    };
    let hint = (!problem.hint.is_empty()).then(|| Level::HELP.message(&problem.hint));
    let renderer = match colour {
        Colour::Ansi => Renderer::styled(),
        Colour::Plain => Renderer::plain(),
    };
    renderer.render(&[group.elements(hint)])
}
