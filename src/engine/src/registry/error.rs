//! Why an image could not be fetched, and what a person can do about it.

use std::path::PathBuf;
use std::time::Duration;

use kennel_model::{ImageRef, Phrase, UserError, phrase};

use crate::store::StoreError;

/// Why an image could not be fetched.
#[derive(Debug, thiserror::Error)]
#[error("{}", self.phrase())]
pub enum RegistryError {
    /// No connection, or none that lasted.
    Unreachable {
        /// `host[:port]`.
        host: String,
        /// What the network said.
        reason: String,
    },
    /// The connection broke more often than is worth another try.
    Interrupted {
        /// `host[:port]`.
        host: String,
        /// How the last one ended.
        reason: String,
    },
    /// The registry's certificate is not to be trusted.
    Certificate {
        /// `host[:port]`.
        host: String,
        /// What is wrong with it.
        reason: String,
    },
    /// The registry ends the TLS handshake, most often because it wants to know its clients.
    Handshake {
        /// `host[:port]`.
        host: String,
        /// Its alert.
        reason: String,
    },
    /// Only plain http is spoken there, which is not allowed.
    NoTls {
        /// `host[:port]`.
        host: String,
    },
    /// A registry sends its client where it must not go.
    Redirected {
        /// `host[:port]`.
        host: String,
        /// Where to, and why not.
        target: String,
    },
    /// Nobody is logged in, and the registry wants that (or keeps the name to itself).
    LoginNeeded {
        /// `host[:port]`.
        host: String,
        /// The image.
        reference: ImageRef,
    },
    /// The log-in found is not accepted.
    LoginRefused {
        /// `host[:port]`.
        host: String,
    },
    /// The log-in is fine, this image is not for it.
    Denied {
        /// `host[:port]`.
        host: String,
        /// The image.
        reference: ImageRef,
    },
    /// No such image.
    NotFound {
        /// `host[:port]`.
        host: String,
        /// The image.
        reference: ImageRef,
    },
    /// Too many requests, by the registry's own count.
    Busy {
        /// `host[:port]`.
        host: String,
        /// How long it wants to be left alone.
        wait: Option<Duration>,
    },
    /// Any other status.
    Status {
        /// `host[:port]`.
        host: String,
        /// The HTTP status.
        status: u16,
        /// The registry's own words, shortened.
        message: String,
    },
    /// An answer against the specification.
    BadAnswer {
        /// `host[:port]`.
        host: String,
        /// What is wrong.
        reason: String,
    },
    /// `auth.json` does not read.
    AuthFile {
        /// The file.
        path: PathBuf,
        /// Why.
        reason: String,
    },
    /// A credential helper failed.
    CredentialHelper {
        /// Its name without the prefix.
        name: String,
        /// How.
        reason: String,
    },
    /// A file in `certs.d` does not read.
    Certificates {
        /// The file or directory.
        path: PathBuf,
        /// Why.
        reason: String,
    },
    /// The image runs elsewhere.
    WrongPlatform {
        /// The image.
        reference: ImageRef,
        /// What there is, such as `windows/amd64`.
        found: String,
        /// What is needed.
        wanted: String,
    },
    /// Something else is kept under this name.
    NotAnImage {
        /// The reference.
        reference: ImageRef,
        /// Its kind, as it calls itself.
        kind: String,
    },
    /// Whoever decides about trust said no; in their words.
    #[error("{0}")]
    Refused(UserError),
    /// The engine's asynchronous part could not be set up.
    Setup(String),
    /// The store said no: also for digests, sizes and documents that do not fit.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl RegistryError {
    /// It in words.
    pub fn phrase(&self) -> Phrase {
        match self {
            Self::Unreachable { host, reason } => {
                at(host, phrase("{host} cannot be reached: {reason}")).with("reason", reason)
            }
            Self::Interrupted { host, reason } => at(
                host,
                phrase("the connection to {host} keeps breaking: {reason}"),
            )
            .with("reason", reason),
            Self::Certificate { host, reason } => at(
                host,
                phrase("the certificate of {host} is not trusted: {reason}"),
            )
            .with("reason", reason),
            Self::Handshake { host, reason } => {
                at(host, phrase("{host} ends the TLS handshake: {reason}")).with("reason", reason)
            }
            Self::NoTls { host } => at(
                host,
                phrase("{host} does not speak TLS, so anybody on the way could change the image"),
            ),
            Self::Redirected { host, target } => {
                at(host, phrase("{host} sends its clients to {target}")).with("target", target)
            }
            Self::LoginNeeded { host, reference } => {
                at(host, phrase("{host} asks for a log-in to fetch {image}"))
                    .with("image", reference)
            }
            Self::LoginRefused { host } => at(
                host,
                phrase("{host} does not accept the log-in that is stored for it"),
            ),
            Self::Denied { host, reference } => {
                at(host, phrase("{host} does not let you fetch {image}")).with("image", reference)
            }
            Self::NotFound { host, reference } => {
                at(host, phrase("{host} has no {image}")).with("image", reference)
            }
            Self::Busy { host, wait: None } => at(host, phrase("{host} wants fewer requests")),
            Self::Busy {
                host,
                wait: Some(wait),
            } => at(
                host,
                phrase("{host} wants fewer requests, and to be asked again in {time}"),
            )
            .with("time", humantime::format_duration(*wait)),
            Self::Status {
                host,
                status,
                message,
            } if message.is_empty() => {
                at(host, phrase("{host} answers with status {status}")).with("status", status)
            }
            Self::Status {
                host,
                status,
                message,
            } => at(
                host,
                phrase("{host} answers with status {status} ({message})"),
            )
            .with("status", status)
            .with("message", message),
            Self::BadAnswer { host, reason } => at(
                host,
                phrase("{host} gives an answer that cannot be used: {reason}"),
            )
            .with("reason", reason),
            Self::AuthFile { path, reason } => {
                phrase("the log-ins in {path} cannot be read: {reason}")
                    .with("path", path.display())
                    .with("reason", reason)
            }
            Self::CredentialHelper { name, reason } => {
                phrase("the credential helper docker-credential-{name} failed: {reason}")
                    .with("name", name)
                    .with("reason", reason)
            }
            Self::Certificates { path, reason } => {
                phrase("the certificates in {path} cannot be read: {reason}")
                    .with("path", path.display())
                    .with("reason", reason)
            }
            Self::WrongPlatform {
                reference,
                found,
                wanted,
            } => phrase("{image} is made for {found}, and this computer needs {wanted}")
                .with("image", reference)
                .with("found", found)
                .with("wanted", wanted),
            Self::NotAnImage { reference, kind } => {
                phrase("{image} is not a container image: it is {kind}")
                    .with("image", reference)
                    .with("kind", kind)
            }
            Self::Refused(error) => error.what.clone(),
            Self::Setup(reason) => {
                phrase("the network cannot be used: {reason}").with("reason", reason)
            }
            Self::Store(error) => error.phrase(),
        }
    }

    fn kind_and_todo(&self) -> (&'static str, Phrase) {
        match self {
            Self::Unreachable { .. } => (
                "registry-unreachable",
                phrase("check the name and your network connection"),
            ),
            Self::Interrupted { .. } => (
                "registry-interrupted",
                phrase("pull again: it goes on where it ended"),
            ),
            Self::Certificate { host, .. } => (
                "registry-certificate",
                phrase("if it has an authority of its own, put that into ~/.config/containers/certs.d/{host}/ca.crt").with("host", host),
            ),
            Self::Handshake { host, .. } => (
                "registry-handshake",
                phrase("if it wants a certificate of yours, put client.cert and client.key into ~/.config/containers/certs.d/{host}").with("host", host),
            ),
            Self::NoTls { .. } => (
                "registry-no-tls",
                phrase("if you trust the network, mark the registry as insecure in config.toml"),
            ),
            Self::LoginNeeded { host, .. } => (
                "registry-login-needed",
                phrase("check the name, or log in with “podman login {host}” or “skopeo login {host}”").with("host", host),
            ),
            Self::LoginRefused { host } => (
                "registry-login-refused",
                phrase("log in again with “podman login {host}” or “skopeo login {host}”").with("host", host),
            ),
            Self::Denied { .. } => (
                "registry-denied",
                phrase("ask whoever runs it for access, or log in as somebody who has it"),
            ),
            Self::NotFound { .. } => ("image-not-found", phrase("check the name and the tag")),
            Self::Busy { .. } => (
                "registry-busy",
                phrase("wait, or log in: registries often allow more to those they know"),
            ),
            Self::Status { status, .. } if *status >= 500 => (
                "registry-status",
                phrase("try again later: the trouble is on its side"),
            ),
            Self::Status { .. } | Self::BadAnswer { .. } | Self::Redirected { .. } => {
                ("registry-answer", phrase("tell whoever runs it"))
            }
            Self::AuthFile { .. } => (
                "registry-auth-file",
                phrase("log in again, which writes it anew, or move it away"),
            ),
            Self::CredentialHelper { .. } => (
                "registry-credential-helper",
                phrase("check that it is installed and knows the registry"),
            ),
            Self::Certificates { .. } => (
                "registry-certificates",
                phrase("put certificates there in PEM form"),
            ),
            Self::WrongPlatform { wanted, .. } => {
                ("image-platform", phrase("find a variant for {wanted}").with("wanted", wanted))
            }
            Self::NotAnImage { .. } => (
                "image-not-an-image",
                phrase("name an image of a Linux system"),
            ),
            Self::Setup(_) => ("registry-setup", phrase("try again")),
            Self::Refused(_) | Self::Store(_) => ("registry", Phrase::verbatim("")),
        }
    }
}

/// `phrase` about `host`.
fn at(host: &str, phrase: Phrase) -> Phrase {
    phrase.with("host", host)
}

impl From<RegistryError> for UserError {
    fn from(error: RegistryError) -> Self {
        match error {
            RegistryError::Refused(error) => return error,
            RegistryError::Store(StoreError::Cancelled) => {
                return Self {
                    todo: phrase("what was downloaded is kept for the next try"),
                    ..Self::cancelled()
                };
            }
            RegistryError::Store(error) => return error.into(),
            _ => {}
        }
        let (kind, todo) = error.kind_and_todo();
        Self::new(kind, error.phrase(), todo).caused_by(&error)
    }
}

/// Text from the network as it may be shown on a terminal: short, and no control characters.
pub(super) fn harmless(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).take(200).collect()
}
