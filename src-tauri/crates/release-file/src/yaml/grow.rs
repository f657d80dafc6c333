//! Events to a tree, counting as it grows.

use std::{collections::HashMap, sync::Arc};

use granit_parser::{Event, ScalarStyle, Tag};

use super::{Content, Entry, Limits, Parsed, Scalar, Style, Value};
use crate::{
    problem::{Fault, TOLD_AT_MOST, quoted},
    source::Extent,
};

/// How much text weighs nothing; long text behind many aliases is a bomb as well.
const WEIGHTLESS: usize = 32;

/// A map or list that is still open.
struct Open {
    extent: Extent,
    anchor: usize,
    tag: Option<Box<str>>,
    weight: usize,
    height: usize,
    inside: Inside,
}

enum Inside {
    List(Vec<Arc<Value>>),
    Map {
        entries: Vec<Entry>,
        seen: HashMap<Arc<str>, Extent>,
        key: Option<(Arc<str>, Extent)>,
        merged: Vec<Arc<Value>>,
    },
}

pub(super) struct Grower<'l> {
    limits: &'l Limits,
    open: Vec<Open>,
    anchors: HashMap<usize, Arc<Value>>,
    root: Option<Arc<Value>>,
    documents: usize,
    written: usize,
    aliased: usize,
    faults: Vec<Fault>,
}

impl<'l> Grower<'l> {
    pub(super) fn new(limits: &'l Limits) -> Self {
        Self {
            limits,
            open: Vec::new(),
            anchors: HashMap::new(),
            root: None,
            documents: 0,
            written: 0,
            aliased: 0,
            faults: Vec::new(),
        }
    }

    /// Takes one event; an error ends the reading.
    pub(super) fn take(&mut self, event: Event<'_>, extent: Extent) -> Result<(), Fault> {
        match event {
            Event::DocumentStart(..) => self.start_document(extent),
            Event::Scalar(text, style, anchor, tag) => {
                let style = match style {
                    ScalarStyle::Plain => Style::Plain,
                    _ => Style::Quoted,
                };
                let text: Box<str> = Box::from(&*text);
                let weight = 1 + text.len() / WEIGHTLESS;
                let content = Content::Scalar(Scalar { text, style });
                let tag = tag.map(|tag| written_tag(&tag));
                self.count(extent)?;
                self.place(anchor, value(extent, tag, content, weight, 0))
            }
            Event::SequenceStart(_, anchor, tag) => self.open(
                extent,
                anchor,
                tag.map(|tag| written_tag(&tag)),
                Inside::List(Vec::new()),
            ),
            Event::MappingStart(_, anchor, tag) => {
                let inside = Inside::Map {
                    entries: Vec::new(),
                    seen: HashMap::new(),
                    key: None,
                    merged: Vec::new(),
                };
                self.open(extent, anchor, tag.map(|tag| written_tag(&tag)), inside)
            }
            Event::SequenceEnd | Event::MappingEnd => self.close(extent),
            Event::Alias(id) => self.unfold(id, extent),
            // Everything else is a mark of the stream, not a value.
            _ => Ok(()),
        }
    }

    pub(super) fn refuse(mut self, fault: Fault) -> Parsed {
        self.faults.push(fault);
        Parsed {
            root: None,
            faults: self.faults,
        }
    }

    pub(super) fn finish(self) -> Parsed {
        Parsed {
            root: self.root,
            faults: self.faults,
        }
    }

    fn start_document(&mut self, extent: Extent) -> Result<(), Fault> {
        self.documents += 1;
        if self.documents == 1 {
            return Ok(());
        }
        let message = "a second document begins here";
        Err(fault(
            "several-documents",
            message,
            "one file holds one document",
            extent,
        ))
    }

    fn count(&mut self, extent: Extent) -> Result<(), Fault> {
        self.written += 1;
        if self.written <= self.limits.values {
            return Ok(());
        }
        let message = format!(
            "the file has more than {} keys and values",
            self.limits.values
        );
        Err(fault(
            "too-large",
            message,
            "split it into several files",
            extent,
        ))
    }

    fn open(
        &mut self,
        extent: Extent,
        anchor: usize,
        tag: Option<Box<str>>,
        inside: Inside,
    ) -> Result<(), Fault> {
        self.count(extent)?;
        self.check_depth(1, extent)?;
        self.open.push(Open {
            extent,
            anchor,
            tag,
            weight: 1,
            height: 1,
            inside,
        });
        Ok(())
    }

    fn check_depth(&self, height: usize, extent: Extent) -> Result<(), Fault> {
        if self.open.len() + height <= self.limits.depth {
            return Ok(());
        }
        Err(too_deep(self.limits.depth, extent))
    }

    fn close(&mut self, end: Extent) -> Result<(), Fault> {
        let Some(open) = self.open.pop() else {
            return Ok(());
        };
        let extent = Extent {
            start: open.extent.start,
            end: end.end.max(open.extent.start),
        };
        let content = match open.inside {
            Inside::List(items) => Content::List(items),
            Inside::Map {
                entries, merged, ..
            } => Content::Map(self.merge(entries, &merged)),
        };
        let closed = value(extent, open.tag, content, open.weight, open.height);
        self.place(open.anchor, closed)
    }

    /// Adds what `<<` brings; what is written in the map itself wins.
    fn merge(&mut self, mut entries: Vec<Entry>, merged: &[Arc<Value>]) -> Vec<Entry> {
        for source in merged {
            let maps = match &source.content {
                Content::List(maps) => maps.as_slice(),
                Content::Scalar(_) | Content::Map(_) => std::slice::from_ref(source),
            };
            for map in maps {
                match &map.content {
                    Content::Map(more) => {
                        let known: std::collections::HashSet<Arc<str>> =
                            entries.iter().map(|entry| entry.key.clone()).collect();
                        entries.extend(more.iter().filter(|e| !known.contains(&e.key)).cloned());
                    }
                    Content::Scalar(_) | Content::List(_) => self.not_merged(map.extent),
                }
            }
        }
        entries
    }

    fn not_merged(&mut self, extent: Extent) {
        if self.faults.len() <= TOLD_AT_MOST {
            let hint = "refer to a map, for example `<<: *defaults`";
            let message = "`<<` merges maps, and this is none";
            self.faults.push(fault("wrong-type", message, hint, extent));
        }
    }

    fn unfold(&mut self, id: usize, extent: Extent) -> Result<(), Fault> {
        self.count(extent)?;
        let Some(target) = self.anchors.get(&id).cloned() else {
            let message = "this alias refers to something that it stands in itself";
            return Err(fault("endless-alias", message, "", extent));
        };
        self.aliased = self.aliased.saturating_add(target.weight);
        if self.aliased > self.limits.aliased {
            let message = format!("aliases unfold to more than {} values", self.limits.aliased);
            return Err(fault(
                "too-large",
                message,
                "write out what differs",
                extent,
            ));
        }
        self.check_depth(target.height, extent)?;
        self.attach(target, extent)
    }

    fn place(&mut self, anchor: usize, value: Value) -> Result<(), Fault> {
        let value = Arc::new(value);
        if anchor != 0 {
            self.anchors.insert(anchor, value.clone());
        }
        let extent = value.extent;
        self.attach(value, extent)
    }

    /// Puts a value where it belongs: as a key, behind a key, into a list, or at the top.
    fn attach(&mut self, value: Arc<Value>, extent: Extent) -> Result<(), Fault> {
        let Some(open) = self.open.last_mut() else {
            self.root = Some(value);
            return Ok(());
        };
        open.weight = open.weight.saturating_add(value.weight);
        open.height = open.height.max(value.height + 1);
        match &mut open.inside {
            Inside::List(items) => items.push(value),
            Inside::Map {
                entries,
                seen,
                key,
                merged,
            } => match key.take() {
                None => *key = Some((key_of(&value, extent)?, extent)),
                Some((key, _)) if &*key == "<<" => merged.push(value),
                Some((key, at)) => match seen.get(&key) {
                    Some(first) if self.faults.len() <= TOLD_AT_MOST => {
                        self.faults.push(duplicate(&key, *first, at));
                    }
                    Some(_) => {}
                    None => {
                        seen.insert(key.clone(), at);
                        entries.push(Entry {
                            key,
                            extent: at,
                            value,
                        });
                    }
                },
            },
        }
        Ok(())
    }
}

fn value(
    extent: Extent,
    tag: Option<Box<str>>,
    content: Content,
    weight: usize,
    height: usize,
) -> Value {
    Value {
        extent,
        tag,
        content,
        weight,
        height,
    }
}

fn key_of(value: &Value, extent: Extent) -> Result<Arc<str>, Fault> {
    match &value.content {
        Content::Scalar(scalar) => Ok(Arc::from(&*scalar.text)),
        Content::List(_) | Content::Map(_) => {
            let hint =
                "keys are text; quote a value that begins with `{` or `[`, such as \"{{version}}\"";
            Err(fault(
                "wrong-type",
                "a map or a list stands where a key belongs",
                hint,
                extent,
            ))
        }
    }
}

fn duplicate(key: &str, first: Extent, second: Extent) -> Fault {
    let message = format!("{} is written twice", quoted(key));
    let mut fault = fault("duplicate-key", message, "", second);
    fault.earlier = Some(first);
    fault
}

pub(super) fn too_deep(depth: usize, extent: Extent) -> Fault {
    let message = format!("maps and lists stand more than {depth} deep inside of each other");
    fault("too-deep", message, "", extent)
}

pub(super) fn fault(
    code: &'static str,
    message: impl Into<String>,
    hint: &str,
    extent: Extent,
) -> Fault {
    Fault {
        code,
        message: message.into(),
        hint: hint.to_owned(),
        extent,
        earlier: None,
        pointer: String::new(),
    }
}

fn written_tag(tag: &Tag) -> Box<str> {
    tag.original().into()
}
