//! The graph as a picture of its own: the window's layout, in the reader's light or dark.
//!
//! Every name is escaped and only ever stands between tags; there is no link, script or font in it.

use std::fmt::Write;

use gantry_layout::{
    draw,
    graph::Graph,
    picture::{Measure, Picture, PlacedEdge, PlacedNode},
};
use gantry_model::plan::{Plan, PlannedNode};

use super::caption;
use crate::plot::escaped;

/// Above the boxes there is room for the names of the waves.
const HEAD: f64 = 28.0;
/// About how wide a letter is, of the large and the small ones.
const LETTERS: (f64, f64) = (7.6, 6.2);

const MEASURE: Measure = Measure {
    width: 184.0,
    height: 64.0,
    between: 56.0,
    beside: 24.0,
    margin: 16.0,
    way: gantry_layout::picture::Way::Right,
};

const STYLE: &str = "<style>
svg{font-family:system-ui,-apple-system,'Segoe UI',Roboto,'DejaVu Sans',sans-serif}
.paper{fill:#fff}.box{fill:#f8fafc;stroke:#cbd5e1}.name{fill:#0f172a;font-size:13px;font-weight:600}
.soft{fill:#475569;font-size:11px}.edge{fill:none;stroke:#94a3b8;stroke-width:1.2}.tip{fill:#94a3b8}
.critical{stroke:#0f172a;stroke-width:2.25}.critical-tip{fill:#0f172a}.rule{stroke:#0f172a;stroke-width:1.5}
@media(prefers-color-scheme:dark){.paper{fill:#0d1117}.box{fill:#161c25;stroke:#334155}.name{fill:#f1f5f9}
.soft{fill:#94a3b8}.edge{stroke:#475569}.tip{fill:#475569}.critical{stroke:#f1f5f9}.critical-tip{fill:#f1f5f9}.rule{stroke:#f1f5f9}}
</style>";

/// Writes the picture.
pub(super) fn write(plan: &Plan) -> String {
    let picture = draw(&Graph::of(plan), &MEASURE);
    let title = plan
        .title
        .clone()
        .unwrap_or_else(|| plan.release.to_string());
    let (width, height) = (picture.width, picture.height + HEAD);
    // Writing to a String cannot fail, here and below.
    let mut svg = String::new();
    let _ = writeln!(
        svg,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width:.0} {height:.0}\" width=\"{width:.0}\" height=\"{height:.0}\" role=\"img\">\n\
         <title>{}</title>\n<desc>{}</desc>\n{STYLE}\n<rect class=\"paper\" width=\"{width:.0}\" height=\"{height:.0}\"/>",
        escaped(&title),
        escaped(&described(plan)),
    );
    waves(&mut svg, &picture);
    // The critical path lies above what it crosses.
    let (critical, others): (Vec<_>, Vec<_>) = picture.edges.iter().partition(|edge| edge.critical);
    for line in others.into_iter().chain(critical) {
        edge(&mut svg, line);
    }
    for (placed, node) in picture.nodes.iter().zip(&plan.nodes) {
        card(&mut svg, placed, (plan, node));
    }
    svg.push_str("</svg>\n");
    svg
}

/// Says in words what the picture shows.
fn described(plan: &Plan) -> String {
    let path = plan.critical_path.nodes.iter();
    let path = path.filter_map(|at| plan.nodes.get(at.at()));
    let path: Vec<&str> = path.map(|node| node.id.as_str()).collect();
    format!(
        "{} nodes in {} waves; the critical path is {}.",
        plan.nodes.len(),
        plan.waves.len(),
        path.join(", ")
    )
}

fn waves(svg: &mut String, picture: &Picture) {
    let mut named = std::collections::BTreeMap::new();
    for node in &picture.nodes {
        named.entry(node.wave).or_insert(node.x);
    }
    for (wave, x) in named {
        let _ = writeln!(
            svg,
            "<text class=\"soft\" x=\"{x:.0}\" y=\"20\">Wave {}</text>",
            wave + 1
        );
    }
}

/// Draws a line: level in the columns, and in a curve between them.
fn edge(svg: &mut String, edge: &PlacedEdge) {
    let [first, rest @ ..] = edge.points.as_slice() else {
        return;
    };
    let class = if edge.critical {
        "edge critical"
    } else {
        "edge"
    };
    let _ = write!(
        svg,
        "<path class=\"{class}\" d=\"M{:.0} {:.0}",
        first.0,
        first.1 + HEAD
    );
    let mut last = *first;
    for point in rest {
        let (x, y) = (point.0, point.1 + HEAD);
        let _ = if last.1 == point.1 || last.0 == point.0 {
            write!(svg, "L{x:.0} {y:.0}")
        } else {
            let middle = (last.0 + x) / 2.0;
            let from = last.1 + HEAD;
            write!(
                svg,
                "C{middle:.0} {from:.0} {middle:.0} {y:.0} {x:.0} {y:.0}"
            )
        };
        last = *point;
    }
    let (x, y) = (last.0, last.1 + HEAD);
    let tip = if edge.critical { "critical-tip" } else { "tip" };
    let _ = writeln!(
        svg,
        "\"/><polygon class=\"{tip}\" points=\"{:.0},{:.0} {x:.0},{y:.0} {:.0},{:.0}\"/>",
        x - 7.0,
        y - 4.0,
        x - 7.0,
        y + 4.0
    );
}

fn card(svg: &mut String, placed: &PlacedNode, (plan, node): (&Plan, &PlannedNode)) {
    let (x, y) = (placed.x, placed.y + HEAD);
    let _ = writeln!(
        svg,
        "<rect class=\"box\" x=\"{x:.0}\" y=\"{y:.0}\" width=\"{:.0}\" height=\"{:.0}\" rx=\"6\"/>\
         <text class=\"name\" x=\"{:.0}\" y=\"{:.0}\">{}</text>\
         <text class=\"soft\" x=\"{:.0}\" y=\"{:.0}\">{}</text>",
        placed.width,
        placed.height,
        x + 12.0,
        y + 25.0,
        escaped(&fitted(node.id.as_str(), LETTERS.0)),
        x + 12.0,
        y + 46.0,
        escaped(&fitted(&caption(node), LETTERS.1)),
    );
    let point = plan.point_of_no_return.as_ref();
    let step = point.and_then(|point| plan.steps.get(point.step.at()));
    let of_this = step.filter(|step| {
        plan.nodes
            .get(step.node.at())
            .is_some_and(|of| of.id == node.id)
    });
    if let Some(step) = of_this {
        let (right, bottom) = (x + placed.width, y + placed.height);
        let _ = writeln!(
            svg,
            "<path class=\"rule\" d=\"M{:.0} {y:.0}V{bottom:.0}M{:.0} {y:.0}V{bottom:.0}\"/>\
             <text class=\"soft\" x=\"{right:.0}\" y=\"{:.0}\" text-anchor=\"end\">no return from {}</text>",
            right - 6.0,
            right - 3.0,
            bottom + 14.0,
            escaped(&fitted(step.id.as_str(), LETTERS.1)),
        );
    }
}

/// Cuts a text that would be wider than its box.
fn fitted(text: &str, letter: f64) -> String {
    let most = ((MEASURE.width - 24.0) / letter) as usize;
    match text.char_indices().nth(most) {
        Some((cut, _)) => format!("{}…", text.get(..cut).unwrap_or(text)),
        None => text.to_owned(),
    }
}
