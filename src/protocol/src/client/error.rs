//! Why there is no engine.

use std::path::PathBuf;

use kennel_model::UserError;

use crate::flatpak::HostCommandError;

/// Why an engine could not be started. The app has a page for each; what is not about Flatpak
/// reads well as a [`UserError`] too.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The program is not there or does not run.
    #[error("the engine {} could not be started", program.display())]
    NotStarted {
        /// The program.
        program: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// The engine ended before it answered; what it said.
    #[error("{0}")]
    Ended(UserError),
    /// Window and engine are of different versions.
    #[error("{how}")]
    OtherVersion {
        /// Which.
        how: String,
        /// The app's id, where it is a Flatpak.
        app: Option<String>,
    },
    /// The connection to the engine failed.
    #[error("the engine does not answer")]
    Connection(#[source] zbus::Error),
    /// `/.flatpak-info` does not read.
    #[error("the sandbox of this app is not understood")]
    StrangeSandbox(#[source] std::io::Error),
    /// The permission to run commands on the host was taken away.
    #[error("Kennel may not run anything outside of its sandbox")]
    NotPermitted {
        /// The app's id.
        app: String,
    },
    /// Flatpak's session helper, which runs commands on the host, does not answer.
    #[error("Flatpak's session helper cannot be reached")]
    NoSessionHelper(#[source] HostCommandError),
    /// The host has the files of this version no longer.
    #[error("this version of Kennel is no longer installed")]
    Replaced {
        /// The app's id.
        app: String,
    },
    /// The host cannot run programs of the app's architecture.
    #[error("this Kennel is made for {made_for}, and this computer is {computer}")]
    OtherArchitecture {
        /// The app's id.
        app: String,
        /// What the app is built for.
        made_for: String,
        /// What the host is (`uname -m`).
        computer: String,
    },
    /// The session helper failed.
    #[error("the engine could not be started outside of the sandbox")]
    HostCommand(#[source] HostCommandError),
}

impl From<StartError> for UserError {
    fn from(error: StartError) -> Self {
        let (kind, todo) = match &error {
            StartError::Ended(said) => return said.clone(),
            StartError::OtherVersion { .. } => ("other-version", "close Kennel and start it again"),
            StartError::Replaced { .. } => ("replaced", "close Kennel and start it again"),
            StartError::NotPermitted { .. } => (
                "not-permitted",
                "give Kennel its permission back and start it again",
            ),
            StartError::NoSessionHelper(_) => ("no-session-helper", "log out and in again"),
            StartError::OtherArchitecture { .. } => (
                "other-architecture",
                "install Kennel for this kind of computer",
            ),
            _ => (
                "engine-not-started",
                "check that Kennel is installed completely",
            ),
        };
        Self::new(kind, error.to_string(), todo).caused_by(&error)
    }
}
