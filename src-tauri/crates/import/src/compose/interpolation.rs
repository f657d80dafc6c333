//! Reading one file and putting variables in: `$NAME`, `${NAME}`, `:-`, `-`, `:?`, `?`, `:+`, `+`, `$$`.

use std::sync::Arc;

use gantry_release_file::{
    problem::{Fault, Problems},
    source::{Extent, Source},
    yaml::{self, Content, Limits, Value},
};

use super::{ComposeFile, Variables, notes::Notes, notes::Topic, tree::Tree};

const LIMITS: Limits = Limits {
    depth: 64,
    values: 200_000,
    aliased: 100_000,
};
const LARGEST: usize = 4 * 1024 * 1024;
/// How much text variables may grow a file to.
const LARGEST_GROWN: usize = 2 * LARGEST;
/// How deep defaults may stand in defaults: `${A:-${B:-${C}}}`.
const DEEPEST: usize = 16;

pub(super) fn read(
    file: &ComposeFile<'_>,
    variables: &Variables,
    notes: &mut Notes,
) -> Result<Tree, Problems> {
    let readable = if file.text.len() > LARGEST {
        ""
    } else {
        file.text
    };
    let source = Arc::new(Source::new(file.name, readable));
    if file.text.len() > LARGEST {
        let message = format!("the file has {} bytes", file.text.len());
        let fault = fault(
            "too-large",
            message,
            "at most 4 MiB are read",
            Extent::default(),
        );
        return Err(Problems::new(source, vec![fault]));
    }
    let parsed = yaml::parse(file.text, &LIMITS);
    let mut reader = Reader {
        variables,
        notes,
        faults: parsed.faults,
        grown: 0,
    };
    let tree = parsed.root.map(|root| reader.tree(&root));
    match tree {
        Some(tree) if reader.faults.is_empty() => Ok(tree),
        None if reader.faults.is_empty() => Ok(Tree::Null),
        Some(_) | None => Err(Problems::new(source, reader.faults)),
    }
}

struct Reader<'a> {
    variables: &'a Variables,
    notes: &'a mut Notes,
    faults: Vec<Fault>,
    grown: usize,
}

impl Reader<'_> {
    fn tree(&mut self, value: &Value) -> Tree {
        let tree = match &value.content {
            Content::Scalar(scalar) if scalar.is_null() => Tree::Null,
            Content::Scalar(scalar) => Tree::Text(self.text(&scalar.text, value.extent)),
            Content::List(items) => Tree::List(items.iter().map(|item| self.tree(item)).collect()),
            Content::Map(entries) => Tree::Map(
                entries
                    .iter()
                    .map(|entry| (entry.key.to_string(), self.tree(&entry.value)))
                    .collect(),
            ),
        };
        match value.tag.as_deref() {
            Some("!reset") => Tree::Reset,
            Some("!override") => Tree::Override(Box::new(tree)),
            Some(_) | None => tree,
        }
    }

    fn text(&mut self, text: &str, extent: Extent) -> String {
        let filled = if text.contains('$') {
            self.fill(text, DEEPEST)
        } else {
            Ok(text.to_owned())
        };
        let filled = filled.unwrap_or_else(|(message, hint)| {
            self.faults.push(fault("variable", message, &hint, extent));
            String::new()
        });
        self.grown = self.grown.saturating_add(filled.len());
        if self.grown <= LARGEST_GROWN {
            return filled;
        }
        if self.grown - filled.len() <= LARGEST_GROWN {
            let message = "variables make this file larger than 8 MiB".to_owned();
            self.faults.push(fault("too-large", message, "", extent));
        }
        String::new()
    }

    /// Puts variables into a text; an error is a message and a hint.
    fn fill(&mut self, text: &str, depth: usize) -> Result<String, (String, String)> {
        let mut filled = String::new();
        let mut rest = text;
        while let Some((before, behind)) = rest.split_once('$') {
            filled += before;
            if let Some(behind) = behind.strip_prefix('$') {
                filled.push('$');
                rest = behind;
            } else if let Some(behind) = behind.strip_prefix('{') {
                let (inside, behind) = braced(behind).ok_or_else(|| unclosed(behind))?;
                filled += &self.braced_value(inside, depth)?;
                rest = behind;
            } else {
                let name = name_at(behind);
                if name.is_empty() {
                    filled.push('$');
                } else {
                    filled += &self.set_or_noted(name);
                }
                rest = behind.get(name.len()..).unwrap_or_default();
            }
            if self.grown.saturating_add(filled.len()) > LARGEST_GROWN {
                return Ok(filled);
            }
        }
        Ok(filled + rest)
    }

    fn braced_value(&mut self, inside: &str, depth: usize) -> Result<String, (String, String)> {
        let name = name_at(inside);
        let operator = inside.get(name.len()..).unwrap_or_default();
        if name.is_empty() || depth == 0 {
            return Err(unclosed(inside));
        }
        let set = self.variables.get(name).cloned();
        let filled = set.clone().filter(|value| !value.is_empty());
        let one_of = |prefixes: [&str; 2]| {
            let [strict, lax] = prefixes;
            let strict = operator
                .strip_prefix(strict)
                .map(|word| (word, filled.clone()));
            strict.or_else(|| operator.strip_prefix(lax).map(|word| (word, set.clone())))
        };
        if operator.is_empty() {
            return Ok(self.set_or_noted(name));
        }
        if let Some((word, value)) = one_of([":-", "-"]) {
            return value.map_or_else(|| self.fill(word, depth - 1), Ok);
        }
        if let Some((word, value)) = one_of([":+", "+"]) {
            return value.map_or(Ok(String::new()), |_| self.fill(word, depth - 1));
        }
        if let Some((word, value)) = one_of([":?", "?"]) {
            let hint = if word.is_empty() {
                "set it in the environment or in `.env`"
            } else {
                word
            };
            return value.ok_or_else(|| (format!("`{name}` must be set"), hint.to_owned()));
        }
        Err(unclosed(inside))
    }

    fn set_or_noted(&mut self, name: &str) -> String {
        self.variables.get(name).cloned().unwrap_or_else(|| {
            self.notes.add(Topic::UnsetVariable, name);
            String::new()
        })
    }
}

fn name_at(text: &str) -> &str {
    let is_first = |c: char| c.is_ascii_alphabetic() || c == '_';
    if !text.starts_with(is_first) {
        return "";
    }
    let end = text.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_'));
    text.get(..end.unwrap_or(text.len())).unwrap_or_default()
}

/// Splits at the brace that closes the one before the text.
fn braced(text: &str) -> Option<(&str, &str)> {
    let mut open = 1_usize;
    for (at, character) in text.char_indices() {
        match character {
            '{' => open += 1,
            '}' => open -= 1,
            _ => {}
        }
        if open == 0 {
            return Some((text.get(..at)?, text.get(at + 1..)?));
        }
    }
    None
}

fn unclosed(inside: &str) -> (String, String) {
    let shown: String = inside.chars().take(40).collect();
    let message = format!("`${{{}` is not a variable", shown.escape_debug());
    let hint =
        "expected `${NAME}`, `${NAME:-default}` or `${NAME:?message}`; `$$` is a dollar sign";
    (message, hint.to_owned())
}

fn fault(code: &'static str, message: String, hint: &str, extent: Extent) -> Fault {
    Fault {
        code,
        message,
        hint: hint.to_owned(),
        extent,
        earlier: None,
        pointer: String::new(),
    }
}
