//! `kennel host-start`: how the app inside a Flatpak starts its engine on the host. The program
//! at the Flatpak's path makes a lasting copy of itself, and that one serves the app on the socket
//! that is standard input.

use std::os::unix::process::CommandExt as _;
use std::path::Path;
use std::process::Command;

use kennel_engine::installed;
use kennel_engine::pets::{Kennel, KennelError};
use kennel_engine::session;
use kennel_model::{UserError, phrase};

/// Returns only if it cannot be done.
pub fn run() -> Result<(), UserError> {
    let (_, paths) = Kennel::paths_only().map_err(KennelError::from)?;
    let program = installed::install(&paths, Path::new("/proc/self/exe"))?;
    // Flatpak's session helper may be older than the session, and know nothing of its display.
    let error = Command::new(&program)
        .args(["serve", "--fd", "0"])
        .env_clear()
        .envs(session::current(&paths))
        .exec();
    Err(UserError::new(
        "host-start",
        phrase("{program} cannot be run").with("program", program.display()),
        phrase("check that programs may run there: a file system mounted with “noexec” forbids it"),
    )
    .caused_by(&error))
}
