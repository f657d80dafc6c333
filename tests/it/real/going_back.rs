//! Rolling back what has finished, and what was there first.

use super::{OneService, one_service::told};

#[test]
fn a_finished_release_goes_back_to_the_very_containers_that_it_kept() {
    let Some(service) = OneService::set("finished") else {
        return;
    };
    service.deploy_first();
    let old = service.ids();
    let strategy = "{ canary: { steps: [50%, 100%], bake: 1s } }";
    let file = service.write("second", "1.1", strategy, "");
    service.run(&file).exits(0);
    let scene = service.look();
    assert_eq!(
        (scene.count("1.0", "exited"), scene.count("1.1", "running")),
        (2, 2)
    );

    let customers = service.customers(100);
    service.place.gantry(&["rollback", "second"]).exits(3);
    let answers = told(customers);
    assert_eq!(answers.failed_apart_from("1.1"), 0, "{answers:?}");
    assert_eq!(answers.failed_at("1.1"), 0, "{answers:?}");
    let back = service.look();
    assert_eq!((back.running(), back.share("1.0")), (vec!["1.0"], 1.0));
    assert_eq!(service.ids(), old);

    service.place.gantry(&["rollback", "second"]).exits(3);
    assert_eq!((service.look(), service.ids()), (back, old));
    service.verified("second");
}

#[test]
fn a_first_deployment_that_fails_is_removed() {
    let Some(service) = OneService::set("fresh") else {
        return;
    };
    let strategy = "{ canary: { steps: [50%, 100%], bake: 1s } }";
    let file = service.write("first", "1.0", strategy, &service.failing_task());
    service.run(&file).exits(3);
    let scene = service.look();
    assert!(
        scene.containers.is_empty() && scene.servers.is_empty(),
        "{scene:?}"
    );
    service.verified("first");
}
