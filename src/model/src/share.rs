//! What of the host a pet may be given, beside home and network.

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
    /// The graphics card, `/dev/dri`.
    Graphics,
    /// The session bus: can ask the desktop to start anything.
    SessionBus,
    /// Keys held by the ssh agent.
    SshAgent,
    /// All of `$XDG_RUNTIME_DIR`: agents and sockets made later too.
    RuntimeDir,
}

impl Share {
    /// Every share, in the order they are shown.
    pub const ALL: [Self; 7] = [
        Self::Wayland,
        Self::X11,
        Self::Audio,
        Self::Graphics,
        Self::SessionBus,
        Self::SshAgent,
        Self::RuntimeDir,
    ];

    /// The word on the command line and in files.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Wayland => "wayland",
            Self::X11 => "x11",
            Self::Audio => "audio",
            Self::Graphics => "graphics",
            Self::SessionBus => "session-bus",
            Self::SshAgent => "ssh-agent",
            Self::RuntimeDir => "runtime-dir",
        }
    }
}

impl std::fmt::Display for Share {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}
