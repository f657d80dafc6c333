//! The order inside the columns: few crossings, the critical path at the top.

mod count;
mod exchange;

use crate::{graph::Graph, layers::Layers, picture::Measure, place};

/// How many looks at everything one start is worth.
const LOOKS: usize = 24;
/// So many turns without a better order end a start.
const PATIENCE: usize = 6;

/// Columns in order, and the place of each vertex in its column.
#[derive(Clone, Debug)]
pub(crate) struct Order {
    pub(crate) columns: Vec<Vec<u32>>,
    pub(crate) place: Vec<u32>,
}

impl Order {
    /// Orders every column by a key of its vertices; what belongs at the top goes there.
    fn by<K: PartialOrd>(layers: &Layers, key: impl Fn(u32) -> K) -> Self {
        let mut order = Self {
            columns: layers.columns.clone(),
            place: vec![0; layers.count()],
        };
        for at in 0..order.columns.len() {
            order.sort(layers, at, &key);
        }
        order
    }

    fn sort<K: PartialOrd>(&mut self, layers: &Layers, at: usize, key: &impl Fn(u32) -> K) {
        let mut column: Vec<(bool, K, u32)> = self.columns[at]
            .iter()
            .map(|vertex| (!layers.top[*vertex as usize], key(*vertex), *vertex))
            .collect();
        column.sort_by(|one, other| {
            let keys = one.1.partial_cmp(&other.1);
            one.0
                .cmp(&other.0)
                .then(keys.unwrap_or(std::cmp::Ordering::Equal))
        });
        self.columns[at].clear();
        self.columns[at].extend(column.into_iter().map(|(_, _, vertex)| vertex));
        self.number(at);
    }

    fn number(&mut self, at: usize) {
        for (vertex, place) in self.columns[at].iter().zip(0_u32..) {
            self.place[*vertex as usize] = place;
        }
    }
}

/// Finds an order with few crossings, from the best of some starts.
pub(crate) fn untangle(layers: &mut Layers, starts: Vec<Vec<u32>>) {
    let mut best: Option<(u64, Order)> = None;
    for start in starts {
        let order = Order::by(layers, |vertex| start[vertex as usize]);
        let found = improve(layers, order);
        if best
            .as_ref()
            .is_none_or(|(crossings, _)| found.0 < *crossings)
        {
            best = Some(found);
        }
    }
    if let Some((_, order)) = best {
        layers.columns = order.columns;
    }
}

/// Keeps the order of an earlier picture, and only finds places for what it does not show.
pub(crate) fn keep(layers: &mut Layers, graph: &Graph, measure: &Measure) {
    let kept = place::kept(layers, graph, measure);
    let wish = place::wishes(layers, &kept);
    let mut order = Order::by(layers, |vertex| wish[vertex as usize]);
    let is_new = |vertex: u32| kept[vertex as usize].is_none();
    for _ in 0..PATIENCE {
        if !exchange::pass(layers, &mut order, &|one, other| {
            is_new(one) || is_new(other)
        }) {
            break;
        }
    }
    layers.columns = order.columns;
}

/// Turns of sweeps and exchanges; gives the best order that was seen.
fn improve(layers: &Layers, mut order: Order) -> (u64, Order) {
    let mut best = (count::crossings(layers, &order), order.clone());
    let mut idle = 0;
    for turn in 0..LOOKS {
        if best.0 == 0 || idle >= PATIENCE {
            break;
        }
        sweep(layers, &mut order, turn);
        if turn % 4 == 3 {
            exchange::pass(layers, &mut order, &|_, _| true);
        }
        let crossings = count::crossings(layers, &order);
        idle += 1;
        if crossings < best.0 {
            best = (crossings, order.clone());
            idle = 0;
        }
    }
    let (_, order) = &mut best;
    for _ in 0..PATIENCE {
        if !exchange::pass(layers, order, &|_, _| true) {
            break;
        }
    }
    best.0 = count::crossings(layers, &best.1);
    best
}

/// Sorts each column by its neighbours in the one before, and then back by those behind.
fn sweep(layers: &Layers, order: &mut Order, turn: usize) {
    let last = order.columns.len();
    for at in 1..last {
        step(layers, order, (at, turn), |vertex| layers.left.get(vertex));
    }
    for at in (0..last.saturating_sub(1)).rev() {
        step(layers, order, (at, turn), |vertex| layers.right.get(vertex));
    }
}

/// Sorts one column. Of vertices that want the same place the order is kept, and turned round in
/// every other turn, which gets out of orders that no exchange of two would better.
fn step<'a>(
    layers: &Layers,
    order: &mut Order,
    (at, turn): (usize, usize),
    neighbours: impl Fn(u32) -> &'a [u32],
) {
    let middle = |vertex: u32| {
        let all = neighbours(vertex);
        if all.is_empty() {
            return f64::from(order.place[vertex as usize]);
        }
        let sum: f64 = all
            .iter()
            .map(|next| f64::from(order.place[*next as usize]))
            .sum();
        sum / all.len() as f64
    };
    let keys: Vec<f64> = order.columns[at]
        .iter()
        .map(|vertex| middle(*vertex))
        .collect();
    let mut column: Vec<(bool, f64, u32)> = order.columns[at]
        .iter()
        .zip(keys)
        .map(|(vertex, key)| (!layers.top[*vertex as usize], key, *vertex))
        .collect();
    if turn % 2 == 1 {
        column.reverse();
    }
    column.sort_by(|one, other| one.0.cmp(&other.0).then(one.1.total_cmp(&other.1)));
    order.columns[at].clear();
    order.columns[at].extend(column.into_iter().map(|(_, _, vertex)| vertex));
    order.number(at);
}
