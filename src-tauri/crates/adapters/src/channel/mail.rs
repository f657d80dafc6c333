//! E-mail, handed to a mail server over SMTP.
//!
//! The server's name is resolved here, checked like every other address, and connected to as
//! resolved; its certificate must be for the name. The message's id follows from the key, so that
//! mail programs show a repeated message once, and the messages of a run stand in one thread.

use std::{net::SocketAddr, sync::Arc};

use async_trait::async_trait;
use gantry_model::{
    release::connection::channel::{MailProtection, Smtp as Settings},
    secret::Secret,
    unit::Span,
};
use gantry_port::{
    channel::{Channel, Message, Receipt, Repeats},
    clock::Clock,
    fault::{Fault, FaultKind},
    secret::Secrets,
};
use lettre::{
    AsyncSmtpTransport, AsyncTransport, Message as Mail, Tokio1Executor,
    message::{
        Mailbox, Mailboxes, MessageBuilder, SinglePart,
        header::{ContentType, HeaderName, HeaderValue},
    },
    transport::smtp::{
        Error,
        authentication::Credentials,
        client::{Certificate, Tls, TlsParameters},
        extension::ClientId,
    },
};

use super::leak;
use crate::{
    http::address::{is_forbidden, refusal},
    secret::resolve,
    wording::shown,
};

/// Hands mail in.
pub struct Smtp {
    settings: Settings,
    secrets: Arc<dyn Secrets>,
    clock: Arc<dyn Clock>,
    authority: Option<Certificate>,
}

impl Smtp {
    /// Builds the channel; nothing is reached yet.
    pub fn new(settings: &Settings, secrets: Arc<dyn Secrets>, clock: Arc<dyn Clock>) -> Self {
        Self {
            settings: settings.clone(),
            secrets,
            clock,
            authority: None,
        }
    }

    /// Trusts an authority beside those that this machine knows.
    ///
    /// # Errors
    /// Refused where the text is no certificate.
    pub fn trusting(mut self, pem: &str) -> Result<Self, Fault> {
        let unread = |error| Fault::refused(format!("this is no certificate: {error}"));
        self.authority = Some(Certificate::from_pem(pem.as_bytes()).map_err(unread)?);
        Ok(self)
    }

    fn whom(&self) -> String {
        format!(
            "the mail server {}:{}",
            self.settings.host, self.settings.port
        )
    }

    async fn password(&self) -> Result<Option<Secret<String>>, Fault> {
        match &self.settings.password {
            Some(password) => resolve(self.secrets.as_ref(), password.text())
                .await
                .map(Some),
            None => Ok(None),
        }
    }

    /// Resolves once, checks, and connects to just that.
    async fn address(&self) -> Result<SocketAddr, Fault> {
        let place = (self.settings.host.as_str(), self.settings.port);
        let found = tokio::net::lookup_host(place).await;
        let mut found = found
            .map_err(|error| Fault::unsent(format!("{} cannot be found: {error}", self.whom())))?;
        let allowed = found.find(|address| !is_forbidden(address.ip().to_canonical()));
        allowed.ok_or_else(|| Fault::refused(format!("{}: {}", self.whom(), refusal())))
    }

    async fn transport(
        &self,
        password: Option<&Secret<String>>,
        timeout: Span,
    ) -> Result<AsyncSmtpTransport<Tokio1Executor>, Fault> {
        let address = self.address().await?;
        let in_the_clear = self.settings.tls == MailProtection::None;
        if in_the_clear && password.is_some() && !address.ip().is_loopback() {
            let words = "a password is not sent in the clear";
            return Err(Fault::refused(format!("{}: {words}", self.whom())));
        }
        let mut builder =
            AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(address.ip().to_string())
                .port(address.port())
                .hello_name(ClientId::Domain("gantry.invalid".to_owned()))
                .tls(self.tls()?)
                .timeout(Some(timeout.as_duration()));
        if let (Some(user), Some(password)) = (&self.settings.user, password) {
            let credentials = Credentials::new(user.clone(), password.expose().clone());
            builder = builder.credentials(credentials);
        }
        Ok(builder.build())
    }

    fn tls(&self) -> Result<Tls, Fault> {
        let parameters = || {
            // Fails only if a provider is installed already, and then that one serves.
            let _installed = rustls::crypto::ring::default_provider().install_default();
            let mut builder = TlsParameters::builder(self.settings.host.clone());
            if let Some(authority) = &self.authority {
                builder = builder.add_root_certificate(authority.clone());
            }
            builder.build_rustls().map_err(|error| {
                Fault::unsent(format!("{}: no TLS can be made: {error}", self.whom()))
            })
        };
        Ok(match self.settings.tls {
            MailProtection::Starttls => Tls::Required(parameters()?),
            MailProtection::Tls => Tls::Wrapper(parameters()?),
            MailProtection::None => Tls::None,
        })
    }

    fn sender(&self) -> Result<Mailbox, Fault> {
        let usual = || format!("Gantry <gantry@{}>", self.settings.host);
        let from = self.settings.from.clone().unwrap_or_else(usual);
        from.parse().map_err(|error| unaddressed(&from, &error))
    }

    fn id(&self, message: &Message) -> Result<String, Fault> {
        let sender = self.sender()?;
        Ok(format!("<{}@{}>", message.key, sender.email.domain()))
    }

    fn mail(&self, message: &Message) -> Result<Mail, Fault> {
        let to = message.via.to.as_deref().unwrap_or_default();
        let to: Mailboxes = to.parse().map_err(|error| unaddressed(to, &error))?;
        let mut builder = Mail::builder()
            .from(self.sender()?)
            .subject(&message.title)
            .date(message.at.into())
            .message_id(Some(self.id(message)?));
        for reader in to {
            builder = builder.to(reader);
        }
        if let Some(first) = &message.thread {
            builder = builder.in_reply_to(first.clone()).references(first.clone());
        }
        let builder = own_headers(builder, message);
        let part = SinglePart::builder()
            .header(ContentType::TEXT_PLAIN)
            .body(message.body.clone());
        builder
            .singlepart(part)
            .map_err(|error| Fault::refused(format!("this mail cannot be written: {error}")))
    }

    fn told(&self, error: &Error, secrets: &[Secret<String>]) -> Fault {
        let mut words = error.to_string();
        let mut cause = std::error::Error::source(error);
        while let Some(inner) = cause {
            words = format!("{words}: {inner}");
            cause = inner.source();
        }
        let words = match leak::holds(&words, secrets) {
            true => "its answer repeats a secret and is not shown".to_owned(),
            false => shown(&words),
        };
        let sentence = format!("{} did not take it: {words}", self.whom());
        if error.is_permanent() {
            Fault::refused(sentence)
        } else if error.is_transient() {
            Fault::new(FaultKind::Busy { after: None }, sentence)
        } else {
            Fault::lost(sentence)
        }
    }
}

fn unaddressed(text: &str, error: &lettre::address::AddressError) -> Fault {
    Fault::refused(format!("`{}` is no address: {error}", shown(text)))
}

/// Keeps holiday answers away, and lets people filter.
fn own_headers(builder: MessageBuilder, message: &Message) -> MessageBuilder {
    let header = |name: &'static str, value: &str| {
        HeaderValue::new(HeaderName::new_from_ascii_str(name), value.to_owned())
    };
    builder
        .raw_header(header("Auto-Submitted", "auto-generated"))
        .raw_header(header("X-Gantry-Notice", &message.key))
        .raw_header(header("X-Gantry-Event", &message.event))
}

#[async_trait]
impl Channel for Smtp {
    /// Servers take the same message twice; mail programs show one id once.
    fn repeats(&self) -> Repeats {
        Repeats::Told
    }

    async fn send(&self, message: &Message, timeout: Span) -> Result<Receipt, Fault> {
        let mail = self.mail(message)?;
        let password = self.password().await?;
        let transport = self.transport(password.as_ref(), timeout).await?;
        let secrets: Vec<Secret<String>> = password.into_iter().collect();
        let work = transport.send(mail);
        let answer = tokio::select! {
            answer = work => answer.map_err(|error| self.told(&error, &secrets))?,
            () = self.clock.wait(timeout) => {
                return Err(Fault::lost(format!("{} gave no answer in time", self.whom())));
            }
        };
        let said: Vec<&str> = answer.message().collect();
        Ok(Receipt {
            thread: Some(
                message
                    .thread
                    .clone()
                    .map_or_else(|| self.id(message), Ok)?,
            ),
            reference: Some(shown(&format!("{} {}", answer.code(), said.join(" ")))),
        })
    }

    async fn greet(&self, timeout: Span) -> Result<String, Fault> {
        let password = self.password().await?;
        let transport = self.transport(password.as_ref(), timeout).await?;
        let secrets: Vec<Secret<String>> = password.into_iter().collect();
        match transport.test_connection().await {
            Ok(true) => Ok(format!("{} answers", self.whom())),
            Ok(false) => Err(Fault::lost(format!("{} hung up", self.whom()))),
            Err(error) => Err(self.told(&error, &secrets)),
        }
    }
}
