//! Text against words, rules of text, numbers and truth values.

use serde_json::Value as Json;

use super::{
    Spot, Walk,
    offer::{Offer, one_of, range},
    word,
};
use crate::{
    problem::quoted,
    schema::Rule,
    secrecy,
    yaml::{Scalar, Style},
};

impl Walk {
    pub(super) fn scalar(
        &mut self,
        spot: Spot<'_>,
        text: &Scalar,
        offer: &Offer<'_>,
    ) -> Option<Json> {
        if text.is_null() {
            return self.nothing(spot, offer);
        }
        if offer.words.contains(&&*text.text) {
            return Some(Json::from(&*text.text));
        }
        if let Some(rule) = offer.text {
            return self.text(spot, text, rule);
        }
        if let Some(rule) = offer.integer {
            return self.integer(spot, text, rule);
        }
        if offer.boolean.is_some() {
            return self.boolean(spot, text);
        }
        if !offer.words.is_empty() {
            return self.unknown_word(spot, text, offer);
        }
        self.not_a_scalar(spot, text, offer)
    }

    fn nothing(&mut self, spot: Spot<'_>, offer: &Offer<'_>) -> Option<Json> {
        if offer.null.is_some() {
            return Some(Json::Null);
        }
        let message = match spot.key {
            Some(_) => format!("{} has no value", spot.called()),
            None => "there is nothing here".to_owned(),
        };
        let hint = format!("expected {}", offer.in_words());
        self.fault("no-value", message, hint, spot.extent())
    }

    fn text(&mut self, spot: Spot<'_>, text: &Scalar, rule: Rule<'_>) -> Option<Json> {
        let Err(refusal) = word::check(rule, &text.text) else {
            return Some(Json::from(&*text.text));
        };
        let hint = if refusal.code == secrecy::SECRET_VALUE && spot.key.is_some() {
            format!(
                "{}; write `{}: \"${{secret:name}}\"`",
                refusal.hint, spot.name
            )
        } else {
            refusal.hint
        };
        self.fault(refusal.code, refusal.message, hint, spot.extent())
    }

    fn integer(&mut self, spot: Spot<'_>, text: &Scalar, rule: Rule<'_>) -> Option<Json> {
        let expected = format!("expected a whole number{}", range(rule));
        if text.style == Style::Quoted && text.text.parse::<i64>().is_ok() {
            let message = format!("{} is text", spot.called());
            let hint = format!("{expected}; write it without quotes");
            return self.fault("wrong-type", message, hint, spot.extent());
        }
        let is_digits = text
            .text
            .trim_start_matches('-')
            .bytes()
            .all(|b| b.is_ascii_digit());
        let number: Option<i64> = text.text.parse().ok().filter(|_| is_digits);
        let bound = |keyword| rule.schema.get(keyword).and_then(Json::as_i64);
        let fits = |number: &i64| {
            bound("minimum").is_none_or(|least| *number >= least)
                && bound("maximum").is_none_or(|most| *number <= most)
                && bound("const").is_none_or(|only| *number == only)
                && (rule.text("format") != Some("uint32") || u32::try_from(*number).is_ok())
        };
        if let Some(number) = number.filter(fits) {
            return Some(Json::from(number));
        }
        let message = format!("{} is {}", spot.called(), quoted(&text.text));
        let code = if is_digits {
            "out-of-range"
        } else {
            "wrong-type"
        };
        self.fault(code, message, expected, spot.extent())
    }

    fn boolean(&mut self, spot: Spot<'_>, text: &Scalar) -> Option<Json> {
        match (&*text.text, text.style) {
            ("true" | "True" | "TRUE", Style::Plain) => return Some(Json::Bool(true)),
            ("false" | "False" | "FALSE", Style::Plain) => return Some(Json::Bool(false)),
            _ => {}
        }
        let message = format!("{} is {}", spot.called(), quoted(&text.text));
        let hint = match &*text.text.to_ascii_lowercase() {
            "yes" | "on" | "y" => "expected `true` or `false`; write `true`",
            "no" | "off" | "n" => "expected `true` or `false`; write `false`",
            "true" | "false" => "write it without quotes",
            _ => "expected `true` or `false`",
        };
        self.fault("wrong-type", message, hint, spot.extent())
    }

    fn unknown_word(&mut self, spot: Spot<'_>, text: &Scalar, offer: &Offer<'_>) -> Option<Json> {
        let tags = offer.tags().unwrap_or_default();
        if tags.contains(&&*text.text) {
            let message = format!("{} needs settings", quoted(&text.text));
            let hint = format!(
                "expected a map: `{}: {{ {}: {{ … }} }}`",
                spot.name, text.text
            );
            return self.fault("wrong-type", message, hint, spot.extent());
        }
        let known: Vec<&str> = offer.words.iter().copied().chain(tags).collect();
        let message = match spot.key {
            Some(_) => format!("{} cannot be {}", spot.called(), quoted(&text.text)),
            None => format!("{} is not known here", quoted(&text.text)),
        };
        let hint = match word::nearest(&text.text, known.iter().copied()) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("expected {}", one_of(&unique(known))),
        };
        self.fault("unknown-value", message, hint, spot.extent())
    }

    fn not_a_scalar(&mut self, spot: Spot<'_>, text: &Scalar, offer: &Offer<'_>) -> Option<Json> {
        let message = format!("{} is text", spot.called());
        let is_plain_word = text.text.len() < 40 && !text.text.contains([',', '[', '{', '\n']);
        let hint = match offer.list {
            Some(_) if is_plain_word && spot.key.is_some() => {
                format!("expected a list; write `{}: [{}]`", spot.name, text.text)
            }
            _ => match word::nearest(&text.text, offer.tags().unwrap_or_default().into_iter()) {
                Some(near) => format!("expected a map; write `{}: {{ {near}: {{}} }}`", spot.name),
                None => format!("expected {}", offer.in_words()),
            },
        };
        self.fault("wrong-type", message, hint, spot.extent())
    }
}

fn unique(words: Vec<&str>) -> Vec<&str> {
    let mut seen = std::collections::HashSet::new();
    words
        .into_iter()
        .filter(|word| seen.insert(*word))
        .collect()
}
