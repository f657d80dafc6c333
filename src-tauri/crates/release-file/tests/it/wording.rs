//! What people read when their file is wrong.

use gantry_release_file::{problem::Colour, read};

fn shown(text: &str) -> String {
    let problems = read("shop.yaml", text.as_bytes()).expect_err("must not read");
    problems.render(Colour::Plain).trim_end().to_owned()
}

fn node(text: &str) -> String {
    shown(&format!(
        "gantry: 1\nrelease: shop\nnodes:\n  web: {{ kind: app, {text} }}\n"
    ))
}

fn connection(text: &str) -> String {
    shown(&format!(
        "gantry: 1\nrelease: shop\nnodes: {{}}\nconnections:\n  x: {text}\n"
    ))
}

#[test]
fn an_unknown_key_with_a_near_name() {
    insta::assert_snapshot!(node("strategey: canary"), @r#"
    error[unknown-key]: `strategey` is not a key of `web`
     --> shop.yaml:4:21
      |
    4 |   web: { kind: app, strategey: canary }
      |                     ^^^^^^^^^
      |
      = help: did you mean `strategy`?
    "#);
}

#[test]
fn an_unknown_key_far_from_every_name() {
    insta::assert_snapshot!(node("retry: { wibble: 3, times: 1 }"), @r#"
    error[unknown-key]: `wibble` is not a key of `retry`
     --> shop.yaml:4:30
      |
    4 |   web: { kind: app, retry: { wibble: 3, times: 1 } }
      |                              ^^^^^^
      |
      = help: expected `backoff` or `times`
    "#);
}

#[test]
fn an_unknown_strategy() {
    insta::assert_snapshot!(node("strategy: blugreen"), @r#"
    error[unknown-value]: `strategy` cannot be `blugreen`
     --> shop.yaml:4:31
      |
    4 |   web: { kind: app, strategy: blugreen }
      |                               ^^^^^^^^
      |
      = help: did you mean `blue-green`?
    "#);
}

#[test]
fn a_strategy_that_needs_settings() {
    insta::assert_snapshot!(node("strategy: expand-contract"), @r#"
    error[wrong-type]: `expand-contract` needs settings
     --> shop.yaml:4:31
      |
    4 |   web: { kind: app, strategy: expand-contract }
      |                               ^^^^^^^^^^^^^^^
      |
      = help: expected a map: `strategy: { expand-contract: { … } }`
    "#);
}

#[test]
fn a_misspelt_setting_inside_a_choice() {
    insta::assert_snapshot!(node("strategy: { canary: { stepps: [5%] } }"), @r#"
    error[unknown-key]: `stepps` is not a key of `canary`
     --> shop.yaml:4:43
      |
    4 |   web: { kind: app, strategy: { canary: { stepps: [5%] } } }
      |                                           ^^^^^^
      |
      = help: did you mean `steps`?
    "#);
}

#[test]
fn two_strategies_at_once() {
    insta::assert_snapshot!(node("strategy: { canary: {}, rolling: {} }"), @r#"
    error[two-choices]: `strategy` is two things at once
     --> shop.yaml:4:45
      |
    4 |   web: { kind: app, strategy: { canary: {}, rolling: {} } }
      |                                             ^^^^^^^
      |
      = help: expected only one of `recreate`, `rolling`, `blue-green`, `canary`, `progressive`, `expand-contract` or `shadow-writes`
    "#);
}

#[test]
fn a_quantity_of_the_wrong_form() {
    insta::assert_snapshot!(node("strategy: { canary: { steps: [5, 25%], bake: 15 } }"), @r#"
    error[invalid-value]: `5` is not a weight
     --> shop.yaml:4:51
      |
    4 |   web: { kind: app, strategy: { canary: { steps: [5, 25%], bake: 15 } } }
      |                                                   ^
      |
      = help: expected a percentage from 0% to 100%, for example `25%` or `0.5%`

    error[invalid-value]: `15` is not a duration
     --> shop.yaml:4:66
      |
    4 |   web: { kind: app, strategy: { canary: { steps: [5, 25%], bake: 15 } } }
      |                                                                  ^^
      |
      = help: expected a duration up to 366 days, for example `90s`, `15m` or `1h30m`
    "#);
}

#[test]
fn text_where_a_list_belongs() {
    insta::assert_snapshot!(node("needs: orders"), @r#"
    error[wrong-type]: `needs` is text
     --> shop.yaml:4:28
      |
    4 |   web: { kind: app, needs: orders }
      |                            ^^^^^^
      |
      = help: expected a list; write `needs: [orders]`
    "#);
}

#[test]
fn a_need_that_cannot_be_a_node() {
    insta::assert_snapshot!(node("needs: [Orders DB:expanded]"), @r#"
    error[invalid-value]: `Orders DB` is not a node id
     --> shop.yaml:4:29
      |
    4 |   web: { kind: app, needs: [Orders DB:expanded] }
      |                             ^^^^^^^^^^^^^^^^^^
      |
      = help: expected 1 to 63 of a-z, 0-9, `-` and `.`, starting and ending with a letter or digit
    "#);
}

#[test]
fn a_number_out_of_range() {
    insta::assert_snapshot!(node("workload: { connection: c, image: i, replicas: 0, port: 80800 }"), @r#"
    error[out-of-range]: `replicas` is `0`
     --> shop.yaml:4:68
      |
    4 |   web: { kind: app, workload: { connection: c, image: i, replicas: 0, port: 80800 } }
      |                                                                    ^
      |
      = help: expected a whole number from 1 to 1000

    error[out-of-range]: `port` is `80800`
     --> shop.yaml:4:77
      |
    4 |   web: { kind: app, workload: { connection: c, image: i, replicas: 0, port: 80800 } }
      |                                                                             ^^^^^
      |
      = help: expected a whole number from 0 to 65535
    "#);
}

#[test]
fn a_truth_value_of_another_language() {
    insta::assert_snapshot!(node("cancel: yes"), @r#"
    error[wrong-type]: `cancel` is `yes`
     --> shop.yaml:4:29
      |
    4 |   web: { kind: app, cancel: yes }
      |                             ^^^
      |
      = help: expected `true` or `false`; write `true`
    "#);
}

#[test]
fn a_secret_written_out_is_not_shown_again() {
    let text = connection("{ smtp: { host: h, password: hunter2, prot: 587 } }");
    assert!(!text.contains("hunter2"));
    insta::assert_snapshot!(text, @r#"
    error[secret-value]: a secret's value does not belong in a release file
     --> shop.yaml:5:35
      |
    5 |   x: { smtp: { host: h, password: ***, prot: 587 } }
      |                                   ^^^
      |
      = help: the value stands in the environment or the keychain; write `password: "${secret:name}"`

    error[unknown-key]: `prot` is not a key of `smtp`
     --> shop.yaml:5:40
      |
    5 |   x: { smtp: { host: h, password: ***, prot: 587 } }
      |                                        ^^^^
      |
      = help: did you mean `port`?
    "#);
    let address = connection("{ postgres: { url: \"postgres://u:hunter2@h/d\" } }");
    assert!(!address.contains("hunter2"));
    insta::assert_snapshot!(address, @r#"
    error[secret-value]: an address with a password does not belong in a release file
     --> shop.yaml:5:25
      |
    5 |   x: { postgres: { url: *** } }
      |                         ^^^
      |
      = help: expected `${secret:name}` in the place of the password or of the whole; write `url: "${secret:name}"`
    "#);
}

#[test]
fn a_product_that_is_not_known() {
    insta::assert_snapshot!(connection("{ dokcer: {} }"), @r#"
    error[unknown-key]: `dokcer` is not a key of `x`
     --> shop.yaml:5:8
      |
    5 |   x: { dokcer: {} }
      |        ^^^^^^
      |
      = help: did you mean `docker`?
    "#);
    insta::assert_snapshot!(connection("docker"), @r#"
    error[wrong-type]: `x` is text
     --> shop.yaml:5:6
      |
    5 |   x: docker
      |      ^^^^^^
      |
      = help: expected a map; write `x: { docker: {} }`
    "#);
}

#[test]
fn what_is_missing() {
    insta::assert_snapshot!(shown("gantry: 1\nnodes:\n  web: { owner: me }\n"), @r#"
    error[missing-key]: `release` is missing in the file
     --> shop.yaml:1:1
      |
    1 | gantry: 1
      | ^^^^^^^^^
      |
      = help: the id of the release: a release id

    error[missing-key]: `kind` is missing in `web`
     --> shop.yaml:3:3
      |
    3 |   web: { owner: me }
      |   ^^^
      |
      = help: what is changed: `app`, `config`, `database`, `flag` or `task`
    "#);
}

#[test]
fn an_empty_file() {
    insta::assert_snapshot!(shown(""), @r#"
    error[no-value]: the file is empty
     --> shop.yaml:1:1
      |
    1 |
      | ^
      |
      = help: expected at least `gantry: 1`, `release: name` and `nodes:`
    "#);
}

#[test]
fn a_key_written_twice() {
    insta::assert_snapshot!(shown("gantry: 1\nrelease: a\nnodes: {}\nrelease: b\n"), @r#"
    error[duplicate-key]: `release` is written twice
     --> shop.yaml:4:1
      |
    4 | release: b
      | ^^^^^^^
      |
      = help: first written on line 2
    "#);
}

#[test]
fn a_key_without_a_value() {
    insta::assert_snapshot!(shown("gantry: 1\nrelease: a\npolicy:\nnodes:\n"), @r#"
    error[no-value]: `policy` has no value
     --> shop.yaml:3:1
      |
    3 | policy:
      | ^^^^^^
      |
      = help: expected a map

    error[no-value]: `nodes` has no value
     --> shop.yaml:4:1
      |
    4 | nodes:
      | ^^^^^
      |
      = help: expected a map
    "#);
}

#[test]
fn a_name_that_cannot_be_one() {
    insta::assert_snapshot!(shown("gantry: 1\nrelease: a\nnodes:\n  Web UI: { kind: app }\n"), @r#"
    error[invalid-name]: `Web UI` cannot be a name in `nodes`
     --> shop.yaml:4:3
      |
    4 |   Web UI: { kind: app }
      |   ^^^^^^
      |
      = help: expected 1 to 63 of a-z, 0-9, `-` and `.`, starting and ending with a letter or digit
    "#);
}

#[test]
fn a_time_zone_with_a_slip() {
    insta::assert_snapshot!(shown("gantry: 1\nrelease: a\nnodes: {}\nwindow: { opens: a, closes: b, timezone: Europe/Berln }\n"), @r#"
    error[invalid-value]: `Europe/Berln` is not a time zone
     --> shop.yaml:4:42
      |
    4 | window: { opens: a, closes: b, timezone: Europe/Berln }
      |                                          ^^^^^^^^^^^^
      |
      = help: did you mean `Europe/Berlin`?
    "#);
}

#[test]
fn a_tab_a_bracket_a_quote() {
    insta::assert_snapshot!(shown("gantry: 1\nnodes:\n\tweb: {}\n"), @r#"
    error[not-yaml]: a tab stands where the indentation is
     --> shop.yaml:3:2
      |
    3 |     web: {}
      |     ^
      |
      = help: YAML is indented with spaces
    "#);
    insta::assert_snapshot!(shown("gantry: 1\nnodes: { web: { kind: app\n"), @r#"
    error[not-yaml]: a map is not closed
     --> shop.yaml:2:15
      |
    2 | nodes: { web: { kind: app
      |               ^
      |
      = help: expected `,` or `}`
    "#);
    insta::assert_snapshot!(shown("gantry: 1\nrelease: \"shop\nnodes: {}\n"), @r#"
    error[not-yaml]: this quote is never closed
     --> shop.yaml:2:10
      |
    2 | release: "shop
      |          ^
      |
      = help: close it with the same quote
    "#);
}
