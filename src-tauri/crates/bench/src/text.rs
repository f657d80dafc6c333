//! A graph as a release file, a makefile and a ninja file.

use std::fmt::Write;

use crate::shape::Shape;

/// What each node does.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Work {
    /// Runs `true`, which is all launch and no work.
    Nothing,
    /// Sleeps so many milliseconds.
    Sleep(u32),
}

impl Work {
    fn words(self) -> (&'static str, String) {
        match self {
            Self::Nothing => ("/bin/true", String::new()),
            Self::Sleep(millis) => (
                "/bin/sleep",
                format!("{}.{:03}", millis / 1000, millis % 1000),
            ),
        }
    }
}

/// Writes the release file; so many nodes may run at once.
pub(crate) fn release(shape: &Shape, work: Work, parallel: u32) -> String {
    let (program, argument) = work.words();
    let exec = match argument.as_str() {
        "" => format!("\"{program}\""),
        argument => format!("\"{program}\", \"{argument}\""),
    };
    let mut text =
        format!("gantry: 1\nrelease: bench\npolicy: {{ max-parallel: {parallel} }}\nnodes:\n");
    for (node, needs) in shape.needs.iter().enumerate() {
        let needs: Vec<String> = needs.iter().map(|need| format!("n{need:05}")).collect();
        let needs = needs.join(", ");
        // Writing into a string cannot fail.
        let _written = writeln!(
            text,
            "  n{node:05}: {{ kind: task, needs: [{needs}], run: {{ exec: [{exec}], undo: [\"/bin/true\"] }} }}"
        );
    }
    text
}

/// Writes the makefile.
pub(crate) fn makefile(shape: &Shape, work: Work) -> String {
    let (program, argument) = work.words();
    let mut text = String::from("MAKEFLAGS += --no-builtin-rules\n.PHONY: all");
    for node in 0..shape.count() {
        let _written = write!(text, " n{node}");
    }
    text.push_str("\nall:");
    for node in 0..shape.count() {
        let _written = write!(text, " n{node}");
    }
    text.push('\n');
    for (node, needs) in shape.needs.iter().enumerate() {
        let _written = write!(text, "n{node}:");
        for need in needs {
            let _written = write!(text, " n{need}");
        }
        let _written = writeln!(text, "\n\t@{program} {argument}");
    }
    text
}

/// Writes the ninja file; nothing it builds ever exists, so everything is always built.
pub(crate) fn ninja(shape: &Shape, work: Work) -> String {
    let (program, argument) = work.words();
    let mut text = format!("rule run\n  command = {program} {argument}\n");
    for (node, needs) in shape.needs.iter().enumerate() {
        let _written = write!(text, "build n{node}: run");
        let bar = if needs.is_empty() { "" } else { " |" };
        text.push_str(bar);
        for need in needs {
            let _written = write!(text, " n{need}");
        }
        text.push('\n');
    }
    text
}

/// Writes a release file whose nodes are tried again so often.
pub(crate) fn stubborn(shape: &Shape, retries: u32) -> String {
    let text = release(shape, Work::Nothing, 10_000);
    match retries {
        0 => text,
        _ => text.replace(
            "kind: task,",
            &format!("kind: task, retry: {{ times: {retries}, backoff: 1s }},"),
        ),
    }
}
