//! Writing title and body: in Gantry's words for an audience, or in those of a file.
//!
//! A wording is a template whose first line is the title. Files come with releases and are not
//! trusted: see [`sandbox`].

mod sandbox;

use std::collections::BTreeMap;

use gantry_model::release::stakeholder::{Audience, Stakeholder};
use minijinja::{
    Environment, UndefinedBehavior,
    value::{Serde, Value},
};

use crate::facts::Facts;

/// The longest title, in characters, and the longest body, in bytes.
const LONGEST_TITLE: usize = 160;
const LONGEST_BODY: usize = 8 * 1024;

/// What was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    /// One line.
    pub title: String,
    /// The rest.
    pub body: String,
    /// Why the stakeholder's own file was not used, where it was not.
    pub problem: Option<String>,
}

/// Why a wording cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unusable {
    /// It is not there, or cannot be read.
    #[error("{0}")]
    Unread(String),
    /// It uses something that a wording may not use.
    #[error("line {line}: {what}; a wording has `{{{{ … }}}}`, `if` and `for`, and joins no text")]
    Forbidden {
        /// The line, from 1.
        line: usize,
        /// What.
        what: String,
    },
    /// It is no template, or uses something that is not known.
    #[error("{0}")]
    Template(String),
    /// What it writes has no first line.
    #[error("it writes nothing")]
    Empty,
}

/// The wordings of a release.
#[derive(Default)]
pub struct Wordings {
    files: BTreeMap<String, Result<String, Unusable>>,
}

impl Wordings {
    /// Takes the files that stakeholders name; a file that is not there has the reason why.
    pub fn of(files: BTreeMap<String, Result<String, String>>) -> Self {
        let checked = files.into_iter().map(|(name, text)| {
            let text = text.map_err(Unusable::Unread);
            let text = text.and_then(|text| sandbox::check(&text).map(|()| text));
            (name, text)
        });
        Self {
            files: checked.collect(),
        }
    }

    /// Writes for a stakeholder. Somebody who is to be told is told: where their file cannot be
    /// used, Gantry's own words are.
    pub fn write(&self, stakeholder: &Stakeholder, facts: &Facts) -> Written {
        let own = stakeholder
            .template
            .as_ref()
            .map(|name| self.own(name, facts));
        match own {
            Some(Ok(written)) => written,
            Some(Err(unusable)) => {
                let name = stakeholder.template.as_deref().unwrap_or_default();
                Written {
                    problem: Some(format!("{name}: {unusable}")),
                    ..builtin(stakeholder.audience, facts)
                }
            }
            None => builtin(stakeholder.audience, facts),
        }
    }

    fn own(&self, name: &str, facts: &Facts) -> Result<Written, Unusable> {
        let unread = || Unusable::Unread("it was not read".to_owned());
        let text = self.files.get(name).ok_or_else(unread)?.as_ref();
        let rendered = sandbox::render(text.map_err(Clone::clone)?, facts)?;
        written(&rendered).ok_or(Unusable::Empty)
    }
}

/// Writes in Gantry's own words.
pub fn builtin(audience: Audience, facts: &Facts) -> Written {
    let text = match audience {
        Audience::Engineers => include_str!("wording/engineers.jinja"),
        Audience::Support => include_str!("wording/support.jinja"),
        Audience::Customers => include_str!("wording/customers.jinja"),
    };
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    let rendered = environment.render_str(text, Value::from(Serde(facts))).ok();
    // A test renders each of them for every event, so that this is never needed.
    let plainly = || Written {
        title: clean_title(&format!("{}: {}", facts.public_name, facts.event)),
        body: String::new(),
        problem: None,
    };
    rendered
        .and_then(|text| written(&text))
        .unwrap_or_else(plainly)
}

/// Splits what was rendered into title and body.
fn written(rendered: &str) -> Option<Written> {
    let (title, body) = rendered
        .trim()
        .split_once('\n')
        .unwrap_or((rendered.trim(), ""));
    let title = clean_title(title.trim_start_matches('#'));
    (!title.is_empty()).then(|| Written {
        title,
        body: clean_body(body),
        problem: None,
    })
}

/// Makes one line, not long, without characters that only steer a screen.
pub(crate) fn clean_title(text: &str) -> String {
    let line: String = text
        .chars()
        .map(|sign| if sign.is_control() { ' ' } else { sign })
        .filter(|sign| !turns(*sign))
        .collect();
    shortened(line.trim(), LONGEST_TITLE)
}

/// Leaves out what only steers a screen, and more than two line ends in a row.
pub(crate) fn clean_body(text: &str) -> String {
    let mut body = String::new();
    for line in text.trim().lines().map(str::trim_end) {
        if line.is_empty() && (body.is_empty() || body.ends_with("\n\n")) {
            continue;
        }
        body.extend(
            line.chars()
                .filter(|sign| !sign.is_control() && !turns(*sign)),
        );
        body.push('\n');
    }
    let mut end = body.len().min(LONGEST_BODY);
    while !body.is_char_boundary(end) {
        end -= 1;
    }
    body.truncate(end);
    body.trim_end().to_owned()
}

/// Characters that change the direction of what follows, and so make a text look like another.
fn turns(sign: char) -> bool {
    matches!(sign, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{200e}' | '\u{200f}')
}

fn shortened(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    let kept: String = text.chars().take(most - 1).collect();
    format!("{}…", kept.trim_end())
}
