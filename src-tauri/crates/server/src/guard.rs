//! Who comes in: the right host, the right origin, the token once and the cookie from then on.

use std::sync::{Arc, Mutex, PoisonError};

use axum::{
    extract::{Request, State},
    http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Uri, header},
    middleware::Next,
    response::{IntoResponse, Redirect, Response},
};

use crate::{refusal, token::Token};

/// Nothing from elsewhere, nothing inline, no frames, no forms.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; \
    img-src 'self' data:; font-src 'self'; connect-src 'self'; frame-src 'none'; \
    frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

const SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// The keeper of the door.
pub(crate) struct Guard {
    port: u16,
    /// There until it was used.
    token: Mutex<Option<Token>>,
    session: Token,
}

/// What a request is to the door.
enum Visit {
    /// It may come in.
    Known,
    /// It has brought the token and gets the cookie.
    First,
    /// It may not come in.
    Refused(StatusCode, &'static str),
}

impl Guard {
    /// Keeps the door of a port; none where the system gives no randomness.
    pub(crate) fn new(port: u16) -> Option<Self> {
        Some(Self {
            port,
            token: Mutex::new(Some(Token::draw()?)),
            session: Token::draw()?,
        })
    }

    /// Gives the address that opens the door once; nothing once it was used.
    pub(crate) fn address(&self) -> Option<String> {
        let token = self.token.lock().unwrap_or_else(PoisonError::into_inner);
        let token = token.as_ref()?.reveal().to_owned();
        Some(format!("http://127.0.0.1:{}/?token={token}", self.port))
    }

    fn look(&self, method: &Method, uri: &Uri, headers: &HeaderMap) -> Visit {
        let Some(host) = one(headers, &header::HOST).filter(|host| self.is_ours(host)) else {
            return Visit::Refused(
                StatusCode::MISDIRECTED_REQUEST,
                "This door answers to its own address on this machine only.",
            );
        };
        if !comes_from(host, method, headers) {
            return Visit::Refused(
                StatusCode::FORBIDDEN,
                "Another page may not speak for you here.",
            );
        }
        if self.has_cookie(headers) {
            return Visit::Known;
        }
        if *method == Method::GET && uri.path() == "/" && self.takes_token(uri) {
            return Visit::First;
        }
        Visit::Refused(
            StatusCode::UNAUTHORIZED,
            "Open the address that Gantry printed when it started; it works once. \
             Start it again for another one.",
        )
    }

    /// A name that a foreign name server points at this machine is not ours.
    fn is_ours(&self, host: &str) -> bool {
        let port = self.port;
        host == format!("127.0.0.1:{port}") || host == format!("localhost:{port}")
    }

    /// Cookies are shared by all ports of a host, so the name has the port.
    fn cookie(&self) -> String {
        format!("gantry-{}", self.port)
    }

    fn has_cookie(&self, headers: &HeaderMap) -> bool {
        let name = self.cookie();
        let sent = headers.get_all(header::COOKIE).iter();
        let pairs = sent
            .filter_map(|value| value.to_str().ok())
            .flat_map(|line| line.split(';'));
        pairs
            .filter_map(|pair| pair.trim().split_once('='))
            .any(|(key, value)| key == name && self.session.is(value))
    }

    /// Uses the token up, if it was brought.
    fn takes_token(&self, uri: &Uri) -> bool {
        let mut pairs = uri.query().unwrap_or_default().split('&');
        let Some(said) = pairs.find_map(|pair| pair.strip_prefix("token=")) else {
            return false;
        };
        let mut token = self.token.lock().unwrap_or_else(PoisonError::into_inner);
        let right = token.as_ref().is_some_and(|token| token.is(said));
        if right {
            *token = None;
        }
        right
    }

    /// Sends the browser on to the address without the token, with the cookie.
    fn welcome(&self) -> Response {
        let mut response = Redirect::to("/").into_response();
        let cookie = format!(
            "{}={}; Path=/; HttpOnly; SameSite=Strict",
            self.cookie(),
            self.session.reveal()
        );
        if let Ok(cookie) = HeaderValue::from_str(&cookie) {
            response.headers_mut().insert(header::SET_COOKIE, cookie);
        }
        response
    }
}

/// Whether the request was made by our own page, or by a person who typed the address.
fn comes_from(host: &str, method: &Method, headers: &HeaderMap) -> bool {
    let changes = *method != Method::GET && *method != Method::HEAD;
    let origin = match headers.get(header::ORIGIN) {
        Some(origin) => origin
            .to_str()
            .is_ok_and(|said| said == format!("http://{host}")),
        None => !changes,
    };
    let site = headers.get(SITE).map(HeaderValue::as_bytes);
    origin && matches!(site, None | Some(b"same-origin" | b"none"))
}

/// Gives a header that is there once.
fn one<'h>(headers: &'h HeaderMap, name: &HeaderName) -> Option<&'h str> {
    let mut all = headers.get_all(name).iter();
    let first = all.next()?.to_str().ok()?;
    all.next().is_none().then_some(first)
}

/// Looks at every request before anything else does.
pub(crate) async fn keep(
    State(guard): State<Arc<Guard>>,
    request: Request,
    next: Next,
) -> Response {
    let visit = guard.look(request.method(), request.uri(), request.headers());
    let mut response = match visit {
        Visit::Known => next.run(request).await,
        Visit::First => guard.welcome(),
        Visit::Refused(status, sentence) if request.uri().path().starts_with("/api/") => {
            let hint = "open the address that Gantry printed";
            refusal::Refusal::with(status, sentence, hint).into_response()
        }
        Visit::Refused(status, sentence) => refusal::told(status, sentence),
    };
    harden(response.headers_mut());
    response
}

fn harden(headers: &mut HeaderMap) {
    let fixed = [
        (header::CONTENT_SECURITY_POLICY, POLICY),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::X_FRAME_OPTIONS, "DENY"),
        (header::REFERRER_POLICY, "no-referrer"),
        (
            HeaderName::from_static("cross-origin-opener-policy"),
            "same-origin",
        ),
        (
            HeaderName::from_static("cross-origin-resource-policy"),
            "same-origin",
        ),
    ];
    for (name, value) in fixed {
        headers.insert(name, HeaderValue::from_static(value));
    }
    headers
        .entry(header::CACHE_CONTROL)
        .or_insert(HeaderValue::from_static("no-store"));
}
