//! The OpenTelemetry Demo: some thirty real services in three files.

use gantry_import::compose::{
    ComposeFile, Imported, Options, Router, Variables, compose, variables,
};
use gantry_model::release::strategy::StrategyName;

use crate::{needs, node, release};

const FILES: [(&str, &str); 3] = [
    (
        "compose.yaml",
        include_str!("opentelemetry-demo/compose.yaml"),
    ),
    (
        "compose.full.yaml",
        include_str!("opentelemetry-demo/compose.full.yaml"),
    ),
    (
        "compose.observability.yaml",
        include_str!("opentelemetry-demo/compose.observability.yaml"),
    ),
];
const DOT_ENV: &str = include_str!("opentelemetry-demo/dot-env");

fn demo(files: &[(&str, &str)], options: &Options) -> Imported {
    let variables = variables(DOT_ENV, &Variables::new());
    let files: Vec<_> = files
        .iter()
        .map(|(name, text)| ComposeFile { name, text })
        .collect();
    compose(&files, &variables, options).unwrap()
}

#[test]
fn every_service_becomes_a_node_with_its_edges() {
    let release = release(&demo(&FILES, &Options::default()));
    assert_eq!(release.release.as_str(), "opentelemetry-demo");
    assert_eq!(release.nodes.len(), 28);
    assert_eq!(
        needs(node(&release, "checkout")),
        [
            "cart:live",
            "currency:live",
            "email:live",
            "payment:live",
            "product-catalog:live",
            "shipping:live",
            "otel-collector:live",
            "flagd:live",
            "kafka:live"
        ]
    );
    let proxy = needs(node(&release, "frontend-proxy"));
    assert!(proxy.contains(&"grafana:live".to_owned()), "{proxy:?}");
    assert!(needs(node(&release, "flagd")).is_empty());
    let edges: usize = release.nodes.values().map(|node| node.needs.len()).sum();
    assert_eq!(edges, 58);
}

#[test]
fn the_first_file_alone_has_fewer() {
    let release = release(&demo(&FILES[..1], &Options::default()));
    assert_eq!(release.nodes.len(), 20);
    let checkout = needs(node(&release, "checkout"));
    assert!(!checkout.contains(&"kafka:live".to_owned()), "{checkout:?}");
}

#[test]
fn workloads_have_their_image_version_port_health_and_environment() {
    let release = release(&demo(&FILES, &Options::default()));
    let ad = node(&release, "ad");
    let workload = ad.workload.as_ref().unwrap();
    assert_eq!(workload.image, "ghcr.io/open-telemetry/demo:{{version}}");
    assert_eq!(workload.port, Some(9555));
    assert_eq!(workload.network.as_deref(), Some("opentelemetry-demo"));
    assert_eq!(workload.env["AD_PORT"].as_str(), "9555");
    assert_eq!(ad.version.as_ref().unwrap().to.as_str(), "latest-ad");
    let health = ad.health.as_ref().unwrap();
    assert_eq!(health.tcp.as_ref().unwrap().port, Some(9555));
    assert_eq!(health.within.to_string(), "2m");
    let pictures = node(&release, "image-provider").health.as_ref().unwrap();
    assert_eq!(
        pictures.http.as_ref().unwrap().path.as_deref(),
        Some("/status")
    );
    assert_eq!(pictures.http.as_ref().unwrap().port, Some(8081));
}

#[test]
fn what_holds_data_is_recreated_and_the_rest_rolls() {
    let release = release(&demo(&FILES, &Options::default()));
    let strategy = |id: &str| node(&release, id).strategy.as_ref().unwrap().name();
    for id in ["astronomy-db", "valkey-cart", "kafka", "opensearch"] {
        assert_eq!(strategy(id), StrategyName::Recreate, "{id}");
    }
    assert_eq!(strategy("checkout"), StrategyName::Rolling);
}

#[test]
fn no_secret_value_reaches_the_file() {
    let imported = demo(&FILES, &Options::default());
    for secret in [
        "changeit",
        "astronomy_password",
        "yYrECL4qbNwleYInGJYvVnSkwJuSQJ4ijPTx5tirGUXrbznFIBFVJdPl5t6O9ASw",
    ] {
        assert!(!imported.yaml.contains(secret), "{secret}");
    }
    let release = release(&imported);
    let database = node(&release, "astronomy-db").workload.as_ref().unwrap();
    let password = database.env["POSTGRES_PASSWORD"].as_str();
    assert_eq!(password, "${secret:astronomy-db-postgres-password}");
}

#[test]
fn a_router_is_written_where_it_is_asked_for() {
    let options = Options {
        router: Router::Haproxy {
            socket: "/run/haproxy/admin.sock".into(),
        },
        ..Options::default()
    };
    let release = release(&demo(&FILES, &options));
    let frontend = node(&release, "frontend");
    assert_eq!(frontend.router.as_ref().unwrap().backend, "frontend");
    assert!(frontend.strategy.is_none());
    assert!(node(&release, "astronomy-db").router.is_none());
}

#[test]
fn the_notes_say_what_to_look_at() {
    let imported = demo(&FILES, &Options::default());
    insta::assert_snapshot!(imported.notes.join("\n"), @r#"
    Looked like secrets and were made references; set GANTRY_SECRET_… or the keychain: accounting-db-connection-string, astronomy-db-postgres-password, flagd-ui-secret-key-base, otel-collector-postgres-monitoring-password, product-catalog-db-connection-string
    Images by a tag that moves; write a version that stays: accounting, ad, cart, checkout, currency, email, flagd-ui, fraud-detection, frontend, frontend-proxy, image-provider, kafka, load-generator, opamp-server, opensearch, payment, product-catalog, quote, recommendation, shipping, telemetry-docs
    Hold data or messages, so they are stopped before the new one starts; look at their backups: astronomy-db, kafka, opensearch, valkey-cart
    `service_started` became `live`, which waits for health as well: cart, checkout, flagd, grafana, jaeger, otel-collector, product-catalog, shipping
    Publish a fixed port of the host, so old and new cannot run side by side and are down in between: frontend-proxy, prometheus
    Health checks that run inside of the container and were left to the platform: astronomy-db, checkout, email, frontend, load-generator, opensearch, payment, product-catalog, quote, shipping, valkey-cart
    Listen on several ports, of which the first was taken: ad, flagd, frontend-proxy, jaeger, otel-collector
    Mount files or volumes, which a workload cannot yet; bring them into the image or name them elsewhere: astronomy-db, flagd, flagd-ui, grafana, jaeger, otel-collector, product-catalog, prometheus
    "#);
}
