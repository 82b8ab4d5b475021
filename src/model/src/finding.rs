//! What the doctor finds about a computer.

use serde::{Deserialize, Serialize};

use crate::Phrase;

/// What is looked at; the order is that of the report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Check {
    /// The kernel's version.
    Kernel,
    /// Whether the person may make user namespaces.
    UserNamespaces,
    /// Subordinate ids, and the programs that give them.
    SubordinateIds,
    /// Overlay file systems in a user namespace.
    Overlay,
    /// Control groups and which controllers the person has.
    ControlGroups,
    /// SELinux.
    Selinux,
    /// AppArmor.
    Apparmor,
    /// Room where pets are kept.
    DiskSpace,
    /// Copies that share their blocks.
    Reflink,
    /// What connects private networks.
    PrivateNetwork,
    /// The desktop's session bus.
    SessionBus,
    /// The desktop's portals.
    Portals,
    /// A terminal program.
    Terminal,
    /// Flatpak's way to the host.
    FlatpakBridge,
}

impl Check {
    /// What it is called in a report.
    pub fn title(self) -> &'static str {
        match self {
            Self::Kernel => "Kernel",
            Self::UserNamespaces => "User namespaces",
            Self::SubordinateIds => "Subordinate ids",
            Self::Overlay => "Overlay file systems",
            Self::ControlGroups => "Control groups",
            Self::Selinux => "SELinux",
            Self::Apparmor => "AppArmor",
            Self::DiskSpace => "Disk space",
            Self::Reflink => "Copies that share blocks",
            Self::PrivateNetwork => "Private networks",
            Self::SessionBus => "Session bus",
            Self::Portals => "Portals",
            Self::Terminal => "Terminal",
            Self::FlatpakBridge => "Flatpak",
        }
    }
}

/// How it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Health {
    /// Pets cannot be had without it.
    Missing,
    /// Something works less well, or not at all, without it.
    Degraded,
    /// As it should be.
    Found,
}

/// One check's result; `kennel doctor --json` is an array of them. Stable.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// What was looked at.
    pub check: Check,
    /// How it is.
    pub health: Health,
    /// What was found, in a few words.
    #[serde(flatten, with = "crate::phrase::field::found")]
    pub found: Phrase,
    /// What follows for pets, unless all is well.
    #[serde(flatten, with = "crate::phrase::field::consequence")]
    pub consequence: Option<Phrase>,
    /// What to do about it: a sentence.
    #[serde(flatten, with = "crate::phrase::field::advice")]
    pub advice: Option<Phrase>,
    /// The commands that do it on this distribution, to be copied; nothing runs them by itself.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub commands: Vec<String>,
}

impl Finding {
    /// All is well.
    pub fn found(check: Check, found: Phrase) -> Self {
        Self {
            check,
            health: Health::Found,
            found,
            consequence: None,
            advice: None,
            commands: Vec::new(),
        }
    }

    /// Something works less well.
    pub fn degraded(check: Check, found: Phrase, consequence: Phrase) -> Self {
        Self {
            health: Health::Degraded,
            consequence: Some(consequence),
            ..Self::found(check, found)
        }
    }

    /// No pet can be had.
    pub fn missing(check: Check, found: Phrase, consequence: Phrase) -> Self {
        Self {
            health: Health::Missing,
            ..Self::degraded(check, found, consequence)
        }
    }

    /// With what to do.
    #[must_use]
    pub fn advised(mut self, advice: Phrase, commands: Vec<String>) -> Self {
        self.advice = Some(advice);
        self.commands = commands;
        self
    }
}
