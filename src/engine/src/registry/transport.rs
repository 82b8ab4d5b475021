//! HTTPS to one endpoint, or plain http where that is allowed and nothing else is spoken.

use std::cell::{Cell, OnceCell};
use std::error::Error as StdError;
use std::io::ErrorKind;
use std::sync::Arc;

use reqwest::redirect::Policy;
use reqwest::{RequestBuilder, Response, StatusCode, Url};

use super::certificates::HostCertificates;
use super::error::harmless;
use super::resolver::SystemResolver;
use super::retry::RetryPolicy;
use super::token::plain_is_fine;
use super::{ClientFiles, Endpoint, RegistryError};

/// As many as browsers follow.
const REDIRECTS: usize = 10;

/// Why a request got no answer.
pub(super) enum Trouble {
    /// Another try may do better.
    Passing(RegistryError),
    /// Another try will not.
    Final(RegistryError),
}

impl From<RegistryError> for Trouble {
    fn from(error: RegistryError) -> Self {
        Self::Final(error)
    }
}

/// The connections to one endpoint.
pub(super) struct Transport {
    endpoint: Endpoint,
    files: ClientFiles,
    policy: RetryPolicy,
    secure: OnceCell<reqwest::Client>,
    plain: OnceCell<reqwest::Client>,
    /// What it speaks, once it has answered.
    speaks_tls: Cell<Option<bool>>,
}

impl Transport {
    pub(super) fn new(endpoint: &Endpoint, files: &ClientFiles, policy: &RetryPolicy) -> Self {
        Self {
            endpoint: endpoint.clone(),
            files: files.clone(),
            policy: policy.clone(),
            secure: OnceCell::new(),
            plain: OnceCell::new(),
            speaks_tls: Cell::new(None),
        }
    }

    /// Sends what `request` makes of a client and a scheme. TLS comes first; an endpoint that
    /// may do without is asked again when it turns out not to speak it.
    pub(super) async fn send(
        &self,
        request: impl Fn(&reqwest::Client, &str) -> RequestBuilder,
    ) -> Result<Response, Trouble> {
        if self.speaks_tls.get() != Some(false) {
            match request(self.secure()?, "https").send().await {
                Ok(response) => {
                    self.speaks_tls.set(Some(true));
                    return Ok(response);
                }
                Err(error) if self.speaks_tls.get().is_none() && is_not_tls(&error) => {
                    if !self.endpoint.allows_plain_http() {
                        let host = self.endpoint.host().to_owned();
                        return Err(RegistryError::NoTls { host }.into());
                    }
                }
                Err(error) => return Err(Trouble::of(&self.endpoint, &error)),
            }
        }
        let answer = request(self.plain()?, "http").send().await;
        let response = answer.map_err(|error| Trouble::of(&self.endpoint, &error))?;
        if self.speaks_tls.get().is_none() && response.status() == StatusCode::BAD_REQUEST {
            // So does a server answer that wants TLS: the greeting was only cut off.
            let host = self.endpoint.host().to_owned();
            let reason = "the connection was cut".to_owned();
            return Err(Trouble::Passing(RegistryError::Unreachable {
                host,
                reason,
            }));
        }
        self.speaks_tls.set(Some(false));
        Ok(response)
    }

    /// The client for another address of the registry, such as its log-in service.
    pub(super) fn for_url(&self, url: &Url) -> Result<&reqwest::Client, RegistryError> {
        if url.scheme() == "https" {
            self.secure()
        } else {
            self.plain()
        }
    }

    fn secure(&self) -> Result<&reqwest::Client, RegistryError> {
        if let Some(client) = self.secure.get() {
            return Ok(client);
        }
        // An error means that it is installed already.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let mut builder = self.builder();
        if self.endpoint.insecure {
            builder = builder.tls_danger_accept_invalid_certs(true);
        }
        let own = HostCertificates::find(&self.files.certificates, self.endpoint.host())?;
        builder = builder.tls_certs_merge(own.authorities);
        if let Some(identity) = own.identity {
            builder = builder.identity(identity);
        }
        let made = builder.build().map_err(setup)?;
        Ok(self.secure.get_or_init(|| made))
    }

    fn plain(&self) -> Result<&reqwest::Client, RegistryError> {
        if let Some(client) = self.plain.get() {
            return Ok(client);
        }
        let _ = rustls::crypto::ring::default_provider().install_default();
        let made = self.builder().tls_certs_only([]).build().map_err(setup)?;
        Ok(self.plain.get_or_init(|| made))
    }

    fn builder(&self) -> reqwest::ClientBuilder {
        let endpoint = self.endpoint.clone();
        let redirect = Policy::custom(move |attempt| {
            if attempt.previous().len() > REDIRECTS {
                attempt.error("too many redirects")
            } else if attempt.url().scheme() == "https" || plain_is_fine(&endpoint, attempt.url()) {
                attempt.follow()
            } else {
                attempt.error("a redirect away from TLS")
            }
        });
        let builder = reqwest::Client::builder()
            .user_agent(concat!("kennel/", env!("CARGO_PKG_VERSION")))
            .dns_resolver(Arc::new(SystemResolver::default()))
            .connect_timeout(self.policy.connect)
            .read_timeout(self.policy.silence)
            .redirect(redirect);
        // A proxy elsewhere cannot know what this computer calls localhost.
        if self.endpoint.is_loopback() {
            builder.no_proxy()
        } else {
            builder
        }
    }
}

impl Trouble {
    /// What an error of sending means.
    pub(super) fn of(endpoint: &Endpoint, error: &reqwest::Error) -> Self {
        let host = endpoint.host().to_owned();
        if let Some(tls) = find::<rustls::Error>(error) {
            let reason = tls.to_string();
            match tls {
                rustls::Error::InvalidCertificate(_) => {
                    return Self::Final(RegistryError::Certificate { host, reason });
                }
                rustls::Error::AlertReceived(_) => {
                    return Self::Final(RegistryError::Handshake { host, reason });
                }
                _ => {}
            }
        }
        if error.is_redirect() {
            let target = harmless(&innermost(error));
            return Self::Final(RegistryError::Redirected { host, target });
        }
        if error.is_builder() {
            let reason = innermost(error);
            return Self::Final(RegistryError::Setup(reason));
        }
        let reason = if error.is_timeout() {
            "it does not answer in time".to_owned()
        } else {
            innermost(error)
        };
        Self::Passing(RegistryError::Unreachable { host, reason })
    }
}

fn setup(error: reqwest::Error) -> RegistryError {
    RegistryError::Setup(innermost(&error))
}

/// Whether the other end answers a TLS greeting with something else.
fn is_not_tls(error: &reqwest::Error) -> bool {
    if !error.is_connect() {
        return false;
    }
    if let Some(tls) = find::<rustls::Error>(error) {
        return matches!(tls, rustls::Error::InvalidMessage(_));
    }
    find::<std::io::Error>(error).is_some_and(|io| {
        matches!(
            io.kind(),
            ErrorKind::UnexpectedEof | ErrorKind::ConnectionReset
        )
    })
}

/// The first cause of type `T`, also inside an I/O error.
fn find<'e, T: StdError + 'static>(error: &'e (dyn StdError + 'static)) -> Option<&'e T> {
    let mut next = Some(error);
    while let Some(cause) = next {
        if let Some(found) = cause.downcast_ref::<T>() {
            return Some(found);
        }
        let inner = cause
            .downcast_ref::<std::io::Error>()
            .and_then(std::io::Error::get_ref);
        next = match inner {
            Some(inner) => Some(inner),
            None => cause.source(),
        };
    }
    None
}

/// The text of the last cause, which says most.
pub(super) fn innermost(error: &(dyn StdError + 'static)) -> String {
    let mut last = error;
    while let Some(cause) = last.source() {
        last = cause;
    }
    harmless(&last.to_string())
}
