//! The bridge: programs in a pet run commands of the host.
//!
//! In the pet, [`pet`] asks through a socket; on the host, the pet's keeper has the other end, the
//! [`door`], and lets each caller in to a process of its own that runs [`host`]. So what is allowed
//! and what is written down is decided outside the pet. The command gets the caller's own
//! descriptors, or a terminal of the host's whose controlling side goes back to the caller: nothing
//! is copied in between but what a person types and reads.
//!
//! | module | what |
//! |---|---|
//! | [`channel`], [`wire`] | what goes through the socket, as bytes |
//! | [`directory`] | where a directory of the pet is on the host |
//! | `environment` | which variables a command gets |
//! | [`question`] | what waits for the person's word |
//! | `command` | the command itself |

pub mod channel;
mod command;
pub mod directory;
pub mod door;
mod environment;
pub mod host;
pub mod pet;
pub mod question;
pub mod wire;

use std::path::{Path, PathBuf};

/// Where the socket is inside; a pet without host commands has no such file.
pub const SOCKET_INSIDE: &str = "/run/kennel/host/socket";

/// The directory of the socket inside.
pub const DIRECTORY_INSIDE: &str = "/run/kennel/host";

/// The directory of the socket on the host, in the running directory of a pet.
pub fn directory(running: &Path) -> PathBuf {
    running.join("host")
}
