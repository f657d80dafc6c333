//! Where secrets come from.

use std::{sync::Arc, time::Duration};

use gantry_adapters::secret::{ChainedSecrets, EnvironmentSecrets, KeychainSecrets};
use gantry_port::secret::Secrets;

fn environment() -> EnvironmentSecrets {
    EnvironmentSecrets::new(Box::new(|name| {
        (name == "GANTRY_SECRET_ORDERS_DB_URL").then(|| "postgres://".to_owned())
    }))
}

fn keychain(lookup: fn(&str) -> Option<String>) -> KeychainSecrets {
    KeychainSecrets::new(Box::new(lookup), Duration::from_millis(200))
}

#[tokio::test]
async fn a_secret_is_found_under_its_variable() {
    let name = "orders-db.url".parse().unwrap();
    let value = environment().get(&name).await.unwrap();
    assert_eq!(value.expose(), "postgres://");
    assert!(!format!("{value:?}").contains("postgres"));
}

#[tokio::test]
async fn a_missing_secret_says_where_to_put_it() {
    let error = environment()
        .get(&"smtp".parse().unwrap())
        .await
        .unwrap_err();
    assert_eq!(error.variable, "GANTRY_SECRET_SMTP");
}

#[tokio::test]
async fn a_chain_asks_in_order() {
    let keychain = keychain(|name| Some(format!("keychain's {name}")));
    let chain = ChainedSecrets::new(vec![Arc::new(environment()), Arc::new(keychain)]);
    let value = chain.get(&"orders-db-url".parse().unwrap()).await.unwrap();
    assert_eq!(value.expose(), "postgres://");
    let value = chain.get(&"smtp".parse().unwrap()).await.unwrap();
    assert_eq!(value.expose(), "keychain's smtp");
}

#[tokio::test]
async fn a_keychain_that_is_absent_waits_for_a_person_or_breaks_has_nothing() {
    for lookup in [
        (|_| None) as fn(&str) -> Option<String>,
        |_| loop {
            std::thread::park();
        },
        |_| panic!("no session bus"),
    ] {
        let keychain = keychain(lookup);
        let name = "smtp".parse().unwrap();
        assert!(keychain.get(&name).await.is_err());
        assert!(keychain.get(&name).await.is_err());
    }
}
