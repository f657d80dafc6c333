//! Releases in a few words, for tests.

use gantry_model::release::Release;
use serde_json::{Map, Value, json};

/// A release on its way; what it becomes is read through the file format's own types.
#[derive(Clone, Debug)]
pub struct Draft {
    root: Map<String, Value>,
    nodes: Map<String, Value>,
}

/// A draft that is not a release.
#[derive(Debug, thiserror::Error)]
#[error("the draft is not a release: {0}")]
pub struct NotARelease(#[from] serde_json::Error);

impl Draft {
    /// Begins a release with one connection for everything, called `sim`.
    pub fn new(id: &str) -> Self {
        let mut root = Map::new();
        root.insert("gantry".into(), 1.into());
        root.insert("release".into(), id.into());
        root.insert("environment".into(), "test".into());
        root.insert("connections".into(), json!({ "sim": { "simulated": {} } }));
        Self {
            root,
            nodes: Map::new(),
        }
    }

    /// Sets a key of the release itself, for example `policy`.
    #[must_use]
    pub fn with(mut self, key: &str, value: Value) -> Self {
        self.root.insert(key.into(), value);
        self
    }

    /// Adds a node in the file format's own words.
    #[must_use]
    pub fn node(mut self, id: &str, node: Value) -> Self {
        self.nodes.insert(id.into(), node);
        self
    }

    /// Adds keys to the node that was added last, for example `needs` or `on-failure`.
    #[must_use]
    pub fn also(mut self, id: &str, more: Value) -> Self {
        let node = self.nodes.get_mut(id).and_then(Value::as_object_mut);
        if let (Some(node), Value::Object(more)) = (node, more) {
            node.extend(more);
        }
        self
    }

    /// Adds keys to the release's policy, which must be there.
    #[must_use]
    pub fn also_of_policy(mut self, more: Value) -> Self {
        let policy = self.root.get_mut("policy").and_then(Value::as_object_mut);
        if let (Some(policy), Value::Object(more)) = (policy, more) {
            policy.extend(more);
        }
        self
    }

    /// Lists the nodes with their kinds.
    pub fn kinds(&self) -> Vec<(String, String)> {
        let kind = |node: &Value| node.get("kind").and_then(Value::as_str).map(str::to_owned);
        let nodes = self.nodes.iter();
        nodes
            .map(|(id, node)| (id.clone(), kind(node).unwrap_or_default()))
            .collect()
    }

    /// Adds a program that serves behind a router, from version 1.0 to 2.0.
    #[must_use]
    pub fn app(self, id: &str, needs: &[&str], strategy: Value) -> Self {
        let node = json!({
            "kind": "app",
            "needs": needs,
            "version": { "from": "1.0", "to": "2.0" },
            "workload": {
                "connection": "sim",
                "image": "test/{{service}}:{{version}}",
                "port": 8080,
                "replicas": 3
            },
            "router": { "connection": "sim", "backend": id },
            "health": { "http": { "path": "/healthz" }, "within": "30s", "consecutive": 2 },
            "strategy": strategy
        });
        self.node(id, node)
    }

    /// Adds a program that runs once and has an undo.
    #[must_use]
    pub fn task(self, id: &str, needs: &[&str]) -> Self {
        let node = json!({
            "kind": "task",
            "needs": needs,
            "run": { "exec": ["./do", id], "undo": ["./undo", id], "timeout": "5m" }
        });
        self.node(id, node)
    }

    /// Adds a flag that is turned on in two steps.
    #[must_use]
    pub fn flag(self, id: &str, needs: &[&str]) -> Self {
        let node = json!({
            "kind": "flag",
            "needs": needs,
            "connection": "sim",
            "flag": { "name": id },
            "strategy": { "progressive": { "steps": ["10%", "100%"], "bake": "1m" } }
        });
        self.node(id, node)
    }

    /// Adds a schema change that expands and fills, and has no contract.
    #[must_use]
    pub fn schema(self, id: &str, needs: &[&str]) -> Self {
        let node = json!({
            "kind": "database",
            "needs": needs,
            "connection": "sim",
            "strategy": { "expand-contract": {
                "expand": "expand.sql",
                "backfill": { "sql": "backfill.sql" },
                "verify": { "sql": "select 0", "equals": 0 }
            } }
        });
        self.node(id, node)
    }

    /// Reads the draft as a release.
    ///
    /// # Errors
    /// If a value does not fit the file format.
    pub fn release(self) -> Result<Release, NotARelease> {
        let mut root = self.root;
        root.insert("nodes".into(), Value::Object(self.nodes));
        Ok(serde_json::from_value(Value::Object(root))?)
    }
}

/// The settings of a short canary: 25 and 100 %, a minute each.
pub fn canary() -> Value {
    json!({ "canary": { "steps": ["25%", "100%"], "bake": "1m" } })
}

/// The settings of a short blue-green.
pub fn blue_green() -> Value {
    json!({ "blue-green": { "bake": "1m" } })
}

/// The settings of a rolling update, one by one.
pub fn rolling() -> Value {
    json!({ "rolling": { "batch": 1 } })
}

/// The settings of a recreation.
pub fn recreate() -> Value {
    json!("recreate")
}
