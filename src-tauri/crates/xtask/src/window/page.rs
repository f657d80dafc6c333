//! What a person does in the page: look, click, type, drag. Everything is found by the words on it.

use std::path::Path;

use anyhow::{Context, Result, bail};
use serde_json::{Value, json};

use super::driver::Session;
use super::waiting::until;

/// Finds the first element that a person can see and use, by selector and by its words.
const FIND: &str = include_str!("find.js");

/// Where an element's middle is.
const MIDDLE: &str = "const box = arguments[0].getBoundingClientRect();
return [box.left + box.width / 2, box.top + box.height / 2].map(Math.round);";

/// Keys of the protocol that are no letters.
const KEYS: [(&str, &str); 6] = [
    ("Shift", "\u{e008}"),
    ("Ctrl", "\u{e009}"),
    ("Enter", "\u{e007}"),
    ("Escape", "\u{e00c}"),
    ("ArrowRight", "\u{e014}"),
    ("Tab", "\u{e004}"),
];

/// A person in front of the page.
pub(super) struct Page<'a>(pub(super) &'a Session);

impl Page<'_> {
    /// Waits until the first visible element that matches says what is wanted, and gives its text.
    ///
    /// What the page shows first is often not yet what it asked for.
    pub(super) fn reads(&self, selector: &str, wanted: impl Fn(&str) -> bool) -> Result<String> {
        until(selector, || {
            let script = format!("{FIND}\nreturn find(arguments[0], '')?.textContent;");
            let seen = self.0.run(&script, &json!([selector]))?;
            let seen = seen.as_str().context("no such element")?.trim();
            if wanted(seen) {
                return Ok(seen.to_owned());
            }
            bail!("the window shows at `{selector}`: {seen}")
        })
    }

    /// Waits until the page says these words somewhere where a person sees them.
    pub(super) fn says(&self, words: &str) -> Result<()> {
        until(words, || {
            let seen = self.0.run("return document.body.innerText;", &json!([]))?;
            let seen = seen.as_str().unwrap_or_default();
            if seen.contains(words) {
                return Ok(());
            }
            bail!("the window shows: {seen}")
        })
    }

    /// Clicks what has this name once it is there and can be clicked.
    pub(super) fn click(&self, selector: &str, name: &str) -> Result<()> {
        until(&format!("`{name}` to be clicked"), || {
            let element = self.find(selector, name)?;
            self.0.say(&format!("element/{element}/click"), &json!({}))
        })
        .map(drop)
    }

    /// Types into the field that has the keyboard.
    pub(super) fn write(&self, text: &str) -> Result<()> {
        for letter in text.chars() {
            self.press(&letter.to_string())?;
        }
        Ok(())
    }

    /// Presses a key, or several together such as `Shift+R`.
    pub(super) fn press(&self, keys: &str) -> Result<()> {
        let values: Vec<String> = keys.split('+').map(key).collect();
        let down = values
            .iter()
            .map(|key| json!({ "type": "keyDown", "value": key }));
        let up = values
            .iter()
            .rev()
            .map(|key| json!({ "type": "keyUp", "value": key }));
        let actions: Vec<Value> = down.chain(up).collect();
        let keyboard = json!({ "type": "key", "id": "keyboard", "actions": actions });
        self.0
            .say("actions", &json!({ "actions": [keyboard] }))
            .map(drop)
    }

    /// Waits for a key to do what it does: the page may not yet listen when it is pressed first.
    pub(super) fn press_until(&self, keys: &str, selector: &str, name: &str) -> Result<()> {
        until(&format!("what {keys} does"), || {
            if self.find(selector, name).is_err() {
                self.press(keys)?;
                self.find(selector, name).map(drop)?;
            }
            Ok(())
        })
    }

    /// Drags from the middle of one element to the middle of another.
    pub(super) fn drag(&self, from: (&str, &str), to: (&str, &str)) -> Result<()> {
        let [from, to] = [self.middle(from)?, self.middle(to)?];
        let between = [(from[0] + to[0]) / 2, (from[1] + to[1]) / 2];
        let step =
            |[x, y]: [i64; 2]| json!({ "type": "pointerMove", "duration": 50, "x": x, "y": y });
        let actions = json!([
            step(from),
            { "type": "pointerDown", "button": 0 },
            step(between),
            step(to),
            { "type": "pointerUp", "button": 0 },
        ]);
        let mouse = json!({ "type": "pointer", "id": "mouse", "actions": actions });
        self.0
            .say("actions", &json!({ "actions": [mouse] }))
            .map(drop)
    }

    /// Goes to a place of the page.
    pub(super) fn go(&self, place: &str) -> Result<()> {
        let script = "location.hash = arguments[0];";
        self.0.run(script, &json!([place])).map(drop)
    }

    /// Waits until nothing loads any more, and leaves a picture.
    pub(super) fn picture(&self, path: &Path) -> Result<()> {
        until("everything to be there", || {
            let script = format!("{FIND}\nreturn find('.loading', '') !== undefined;");
            match self.0.run(&script, &json!([]))? {
                Value::Bool(false) => Ok(()),
                other => bail!("something still loads: {other}"),
            }
        })?;
        self.0.picture(path)
    }

    fn middle(&self, (selector, name): (&str, &str)) -> Result<[i64; 2]> {
        until(&format!("`{selector}`"), || {
            let script = format!(
                "{FIND}\nconst found = find(arguments[0], arguments[1]);\n\
                 return found && (function () {{ {MIDDLE} }})(found);"
            );
            let point = self.0.run(&script, &json!([selector, name]))?;
            let at = |index: usize| point[index].as_i64();
            at(0)
                .zip(at(1))
                .map(|(x, y)| [x, y])
                .context("no such element")
        })
    }

    fn find(&self, selector: &str, name: &str) -> Result<String> {
        let script = format!("{FIND}\nreturn find(arguments[0], arguments[1]);");
        let found = self.0.run(&script, &json!([selector, name]))?;
        // The protocol hands out an element as an object of one entry, whose name never changes.
        let id = found.as_object().and_then(|one| one.values().next());
        let id = id.and_then(Value::as_str);
        id.map(str::to_owned)
            .with_context(|| format!("`{selector}` named `{name}` is not to be seen"))
    }
}

fn key(name: &str) -> String {
    let known = KEYS.iter().find(|(known, _)| *known == name);
    known.map_or(name, |(_, value)| value).to_owned()
}
