//! Presets: how much of the person's computer a pet can reach.

use serde::{Deserialize, Serialize};

use crate::{HostCommands, ProcessLabel, Share};

/// A named set of choices (docs/ARCHITECTURE.md has the table). Each row can be changed per pet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Preset {
    /// Home, windows, sound, network and host commands: as free as any program of yours.
    #[default]
    Comfortable,
    /// The project folder only; windows and sound, no session bus.
    Project,
    /// No network, no windows, nothing of yours but (if given) the project folder.
    Sealed,
}

/// Whose home the pet sees.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum HomeMode {
    /// The person's own home directory.
    Shared,
    /// An empty home that belongs to the pet.
    Private,
}

/// Which network the pet sees.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum NetworkMode {
    /// The host's.
    Host,
    /// Its own, connected outward through pasta.
    Private,
    /// Its own with a loopback interface only.
    None,
}

/// Whether a program inside may gain privileges (sudo).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Privilege {
    /// Passwordless sudo to the pet's root, which is nobody on the host.
    Sudo,
    /// `no_new_privs`: no program gains anything.
    None,
}

/// How much programs inside are held back: system calls, capabilities, masked paths.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Confinement {
    /// Refused is what acts on the machine, and what types into other terminals. Nested
    /// containers work.
    Light,
    /// Refused are also new namespaces, mounts, kernel keys, io_uring: near the container default
    /// of podman and docker.
    Default,
    /// Refused are also tracing of other processes, calls newer than Kennel, and programs of
    /// another architecture than the machine's.
    Strict,
}

impl Confinement {
    /// The word on the command line and in files.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Light => "light",
            Self::Default => "default",
            Self::Strict => "strict",
        }
    }
}

impl Preset {
    /// Every preset, from the freest to the strictest.
    pub const ALL: [Self; 3] = [Self::Comfortable, Self::Project, Self::Sealed];

    /// The word on the command line and in files.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Comfortable => "comfortable",
            Self::Project => "project",
            Self::Sealed => "sealed",
        }
    }

    /// The preset's home.
    pub fn home(self) -> HomeMode {
        match self {
            Self::Comfortable => HomeMode::Shared,
            Self::Project | Self::Sealed => HomeMode::Private,
        }
    }

    /// The preset's network.
    pub fn network(self) -> NetworkMode {
        match self {
            Self::Comfortable | Self::Project => NetworkMode::Host,
            Self::Sealed => NetworkMode::None,
        }
    }

    /// The preset's privilege inside.
    pub fn privilege(self) -> Privilege {
        match self {
            Self::Comfortable | Self::Project => Privilege::Sudo,
            Self::Sealed => Privilege::None,
        }
    }

    /// How much the preset holds back programs inside.
    pub fn confinement(self) -> Confinement {
        match self {
            Self::Comfortable => Confinement::Light,
            Self::Project => Confinement::Default,
            Self::Sealed => Confinement::Strict,
        }
    }

    /// Whether the preset's programs may run commands of the host.
    pub fn host_commands(self) -> HostCommands {
        match self {
            Self::Comfortable => HostCommands::On,
            Self::Project | Self::Sealed => HostCommands::Off,
        }
    }

    /// Whose SELinux label the preset's processes have.
    pub fn process_label(self) -> ProcessLabel {
        match self {
            Self::Comfortable | Self::Project => ProcessLabel::Person,
            Self::Sealed => ProcessLabel::Container,
        }
    }

    /// The preset's shares, in the order they are shown.
    pub fn shares(self) -> &'static [Share] {
        match self {
            // All but the last one, the list of the computer's programs: the pet's own pid namespace
            // is a row of the table.
            Self::Comfortable => Share::ALL.split_last().map_or(&[], |(_, others)| others),
            Self::Project => &[Share::Wayland, Share::Audio, Share::Graphics],
            Self::Sealed => &[],
        }
    }
}

impl std::fmt::Display for Preset {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}
