//! The graphs of the table in `docs/performance.md`, and how often their lines cross.

use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// What every graph is drawn with.
const SEED: u64 = 20_261_201;

/// The middle of each box.
pub(crate) type Drawn = Vec<(f64, f64)>;

/// A graph whose edges go from smaller to larger numbers.
pub(crate) struct Shape {
    /// How many nodes it has.
    pub(crate) count: usize,
    /// From what is needed to what needs it.
    pub(crate) edges: Vec<(u32, u32)>,
}

impl Shape {
    /// As many layers as each is wide, two edges a node, one in twenty from further away.
    pub(crate) fn layered(count: usize) -> Self {
        let width = count.isqrt();
        let mut random = ChaCha8Rng::seed_from_u64(SEED);
        let mut edges = Vec::new();
        for node in width..count {
            let before = node / width - 1;
            for _ in 0..2 {
                let from = match before > 0 && random.random_range(0..20) == 0 {
                    true => random.random_range(0..before * width),
                    false => before * width + random.random_range(0..width),
                };
                edges.push((from as u32, node as u32));
            }
        }
        edges.sort_unstable();
        edges.dedup();
        Self { count, edges }
    }

    /// Names that sort as their numbers do.
    pub(crate) fn names(&self) -> Vec<String> {
        (0..self.count).map(|at| format!("n{at:05}")).collect()
    }

    /// The longest chain.
    pub(crate) fn path(&self) -> Vec<u32> {
        let mut best: Vec<(u32, Option<u32>)> = vec![(0, None); self.count];
        for (from, to) in &self.edges {
            let length = best[*from as usize].0 + 1;
            if length > best[*to as usize].0 {
                best[*to as usize] = (length, Some(*from));
            }
        }
        let last = (0_u32..)
            .take(self.count)
            .max_by_key(|at| best[*at as usize].0);
        let mut path: Vec<u32> = last.into_iter().collect();
        while let Some(before) = path.last().and_then(|at| best[*at as usize].1) {
            path.push(before);
        }
        path.reverse();
        path
    }

    /// The same picture with the longest chain moved to the top.
    pub(crate) fn with_path_at_top(&self, drawn: &Drawn) -> Drawn {
        let top = drawn.iter().map(|(_, y)| *y).fold(f64::MAX, f64::min) - 10.0;
        let mut moved = drawn.clone();
        for node in self.path() {
            moved[node as usize].1 = top;
        }
        moved
    }

    /// Counts the pairs of straight lines that cross, those that share an end left out.
    pub(crate) fn crossings(&self, drawn: &Drawn) -> u64 {
        let side = |a: (f64, f64), b: (f64, f64), c: (f64, f64)| {
            (b.0 - a.0) * (c.1 - a.1) - (b.1 - a.1) * (c.0 - a.0)
        };
        let at = |node: u32| drawn[node as usize];
        let mut found = 0;
        for (place, (a, b)) in self.edges.iter().enumerate() {
            for (c, d) in &self.edges[place + 1..] {
                if a == c || a == d || b == c || b == d {
                    continue;
                }
                let apart = side(at(*a), at(*b), at(*c)) * side(at(*a), at(*b), at(*d)) < 0.0;
                let across = side(at(*c), at(*d), at(*a)) * side(at(*c), at(*d), at(*b)) < 0.0;
                found += u64::from(apart && across);
            }
        }
        found
    }
}
