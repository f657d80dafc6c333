//! The lines: between boxes, through the rows that their bends keep free, or round below everything.

use crate::{
    graph::Graph,
    layers::{Course, Layers},
    picture::{Measure, Picture, PlacedEdge, PlacedNode},
    place::{extent, span, turned},
};

/// Between the lines that go round.
const LANE: f64 = 8.0;

/// Along and across the way.
type Point = (f64, f64);

/// Puts boxes and lines together.
pub(crate) fn picture(graph: &Graph, layers: &Layers, rows: &[f64], measure: &Measure) -> Picture {
    let sheet = Sheet::of(layers, rows, measure);
    let critical = graph.critical_edges();
    let edges = graph.edges.iter().zip(&layers.courses);
    let edges = edges.map(|(edge, course)| {
        let points = match course {
            Course::Through(bends) => sheet.through(*edge, bends.clone()),
            Course::Round(lane) => sheet.round(*edge, *lane),
        };
        PlacedEdge {
            from: graph.ids[edge.0 as usize].clone(),
            to: graph.ids[edge.1 as usize].clone(),
            points: points
                .into_iter()
                .map(|point| sheet.on_sheet(point))
                .collect(),
            critical: critical.contains(edge),
        }
    });
    let nodes = graph.ids.iter().zip(&graph.waves).zip(0_u32..);
    let nodes = nodes.map(|((id, wave), vertex)| {
        let corner = (
            sheet.start(vertex),
            sheet.across(vertex) - extent(measure) / 2.0,
        );
        let (x, y) = sheet.on_sheet(corner);
        PlacedNode {
            id: id.clone(),
            x,
            y,
            width: measure.width,
            height: measure.height,
            wave: *wave,
        }
    });
    let (width, height) = sheet.size();
    Picture {
        width,
        height,
        nodes: nodes.collect(),
        edges: edges.collect(),
    }
}

/// Columns and rows as lengths along and across the way.
struct Sheet<'a> {
    layers: &'a Layers,
    rows: &'a [f64],
    measure: &'a Measure,
    /// The end of everything but what goes round.
    bottom: f64,
}

impl<'a> Sheet<'a> {
    fn of(layers: &'a Layers, rows: &'a [f64], measure: &'a Measure) -> Self {
        let nodes = rows.iter().take(layers.nodes as usize).copied();
        let nodes = nodes.fold(0.0, f64::max) + extent(measure);
        let bends = rows.iter().skip(layers.nodes as usize).copied();
        let bends = bends.fold(0.0, f64::max) + extent(measure) / 2.0;
        Self {
            layers,
            rows,
            measure,
            bottom: measure.margin + nodes.max(bends),
        }
    }

    /// Where the column of a vertex begins.
    fn start(&self, vertex: u32) -> f64 {
        span(self.measure, self.layers.column[vertex as usize]).0
    }

    fn end(&self, vertex: u32) -> f64 {
        span(self.measure, self.layers.column[vertex as usize]).1
    }

    /// The middle of a vertex across the way.
    fn across(&self, vertex: u32) -> f64 {
        self.measure.margin + extent(self.measure) / 2.0 + self.rows[vertex as usize]
    }

    /// From box to box: in a column along its bend's row, and straight in the room between columns.
    fn through(&self, (from, to): (u32, u32), bends: std::ops::Range<u32>) -> Vec<Point> {
        let mut points = vec![(self.end(from), self.across(from))];
        for bend in bends {
            points.push((self.start(bend), self.across(bend)));
            points.push((self.end(bend), self.across(bend)));
        }
        points.push((self.start(to), self.across(to)));
        straightened(points)
    }

    /// Out of the box, down in the room behind its column, along a lane below everything, and up
    /// in the room before the other box.
    fn round(&self, (from, to): (u32, u32), lane: u32) -> Vec<Point> {
        let between = self.measure.between;
        let behind = self.end(from) + between / 3.0;
        let before = self.start(to) - between / 3.0;
        let below = self.bottom + f64::from(lane + 1) * LANE;
        vec![
            (self.end(from), self.across(from)),
            (behind, self.across(from)),
            (behind, below),
            (before, below),
            (before, self.across(to)),
            (self.start(to), self.across(to)),
        ]
    }

    fn size(&self) -> (f64, f64) {
        let lanes = self
            .layers
            .courses
            .iter()
            .filter(|course| matches!(course, Course::Round(_)));
        let last = (self.layers.columns.len() as u32).saturating_sub(1);
        let along = span(self.measure, last).1 + self.measure.margin;
        let below = self.bottom + lanes.count() as f64 * LANE + self.measure.margin;
        match self.layers.nodes {
            0 => (0.0, 0.0),
            _ => self.on_sheet((along, below)),
        }
    }

    fn on_sheet(&self, point: Point) -> (f64, f64) {
        turned(self.measure, point)
    }
}

/// Leaves out points on a straight line between their neighbours; lines only bend at their ends.
fn straightened(points: Vec<Point>) -> Vec<Point> {
    let mut kept: Vec<Point> = Vec::with_capacity(points.len());
    for point in points {
        if let [.., one, two] = kept.as_slice()
            && one.1 == two.1
            && two.1 == point.1
        {
            kept.pop();
        }
        kept.push(point);
    }
    kept
}
