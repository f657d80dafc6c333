//! The picture of a release's graph, for whoever draws it.

use std::collections::BTreeMap;

use gantry_layout::{
    draw,
    graph::Graph,
    picture::{Measure, Picture},
};
use gantry_model::{plan::Plan, release::Release};
use serde::Deserialize;

/// What a caller may say of the picture that it wants.
#[derive(Clone, Debug, Default, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct Wanted {
    /// A picture that was drawn before: its nodes stay where they are, moved ones where they were moved to.
    #[serde(default)]
    #[cfg_attr(feature = "bindings", ts(type = "unknown"))]
    pub before: Option<Picture>,
    /// How wide a box is, where it is not the editor's.
    #[serde(default)]
    #[cfg_attr(feature = "bindings", ts(optional))]
    pub box_width: Option<f64>,
    /// How high a box is, where it is not the editor's.
    #[serde(default)]
    #[cfg_attr(feature = "bindings", ts(optional))]
    pub box_height: Option<f64>,
}

/// The smallest and the largest extent of a box that is drawn.
const EXTENTS: (f64, f64) = (8.0, 2_000.0);

impl Wanted {
    /// Draws a plan.
    pub(crate) fn of_plan(&self, plan: &Plan) -> Picture {
        self.draw(Graph::of(plan))
    }

    /// Draws a release that cannot be planned as it is: its needs, cycles too.
    pub(crate) fn of_release(&self, release: &Release) -> Picture {
        let places: BTreeMap<&str, u32> = release
            .nodes
            .keys()
            .map(|id| id.as_str())
            .zip(0..)
            .collect();
        let edges = release.nodes.values().zip(0_u32..).flat_map(|(node, at)| {
            let needs = node.needs.iter();
            let known = needs.filter_map(|need| places.get(need.node.as_str()));
            known.map(move |needed| (*needed, at))
        });
        let edges: Vec<(u32, u32)> = edges.collect();
        let names = release.nodes.keys().map(ToString::to_string);
        self.draw(Graph::new(names.collect(), edges))
    }

    fn draw(&self, graph: Graph) -> Picture {
        let usual = Measure::default();
        let extent = |asked: Option<f64>, usual: f64| {
            let asked = asked.filter(|asked| asked.is_finite());
            asked.map_or(usual, |asked| asked.clamp(EXTENTS.0, EXTENTS.1))
        };
        let measure = Measure {
            width: extent(self.box_width, usual.width),
            height: extent(self.box_height, usual.height),
            ..usual
        };
        match &self.before {
            Some(before) => draw(&graph.beside(before), &measure),
            None => draw(&graph, &measure),
        }
    }
}
