//! Blue-green with a look at green before anybody is sent there, and a service that is taken.

use super::{OneService, one_service::told};

#[test]
fn green_that_fails_its_preview_is_removed_and_nobody_met_it() {
    let Some(service) = OneService::set("previewed") else {
        return;
    };
    let before = service.deploy_first();
    let check = "{ check: { http: { path: /, status: 418 } } }";
    let strategy = format!("{{ blue-green: {{ bake: 1s, preview: {check} }} }}");
    let file = service.write("green", "1.1", &strategy, "");
    let customers = service.customers(100);
    service.run(&file).exits(3).says("preview");
    let answers = told(customers);
    assert_eq!(answers.of("1.0"), answers.sent, "{answers:?}");
    assert_eq!(service.look(), before);
    service.verified("green");
}

#[test]
fn a_second_release_on_the_service_is_told_who_holds_it() {
    let Some(service) = OneService::set("claimed") else {
        return;
    };
    service.deploy_first();
    let strategy = "{ blue-green: { bake: 10m } }";
    let first = service.write("holder", "1.1", strategy, "");
    let second = service.write("latecomer", "1.2", strategy, "");
    let mut run = service.place.start(&["run", &first, "--yes", "--json"]);
    run.until("step-succeeded", "claimed/shift-10000");
    let during = service.look();
    service.run(&second).exits(5).says("holder");
    assert_eq!(service.look(), during);
    service.place.gantry(&["rollback", "holder"]).exits(0);
    run.end().exits(3);
    assert_eq!(service.look().running(), ["1.0"]);
    let third = service.write("latecomer", "1.2", "recreate", "");
    service.run(&third).exits(0);
    assert_eq!(service.look().running(), ["1.2"]);
}
