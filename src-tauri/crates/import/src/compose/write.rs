//! Nodes to text that people like to read.

use super::{
    Options, Router,
    health::{Health, Probe},
    node::{App, Node, Route, Strategy, Work},
};

/// How wide a flow map or list may be before it takes lines of its own.
const WIDEST: usize = 100;

pub(super) fn release(
    release: &str,
    files: &[&str],
    notes: &[String],
    options: &Options,
    nodes: &[Node],
) -> String {
    let mut text = format!(
        "# A first release file, imported from {}.\n",
        comment(&files.join(", "))
    );
    if !notes.is_empty() {
        text += "# Look at this before it runs:\n";
    }
    for note in notes {
        text += &format!("# - {}\n", comment(note));
    }
    text += &format!("gantry: 1\nrelease: {}\n\n", plain(release));
    text += "connections:\n  docker: { docker: {} }\n";
    match &options.router {
        Router::None => {}
        Router::Haproxy { socket } => {
            text += &format!("  edge: {{ haproxy: {{ socket: {} }} }}\n", plain(socket));
        }
    }
    text += "\nnodes:\n";
    let nodes: Vec<String> = nodes.iter().map(node).collect();
    text + &nodes.join("\n")
}

fn node(node: &Node) -> String {
    let mut text = format!("  {}:\n", plain(node.id.as_str()));
    match &node.work {
        Work::App(_) => text += "    kind: app\n",
        Work::Task(_) => text += "    kind: task\n",
    }
    if !node.needs.is_empty() {
        text += &list("    needs:", &node.needs);
    }
    match &node.work {
        Work::App(app) => text + &self::app(node.id.as_str(), app),
        Work::Task(words) => text + &format!("    run:\n{}", list("      exec:", words)),
    }
}

fn app(id: &str, app: &App) -> String {
    let mut text = format!("    version: {}\n    workload:\n", plain(&app.version));
    text += "      connection: docker\n";
    text += &format!("      image: {}\n", plain(&app.image));
    let numbers = [
        ("port", app.port.map(u32::from)),
        ("replicas", app.replicas),
    ];
    for (key, number) in numbers {
        text += &number.map_or(String::new(), |number| format!("      {key}: {number}\n"));
    }
    if let Some(network) = &app.network {
        text += &format!("      network: {}\n", plain(network));
    }
    if let Some(command) = &app.command {
        text += &list("      command:", command);
    }
    if !app.environment.is_empty() {
        text += "      env:\n";
    }
    for (key, value) in &app.environment {
        text += &format!("        {}: {}\n", plain(key), plain(value));
    }
    if app.route == Route::Routed {
        text += &format!(
            "    router: {{ connection: edge, backend: {} }}\n",
            plain(id)
        );
    }
    text += &app.health.as_ref().map_or(String::new(), health);
    match app.strategy {
        Strategy::Recreate => text + "    strategy: recreate\n",
        Strategy::Rolling => text + "    strategy: rolling\n",
        Strategy::Recommended => text,
    }
}

fn health(health: &Health) -> String {
    let probe = match &health.probe {
        Probe::Platform => String::new(),
        Probe::Tcp { port } => format!("tcp: {{ port: {port} }}, "),
        Probe::Http { port, path } => {
            let port = port.map_or(String::new(), |port| format!(", port: {port}"));
            format!("http: {{ path: {}{port} }}, ", plain(path))
        }
    };
    format!(
        "    health: {{ {probe}within: {}, every: {} }}\n",
        health.within, health.every
    )
}

/// Writes a list on one line where it fits, else an item a line.
fn list(key: &str, items: &[String]) -> String {
    let items: Vec<String> = items.iter().map(|item| plain(item)).collect();
    let line = format!("{key} [{}]\n", items.join(", "));
    if line.len() <= WIDEST {
        return line;
    }
    let indent = key.len() - key.trim_start().len() + 2;
    let item = |item: &String| format!("{:indent$}- {item}\n", "");
    format!("{key}\n{}", items.iter().map(item).collect::<String>())
}

/// Writes text without quotes where every reader takes it for the same text, else as JSON.
fn plain(text: &str) -> String {
    let is_safe = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | '/' | '+');
    // `needs: [a:live]` reads well, and a colon inside of a word is no key; times and IPv6 are quoted.
    let is_need = |text: &str| {
        text.strip_suffix(":live")
            .is_some_and(|id| id.chars().all(is_safe))
    };
    let is_word = text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '/');
    let is_taken = matches!(
        text.to_ascii_lowercase().as_str(),
        "null" | "true" | "false" | "yes" | "no" | "on" | "off" | "y" | "n"
    );
    if is_word && !is_taken && (text.chars().all(is_safe) || is_need(text)) {
        text.to_owned()
    } else {
        serde_json::Value::from(text).to_string()
    }
}

/// Makes text fit for a comment: one line, nothing that ends it.
fn comment(text: &str) -> String {
    let line = text.chars().map(|c| if c.is_control() { ' ' } else { c });
    line.collect()
}
