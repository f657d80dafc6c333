//! How the demo speaks: headings, short sentences, the commands that it types.

use std::io::IsTerminal;

use crate::say::say;

/// Prints a heading of an act.
pub(super) fn heading(words: &str) {
    let line = "─".repeat(72_usize.saturating_sub(words.chars().count() + 4));
    say(format_args!(
        "\n{}\n",
        styled("1", &format!("── {words} {line}"))
    ));
}

/// Prints sentences as a block of their own.
pub(super) fn tell(sentences: &str) {
    say(format_args!("\n{sentences}"));
}

/// Prints a command as it would be typed.
pub(super) fn typed(words: &[&str]) {
    say(format_args!(
        "\n{} {}",
        styled("2", "$"),
        styled("1;36", &words.join(" "))
    ));
}

/// Prints whether something that was promised is so, and gives it on.
pub(super) fn promise(kept: bool, words: &str) -> bool {
    let mark = if kept {
        styled("1;32", "✓")
    } else {
        styled("1;31", "✗")
    };
    say(format_args!("  {mark} {words}"));
    kept
}

/// Puts text into a style where a terminal shows it and nobody asked for none.
pub(super) fn styled(style: &str, text: &str) -> String {
    let plain = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
    if plain || !std::io::stdout().is_terminal() {
        text.to_owned()
    } else {
        format!("\u{1b}[{style}m{text}\u{1b}[0m")
    }
}
