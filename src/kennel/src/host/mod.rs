//! Commands of the host's, run from inside a pet: `kennel host-exec CMD`, a program's own name
//! (`podman`, `xdg-open` …), `flatpak-spawn --host`, and `kennel` itself, whose pets are on the host.
//!
//! [`serve`] is the other end, on the host.

mod caller;
mod flatpak_spawn;
pub mod serve;

use std::ffi::OsString;
use std::os::unix::ffi::OsStrExt as _;
use std::path::Path;

use kennel_engine::bridge::pet::BridgeError;
use kennel_engine::bridge::wire::Request;
use kennel_model::UserError;

use crate::inside;

/// If this program was called by the name of one of the host's: what came of running that.
pub fn by_name(arguments: &[OsString]) -> Option<i32> {
    let name = Path::new(arguments.first()?).file_name()?;
    // A login shell's name begins with a dash; ours never stands for one.
    if name.as_bytes().starts_with(b"kennel") || inside::pet().is_none() {
        return None;
    }
    if name == "flatpak-spawn" {
        return Some(flatpak_spawn::run(&arguments[1..]));
    }
    let mut command = arguments.to_vec();
    name.clone_into(&mut command[0]);
    Some(exec(command))
}

/// Runs `command` on the host; its exit status.
pub fn exec(command: Vec<OsString>) -> i32 {
    ask(Request {
        arguments: command,
        ..Request::default()
    })
}

/// Has `request` run, with what of this process it needs beside; its exit status. An error is said
/// on standard error.
fn ask(request: Request) -> i32 {
    caller::run(request, &[]).unwrap_or_else(|error| complain(&error))
}

fn complain(error: &BridgeError) -> i32 {
    let status = match error {
        BridgeError::Refused(refusal) => i32::from(refusal.status),
        BridgeError::Off | BridgeError::Down(_) => 125,
    };
    eprintln!("kennel: {}", said(error));
    status
}

/// What happened: what to do.
fn said(error: &BridgeError) -> UserError {
    let pet = inside::pet().unwrap_or_default();
    match error {
        BridgeError::Off => inside::refusal(&pet),
        BridgeError::Down(cause) => UserError::verbatim(
            "bridge-down",
            error.to_string(),
            format!("restart the pet from the host: kennel restart {pet}"),
        )
        .caused_by(cause),
        BridgeError::Refused(refusal) => {
            let reason = refusal.reason.to_string();
            let (what, todo) = reason.rsplit_once(": ").unwrap_or((&reason, ""));
            UserError::verbatim("refused", what, todo)
        }
    }
}
