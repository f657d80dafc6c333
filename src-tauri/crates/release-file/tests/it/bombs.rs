//! Small files that stand for large ones, and files that are too large: refused in bounded memory.

use gantry_release_file::{
    read,
    yaml::{self, Limits},
};

fn code(text: &str) -> String {
    let problems = read("bomb.yaml", text.as_bytes()).expect_err("a bomb");
    problems.told()[0].code.to_string()
}

fn laughs(levels: usize, width: usize) -> String {
    let first = format!("l0: &l0 [{}]\n", ["lol"; 10].join(", "));
    let further = (1..levels).map(|level| {
        let aliases = vec![format!("*l{}", level - 1); width].join(", ");
        format!("l{level}: &l{level} [{aliases}]\n")
    });
    first + &further.collect::<String>()
}

#[test]
fn a_billion_laughs_are_counted_and_not_laughed() {
    assert_eq!(code(&laughs(10, 10)), "too-large");
    assert_eq!(code(&laughs(30, 2)), "too-large");
}

#[test]
fn a_quadratic_bomb_is_refused() {
    let items = vec!["x"; 20_000].join(",");
    let aliases = vec!["*a"; 20_000].join(",");
    assert_eq!(
        code(&format!("a: &a [{items}]\nb: [{aliases}]\n")),
        "too-large"
    );
}

#[test]
fn long_text_behind_many_aliases_is_a_bomb_too() {
    let text = "x".repeat(1_000_000);
    let aliases = vec!["*a"; 10_000].join(",");
    assert_eq!(
        code(&format!("a: &a {text}\nb: [{aliases}]\n")),
        "too-large"
    );
}

#[test]
fn the_number_of_nodes_is_bounded() {
    let file = |count: usize| {
        let nodes = (0..count).map(|n| format!("  n{n}: {{ kind: task }}\n"));
        format!(
            "gantry: 1\nrelease: r\nnodes:\n{}",
            nodes.collect::<String>()
        )
    };
    assert_eq!(code(&file(20_001)), "too-large");
    let most = read("f", file(20_000).as_bytes()).map(|document| document.release.nodes.len());
    assert_eq!(most.ok(), Some(20_000));
}

#[test]
fn a_large_file_of_problems_is_not_told_in_full() {
    let text: String = (0..150_000)
        .map(|n| format!("stratagem-{n}: 1\n"))
        .collect();
    let problems = read("bomb.yaml", text.as_bytes()).unwrap_err();
    assert_eq!(problems.told().len(), 100);
}

#[test]
fn merged_maps_are_counted_like_other_aliases() {
    let keys: String = (0..5000).map(|n| format!("k{n}: 1, ")).collect();
    let merges: String = (0..5000).map(|n| format!("m{n}: {{ <<: *a }}\n")).collect();
    assert_eq!(code(&format!("a: &a {{ {keys} }}\n{merges}")), "too-large");
}

#[test]
fn depth_is_bounded_in_every_style() {
    let deep = 100_000;
    assert_eq!(code(&"[".repeat(deep)), "too-deep");
    assert_eq!(code(&"{a: ".repeat(deep)), "too-deep");
    assert_eq!(code(&"- ".repeat(deep)), "too-deep");
    let indented: String = (0..2000)
        .map(|n| format!("{}a:\n", " ".repeat(n)))
        .collect();
    assert_eq!(code(&indented), "too-deep");
    let mixed = format!("{}{}{}", "- ".repeat(40), "[".repeat(40), "]".repeat(40));
    assert_eq!(code(&mixed), "too-deep");
}

#[test]
fn aliases_do_not_add_up_to_forbidden_depth() {
    let text = format!(
        "a: &a {}{}\nb: {}*a{}\n",
        "[".repeat(40),
        "]".repeat(40),
        "[".repeat(40),
        "]".repeat(40)
    );
    assert_eq!(code(&text), "too-deep");
}

#[test]
fn five_megabytes_are_refused_unread() {
    assert_eq!(code(&"# comment\n".repeat(500_000)), "too-large");
}

#[test]
fn the_number_of_values_is_bounded() {
    let many = format!("[{}]", "a,".repeat(600_000));
    assert_eq!(code(&many), "too-large");
    let limits = Limits {
        depth: 3,
        values: 4,
        aliased: 0,
    };
    assert!(yaml::parse("[a, b, c]", &limits).root.is_some());
    assert!(yaml::parse("[a, b, c, d]", &limits).root.is_none());
}

#[test]
fn one_line_of_megabytes_is_named_and_not_shown() {
    let text = format!(
        "gantry: 1\nrelease: \"{}\"\nnodes: {{}}\n",
        "a".repeat(3_000_000)
    );
    let problems = read("bomb.yaml", text.as_bytes()).unwrap_err();
    let shown = problems.render(gantry_release_file::problem::Colour::Plain);
    assert!(shown.len() < 1000, "{}", shown.len());
    assert!(shown.contains("bomb.yaml:2:10"), "{shown}");
}
