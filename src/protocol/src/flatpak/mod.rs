//! Kennel inside a Flatpak: what the sandbox is, and commands on the host outside of it.
//!
//! The app's sandbox has no pets, no user namespaces and none of the person's files. Its one way
//! out is `org.freedesktop.Flatpak.Development` on the session bus, served by Flatpak's session
//! helper on the host to those apps that have `--talk-name=org.freedesktop.Flatpak`.

mod background;
mod documents;
mod host_command;
mod sandbox;

pub use background::{BackgroundError, may_go_on, tell_status};
pub use documents::{DocumentError, host_path, host_path_by};
pub use host_command::{HostCommand, HostCommandError, HostProcess};
pub use sandbox::Sandbox;
