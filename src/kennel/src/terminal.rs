//! Opens a terminal of the host's for an app of a pet that needs one. `Terminal=true` in a desktop
//! entry would leave it to GLib, whose list lacks the terminals of today.

use std::ffi::OsString;
use std::os::unix::process::CommandExt as _;
use std::process::Command;

use kennel_engine::terminals::TERMINALS;
use kennel_model::UserError;

/// Becomes a terminal that runs `kennel run NAME -- COMMAND`. Returns only an error.
pub fn open(name: &str, command: &[OsString]) -> UserError {
    let kennel = std::env::current_exe().unwrap_or_else(|_| "kennel".into());
    for (terminal, separator) in TERMINALS {
        let error = Command::new(terminal)
            .arg(separator)
            .arg(&kennel)
            .args(["run", name, "--"])
            .args(command)
            .exec();
        if error.kind() != std::io::ErrorKind::NotFound {
            return UserError::new(
                "terminal",
                format!("the terminal {terminal} could not be started"),
                "install another one",
            )
            .caused_by(&error);
        }
    }
    UserError::new(
        "no-terminal",
        "no terminal was found on this computer",
        "install one, such as ptyxis, kgx or xterm",
    )
}
