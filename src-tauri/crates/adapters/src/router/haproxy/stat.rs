//! What `show stat` says about a backend and its servers.

use gantry_model::{
    platform::{RouteState, Server},
    unit::Weight,
};
use serde::Deserialize;

/// The columns that matter here; HAProxy adds columns with every version, and the header names them.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Row {
    #[serde(rename = "pxname")]
    proxy: String,
    #[serde(rename = "svname")]
    pub(super) name: String,
    #[serde(rename = "type")]
    kind: Option<u8>,
    pub(super) status: String,
    #[serde(rename = "addr")]
    pub(super) address: String,
    algo: String,
    check_status: String,
    #[serde(rename = "bck")]
    backup: Option<u8>,
    uweight: Option<u32>,
    #[serde(rename = "scur")]
    current: Option<u64>,
    #[serde(rename = "qcur")]
    queued: Option<u64>,
    #[serde(rename = "stot")]
    total: Option<u64>,
    hrsp_5xx: Option<u64>,
    econ: Option<u64>,
    eresp: Option<u64>,
}

/// The row of a backend itself, among those of its servers.
const BACKEND: u8 = 1;

/// The row of a server.
const SERVER: u8 = 2;

impl Row {
    /// Whether an operator, the configuration or we took it out.
    pub(super) fn is_out(&self) -> bool {
        self.status.starts_with("MAINT")
    }

    /// Whether it takes no new requests, but is still there.
    pub(super) fn is_draining(&self) -> bool {
        self.status.starts_with("DRAIN")
    }

    /// Whether HAProxy would send requests to it now.
    pub(super) fn is_up(&self) -> bool {
        self.status.starts_with("UP") || self.status == "no check" || self.is_draining()
    }

    /// Whether it is up and a check has said so since it came in.
    ///
    /// A server that comes in is `UP 1/3` until its first check, without anybody having looked.
    pub(super) fn is_proven_up(&self) -> bool {
        self.status == "no check" || self.status == "UP" && self.check_status.ends_with("OK")
    }

    /// The weight that it was given, whatever its state makes of it.
    pub(super) fn weight(&self) -> u32 {
        self.uweight.unwrap_or(0)
    }

    /// Requests under way or waiting for it.
    pub(super) fn active(&self) -> u64 {
        self.current.unwrap_or(0) + self.queued.unwrap_or(0)
    }

    /// The state in HAProxy's words, for sentences.
    pub(super) fn words(&self) -> String {
        match self.check_status.as_str() {
            "" => self.status.clone(),
            check => format!("{} ({check})", self.status),
        }
    }

    /// A slot that was declared for later: its port is a placeholder.
    pub(super) fn is_free_slot(&self) -> bool {
        let port = self.address.rsplit(':').next().unwrap_or_default();
        self.is_out() && matches!(port, "" | "0" | "1")
    }

    fn commanded(&self) -> u32 {
        if self.is_out() || self.is_draining() {
            0
        } else {
            self.weight()
        }
    }
}

/// A backend and its servers, as HAProxy has them.
#[derive(Clone, Debug)]
pub(super) struct Backend {
    pub(super) algorithm: String,
    pub(super) servers: Vec<Row>,
}

/// Reads the answer to `show stat … 6 -1`; `None` if it is no such table or lacks the backend.
pub(super) fn read(answer: &str, name: &str) -> Option<Backend> {
    let table = answer.strip_prefix("# ")?;
    let mut backend = None;
    let mut servers = Vec::new();
    for row in csv::Reader::from_reader(table.as_bytes()).deserialize() {
        let row: Row = row.ok()?;
        if row.proxy != name {
            continue;
        }
        match row.kind? {
            BACKEND => backend = Some(algorithm(&row)),
            SERVER if row.backup != Some(1) => servers.push(row),
            _ => {}
        }
    }
    Some(Backend {
        algorithm: backend?,
        servers,
    })
}

/// HAProxy 2.6 has no word for `balance random` in its table and calls it, alone of all, unknown.
fn algorithm(row: &Row) -> String {
    match row.algo.as_str() {
        "unknown" => "random".to_owned(),
        word => word.to_owned(),
    }
}

impl Backend {
    /// Finds a server by its name.
    pub(super) fn server(&self, name: &str) -> Option<&Row> {
        self.servers.iter().find(|row| row.name == name)
    }

    /// Gives what the rest of Gantry sees. Servers that were taken out are no part of the route.
    pub(super) fn state(&self) -> RouteState {
        let sum: u32 = self.servers.iter().map(Row::commanded).sum();
        let servers = self.servers.iter().filter(|row| !row.is_out());
        RouteState {
            algorithm: self.algorithm.clone(),
            servers: servers.map(|row| server(row, sum)).collect(),
        }
    }
}

fn server(row: &Row, sum: u32) -> Server {
    let count = |column: Option<u64>| column.unwrap_or(0);
    Server {
        name: row.name.clone(),
        address: row.address.clone(),
        commanded: share(row.commanded(), sum),
        up: row.is_up(),
        requests: count(row.total),
        errors: count(row.hrsp_5xx) + count(row.econ) + count(row.eresp),
        active: row.active(),
    }
}

/// Gives a weight's part of all weights, rounded to the nearest basis point.
fn share(weight: u32, sum: u32) -> Weight {
    (weight * 10_000 + sum / 2)
        .checked_div(sum)
        .and_then(|points| u16::try_from(points).ok())
        .and_then(Weight::from_basis_points)
        .unwrap_or(Weight::ZERO)
}

#[cfg(test)]
mod tests {
    use super::*;

    const TABLE: &str = "# pxname,svname,scur,stot,econ,eresp,status,type,check_status,hrsp_5xx,addr,algo,uweight,-,
web,s1,2,90,1,0,UP,2,L7OK,3,127.0.0.1:81,,90,-,
web,s2,0,10,0,0,UP 1/3,2,INI,0,127.0.0.1:82,,10,-,
web,s3,0,10,0,0,DRAIN,2,L7OK,0,127.0.0.1:83,,10,-,
web,dyn1,0,0,0,0,MAINT,2,,0,127.0.0.1:1,,1,-,
web,BACKEND,2,100,1,0,UP,1,,3,,unknown,100,-,

";

    #[test]
    fn the_table_is_read() {
        let state = read(TABLE, "web").unwrap().state();
        assert_eq!(state.algorithm, "random");
        let shares: Vec<_> = state.servers.iter().map(|s| s.commanded).collect();
        assert_eq!(
            shares.iter().map(|w| w.basis_points()).collect::<Vec<_>>(),
            [9000, 1000, 0]
        );
        let first = state.servers.first().unwrap();
        assert_eq!((first.requests, first.errors, first.active), (90, 4, 2));
    }

    #[test]
    fn a_server_that_nobody_looked_at_is_not_proven_up() {
        let backend = read(TABLE, "web").unwrap();
        assert!(backend.server("s1").unwrap().is_proven_up());
        assert!(!backend.server("s2").unwrap().is_proven_up());
        assert!(backend.server("dyn1").unwrap().is_free_slot());
    }

    #[test]
    fn a_table_of_other_backends_lacks_this_one() {
        assert!(read(TABLE, "orders").is_none());
        let both = format!("{TABLE}orders,BACKEND,0,0,0,0,UP,1,,0,,unknown,0,-,\n");
        assert!(read(&both, "orders").unwrap().servers.is_empty());
    }

    #[test]
    fn anything_else_is_no_table() {
        for answer in [
            "",
            "No such proxy.\n\n",
            "# pxname,svname\nweb",
            "\u{0}\u{1}",
        ] {
            assert!(read(answer, "web").is_none(), "{answer:?}");
        }
    }
}
