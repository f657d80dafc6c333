//! Mail over TLS, against a server with a certificate of an authority made for the test.

use std::sync::{Arc, Mutex};

use gantry_adapters::channel::mail::Smtp;
use gantry_model::release::connection::channel;
use gantry_port::{
    channel::{Channel, Tone},
    fault::Fault,
};
use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair};
use rustls::{ServerConfig, pki_types::PrivateKeyDer};
use serde_json::json;
use tokio::{
    io::{AsyncBufReadExt, AsyncRead, AsyncWrite, AsyncWriteExt, BufReader},
    net::TcpListener,
};
use tokio_rustls::TlsAcceptor;

use crate::{
    channels::message,
    metric_server::{TIME, shouting, still},
};

/// When a session goes over to TLS.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Begin {
    /// At once.
    Wrapped,
    /// After `STARTTLS`.
    Asked,
}

/// A server on loopback with what was said to it in the clear, and over TLS.
struct Server {
    port: u16,
    authority: String,
    clear: Arc<Mutex<String>>,
    sealed: Arc<Mutex<String>>,
}

/// Makes an authority, and a certificate of it for this name.
fn certificate(name: &str) -> (String, ServerConfig) {
    let _installed = rustls::crypto::ring::default_provider().install_default();
    let key = KeyPair::generate().unwrap();
    let mut params = CertificateParams::new(Vec::new()).unwrap();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let authority = params.self_signed(&key).unwrap().pem();
    let issuer = Issuer::new(params, key);
    let key = KeyPair::generate().unwrap();
    let params = CertificateParams::new(vec![name.to_owned()]).unwrap();
    let certificate = params.signed_by(&key, &issuer).unwrap();
    let private = PrivateKeyDer::try_from(key.serialize_der()).unwrap();
    let config = ServerConfig::builder()
        .with_no_client_auth()
        .with_single_cert(vec![certificate.der().clone()], private)
        .unwrap();
    (authority, config)
}

impl Server {
    async fn start(begin: Begin, name: &str) -> Self {
        let (authority, config) = certificate(name);
        let acceptor = TlsAcceptor::from(Arc::new(config));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let (clear, sealed) = (Arc::default(), Arc::default());
        let (said, hidden) = (Arc::clone(&clear), Arc::clone(&sealed));
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let mut plain = BufReader::new(stream);
                if begin == Begin::Asked {
                    greet(&mut plain).await;
                    talk(&mut plain, &said).await;
                }
                // Whoever does not trust the certificate hangs up here.
                let Ok(tls) = acceptor.accept(plain.into_inner()).await else {
                    continue;
                };
                let mut tls = BufReader::new(tls);
                if begin == Begin::Wrapped {
                    greet(&mut tls).await;
                }
                talk(&mut tls, &hidden).await;
            }
        });
        Self {
            port,
            authority,
            clear,
            sealed,
        }
    }

    fn mail(&self, tls: &str) -> Smtp {
        let settings: channel::Smtp = serde_json::from_value(json!({
            "host": "127.0.0.1", "port": self.port, "tls": tls, "user": "gantry",
            "password": "${secret:smtp}", "from": "Gantry <gantry@example.com>",
        }))
        .unwrap();
        Smtp::new(&settings, shouting(), still())
    }

    async fn sends(&self, smtp: &Smtp) -> Result<String, Fault> {
        let mut message = message("held", Tone::Warning);
        message.via.to = Some("status@example.com".into());
        let receipt = smtp.send(&message, TIME).await?;
        Ok(receipt.reference.unwrap_or_default())
    }
}

async fn greet(stream: &mut (impl AsyncWrite + Unpin)) {
    let _gone = stream.write_all(b"220 mail.example.com ESMTP\r\n").await;
    let _gone = stream.flush().await;
}

/// Answers until the other side leaves, or asks for TLS.
async fn talk<S: AsyncRead + AsyncWrite + Unpin>(stream: &mut BufReader<S>, heard: &Mutex<String>) {
    let mut in_mail = false;
    loop {
        let mut line = String::new();
        if stream.read_line(&mut line).await.unwrap_or(0) == 0 {
            return;
        }
        heard.lock().unwrap().push_str(&line);
        let word = line.split([' ', ':', '\r']).next().unwrap_or_default();
        let answer = match word {
            "." => {
                in_mail = false;
                "250 2.0.0 queued as 42"
            }
            _ if in_mail => continue,
            "EHLO" => "250-mail.example.com\r\n250-AUTH PLAIN\r\n250 STARTTLS",
            "AUTH" => "235 2.7.0 welcome",
            "STARTTLS" => "220 go on",
            "DATA" => {
                in_mail = true;
                "354 go on"
            }
            _ => "250 fine",
        };
        let _gone = stream.write_all(format!("{answer}\r\n").as_bytes()).await;
        let _gone = stream.flush().await;
        if word == "STARTTLS" {
            return;
        }
    }
}

#[tokio::test]
async fn a_mail_is_handed_in_after_starttls_and_nothing_of_it_before() {
    let server = Server::start(Begin::Asked, "127.0.0.1").await;
    let smtp = server.mail("starttls").trusting(&server.authority).unwrap();
    assert_eq!(server.sends(&smtp).await.unwrap(), "250 2.0.0 queued as 42");
    let (clear, sealed) = (server.clear.lock().unwrap(), server.sealed.lock().unwrap());
    assert!(clear.ends_with("STARTTLS\r\n"), "{clear}");
    assert!(
        !clear.contains("AUTH") && !clear.contains("MAIL"),
        "{clear}"
    );
    assert!(sealed.contains("AUTH PLAIN") && sealed.contains("RCPT TO:<status@example.com>"));
}

#[tokio::test]
async fn a_mail_is_handed_in_over_tls_from_the_first_byte() {
    let server = Server::start(Begin::Wrapped, "127.0.0.1").await;
    let smtp = server.mail("tls").trusting(&server.authority).unwrap();
    assert_eq!(server.sends(&smtp).await.unwrap(), "250 2.0.0 queued as 42");
    assert!(smtp.greet(TIME).await.unwrap().contains("answers"));
    assert!(server.sealed.lock().unwrap().contains("Subject: "));
}

#[tokio::test]
async fn a_certificate_of_a_stranger_or_for_another_name_gets_no_mail() {
    let server = Server::start(Begin::Asked, "127.0.0.1").await;
    assert!(server.sends(&server.mail("starttls")).await.is_err());
    let other = Server::start(Begin::Wrapped, "mail.example.org").await;
    let smtp = other.mail("tls").trusting(&other.authority).unwrap();
    let fault = other.sends(&smtp).await.unwrap_err();
    assert!(
        fault.message.to_lowercase().contains("certificate"),
        "{fault}"
    );
    for heard in [&server.sealed, &other.sealed] {
        assert_eq!(heard.lock().unwrap().as_str(), "");
    }
}
