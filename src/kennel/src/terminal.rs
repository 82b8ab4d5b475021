//! Opens a terminal of the host's: for an app of a pet that needs one, and for a person who asks for
//! one beside the app. `Terminal=true` in a desktop entry would leave it to GLib, whose list lacks
//! the terminals of today.

use std::ffi::OsStr;
use std::io;
use std::os::unix::process::CommandExt as _;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use kennel_engine::pets::{Kennel, KennelError};
use kennel_model::{UserError, phrase};

/// How long a terminal is watched: one that ends by then with an error did not open.
const WATCHED: Duration = Duration::from_millis(600);

/// Becomes a terminal that runs `kennel` with these words. Returns only an error.
pub fn become_one(words: &[&OsStr]) -> UserError {
    match Kennel::open().and_then(|kennel| command(&kennel, words)) {
        Ok(mut command) => not_started(&command.exec()),
        Err(error) => error.into(),
    }
}

/// Opens a terminal that runs `kennel` with these words and lives on by itself.
pub fn open_beside(kennel: &Kennel, words: &[&OsStr]) -> Result<(), UserError> {
    let mut command = command(kennel, words)?;
    command.stdin(Stdio::null()).stdout(Stdio::null());
    command.stderr(Stdio::null());
    // Not ended with the app, whose session this is.
    // SAFETY: setsid(2) is async-signal-safe and takes nothing.
    #[allow(unsafe_code)]
    unsafe {
        command.pre_exec(|| Ok(rustix::process::setsid().map(drop)?));
    }
    let child = command.spawn().map_err(|error| not_started(&error))?;
    watch(child).map_err(|error| not_started(&error))
}

fn command(kennel: &Kennel, words: &[&OsStr]) -> Result<Command, KennelError> {
    let terminal = kennel.terminal()?;
    let mut command = Command::new(&terminal.program);
    command.arg(terminal.separator);
    command.arg(std::env::current_exe().unwrap_or_else(|_| "kennel".into()));
    command.args(words);
    Ok(command)
}

/// Waits until it is plain that the terminal opened: most go on, some hand over to one that runs.
fn watch(mut child: Child) -> io::Result<()> {
    let begin = Instant::now();
    while begin.elapsed() < WATCHED {
        match child.try_wait()? {
            Some(status) if status.success() => return Ok(()),
            Some(status) => return Err(io::Error::other(status.to_string())),
            None => std::thread::sleep(Duration::from_millis(20)),
        }
    }
    Ok(())
}

fn not_started(error: &io::Error) -> UserError {
    UserError::new(
        "terminal",
        phrase("the terminal could not be started"),
        phrase("install another one, or name one in ~/.config/kennel/config.toml"),
    )
    .caused_by(error)
}
