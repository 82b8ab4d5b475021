//! `kennel`: one static binary with several faces.
//!
//! | face | who starts it | module |
//! |---|---|---|
//! | command line | a person | [`cli`] |
//! | `serve` | the app | [`serve`] |
//! | `host-start` | the app in a Flatpak | [`host_start`] |
//! | `job` | `serve` | [`job`] |
//! | `keeper` | `start` | [`kept`] |
//! | `bridge` | the keeper, for a caller in the pet | [`host::serve`] |
//! | `host-exec`, and other programs' names | somebody in a pet | [`host`] |
//! | `scopes` | the keeper | [`scopes`] |
//! | `notify` | the keeper | [`notify`] |
//! | `stage` | an import or a removal | [`stage`] |
//! | `init` | the keeper, as PID 1 of a pet | `kennel_engine::runtime::init` |
//! | `kennel-exec` | `enter`, inside a pet | `kennel_engine::runtime::enter` |
//!
//! The last two, and the other names, are chosen before the command line is parsed: they run inside pets.

mod cancel;
mod cli;
mod enter;
mod forward;
mod host;
mod host_start;
mod inside;
mod job;
mod kept;
mod notify;
mod relay;
mod scopes;
mod serve;
mod stage;
mod terminal;

use std::ffi::OsString;
use std::process::ExitCode;

fn main() -> ExitCode {
    let arguments: Vec<OsString> = std::env::args_os().collect();
    let words: Vec<&str> = arguments
        .iter()
        .take(2)
        .filter_map(|word| word.to_str())
        .collect();
    match words.as_slice() {
        ["kennel-exec", ..] => exit_code(kennel_engine::runtime::enter::exec_main(&arguments[1..])),
        ["kennel", "init"] if rustix::process::getpid().as_raw_nonzero().get() == 1 => {
            use std::os::unix::ffi::OsStrExt as _;
            let program = arguments.get(2).map(|program| program.as_bytes().to_vec());
            match program.and_then(|program| std::ffi::CString::new(program).ok()) {
                Some(program) => kennel_engine::runtime::init::become_image_init(&program),
                None => kennel_engine::runtime::init::run(),
            }
            ExitCode::SUCCESS
        }
        _ => match host::by_name(&arguments) {
            Some(status) => exit_code(status),
            None => cli::run(arguments),
        },
    }
}

/// An exit status as the process's own.
pub(crate) fn exit_code(status: i32) -> ExitCode {
    ExitCode::from(u8::try_from(status).unwrap_or(125))
}
