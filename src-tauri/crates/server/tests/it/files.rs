//! The files of the page, and no others.

use crate::browser::House;

#[tokio::test]
async fn the_page_is_served_with_its_types() {
    let house = House::open().await;
    let cookie = format!("Cookie: {}\r\n", house.enter().await);
    let script = house.get("/assets/app.js", &cookie).await;
    assert_eq!(
        script.header("content-type"),
        Some("text/javascript; charset=utf-8")
    );
    assert_eq!(script.body, "start()");
    let inside = house.get("/release/shop/plan", &cookie).await;
    assert_eq!(inside.status, 200, "the page finds its place itself");
    assert!(inside.body.contains("the page"));
    assert_eq!(house.get("/assets/none.js", &cookie).await.status, 404);
    assert_eq!(house.get("/api/none", &cookie).await.status, 404);
}

#[tokio::test]
async fn no_path_leads_out_of_the_page() {
    let house = House::open().await;
    let cookie = format!("Cookie: {}\r\n", house.enter().await);
    assert!(house.folder.path().join("secret.txt").exists());
    for path in [
        "/../secret.txt",
        "/assets/../../secret.txt",
        "/%2e%2e/secret.txt",
        "/..%2fsecret.txt",
        "/assets/%2e%2e/%2e%2e/secret.txt",
        "/..%5csecret.txt",
        "//etc/hostname",
        "/%2fetc%2fhostname",
        "/%00",
        "/secret.txt%00.js",
        "/%ff",
    ] {
        let answer = house.get(path, &cookie).await;
        assert!(!answer.body.contains("nobody's business"), "{path}");
        assert!(
            answer.status == 404 || answer.status == 400 || answer.body.contains("the page"),
            "{path}: {answer:?}"
        );
    }
}
