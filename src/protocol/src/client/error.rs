//! Why there is no engine.

use std::path::PathBuf;

use kennel_model::{Phrase, UserError, phrase};

use crate::flatpak::HostCommandError;

/// Why an engine could not be started. The app has a page for each; what is not about Flatpak
/// reads well as a [`UserError`] too.
#[derive(Debug, thiserror::Error)]
#[error("{}", self.phrase())]
pub enum StartError {
    /// The program is not there or does not run.
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
    OtherVersion {
        /// Which.
        how: String,
        /// The app's id, where it is a Flatpak.
        app: Option<String>,
    },
    /// The connection to the engine failed.
    Connection(#[source] zbus::Error),
    /// `/.flatpak-info` does not read.
    StrangeSandbox(#[source] std::io::Error),
    /// The permission to run commands on the host was taken away.
    NotPermitted {
        /// The app's id.
        app: String,
    },
    /// Flatpak's session helper, which runs commands on the host, does not answer.
    NoSessionHelper(#[source] HostCommandError),
    /// The host has the files of this version no longer.
    Replaced {
        /// The app's id.
        app: String,
    },
    /// The host cannot run programs of the app's architecture.
    OtherArchitecture {
        /// The app's id.
        app: String,
        /// What the app is built for.
        made_for: String,
        /// What the host is (`uname -m`).
        computer: String,
    },
    /// The session helper failed.
    HostCommand(#[source] HostCommandError),
}

impl StartError {
    /// What happened.
    pub fn phrase(&self) -> Phrase {
        match self {
            Self::NotStarted { program, .. } => phrase("the engine {program} could not be started")
                .with("program", program.display()),
            Self::Ended(said) => said.what.clone(),
            Self::OtherVersion { how, .. } => Phrase::verbatim(how),
            Self::Connection(_) => phrase("the engine does not answer"),
            Self::StrangeSandbox(_) => phrase("the sandbox of this app is not understood"),
            Self::NotPermitted { .. } => {
                phrase("Kennel may not run anything outside of its sandbox")
            }
            Self::NoSessionHelper(_) => phrase("Flatpak's session helper cannot be reached"),
            Self::Replaced { .. } => phrase("this version of Kennel is no longer installed"),
            Self::OtherArchitecture {
                made_for, computer, ..
            } => phrase("this Kennel is made for {made_for}, and this computer is {computer}")
                .with("made_for", made_for)
                .with("computer", computer),
            Self::HostCommand(_) => {
                phrase("the engine could not be started outside of the sandbox")
            }
        }
    }
}

impl From<StartError> for UserError {
    fn from(error: StartError) -> Self {
        let (kind, todo) = match &error {
            StartError::Ended(said) => return said.clone(),
            StartError::OtherVersion { .. } => {
                ("other-version", phrase("close Kennel and start it again"))
            }
            StartError::Replaced { .. } => ("replaced", phrase("close Kennel and start it again")),
            StartError::NotPermitted { .. } => (
                "not-permitted",
                phrase("give Kennel its permission back and start it again"),
            ),
            StartError::NoSessionHelper(_) => ("no-session-helper", phrase("log out and in again")),
            StartError::OtherArchitecture { .. } => (
                "other-architecture",
                phrase("install Kennel for this kind of computer"),
            ),
            _ => (
                "engine-not-started",
                phrase("check that Kennel is installed completely"),
            ),
        };
        Self::new(kind, error.phrase(), todo).caused_by(&error)
    }
}
