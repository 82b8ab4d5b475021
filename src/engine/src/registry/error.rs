//! Why an image could not be fetched, and what a person can do about it.

use std::path::PathBuf;
use std::time::Duration;

use kennel_model::{ImageRef, UserError};

use crate::store::StoreError;

/// Why an image could not be fetched.
#[derive(Debug, thiserror::Error)]
pub enum RegistryError {
    /// No connection, or none that lasted.
    #[error("{host} cannot be reached: {reason}")]
    Unreachable {
        /// `host[:port]`.
        host: String,
        /// What the network said.
        reason: String,
    },
    /// The connection broke more often than is worth another try.
    #[error("the connection to {host} keeps breaking: {reason}")]
    Interrupted {
        /// `host[:port]`.
        host: String,
        /// How the last one ended.
        reason: String,
    },
    /// The registry's certificate is not to be trusted.
    #[error("the certificate of {host} is not trusted: {reason}")]
    Certificate {
        /// `host[:port]`.
        host: String,
        /// What is wrong with it.
        reason: String,
    },
    /// The registry ends the TLS handshake, most often because it wants to know its clients.
    #[error("{host} ends the TLS handshake: {reason}")]
    Handshake {
        /// `host[:port]`.
        host: String,
        /// Its alert.
        reason: String,
    },
    /// Only plain http is spoken there, which is not allowed.
    #[error("{host} does not speak TLS, so anybody on the way could change the image")]
    NoTls {
        /// `host[:port]`.
        host: String,
    },
    /// A registry sends its client where it must not go.
    #[error("{host} sends its clients to {target}")]
    Redirected {
        /// `host[:port]`.
        host: String,
        /// Where to, and why not.
        target: String,
    },
    /// Nobody is logged in, and the registry wants that (or keeps the name to itself).
    #[error("{host} asks for a log-in to fetch {reference}")]
    LoginNeeded {
        /// `host[:port]`.
        host: String,
        /// The image.
        reference: ImageRef,
    },
    /// The log-in found is not accepted.
    #[error("{host} does not accept the log-in that is stored for it")]
    LoginRefused {
        /// `host[:port]`.
        host: String,
    },
    /// The log-in is fine, this image is not for it.
    #[error("{host} does not let you fetch {reference}")]
    Denied {
        /// `host[:port]`.
        host: String,
        /// The image.
        reference: ImageRef,
    },
    /// No such image.
    #[error("{host} has no {reference}")]
    NotFound {
        /// `host[:port]`.
        host: String,
        /// The image.
        reference: ImageRef,
    },
    /// Too many requests, by the registry's own count.
    #[error("{host} wants fewer requests{}", .wait.map(|it| format!(", and to be asked again in {}", humantime::format_duration(it))).unwrap_or_default())]
    Busy {
        /// `host[:port]`.
        host: String,
        /// How long it wants to be left alone.
        wait: Option<Duration>,
    },
    /// Any other status.
    #[error("{host} answers with status {status}{}", if .message.is_empty() { String::new() } else { format!(" ({message})") })]
    Status {
        /// `host[:port]`.
        host: String,
        /// The HTTP status.
        status: u16,
        /// The registry's own words, shortened.
        message: String,
    },
    /// An answer against the specification.
    #[error("{host} gives an answer that cannot be used: {reason}")]
    BadAnswer {
        /// `host[:port]`.
        host: String,
        /// What is wrong.
        reason: String,
    },
    /// `auth.json` does not read.
    #[error("the log-ins in {path} cannot be read: {reason}", path = path.display())]
    AuthFile {
        /// The file.
        path: PathBuf,
        /// Why.
        reason: String,
    },
    /// A credential helper failed.
    #[error("the credential helper docker-credential-{name} failed: {reason}")]
    CredentialHelper {
        /// Its name without the prefix.
        name: String,
        /// How.
        reason: String,
    },
    /// A file in `certs.d` does not read.
    #[error("the certificates in {path} cannot be read: {reason}", path = path.display())]
    Certificates {
        /// The file or directory.
        path: PathBuf,
        /// Why.
        reason: String,
    },
    /// The image runs elsewhere.
    #[error("{reference} is made for {found}, and this computer needs {wanted}")]
    WrongPlatform {
        /// The image.
        reference: ImageRef,
        /// What there is, such as `windows/amd64`.
        found: String,
        /// What is needed.
        wanted: String,
    },
    /// Something else is kept under this name.
    #[error("{reference} is not a container image: it is {kind}")]
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
    #[error("the network cannot be used: {0}")]
    Setup(String),
    /// The store said no: also for digests, sizes and documents that do not fit.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl RegistryError {
    fn kind_and_todo(&self) -> (&'static str, String) {
        match self {
            Self::Unreachable { .. } => (
                "registry-unreachable",
                "check the name and your network connection".to_owned(),
            ),
            Self::Interrupted { .. } => (
                "registry-interrupted",
                "pull again: it goes on where it ended".to_owned(),
            ),
            Self::Certificate { host, .. } => (
                "registry-certificate",
                format!(
                    "if it has an authority of its own, put that into ~/.config/containers/certs.d/{host}/ca.crt"
                ),
            ),
            Self::Handshake { host, .. } => (
                "registry-handshake",
                format!(
                    "if it wants a certificate of yours, put client.cert and client.key into ~/.config/containers/certs.d/{host}"
                ),
            ),
            Self::NoTls { .. } => (
                "registry-no-tls",
                "if you trust the network, mark the registry as insecure in config.toml".to_owned(),
            ),
            Self::LoginNeeded { host, .. } => (
                "registry-login-needed",
                format!(
                    "check the name, or log in with “podman login {host}” or “skopeo login {host}”"
                ),
            ),
            Self::LoginRefused { host } => (
                "registry-login-refused",
                format!("log in again with “podman login {host}” or “skopeo login {host}”"),
            ),
            Self::Denied { .. } => (
                "registry-denied",
                "ask whoever runs it for access, or log in as somebody who has it".to_owned(),
            ),
            Self::NotFound { .. } => ("image-not-found", "check the name and the tag".to_owned()),
            Self::Busy { .. } => (
                "registry-busy",
                "wait, or log in: registries often allow more to those they know".to_owned(),
            ),
            Self::Status { status, .. } if *status >= 500 => (
                "registry-status",
                "try again later: the trouble is on its side".to_owned(),
            ),
            Self::Status { .. } | Self::BadAnswer { .. } | Self::Redirected { .. } => {
                ("registry-answer", "tell whoever runs it".to_owned())
            }
            Self::AuthFile { .. } => (
                "registry-auth-file",
                "log in again, which writes it anew, or move it away".to_owned(),
            ),
            Self::CredentialHelper { .. } => (
                "registry-credential-helper",
                "check that it is installed and knows the registry".to_owned(),
            ),
            Self::Certificates { .. } => (
                "registry-certificates",
                "put certificates there in PEM form".to_owned(),
            ),
            Self::WrongPlatform { wanted, .. } => {
                ("image-platform", format!("find a variant for {wanted}"))
            }
            Self::NotAnImage { .. } => (
                "image-not-an-image",
                "name an image of a Linux system".to_owned(),
            ),
            Self::Setup(_) => ("registry-setup", "try again".to_owned()),
            Self::Refused(_) | Self::Store(_) => ("registry", String::new()),
        }
    }
}

impl From<RegistryError> for UserError {
    fn from(error: RegistryError) -> Self {
        match error {
            RegistryError::Refused(error) => return error,
            RegistryError::Store(StoreError::Cancelled) => {
                return Self {
                    todo: "what was downloaded is kept for the next try".to_owned(),
                    ..Self::cancelled()
                };
            }
            RegistryError::Store(error) => return error.into(),
            _ => {}
        }
        let (kind, todo) = error.kind_and_todo();
        Self::new(kind, error.to_string(), todo).caused_by(&error)
    }
}

/// Text from the network as it may be shown on a terminal: short, and no control characters.
pub(super) fn harmless(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).take(200).collect()
}
