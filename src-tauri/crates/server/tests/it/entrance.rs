//! Who comes in.

use crate::browser::House;

#[tokio::test]
async fn the_token_opens_once_and_becomes_a_cookie_of_this_site_alone() {
    let house = House::open().await;
    let path = format!("/?token={}", house.token);
    let first = house.get(&path, "").await;
    assert_eq!((first.status, first.header("location")), (303, Some("/")));
    let cookie = first.header("set-cookie").unwrap();
    assert!(
        cookie.ends_with("; Path=/; HttpOnly; SameSite=Strict"),
        "{cookie}"
    );
    assert!(
        !cookie.contains(&house.token),
        "the token is not the session"
    );
    let second = house.get(&path, "").await;
    assert_eq!(second.status, 401);
    assert_eq!(second.header("set-cookie"), None);
    let pair = cookie.split(';').next().unwrap();
    let page = house.get("/", &format!("Cookie: {pair}\r\n")).await;
    assert_eq!(page.status, 200);
    assert!(page.body.contains("the page"));
}

#[tokio::test]
async fn without_the_cookie_there_is_nothing() {
    let house = House::open().await;
    let forged = format!("Cookie: gantry-{}={}\r\n", house.port, "0".repeat(64));
    for path in [
        "/",
        "/assets/app.js",
        "/api/feed",
        "/?token=",
        "/?token=0",
        "/x?token=0",
    ] {
        assert_eq!(house.get(path, "").await.status, 401, "{path}");
        assert_eq!(house.get(path, &forged).await.status, 401, "{path}");
    }
    let elsewhere = format!("/assets/app.js?token={}", house.token);
    assert_eq!(house.get(&elsewhere, "").await.status, 401);
    let origin = format!(
        "Origin: http://127.0.0.1:{}\r\nContent-Type: application/json\r\n",
        house.port
    );
    let answer = house.post("list", &origin, "{}").await;
    assert_eq!(
        (answer.status, answer.json()["code"].as_str()),
        (401, Some("bad-call"))
    );
    house.enter().await;
}

#[tokio::test]
async fn another_name_for_this_machine_is_refused() {
    let house = House::open().await;
    let cookie = house.enter().await;
    let (port, other) = (house.port, house.port ^ 1);
    let hosts = [
        "evil.example".to_owned(),
        format!("evil.example:{port}"),
        format!("127.0.0.1:{other}"),
        format!("127.0.0.1.evil.example:{port}"),
        format!("[::1]:{port}"),
        String::new(),
    ];
    for host in hosts {
        let request = format!("GET / HTTP/1.1\r\nHost: {host}\r\nCookie: {cookie}\r\n\r\n");
        assert_eq!(house.send(&request).await.status, 421, "{host}");
    }
    let twice = format!(
        "GET / HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nHost: evil.example\r\nCookie: {cookie}\r\n\r\n"
    );
    assert_ne!(house.send(&twice).await.status, 200);
    let named = format!("GET / HTTP/1.1\r\nHost: localhost:{port}\r\nCookie: {cookie}\r\n\r\n");
    assert_eq!(house.send(&named).await.status, 200);
}

#[tokio::test]
async fn a_page_of_somebody_else_cannot_use_the_cookie() {
    let house = House::open().await;
    let cookie = house.enter().await;
    let json = "Content-Type: application/json\r\n";
    let port = house.port;
    let wrong = [
        "Origin: http://evil.example\r\n".to_owned(),
        "Origin: null\r\n".to_owned(),
        format!("Origin: http://127.0.0.1:{}\r\n", port ^ 1),
        format!("Origin: https://127.0.0.1:{port}\r\n"),
        format!("Origin: http://localhost:{port}\r\n"),
        format!("Origin: http://127.0.0.1:{port}\r\nSec-Fetch-Site: cross-site\r\n"),
        String::new(),
    ];
    for origin in wrong {
        let headers = format!("Cookie: {cookie}\r\n{origin}{json}");
        let answer = house.post("schema", &headers, "{}").await;
        assert_eq!(answer.status, 403, "{origin}");
    }
    for headers in [
        "Origin: http://evil.example\r\n",
        "Sec-Fetch-Site: cross-site\r\n",
        "Sec-Fetch-Site: same-site\r\n",
    ] {
        let headers = format!("Cookie: {cookie}\r\n{headers}");
        assert_eq!(
            house.get("/api/feed", &headers).await.status,
            403,
            "{headers}"
        );
    }
    assert_eq!(house.call(&cookie, "schema", "{}").await.status, 200);
}

#[tokio::test]
async fn every_answer_forbids_what_the_page_does_not_need() {
    let house = House::open().await;
    let cookie = house.enter().await;
    let cookie = format!("Cookie: {cookie}\r\n");
    for (path, headers) in [("/", ""), ("/", &*cookie), ("/nothing.js", &*cookie)] {
        let answer = house.get(path, headers).await;
        let policy = answer.header("content-security-policy").unwrap();
        assert!(policy.starts_with("default-src 'none'; script-src 'self'; style-src 'self';"));
        assert!(!policy.contains("unsafe"), "{policy}");
        assert_eq!(answer.header("x-content-type-options"), Some("nosniff"));
        assert_eq!(answer.header("referrer-policy"), Some("no-referrer"));
        assert_eq!(answer.header("cache-control"), Some("no-store"));
        assert_eq!(answer.header("access-control-allow-origin"), None);
    }
    let asked = format!(
        "OPTIONS /api/call/list HTTP/1.1\r\nHost: 127.0.0.1:{}\r\n{cookie}Origin: http://evil.example\r\n\
         Access-Control-Request-Method: POST\r\n\r\n",
        house.port
    );
    let answer = house.send(&asked).await;
    assert_eq!(answer.status, 403);
    assert_eq!(answer.header("access-control-allow-origin"), None);
}
