//! What of the host a pet may be given, beside home and network.
//!
//! A new share is one variant here and one row of [`table`]: the command line, the files, the plan
//! of the runtime, `kennel shares` and `kennel status` read it from there.

mod table;

use serde::{Deserialize, Serialize};

use crate::Preset;

/// One thing of the host that is given to a pet by choice. What each is, the table says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[allow(missing_docs)]
pub enum Share {
    Wayland,
    X11,
    Audio,
    Graphics,
    SessionBus,
    SshAgent,
    RuntimeDir,
    HostFiles,
    SystemBus,
    GpgAgent,
    SmartCards,
    Kerberos,
    Printers,
    Discovery,
    Devices,
    HostGroups,
    Nvidia,
    Themes,
    Certificates,
    Journal,
    RemovableMedia,
    Virtualization,
    FlatpakApps,
    MachineId,
    HostProcesses,
}

/// Everything that is known about a share.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ShareRow {
    /// The word on the command line and in files.
    pub word: &'static str,
    /// What the pet gets, in a few plain words.
    pub meaning: &'static str,
    /// What programs in the pet can do with it that a person may not expect.
    pub exposes: &'static str,
    /// Where it is on the host; what is not there is left out.
    pub places: &'static [Place],
    /// Variables of the caller that it makes useful inside.
    pub passes: &'static [&'static str],
    /// Variables that every command gets where the share is on this computer.
    pub sets: &'static [(&'static str, &'static str)],
}

/// Where something of the host is. In the pet it is at the same path unless said otherwise.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// A fixed path.
    Path(&'static str),
    /// A fixed path, only to be read.
    ReadOnly(&'static str),
    /// A fixed path that is somewhere else in the pet.
    Moved {
        /// On the host.
        from: &'static str,
        /// In the pet.
        to: &'static str,
        /// Only to be read.
        read_only: bool,
    },
    /// This, with the person's user id behind it.
    WithUid(&'static str),
    /// A socket in `$XDG_RUNTIME_DIR`.
    Runtime(&'static str),
    /// A socket in `$XDG_RUNTIME_DIR` whose name a variable holds, or this one without it.
    RuntimeNamed {
        /// The variable.
        variable: &'static str,
        /// The usual name.
        usual: &'static str,
    },
    /// The socket whose path a variable holds.
    Variable {
        /// The variable.
        variable: &'static str,
        /// A short name of it.
        name: &'static str,
    },
    /// The socket of a D-Bus address (`unix:path=…`) that a variable holds, or this name in
    /// `$XDG_RUNTIME_DIR` without it.
    BusAddress {
        /// The variable.
        variable: &'static str,
        /// The usual name.
        usual: &'static str,
    },
    /// The file of X11's keys: `$XAUTHORITY`, or `.Xauthority` in the home directory.
    Xauthority,
    /// `$XDG_RUNTIME_DIR` itself.
    RuntimeDirectory,
    /// All of /dev, but for terminals and shared memory, which stay the pet's own.
    Devices,
    /// The person's supplementary groups.
    Groups,
    /// What the driver of NVIDIA's cards needs.
    Nvidia,
    /// The authorities that this computer trusts, in one file ([`CERTIFICATES`]).
    Certificates,
}

/// Where the host's trusted authorities are in a pet that has the share `certificates`.
pub const CERTIFICATES: &str = "/run/kennel/etc/certificates.pem";

impl Share {
    /// Every share, in the order they are shown.
    pub const ALL: [Self; 25] = [
        Self::Wayland,
        Self::X11,
        Self::Audio,
        Self::Graphics,
        Self::SessionBus,
        Self::SshAgent,
        Self::RuntimeDir,
        Self::HostFiles,
        Self::SystemBus,
        Self::GpgAgent,
        Self::SmartCards,
        Self::Kerberos,
        Self::Printers,
        Self::Discovery,
        Self::Devices,
        Self::HostGroups,
        Self::Nvidia,
        Self::Themes,
        Self::Certificates,
        Self::Journal,
        Self::RemovableMedia,
        Self::Virtualization,
        Self::FlatpakApps,
        Self::MachineId,
        Self::HostProcesses,
    ];

    /// The share's row in the table.
    pub const fn row(self) -> ShareRow {
        table::row(self)
    }

    /// The word on the command line and in files.
    pub const fn as_str(self) -> &'static str {
        self.row().word
    }

    /// The share that `word` names.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|share| share.as_str() == word)
    }
}

impl std::fmt::Display for Share {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A share on this computer, as it is shown: `kennel shares --json`. Stable.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShareSummary {
    /// Its word.
    pub word: Share,
    /// What the pet gets.
    pub meaning: String,
    /// What programs in the pet can do with it.
    pub exposes: String,
    /// The presets that have it.
    pub presets: Vec<Preset>,
    /// Whether this computer has any of it.
    pub here: bool,
    /// Where it is in a pet.
    #[serde(default)]
    pub places: Vec<String>,
    /// The variables that it passes on from the caller or sets.
    #[serde(default)]
    pub variables: Vec<String>,
}

impl ShareSummary {
    /// That of `share`, which is `here` or not.
    pub fn of(share: Share, here: bool) -> Self {
        let row = share.row();
        let has = |preset: &Preset| preset.shares().contains(&share);
        Self {
            word: share,
            meaning: row.meaning.to_owned(),
            exposes: row.exposes.to_owned(),
            presets: Preset::ALL.into_iter().filter(has).collect(),
            here,
            places: row.places.iter().map(Place::inside).collect(),
            variables: row.variables().map(str::to_owned).collect(),
        }
    }
}

impl ShareRow {
    /// The variables that it passes on or sets.
    fn variables(&self) -> impl Iterator<Item = &'static str> + use<> {
        let sets = self.sets.iter().map(|(name, _)| *name);
        let keys = self.places.contains(&Place::Xauthority);
        let libraries = self.places.contains(&Place::Nvidia);
        let passes = self.passes.iter().copied();
        passes
            .chain(sets)
            .chain(keys.then_some("XAUTHORITY"))
            .chain(libraries.then_some("LD_LIBRARY_PATH"))
    }
}

impl Place {
    /// Where it is in a pet, as a person reads it.
    fn inside(&self) -> String {
        let runtime = |name: &str| format!("$XDG_RUNTIME_DIR/{name}");
        match self {
            Self::Path(path) => (*path).to_owned(),
            Self::ReadOnly(path) => format!("{path} (only to read)"),
            Self::Moved { to, read_only, .. } if *read_only => format!("{to} (only to read)"),
            Self::Moved { to, .. } => (*to).to_owned(),
            Self::WithUid(path) => format!("{path}UID"),
            Self::Runtime(name) => runtime(name),
            Self::RuntimeNamed { variable, .. } => runtime(&format!("${variable}")),
            Self::Variable { variable, .. } | Self::BusAddress { variable, .. } => {
                format!("${variable}")
            }
            Self::Xauthority => "$XAUTHORITY".to_owned(),
            Self::RuntimeDirectory => "$XDG_RUNTIME_DIR".to_owned(),
            Self::Devices => "/dev".to_owned(),
            Self::Groups => "no place: the groups of its processes".to_owned(),
            Self::Nvidia => "/dev/nvidia*, and where the driver's libraries are".to_owned(),
            Self::Certificates => CERTIFICATES.to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_word_of_the_command_line_is_the_word_in_the_file() {
        for share in Share::ALL {
            let written = serde_json::to_value(share).unwrap_or_default();
            assert_eq!(written, share.as_str());
            assert_eq!(Share::from_word(share.as_str()), Some(share));
        }
    }

    #[test]
    fn the_documentation_has_every_share_as_the_table_has_it() {
        let text = include_str!("../../../../docs/SHARES.md");
        for share in Share::ALL {
            let row = share.row();
            let line = format!("| `{}` | {} | {} |", row.word, row.meaning, row.exposes);
            assert!(text.contains(&line), "docs/SHARES.md lacks: {line}");
        }
    }

    #[test]
    fn every_share_says_where_it_is() {
        for share in Share::ALL {
            assert!(!ShareSummary::of(share, true).places.is_empty(), "{share}");
        }
        let x11 = ShareSummary::of(Share::X11, true);
        assert_eq!(x11.places, ["/tmp/.X11-unix", "$XAUTHORITY"]);
        assert_eq!(x11.variables, ["DISPLAY", "XAUTHORITY"]);
    }

    #[test]
    fn only_the_list_of_programs_is_in_no_preset() {
        for share in Share::ALL {
            let presets = ShareSummary::of(share, true).presets;
            assert_eq!(presets.is_empty(), share == Share::HostProcesses, "{share}");
        }
    }
}
