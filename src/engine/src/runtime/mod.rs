//! The rootless runtime: start, enter and stop a pet.
//!
//! [`plan`], [`privileges`], [`syscall_filter`], [`system_mounts`] and [`environment`] decide, over
//! plain data; [`keeper`] runs on the host beside each pet and makes the namespaces; [`container`]
//! builds the root inside them; [`init`] is PID 1; [`enter`] joins a running pet with no more than
//! one state file and the kernel.

pub mod container;
pub mod delegation;
pub mod elevation;
pub mod enter;
pub mod environment;
pub mod facts;
pub mod followed;
pub mod init;
pub mod keeper;
pub mod locales;
pub mod network;
pub mod nvidia;
pub mod oci;
mod pipes;
mod place;
pub mod plan;
pub mod population;
pub mod privileges;
pub mod prompt;
pub mod resource_limits;
pub mod shares;
pub mod shells;
pub mod state;
pub mod stop;
pub mod syscall_filter;
pub mod system_mounts;
pub mod terminfo;

use std::io;

use kennel_model::phrase::reason;
use kennel_model::{Phrase, phrase};

/// Why the runtime could not do something; `step` says at what.
#[derive(Debug, thiserror::Error)]
#[error("{}", self.phrase())]
pub enum RuntimeError {
    /// A system call failed.
    System {
        /// What was being done, such as “mounting /proc”.
        step: String,
        /// The kernel's answer.
        source: io::Error,
    },
    /// The namespaces could not be mapped.
    #[error(transparent)]
    Mapping(#[from] crate::idmap::IdMapError),
    /// The kernel makes no namespaces for this person.
    NoNamespaces(io::Error),
    /// The pet's first process failed before it was up; its own text.
    Container(String),
    /// The image's init would have no control group of its own.
    NoDelegation(String),
    /// The image's init needs other users than the person.
    NoRangeForInit,
    /// Only the person's own id is mapped.
    NoRoot,
    /// The SELinux policy does not let the pet have its label.
    #[error(transparent)]
    Label(#[from] crate::lsm::policy::Refused),
    /// SELinux said no when a program was to begin under the pet's label.
    LabelledExec {
        /// The label.
        label: String,
        /// The kernel's answer.
        source: io::Error,
    },
    /// A program of the pet does not have the label it was to have.
    WrongLabel {
        /// What the kernel says.
        found: String,
        /// What it was told.
        wanted: String,
    },
    /// The pet is not running.
    NotRunning,
    /// The pet runs under another version.
    #[error(transparent)]
    OtherVersion(#[from] state::OtherVersion),
}

impl RuntimeError {
    /// It in words.
    pub fn phrase(&self) -> Phrase {
        match self {
            Self::System { step, source } => phrase("{step}: {reason}")
                .with("step", step)
                .saying("reason", reason(source)),
            Self::Mapping(error) => error.phrase(),
            Self::NoNamespaces(error) => {
                phrase("this system does not let you make user namespaces: {reason}")
                    .saying("reason", reason(error))
            }
            Self::Container(text) => Phrase::verbatim(text),
            Self::NoDelegation(why) => phrase(
                "the image's init needs a control group of yours, and this session gives none ({reason})",
            )
            .with("reason", why),
            Self::NoRangeForInit => {
                phrase("the image's init needs subordinate ids, and your account has none")
            }
            Self::NoRoot => {
                phrase("this pet has no root, since your account has no subordinate ids")
            }
            Self::Label(refused) => refused.phrase(),
            Self::LabelledExec { label, source } => {
                phrase("SELinux did not let a program begin as {label}: {reason}")
                    .with("label", label)
                    .saying("reason", reason(source))
            }
            Self::WrongLabel { found, wanted } => {
                phrase("a program of the pet runs as {found} instead of {wanted}")
                    .with("found", found)
                    .with("wanted", wanted)
            }
            Self::NotRunning => phrase("the pet is not running"),
            Self::OtherVersion(error) => error.phrase(),
        }
    }
}

/// Names the step that failed.
pub(crate) trait Step<T> {
    /// Turns an I/O error into a [`RuntimeError::System`] at `step`.
    fn step(self, step: impl Into<String>) -> Result<T, RuntimeError>;
}

impl<T, E: Into<io::Error>> Step<T> for Result<T, E> {
    fn step(self, step: impl Into<String>) -> Result<T, RuntimeError> {
        self.map_err(|error| RuntimeError::System {
            step: step.into(),
            source: error.into(),
        })
    }
}
