//! The stage of the sample release, without Gantry playing on it.

use gantry_xtask::docker::Body;
use gantry_xtask::real_platform;
use gantry_xtask::shop::{SERVICES, Shop, VERSIONS};

/// Requests that HAProxy has taken for a service, the eighth column of its statistics.
fn requests(shop: &Shop, service: &str) -> u64 {
    let stats = shop.haproxy().command("show stat").unwrap();
    let mut rows = stats
        .lines()
        .map(|line| line.split(',').collect::<Vec<_>>());
    let row = rows.find(|row| row[0] == service && row[1] == "FRONTEND");
    row.unwrap()[7].parse().unwrap()
}

#[test]
fn the_stage_has_images_files_a_router_and_customers() {
    let Some(engine) = real_platform::docker("the_stage_has_images") else {
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    let shop = Shop::open(&engine, folder.path()).unwrap();
    for version in VERSIONS {
        assert!(shop.release_file(version).exists());
        for service in SERVICES {
            let path = format!("/images/shop/{service}:{version}/json");
            engine.json("GET", &path, Body::Empty).unwrap();
        }
    }
    let customers = shop.customers(50).unwrap();
    while SERVICES.iter().any(|service| requests(&shop, service) == 0) {
        std::thread::yield_now();
    }
    for (service, answers) in customers.leave().unwrap() {
        // Nothing is deployed: whoever came was told so by the router.
        assert_eq!(answers.failed_apart_from("1.0"), answers.sent, "{service}");
    }
}
