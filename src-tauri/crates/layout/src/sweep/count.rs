//! How often edges cross.

use super::Order;
use crate::layers::Layers;

/// Counts the crossings between all columns.
pub(super) fn crossings(layers: &Layers, order: &Order) -> u64 {
    let mut sums = Vec::new();
    let mut ends = Vec::new();
    let pairs = order.columns.windows(2).map(|pair| match pair {
        [column, next] => {
            ends.clear();
            for vertex in column {
                let first = ends.len();
                let right = layers.right.get(*vertex).iter();
                ends.extend(right.map(|next| order.place[*next as usize]));
                ends[first..].sort_unstable();
            }
            inversions(&ends, next.len(), &mut sums)
        }
        _ => 0,
    });
    pairs.sum()
}

/// Counts the pairs that stand the wrong way round, with a tree of sums; places are below `count`.
fn inversions(places: &[u32], count: usize, sums: &mut Vec<u32>) -> u64 {
    sums.clear();
    sums.resize(count + 1, 0);
    let mut found = 0;
    for (seen, place) in places.iter().enumerate() {
        let mut at = *place as usize + 1;
        let mut before = 0;
        while at > 0 {
            before += sums[at];
            at &= at - 1;
        }
        found += (seen as u64) - u64::from(before);
        let mut at = *place as usize + 1;
        while at <= count {
            sums[at] += 1;
            at += at & at.wrapping_neg();
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pairs_the_wrong_way_round_are_counted() {
        let mut sums = Vec::new();
        assert_eq!(inversions(&[0, 1, 2], 3, &mut sums), 0);
        assert_eq!(inversions(&[2, 1, 0], 3, &mut sums), 3);
        assert_eq!(inversions(&[1, 1, 0], 3, &mut sums), 2);
    }
}
