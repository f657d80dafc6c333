//! Neighbours in a column change places where that takes crossings away.

use super::Order;
use crate::layers::Layers;

/// Looks at all neighbours once; tells whether anything was better.
pub(super) fn pass(layers: &Layers, order: &mut Order, may: &impl Fn(u32, u32) -> bool) -> bool {
    let mut better = false;
    let mut ends = Ends::default();
    for at in 0..order.columns.len() {
        for place in 1..order.columns[at].len() {
            let (upper, lower) = (order.columns[at][place - 1], order.columns[at][place]);
            if layers.top[upper as usize] != layers.top[lower as usize] || !may(upper, lower) {
                continue;
            }
            let gain = ends.gain(order, layers.left.get(upper), layers.left.get(lower))
                + ends.gain(order, layers.right.get(upper), layers.right.get(lower));
            if gain > 0 {
                order.columns[at].swap(place - 1, place);
                order.place.swap(upper as usize, lower as usize);
                better = true;
            }
        }
    }
    better
}

/// Room for the places of neighbours, kept because there are so many of these questions.
#[derive(Default)]
struct Ends {
    upper: Vec<u32>,
    lower: Vec<u32>,
}

impl Ends {
    /// How many crossings fewer there are when lower goes above upper.
    fn gain(&mut self, order: &Order, upper: &[u32], lower: &[u32]) -> i64 {
        let fill = |places: &mut Vec<u32>, vertices: &[u32]| {
            places.clear();
            places.extend(vertices.iter().map(|vertex| order.place[*vertex as usize]));
            places.sort_unstable();
        };
        fill(&mut self.upper, upper);
        fill(&mut self.lower, lower);
        below(&self.upper, &self.lower) - below(&self.lower, &self.upper)
    }
}

/// Counts the pairs in which an end of the first list lies below one of the second.
fn below(first: &[u32], second: &[u32]) -> i64 {
    let mut seen = 0;
    let each = first.iter().map(|place| {
        while second.get(seen).is_some_and(|other| other < place) {
            seen += 1;
        }
        seen as i64
    });
    each.sum()
}
