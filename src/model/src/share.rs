//! What of the host a pet may be given, beside home and network.
//!
//! A new share is one variant and one row of [`Share::row`]: the command line, the files, the
//! plan of the runtime and `kennel status` read it from there.

use serde::{Deserialize, Serialize};

/// One thing of the host that is mounted into a pet by choice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Share {
    /// Windows through the Wayland socket.
    Wayland,
    /// Windows through the X11 socket.
    X11,
    /// Sound through the PipeWire and PulseAudio sockets.
    Audio,
    /// The graphics card.
    Graphics,
    /// The session bus: can ask the desktop to start anything.
    SessionBus,
    /// Keys held by the ssh agent.
    SshAgent,
    /// All of `$XDG_RUNTIME_DIR`: agents and sockets made later too.
    RuntimeDir,
    /// All files of the host, below `/run/host`, with the person's own rights.
    HostFiles,
}

/// Everything that is known about a share.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ShareRow {
    /// The word on the command line and in files.
    pub word: &'static str,
    /// What the pet gets, in a few plain words.
    pub meaning: &'static str,
    /// Where it is on the host; what is not there is left out.
    pub places: &'static [Place],
    /// Variables of the caller that it makes useful inside.
    pub environment: &'static [&'static str],
}

/// Where something of the host is. In the pet it is at the same path unless said otherwise.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// A fixed path.
    Path(&'static str),
    /// A fixed path that is somewhere else in the pet.
    Moved {
        /// On the host.
        from: &'static str,
        /// In the pet.
        to: &'static str,
    },
    /// A name in `$XDG_RUNTIME_DIR`.
    Runtime(&'static str),
    /// A name in `$XDG_RUNTIME_DIR` that a variable holds, or this one without it.
    RuntimeNamed {
        /// The variable.
        variable: &'static str,
        /// The usual name.
        usual: &'static str,
    },
    /// The path that a variable holds.
    Variable(&'static str),
    /// The socket of a D-Bus address (`unix:path=…`) that a variable holds.
    BusAddress(&'static str),
    /// `$XDG_RUNTIME_DIR` itself.
    RuntimeDirectory,
}

impl Share {
    /// Every share, in the order they are shown.
    pub const ALL: [Self; 8] = [
        Self::Wayland,
        Self::X11,
        Self::Audio,
        Self::Graphics,
        Self::SessionBus,
        Self::SshAgent,
        Self::RuntimeDir,
        Self::HostFiles,
    ];

    /// The table of shares.
    pub const fn row(self) -> ShareRow {
        use Place::{BusAddress, Moved, Path, Runtime, RuntimeDirectory, RuntimeNamed, Variable};
        match self {
            Self::Wayland => ShareRow {
                word: "wayland",
                meaning: "windows (Wayland)",
                places: &[RuntimeNamed {
                    variable: "WAYLAND_DISPLAY",
                    usual: "wayland-0",
                }],
                environment: &["WAYLAND_DISPLAY"],
            },
            Self::X11 => ShareRow {
                word: "x11",
                meaning: "windows (X11), and what you type into other X11 windows",
                places: &[Path("/tmp/.X11-unix"), Variable("XAUTHORITY")],
                environment: &["DISPLAY", "XAUTHORITY"],
            },
            Self::Audio => ShareRow {
                word: "audio",
                meaning: "sound and microphones",
                places: &[Runtime("pipewire-0"), Runtime("pulse")],
                environment: &["PULSE_SERVER"],
            },
            Self::Graphics => ShareRow {
                word: "graphics",
                meaning: "the graphics card",
                places: &[Path("/dev/dri")],
                environment: &[],
            },
            Self::SessionBus => ShareRow {
                word: "session-bus",
                meaning: "the session bus, which can start any program of yours",
                places: &[BusAddress("DBUS_SESSION_BUS_ADDRESS"), Runtime("bus")],
                environment: &["DBUS_SESSION_BUS_ADDRESS"],
            },
            Self::SshAgent => ShareRow {
                word: "ssh-agent",
                meaning: "the keys in your ssh agent",
                places: &[Variable("SSH_AUTH_SOCK")],
                environment: &["SSH_AUTH_SOCK"],
            },
            Self::RuntimeDir => ShareRow {
                word: "runtime-dir",
                meaning: "the sockets of all programs in your session",
                places: &[RuntimeDirectory],
                environment: &[],
            },
            Self::HostFiles => ShareRow {
                word: "host-files",
                meaning: "all files of this computer that you may read, at /run/host",
                places: &[Moved {
                    from: "/",
                    to: "/run/host",
                }],
                environment: &[],
            },
        }
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
}
