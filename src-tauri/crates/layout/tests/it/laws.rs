//! What holds of every picture.

use gantry_layout::{
    draw,
    graph::Graph,
    picture::{Measure, Picture, PlacedNode, Way},
};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

use crate::given::{graph, layered, names};

const DOWN: Measure = Measure {
    width: 176.0,
    height: 64.0,
    between: 52.0,
    beside: 18.0,
    margin: 6.0,
    way: Way::Down,
};

/// Graphs of many forms; the number is the seed, which a failing test prints.
fn forms() -> impl Iterator<Item = (u64, usize, Vec<(u32, u32)>)> {
    (0..60_u64).map(|seed| {
        let mut random = ChaCha8Rng::seed_from_u64(seed);
        let count = random.random_range(1..90_usize);
        let edges = match seed % 3 {
            0 => layered(count, seed),
            1 => sparse(count, &mut random),
            _ => dense(count.min(24), &mut random),
        };
        (seed, count, edges)
    })
}

fn sparse(count: usize, random: &mut ChaCha8Rng) -> Vec<(u32, u32)> {
    let nodes = (1..count as u32).filter(|_| count > 1);
    nodes.map(|to| (random.random_range(0..to), to)).collect()
}

fn dense(count: usize, random: &mut ChaCha8Rng) -> Vec<(u32, u32)> {
    let all = (0..count as u32).flat_map(|to| (0..to).map(move |from| (from, to)));
    all.filter(|_| random.random_range(0..3) == 0).collect()
}

fn overlap(one: &PlacedNode, other: &PlacedNode) -> bool {
    one.x < other.x + other.width
        && other.x < one.x + one.width
        && one.y < other.y + other.height
        && other.y < one.y + one.height
}

/// Whether a straight piece of a line goes through the inside of a box.
fn goes_through(((ax, ay), (bx, by)): ((f64, f64), (f64, f64)), node: &PlacedNode) -> bool {
    let (left, right) = (node.x + 0.5, node.x + node.width - 0.5);
    let (top, bottom) = (node.y + 0.5, node.y + node.height - 0.5);
    // Clips the piece to the box, side by side.
    let (mut first, mut last) = (0.0_f64, 1.0_f64);
    for (start, delta, low, high) in [(ax, bx - ax, left, right), (ay, by - ay, top, bottom)] {
        if delta == 0.0 {
            if start <= low || start >= high {
                return false;
            }
            continue;
        }
        let (one, two) = ((low - start) / delta, (high - start) / delta);
        first = first.max(one.min(two));
        last = last.min(one.max(two));
    }
    first < last
}

fn check(seed: u64, picture: &Picture) {
    for (at, one) in picture.nodes.iter().enumerate() {
        assert!(
            one.x >= 0.0 && one.x + one.width <= picture.width,
            "seed {seed}: {one:?}"
        );
        assert!(
            one.y >= 0.0 && one.y + one.height <= picture.height,
            "seed {seed}: {one:?}"
        );
        for other in &picture.nodes[at + 1..] {
            assert!(
                !overlap(one, other),
                "seed {seed}: {one:?} lies on {other:?}"
            );
        }
    }
    for edge in &picture.edges {
        assert!(edge.points.len() >= 2, "seed {seed}: {edge:?}");
        for piece in edge.points.windows(2) {
            let crossed = picture
                .nodes
                .iter()
                .find(|node| goes_through((piece[0], piece[1]), node));
            assert!(
                crossed.is_none(),
                "seed {seed}: {edge:?} goes through {crossed:?}"
            );
        }
    }
}

#[test]
fn boxes_do_not_touch_and_lines_keep_off_boxes() {
    for (seed, count, edges) in forms() {
        for measure in [Measure::default(), DOWN] {
            check(seed, &draw(&graph(count, &edges), &measure));
        }
    }
}

#[test]
fn a_graph_always_gives_the_same_picture() {
    for (seed, count, edges) in forms() {
        let first = draw(&graph(count, &edges), &Measure::default());
        let again = draw(&graph(count, &edges), &Measure::default());
        assert_eq!(first, again, "seed {seed}");
    }
}

#[test]
fn columns_are_waves() {
    for (seed, count, edges) in forms() {
        let picture = draw(&graph(count, &edges), &Measure::default());
        for edge in &picture.edges {
            let find = |id: &str| picture.nodes.iter().find(|node| node.id == id).unwrap();
            let (from, to) = (find(&edge.from), find(&edge.to));
            assert!(
                from.wave < to.wave && from.x < to.x,
                "seed {seed}: {edge:?}"
            );
        }
        for node in &picture.nodes {
            assert_eq!(node.x, 16.0 + f64::from(node.wave) * 190.0, "seed {seed}");
        }
    }
}

#[test]
fn the_critical_path_is_a_straight_line_at_the_top() {
    for (seed, count, edges) in forms() {
        let picture = draw(&graph(count, &edges), &Measure::default());
        let top = picture
            .nodes
            .iter()
            .map(|node| node.y)
            .fold(f64::MAX, f64::min);
        let middle = top + 52.0;
        for edge in picture.edges.iter().filter(|edge| edge.critical) {
            assert!(
                edge.points.iter().all(|(_, y)| *y == middle),
                "seed {seed}: {edge:?}"
            );
            assert_eq!(edge.points.len(), 2, "seed {seed}");
        }
    }
}

#[test]
fn a_node_that_is_added_moves_few_others() {
    let mut moved = 0;
    let mut seen = 0;
    for seed in 0..20_u64 {
        let mut random = ChaCha8Rng::seed_from_u64(seed);
        let edges = layered(50, seed);
        let before = draw(&graph(50, &edges), &Measure::default());
        let mut more = edges.clone();
        more.push((random.random_range(0..42), 50));
        let after = graph(51, &more).beside(&before);
        let after = draw(&after, &Measure::default());
        check(seed, &after);
        let others = before.nodes.iter().zip(&after.nodes);
        let own: Vec<_> = others
            .filter(|(one, other)| (one.x, one.y) != (other.x, other.y))
            .collect();
        let wave = after.nodes[50].wave;
        assert!(own.iter().all(|(_, node)| node.wave == wave), "seed {seed}");
        assert!(own.len() <= 8, "seed {seed}: {} of 50 moved", own.len());
        moved += own.len();
        seen += 50;
    }
    assert!(moved * 10 <= seen, "{moved} of {seen} moved");
}

#[test]
fn a_picture_beside_itself_stays_as_it_is() {
    for (seed, count, edges) in forms() {
        let first = draw(&graph(count, &edges), &Measure::default());
        let again = draw(&graph(count, &edges).beside(&first), &Measure::default());
        assert_eq!(first.nodes, again.nodes, "seed {seed}");
        check(seed, &again);
    }
}

#[test]
fn places_that_nobody_drew_do_no_harm() {
    let mut wild = draw(&graph(20, &layered(20, 1)), &Measure::default());
    for (node, y) in wild
        .nodes
        .iter_mut()
        .zip([f64::NAN, f64::INFINITY, -1e300, 1e300, -50.0, 7.5])
    {
        node.y = y;
    }
    let again = draw(
        &graph(20, &layered(20, 1)).beside(&wild),
        &Measure::default(),
    );
    check(1, &again);
}

#[test]
fn a_cycle_is_drawn_against_the_stream() {
    let cycle = Graph::new(names(4), [(0, 1), (1, 2), (2, 0), (2, 3), (3, 3), (9, 1)]);
    let picture = draw(&cycle, &Measure::default());
    check(0, &picture);
    assert_eq!(
        picture
            .nodes
            .iter()
            .map(|node| node.wave)
            .collect::<Vec<_>>(),
        [0, 1, 2, 3]
    );
    let back = &picture.edges[2];
    assert_eq!((back.from.as_str(), back.to.as_str()), ("n00002", "n00000"));
    assert_eq!(picture.edges.len(), 4);
}

#[test]
fn edges_too_long_for_bends_go_round() {
    let chain = (1..400_u32).map(|to| (to - 1, to));
    let skips = (300..400_u32).flat_map(|to| (0..100).map(move |from| (from, to)));
    let edges: Vec<(u32, u32)> = chain.chain(skips).collect();
    let picture = draw(&graph(400, &edges), &Measure::default());
    assert_eq!(picture.edges.len(), 399 + 100 * 100);
    let lowest = picture
        .nodes
        .iter()
        .map(|node| node.y + node.height)
        .fold(0.0, f64::max);
    let round = picture
        .edges
        .iter()
        .filter(|edge| edge.points.iter().any(|(_, y)| *y > lowest));
    assert!(round.count() > 9_000);
}

#[test]
fn nothing_gives_an_empty_picture() {
    let picture = draw(&Graph::new(Vec::new(), []), &Measure::default());
    assert_eq!(picture, Picture::default());
}
