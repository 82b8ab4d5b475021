//! Exchanging a log-in (or none) for a bearer token, by the distribution project's token
//! specification and its OAuth 2 variant.

use base64::Engine as _;
use reqwest::header::{AUTHORIZATION, CONTENT_TYPE, HeaderValue};
use reqwest::{RequestBuilder, Url};
use serde::Deserialize;

use super::Endpoint;
use super::credentials::Credentials;

/// What a token is asked for.
pub(super) struct TokenRequest<'a> {
    pub(super) realm: Url,
    pub(super) service: Option<&'a str>,
    pub(super) scope: &'a str,
}

/// The answer of a token server.
#[derive(Deserialize)]
pub(super) struct TokenAnswer {
    token: Option<String>,
    access_token: Option<String>,
}

impl TokenAnswer {
    /// The header that carries the token.
    pub(super) fn header(self) -> Option<HeaderValue> {
        let token = self.token.or(self.access_token)?;
        secret(&format!("Bearer {token}"))
    }
}

impl TokenRequest<'_> {
    /// The request, with the log-in that there is.
    pub(super) fn build(
        &self,
        http: &reqwest::Client,
        credentials: Option<&Credentials>,
    ) -> RequestBuilder {
        let mut url = self.realm.clone();
        if let Some(Credentials::Identity(token)) = credentials {
            let mut form = Url::parse("form:/").unwrap_or_else(|_| url.clone());
            form.query_pairs_mut()
                .append_pair("grant_type", "refresh_token")
                .append_pair("client_id", "kennel")
                .append_pair("service", self.service.unwrap_or_default())
                .append_pair("scope", self.scope)
                .append_pair("refresh_token", token);
            return http
                .post(url)
                .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
                .body(form.query().unwrap_or_default().to_owned());
        }
        {
            let mut query = url.query_pairs_mut();
            query.append_pair("scope", self.scope);
            if let Some(service) = self.service {
                query.append_pair("service", service);
            }
        }
        let request = http.get(url);
        match credentials.and_then(basic) {
            Some(header) => request.header(AUTHORIZATION, header),
            None => request,
        }
    }
}

/// The header of a name and a password.
pub(super) fn basic(credentials: &Credentials) -> Option<HeaderValue> {
    let Credentials::Password { user, password } = credentials else {
        return None;
    };
    let both = base64::engine::general_purpose::STANDARD.encode(format!("{user}:{password}"));
    secret(&format!("Basic {both}"))
}

fn secret(text: &str) -> Option<HeaderValue> {
    let mut value = HeaderValue::from_str(text).ok()?;
    value.set_sensitive(true);
    Some(value)
}

/// Whether a log-in for `endpoint` may be sent to `realm`: over TLS, or where the endpoint itself
/// is plain http and stays on the same computer or is marked insecure.
pub(super) fn may_ask(endpoint: &Endpoint, realm: &Url) -> bool {
    realm.scheme() == "https" || (realm.scheme() == "http" && plain_is_fine(endpoint, realm))
}

/// Whether plain http to `url` is allowed on behalf of `endpoint`.
pub(super) fn plain_is_fine(endpoint: &Endpoint, url: &Url) -> bool {
    let there = Endpoint {
        location: url.host_str().unwrap_or_default().to_owned(),
        insecure: false,
    };
    endpoint.insecure || (endpoint.is_loopback() && there.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_log_in_goes_only_over_tls() {
        let at = |host: &str, insecure| Endpoint {
            location: format!("{host}/a"),
            insecure,
        };
        let url = |text: &str| Url::parse(text).unwrap();
        assert!(may_ask(
            &at("r.example", false),
            &url("https://auth.example/token")
        ));
        assert!(!may_ask(
            &at("r.example", false),
            &url("http://auth.example/token")
        ));
        assert!(!may_ask(
            &at("localhost:5000", false),
            &url("http://auth.example/token")
        ));
        assert!(may_ask(
            &at("localhost:5000", false),
            &url("http://127.0.0.1:5001/token")
        ));
        assert!(may_ask(
            &at("r.example", true),
            &url("http://auth.example/token")
        ));
        assert!(!may_ask(&at("r.example", true), &url("file:///etc/passwd")));
    }
}
