//! Why a pet cannot be held to limits, and what would change that.

use kennel_model::{LimitStatus, Phrase, phrase};
use serde::{Deserialize, Serialize};

use crate::doctor::Distribution;

/// What of the kernel counts and limits one resource (cgroups(7)).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Controller {
    /// Processor time.
    Cpu,
    /// Memory and swap.
    Memory,
    /// Number of processes.
    Pids,
}

impl Controller {
    /// All that Kennel uses.
    pub const ALL: [Self; 3] = [Self::Cpu, Self::Memory, Self::Pids];

    /// The kernel's word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Cpu => "cpu",
            Self::Memory => "memory",
            Self::Pids => "pids",
        }
    }
}

/// Why there are no limits, or not one of them.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[error("{}", self.phrase())]
pub enum Unavailable {
    /// No tree is mounted.
    Missing,
    /// The old layout, which gives persons nothing.
    Version1,
    /// Both layouts, the new one without controllers.
    Hybrid,
    /// Nobody who could make a group.
    NoManager,
    /// systemd, or the kernel, refused.
    Refused(String),
    /// A controller ends above the person's part of the tree.
    NotDelegated(Controller),
    /// Nothing is held of a pet that does not run.
    NotRunning,
    /// The kernel was started without swap accounting.
    NoSwapAccounting,
}

impl Unavailable {
    /// It in words.
    pub fn phrase(&self) -> Phrase {
        match self {
            Self::Missing => phrase("this computer has no control groups"),
            Self::Version1 => phrase("control groups are version 1"),
            Self::Hybrid => phrase("control groups are version 1 and 2 mixed"),
            Self::NoManager => {
                phrase("no systemd runs for you, and no part of the control groups is yours")
            }
            Self::Refused(reason) => {
                phrase("the pet could not get a control group of its own: {reason}")
                    .with("reason", reason)
            }
            Self::NotDelegated(controller) => phrase("your session has no {controller} controller")
                .with("controller", controller.as_str()),
            Self::NotRunning => phrase("it does not run"),
            Self::NoSwapAccounting => phrase("this kernel does not count swap"),
        }
    }

    /// What to do about it, in a sentence.
    pub fn advice(&self) -> Phrase {
        match self {
            Self::Missing | Self::Version1 | Self::Hybrid => {
                phrase("Start the computer with control groups of version 2.")
            }
            Self::NoManager => {
                phrase("Log in to a session of your own, or let one run for you without a login.")
            }
            Self::Refused(_) => phrase("Log out and in again, and start the pet anew."),
            Self::NotDelegated(_) => phrase(
                "An administrator gives them to the sessions of this computer; log in again after that.",
            ),
            Self::NotRunning => phrase("Start it."),
            Self::NoSwapAccounting => phrase("Use a kernel that counts swap."),
        }
    }

    /// The commands for that on `distribution`, where there are some.
    pub fn commands(&self, distribution: Distribution) -> Vec<String> {
        match self {
            Self::Missing | Self::Version1 | Self::Hybrid => {
                distribution.kernel_argument("systemd.unified_cgroup_hierarchy=1")
            }
            Self::NoManager => vec!["sudo loginctl enable-linger \"$USER\"".to_owned()],
            Self::NotDelegated(_) => vec![
                "sudo mkdir -p /etc/systemd/system/user@.service.d".to_owned(),
                "printf '[Service]\\nDelegate=cpu memory pids io\\n' | sudo tee /etc/systemd/system/user@.service.d/delegate.conf".to_owned(),
                "sudo systemctl daemon-reload".to_owned(),
            ],
            Self::Refused(_) | Self::NotRunning | Self::NoSwapAccounting => Vec::new(),
        }
    }

    /// All of it in one line, for a note; what stands below a title that says the first words of it
    /// is its part [`LimitStatus::WHY`].
    pub fn sentence(&self, distribution: Distribution) -> Phrase {
        let commands = self.commands(distribution).join(" && ");
        let why = if commands.is_empty() {
            phrase("{reason}. {advice}")
        } else {
            phrase("{reason}. {advice} Fix: {commands}").with("commands", commands)
        };
        let why = why
            .saying("reason", self.phrase())
            .saying("advice", self.advice());
        phrase("limits unavailable: {why}").saying(LimitStatus::WHY, why)
    }
}
