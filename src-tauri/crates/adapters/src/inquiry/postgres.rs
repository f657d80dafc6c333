//! A PostgreSQL database: one statement, in a transaction that can only read.

use std::{net::SocketAddr, sync::Arc};

use async_trait::async_trait;
use gantry_model::{
    release::{check::question::SqlQuestion, connection},
    secret::SecretText,
    unit::Span,
};
use gantry_port::{
    clock::Clock,
    fault::Fault,
    inquiry::{Inquiry, Question},
    probe::ProbeAnswer,
    secret::Secrets,
};
use rustls::ClientConfig;
use tokio::net::{TcpStream, UnixStream, lookup_host};
use tokio_postgres::{
    Client, Config, IsolationLevel, NoTls,
    config::{Host, SslMode},
    tls::MakeTlsConnect,
};
use tokio_postgres_rustls::MakeRustlsConnect;

use super::{unanswered, value::compare};
use crate::{
    http::address::{is_forbidden, refusal},
    secret::resolve,
    wording::shown,
};

/// The port where an address names none.
const PORT: u16 = 5432;

/// A database that is asked.
pub struct Postgres {
    url: SecretText,
    secrets: Arc<dyn Secrets>,
    clock: Arc<dyn Clock>,
}

impl Postgres {
    /// Builds the adapter; nothing is reached or resolved yet.
    pub fn new(
        settings: &connection::Database,
        secrets: Arc<dyn Secrets>,
        clock: Arc<dyn Clock>,
    ) -> Self {
        Self {
            url: settings.url.clone(),
            secrets,
            clock,
        }
    }

    async fn value(&self, query: &str, timeout: Span) -> Result<Option<String>, Fault> {
        let work = async {
            let mut client = self.connect(timeout).await?;
            ask(&mut client, query).await
        };
        tokio::select! {
            done = work => done,
            () = self.clock.wait(timeout) => {
                Err(Fault::lost(format!("postgres gave no answer within {timeout}")))
            }
        }
    }

    /// Connects to what the name means now, and nowhere that may not be reached.
    async fn connect(&self, timeout: Span) -> Result<Client, Fault> {
        let url = resolve(self.secrets.as_ref(), &self.url).await?;
        // The error may repeat the address, in which a password stands.
        let unreadable = |_| Fault::unsent("postgres: this is not an address of a database");
        let mut config: Config = url.expose().parse().map_err(unreadable)?;
        let most = timeout.as_millis();
        config.application_name("gantry");
        config.options(format!(
            "-c default_transaction_read_only=on -c statement_timeout={most}"
        ));
        let port = config.get_ports().first().copied().unwrap_or(PORT);
        let none = || Fault::unsent("postgres: the address names no host");
        match config.get_hosts().first().cloned().ok_or_else(none)? {
            Host::Tcp(host) => tcp(&config, &host, port).await,
            Host::Unix(folder) => {
                let path = folder.join(format!(".s.PGSQL.{port}"));
                let stream = UnixStream::connect(&path).await;
                let stream = stream.map_err(|error| unreached(&path.to_string_lossy(), &error))?;
                let connected = config.connect_raw(stream, NoTls).await;
                let (client, connection) = connected.map_err(|error| refused(&error))?;
                tokio::spawn(connection);
                Ok(client)
            }
        }
    }
}

#[async_trait]
impl Inquiry for Postgres {
    async fn ask(&self, question: &Question, timeout: Span) -> Result<ProbeAnswer, Fault> {
        let asked: &SqlQuestion = match question {
            Question::Sql(asked) => asked,
            Question::Ci(_) => return Err(unanswered("postgres", "commits")),
        };
        let seen = self.value(&asked.query, timeout).await?;
        compare(asked, seen.as_deref())
    }

    async fn greet(&self, timeout: Span) -> Result<String, Fault> {
        let version = "select current_setting('server_version')";
        let version = self.value(version, timeout).await?.unwrap_or_default();
        Ok(format!("postgres answers, version {}", shown(&version)))
    }
}

async fn tcp(config: &Config, host: &str, port: u16) -> Result<Client, Fault> {
    let found = lookup_host((host, port)).await;
    let found = found.map_err(|error| unreached(host, &error))?;
    let allowed: Vec<SocketAddr> = found
        .filter(|address| !is_forbidden(address.ip().to_canonical()))
        .collect();
    if allowed.is_empty() {
        return Err(Fault::unsent(format!("postgres at {host}: {}", refusal())));
    }
    let stream = TcpStream::connect(allowed.as_slice()).await;
    let stream = stream.map_err(|error| unreached(host, &error))?;
    if config.get_ssl_mode() == SslMode::Disable {
        let connected = config.connect_raw(stream, NoTls).await;
        let (client, connection) = connected.map_err(|error| refused(&error))?;
        // It ends with the client, which the caller drops.
        tokio::spawn(connection);
        return Ok(client);
    }
    let mut tls = MakeRustlsConnect::new(certificates()?);
    let tls = MakeTlsConnect::<TcpStream>::make_tls_connect(&mut tls, host);
    let tls = tls.map_err(|error| Fault::unsent(format!("postgres at {host}: {error}")))?;
    let connected = config.connect_raw(stream, tls).await;
    let (client, connection) = connected.map_err(|error| refused(&error))?;
    tokio::spawn(connection);
    Ok(client)
}

/// Trusts whom this machine trusts.
fn certificates() -> Result<ClientConfig, Fault> {
    // Fails only if a provider is installed already, and then that one serves.
    let _installed = rustls::crypto::ring::default_provider().install_default();
    let mut roots = rustls::RootCertStore::empty();
    let known = rustls_native_certs::load_native_certs();
    let (_added, _ignored) = roots.add_parsable_certificates(known.certs);
    let config = ClientConfig::builder().with_root_certificates(roots);
    Ok(config.with_no_client_auth())
}

/// Asks for one value. The statement is wrapped, so that it can be nothing but a query, and sent
/// by the protocol that takes one statement alone, so that it cannot leave its transaction.
async fn ask(client: &mut Client, query: &str) -> Result<Option<String>, Fault> {
    let failed = |error: tokio_postgres::Error| refused(&error);
    let transaction = client
        .build_transaction()
        .isolation_level(IsolationLevel::ReadCommitted)
        .read_only(true)
        .start()
        .await
        .map_err(failed)?;
    let query = query.trim().trim_end_matches(';');
    let columns = transaction.prepare(query).await.map_err(failed)?;
    if columns.columns().len() != 1 {
        return Err(Fault::refused("postgres: the query answers not one column"));
    }
    let wrapped = format!("select answer.value::text from (\n{query}\n) as answer(value) limit 2");
    let rows = transaction.query(&wrapped, &[]).await.map_err(failed)?;
    match rows.as_slice() {
        [] => Err(Fault::refused("postgres: the query answered no row")),
        [row] => row.try_get(0).map_err(failed),
        [_, _, ..] => Err(Fault::refused(
            "postgres: the query answered more than one row",
        )),
    }
}

fn unreached(host: &str, error: &std::io::Error) -> Fault {
    Fault::unsent(format!("postgres at {host} cannot be reached: {error}"))
}

fn refused(error: &tokio_postgres::Error) -> Fault {
    let said = error.as_db_error().map(|said| said.message().to_owned());
    let said = said.unwrap_or_else(|| error.to_string());
    Fault::refused(format!("postgres says no: {}", shown(&said)))
}
