//! Columns of vertices: the nodes, and a bend in every column that an edge passes.

use std::{collections::BTreeSet, ops::Range};

use crate::{graph::Graph, lists::Lists};

/// So many bends there may be beside what the nodes allow; longer edges go round.
const BENDS: usize = 4_000;
/// So many bends there may be for each node.
const BENDS_A_NODE: usize = 3;

/// How an edge gets from its start to its end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Course {
    /// Through the columns between, by these vertices.
    Through(Range<u32>),
    /// Round, below everything, in this lane.
    Round(u32),
}

/// All vertices in columns. A vertex below the number of nodes is that node, others are bends.
#[derive(Clone, Debug)]
pub(crate) struct Layers {
    /// How many of the vertices are nodes.
    pub(crate) nodes: u32,
    /// The columns, each from top to bottom.
    pub(crate) columns: Vec<Vec<u32>>,
    /// The column of each vertex.
    pub(crate) column: Vec<u32>,
    /// Whether a vertex belongs at the top, because the critical path goes through it.
    pub(crate) top: Vec<bool>,
    /// How each edge of the graph goes, in the graph's order.
    pub(crate) courses: Vec<Course>,
    /// The neighbours in the column before.
    pub(crate) left: Lists,
    /// The neighbours in the column behind.
    pub(crate) right: Lists,
}

impl Layers {
    /// Builds the columns of a graph, each in the order of the nodes with the bends behind.
    pub(crate) fn of(graph: &Graph) -> Self {
        let nodes = graph.count();
        let critical = graph.critical_edges();
        let mut column = graph.waves.clone();
        let mut top = vec![false; nodes];
        for node in &graph.critical {
            top[*node as usize] = true;
        }
        let (courses, bends) = courses(graph, &critical);
        let mut links = Vec::with_capacity(graph.edges.len() + bends);
        for (edge, course) in graph.edges.iter().zip(&courses) {
            let Course::Through(bends) = course else {
                continue;
            };
            let mut last = edge.0;
            for bend in bends.clone() {
                links.push((last, bend));
                column.push(column[last as usize] + 1);
                top.push(critical.contains(edge));
                last = bend;
            }
            links.push((last, edge.1));
        }
        let count = column.len();
        let mut columns =
            vec![Vec::new(); column.iter().max().map_or(0, |last| *last as usize + 1)];
        for (vertex, column) in column.iter().enumerate() {
            columns[*column as usize].push(vertex as u32);
        }
        Self {
            nodes: nodes as u32,
            columns,
            left: Lists::of(count, links.iter().map(|(from, to)| (*to, *from))),
            right: Lists::of(count, links.iter().copied()),
            column,
            top,
            courses,
        }
    }

    /// Whether a vertex is only where an edge passes.
    pub(crate) fn is_bend(&self, vertex: u32) -> bool {
        vertex >= self.nodes
    }

    /// How many vertices there are.
    pub(crate) fn count(&self) -> usize {
        self.column.len()
    }

    /// How much there is to do in one look at everything.
    pub(crate) fn size(&self) -> usize {
        self.count() + self.right.len()
    }
}

/// Decides for each edge how it goes; short edges and those of the critical path get their bends first.
fn courses(graph: &Graph, critical: &BTreeSet<(u32, u32)>) -> (Vec<Course>, usize) {
    let span = |edge: &(u32, u32)| {
        let wave = |node: u32| i64::from(graph.waves[node as usize]);
        wave(edge.1) - wave(edge.0)
    };
    let mut shortest: Vec<usize> = (0..graph.edges.len()).collect();
    shortest.sort_by_cached_key(|at| {
        let edge = &graph.edges[*at];
        (!critical.contains(edge), span(edge))
    });
    let mut left = (BENDS + BENDS_A_NODE * graph.count()) as i64;
    let mut goes_round = vec![false; graph.edges.len()];
    for at in shortest {
        let bends = span(&graph.edges[at]) - 1;
        // Against the stream there are no columns between.
        goes_round[at] = bends < 0 || bends > left;
        if !goes_round[at] {
            left -= bends;
        }
    }
    let (mut next, mut lane) = (graph.count() as u32, 0);
    let courses = graph
        .edges
        .iter()
        .zip(goes_round)
        .map(|(edge, goes_round)| {
            if goes_round {
                lane += 1;
                return Course::Round(lane - 1);
            }
            let first = next;
            next += (span(edge) - 1) as u32;
            Course::Through(first..next)
        });
    let courses = courses.collect();
    (courses, next as usize - graph.count())
}
