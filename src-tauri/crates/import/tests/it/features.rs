//! One feature of Compose at a time.

use gantry_import::compose::{ImportError, Options, Variables};

use crate::{import, imported, needs, node, release};

/// A service of each sort: published, scaled, built and run once.
const SHOP: &str = "name: shop
services:
  web:
    image: shop/web:7.2.0
    ports: ['80:8080']
    depends_on: [api]
    healthcheck: { test: curl -f http://localhost:8080/ok || exit 1, interval: 5s }
  api:
    image: registry:5000/shop/api
    deploy: { replicas: 3 }
    command: serve --port 9000 --name 'the api'
    environment: { TOKEN: hunter2, LEVEL: '${LEVEL:-info}', EMPTY: }
    expose: [9000]
    depends_on:
      migrate: { condition: service_completed_successfully }
  migrate:
    build: .
    command: migrate
";

#[test]
fn a_small_project_becomes_a_file_that_people_can_read() {
    let imported = imported(SHOP);
    release(&imported);
    insta::assert_snapshot!(imported.yaml, @r#"
    # A first release file, imported from compose.yaml.
    # Look at this before it runs:
    # - Looked like secrets and were made references; set GANTRY_SECRET_… or the keychain: api-token
    # - Images by a tag that moves; write a version that stays: api
    # - Run once and end, so they became tasks that call Docker Compose; say how each is undone: migrate
    # - `service_started` became `live`, which waits for health as well: api
    # - Publish a fixed port of the host, so old and new cannot run side by side and are down in between: web
    gantry: 1
    release: shop

    connections:
      docker: { docker: {} }

    nodes:
      web:
        kind: app
        needs: [api:live]
        version: "7.2.0"
        workload:
          connection: docker
          image: "shop/web:{{version}}"
          port: 8080
          network: shop_default
        health: { http: { path: /ok, port: 8080 }, within: 15s, every: 5s }
        strategy: recreate

      api:
        kind: app
        needs: [migrate]
        version: latest
        workload:
          connection: docker
          image: "registry:5000/shop/api:{{version}}"
          port: 9000
          replicas: 3
          network: shop_default
          command: [serve, "--port", "9000", "--name", "the api"]
          env:
            TOKEN: "${secret:api-token}"
            LEVEL: info
        strategy: rolling

      migrate:
        kind: task
        run:
          exec: [docker, compose, "-f", compose.yaml, run, "--rm", "--no-deps", migrate]
    "#);
}

#[test]
fn variables_are_put_in_as_compose_does() {
    let image = |written: &str| {
        let text = format!(
            "services:\n  a:\n    image: \"i:1\"\n    environment:\n      X: \"{written}\"\n"
        );
        let release = release(&imported(&text));
        node(&release, "a").workload.as_ref().unwrap().env["X"]
            .as_str()
            .to_owned()
    };
    assert_eq!(image("$SET-${SET}"), "set-set");
    assert_eq!(image("${UNSET:-d}${UNSET-d}${SET:-d}"), "ddset");
    assert_eq!(image("${UNSET:-${SET:-x}y}"), "sety");
    assert_eq!(image("${SET:+yes}${UNSET:+no}"), "yes");
    assert_eq!(image("a$$b$"), "a$b$");
    assert_eq!(image("${SET:?must}"), "set");
    assert_eq!(image("<${UNSET}>"), "<>");
}

#[test]
fn a_variable_that_must_be_set_is_told_with_its_place() {
    let text = "services:\n  a:\n    image: i:${TAG:?choose a tag}\n";
    let error = import(&[text], &Variables::new(), &Options::default()).unwrap_err();
    let ImportError::Unreadable(problems) = error else {
        panic!("{error}");
    };
    assert_eq!(
        problems.to_string(),
        "compose.yaml:3:12: `TAG` must be set; choose a tag\n"
    );
}

#[test]
fn later_files_are_laid_over_earlier_ones() {
    let base = "services:
  a: { image: 'i:1', environment: [A=1, B=1], depends_on: [b], ports: ['1'], command: [x, y] }
  b: { image: 'i:1' }
  c: { image: 'i:1', environment: { K: k } }
";
    let over = "services:
  a: { image: 'i:2', environment: { B: 2 }, depends_on: { c: { condition: service_healthy } }, ports: ['2'], command: [z] }
  b: !reset null
  c: { environment: !override { L: l } }
";
    let imported = import(&[base, over], &Variables::new(), &Options::default()).unwrap();
    let release = release(&imported);
    let a = node(&release, "a");
    let workload = a.workload.as_ref().unwrap();
    assert_eq!(a.version.as_ref().unwrap().to.as_str(), "2");
    assert_eq!(
        (workload.env["A"].as_str(), workload.env["B"].as_str()),
        ("1", "2")
    );
    assert_eq!(needs(a), ["c:live"]);
    assert_eq!(workload.command.as_deref(), Some(&["z".to_owned()][..]));
    let c = node(&release, "c").workload.as_ref().unwrap();
    assert_eq!(c.env.keys().collect::<Vec<_>>(), ["L"]);
    assert_eq!(release.nodes.len(), 2);
}

#[test]
fn profiles_are_left_out_unless_asked_for() {
    let text =
        "services:\n  a: { image: i }\n  b: { image: i, profiles: [debug], depends_on: [a] }\n";
    let count = |profiles: &[&str]| {
        let options = Options {
            profiles: profiles.iter().map(|p| (*p).to_owned()).collect(),
            ..Options::default()
        };
        let imported = import(&[text], &Variables::new(), &options).unwrap();
        release(&imported).nodes.len()
    };
    assert_eq!(count(&[]), 1);
    assert_eq!(count(&["other"]), 1);
    assert_eq!(count(&["debug"]), 2);
}

#[test]
fn names_outside_the_alphabet_are_changed_and_kept_apart() {
    let text = "services:
  Web_App: { image: i }
  web-app: { image: i, depends_on: [Web_App] }
  '___': { image: i }
";
    let imported = imported(text);
    let release = release(&imported);
    let ids: Vec<&str> = release.nodes.keys().map(|id| id.as_str()).collect();
    assert_eq!(ids, ["service-1", "web-app", "web-app-2"]);
    assert_eq!(needs(node(&release, "web-app-2")), ["web-app:live"]);
    assert!(
        imported.notes[0].contains("web-app to web-app-2"),
        "{:?}",
        imported.notes
    );
}

#[test]
fn a_service_that_ends_becomes_a_task_that_others_wait_for() {
    let text = "services:
  app: { image: 'i:1', depends_on: { job: { condition: service_completed_successfully } } }
  job: { image: 'i:1' }
";
    let release = release(&imported(text));
    assert_eq!(needs(node(&release, "app")), ["job"]);
    let run = node(&release, "job").run.as_ref().unwrap();
    let expected = [
        "docker",
        "compose",
        "-f",
        "compose.yaml",
        "run",
        "--rm",
        "--no-deps",
        "job",
    ];
    assert_eq!(run.exec.as_deref().unwrap(), expected);
}

#[test]
fn images_keep_their_registry_tag_and_digest() {
    let of = |image: &str| {
        let release = release(&imported(&format!("services:\n  a:\n    image: {image}\n")));
        let node = node(&release, "a");
        let version = node.version.as_ref().unwrap().to.to_string();
        (node.workload.as_ref().unwrap().image.clone(), version)
    };
    let pair = |image: &str, version: &str| (image.to_owned(), version.to_owned());
    assert_eq!(of("a"), pair("a:{{version}}", "latest"));
    assert_eq!(
        of("host:5000/a/b:v1_2"),
        pair("host:5000/a/b:{{version}}", "v1_2")
    );
    assert_eq!(
        of("a@sha256:0123456789abcdef"),
        pair("a@sha256:0123456789abcdef", "0123456789ab")
    );
    assert_eq!(of("a:1@sha256:01"), pair("a:1@sha256:01", "1"));
}

#[test]
fn an_import_has_no_time_and_no_chance_in_it() {
    let text = "services:\n  b: { image: i }\n  a: { image: i, environment: [Z=1, A=1] }\n";
    assert_eq!(imported(text), imported(text));
}

#[test]
fn nothing_to_import_is_said() {
    for text in ["", "services:\n", "services: {}\n", "[]", "version: '3'\n"] {
        let error = import(&[text], &Variables::new(), &Options::default()).unwrap_err();
        assert!(
            matches!(error, ImportError::NoServices),
            "{text}: {error:?}"
        );
    }
}
