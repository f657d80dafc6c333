//! Laying one Compose file over another.

use super::tree::Tree;

/// Lists that a later file replaces; all others it adds to.
const REPLACED: [&str; 3] = ["command", "entrypoint", "test"];

/// Gives every service the long form of what may be a list or a map, so that files can be merged.
pub(super) fn normal(tree: Tree) -> Tree {
    let Tree::Map(entries) = tree else {
        return Tree::Map(Vec::new());
    };
    let services = |(key, value): (String, Tree)| match key.as_str() {
        "services" => (key, each(value, |service| each_key(service, long_form))),
        _ => (key, value),
    };
    Tree::Map(entries.into_iter().map(services).collect())
}

/// Lays `later` over `earlier`.
pub(super) fn over(earlier: Tree, later: Tree) -> Tree {
    keyed_over("", earlier, later)
}

fn keyed_over(key: &str, earlier: Tree, later: Tree) -> Tree {
    match (earlier, later) {
        (Tree::Map(earlier), Tree::Map(later)) => Tree::Map(maps(earlier, later)),
        (Tree::List(mut earlier), Tree::List(later)) if !REPLACED.contains(&key) => {
            for item in later {
                if !earlier.contains(&item) {
                    earlier.push(item);
                }
            }
            Tree::List(earlier)
        }
        (earlier @ (Tree::Map(_) | Tree::List(_) | Tree::Text(_)), Tree::Null) => earlier,
        (_, later) => later,
    }
}

fn maps(mut earlier: Vec<(String, Tree)>, later: Vec<(String, Tree)>) -> Vec<(String, Tree)> {
    let mut places: std::collections::HashMap<String, usize> = earlier
        .iter()
        .enumerate()
        .map(|(at, (key, _))| (key.clone(), at))
        .collect();
    for (key, value) in later {
        match places.get(&key).and_then(|at| earlier.get_mut(*at)) {
            Some((_, slot)) => {
                let before = std::mem::replace(slot, Tree::Null);
                *slot = keyed_over(&key, before, value);
            }
            None => {
                places.insert(key.clone(), earlier.len());
                earlier.push((key, value));
            }
        }
    }
    earlier.retain(|(_, value)| *value != Tree::Reset);
    earlier
}

fn each(tree: Tree, change: impl Fn(Tree) -> Tree) -> Tree {
    match tree {
        Tree::Map(entries) => Tree::Map(
            entries
                .into_iter()
                .map(|(key, value)| (key, change(value)))
                .collect(),
        ),
        Tree::Override(inner) => Tree::Override(Box::new(each(*inner, change))),
        other @ (Tree::Null | Tree::Text(_) | Tree::List(_) | Tree::Reset) => other,
    }
}

fn each_key(tree: Tree, change: impl Fn(&str, Tree) -> Tree) -> Tree {
    match tree {
        Tree::Map(entries) => {
            let changed = entries.into_iter().map(|(key, value)| {
                let value = change(&key, value);
                (key, value)
            });
            Tree::Map(changed.collect())
        }
        other @ (Tree::Null | Tree::Text(_) | Tree::List(_) | Tree::Override(_) | Tree::Reset) => {
            other
        }
    }
}

fn long_form(key: &str, value: Tree) -> Tree {
    match (key, value) {
        ("environment", Tree::List(items)) => Tree::Map(
            items
                .iter()
                .filter_map(Tree::text)
                .map(assignment)
                .collect(),
        ),
        ("depends_on", Tree::List(items)) => {
            let started = || {
                Tree::Map(vec![(
                    "condition".into(),
                    Tree::Text("service_started".into()),
                )])
            };
            let names = items.iter().filter_map(Tree::text);
            Tree::Map(names.map(|name| (name.to_owned(), started())).collect())
        }
        ("networks", Tree::List(items)) => {
            let names = items.iter().filter_map(Tree::text);
            Tree::Map(names.map(|name| (name.to_owned(), Tree::Null)).collect())
        }
        (key, Tree::Override(inner)) => Tree::Override(Box::new(long_form(key, *inner))),
        (_, value) => value,
    }
}

fn assignment(text: &str) -> (String, Tree) {
    match text.split_once('=') {
        Some((name, value)) => (name.to_owned(), Tree::Text(value.to_owned())),
        None => (text.to_owned(), Tree::Null),
    }
}
