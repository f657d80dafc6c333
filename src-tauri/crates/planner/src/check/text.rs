//! Placeholders, argument lists and thresholds.

use gantry_model::plan::Finding;

use crate::{known::nearest, place::Place};

const KNOWN: [&str; 2] = ["version", "service"];

/// Gives the names that stand between `{{` and `}}`; an unclosed one is given as it is.
pub(super) fn placeholders(text: &str) -> impl Iterator<Item = &str> {
    let opened = text.split("{{").skip(1);
    opened.map(|rest| rest.split_once("}}").map_or(rest, |(name, _)| name).trim())
}

/// Checks that only placeholders are used for which there is a value.
pub(super) fn check_placeholders(text: &str, place: &Place, has_version: bool) -> Vec<Finding> {
    let mut found = Vec::new();
    for name in placeholders(text) {
        if !KNOWN.contains(&name) {
            let message = format!("`{{{{{name}}}}}` is not a placeholder that is known here.");
            let hint = nearest(name, KNOWN.into_iter());
            found.push(place.error("unknown-placeholder", message, hint));
        } else if name == "version" && !has_version {
            let message = "`{{version}}` is used, but the node has no version.".to_owned();
            found.push(place.error("version-missing", message, "add `version: { from, to }`"));
        }
    }
    found
}

/// Checks an argument list: a program, and no interpolated element that reads as an option.
pub(super) fn check_arguments(arguments: &[String], place: &Place) -> Vec<Finding> {
    let mut found = Vec::new();
    if arguments
        .first()
        .is_none_or(|program| program.trim().is_empty())
    {
        let message = "The argument list names no program.".to_owned();
        let hint = "write the program first, for example `[\"./warm-cache\", \"--all\"]`";
        found.push(place.error("empty-exec", message, hint));
    }
    for (number, argument) in arguments.iter().enumerate() {
        if argument.starts_with('-') && argument.contains("{{") {
            let message = format!("`{argument}` is put together and starts with `-`.");
            let hint = "give the option and its value as two elements";
            found.push(place.at(number).error("option-injection", message, hint));
        }
        if argument.contains('\0') {
            let message = "An argument holds a NUL byte.".to_owned();
            found.push(
                place
                    .at(number)
                    .error("nul-in-exec", message, "take it out"),
            );
        }
    }
    found
}

/// Checks a threshold: a number, a percentage or a number with a unit.
pub(super) fn check_threshold(text: &str, place: &Place) -> Option<Finding> {
    let number: String = text
        .chars()
        .take_while(|c| !c.is_alphabetic() && *c != '%')
        .collect();
    let fits = number.trim().parse::<f64>().is_ok_and(f64::is_finite);
    let message = format!("`{text}` is not a threshold.");
    let hint = "write a number, a percentage or a time, for example `0.5`, `5%` or `300ms`";
    (!fits).then(|| place.error("bad-threshold", message, hint))
}
