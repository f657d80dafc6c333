//! First orders, from which the sweeps start.

use std::cmp::Reverse;

use crate::layers::Layers;

/// So much is put into starts; small graphs get more of them.
const WORK: usize = 14_000;
/// The most starts: beyond them hardly any finds a better order.
const MOST: usize = 24;
/// Where drawing lots begins; always the same, so that the same graph gives the same picture.
const SEED: u64 = 20_261_201;

/// Gives the orders that are worth a try, the likeliest first: for each vertex its place.
pub(crate) fn orders(layers: &Layers) -> Vec<Vec<u32>> {
    let count = (WORK / layers.size().max(1)).clamp(2, MOST);
    let mut lots = Lots(SEED);
    let as_named = (0_u32..).take(layers.count()).collect();
    let mut orders = vec![as_named, by_depth(layers)];
    while orders.len() < count {
        orders.push((0..layers.count()).map(|_| lots.draw()).collect());
    }
    orders
}

/// Walks the graph in depth, those with the longest way before them first, so that what hangs
/// together stands together.
fn by_depth(layers: &Layers) -> Vec<u32> {
    let mut height = vec![0_u32; layers.count()];
    for column in layers.columns.iter().rev() {
        for vertex in column {
            let behind = layers.right.get(*vertex).iter();
            let longest = behind.map(|next| height[*next as usize] + 1).max();
            height[*vertex as usize] = longest.unwrap_or(0);
        }
    }
    let mut order = vec![u32::MAX; layers.count()];
    let mut next = 0;
    let mut open: Vec<u32> = layers.columns.first().cloned().unwrap_or_default();
    open.sort_by_key(|vertex| height[*vertex as usize]);
    while let Some(vertex) = open.pop() {
        if order[vertex as usize] != u32::MAX {
            continue;
        }
        order[vertex as usize] = next;
        next += 1;
        let mut behind = layers.right.get(vertex).to_vec();
        behind.sort_by_key(|vertex| (height[*vertex as usize], Reverse(*vertex)));
        open.extend(behind);
    }
    order
}

/// Numbers in no order (splitmix64), without a crate because nothing more is wanted of them.
struct Lots(u64);

impl Lots {
    fn draw(&mut self) -> u32 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed >> 32) as u32
    }
}
