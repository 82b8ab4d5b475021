//! The command line: parse, call the engine, print.

mod check;
mod choices;
mod create;
mod definition;
mod doctor;
mod export;
mod image;
mod output;
mod progress;
mod proposal;
mod questions;
mod relabel;
mod setup;
mod show;
mod status;
mod top;
mod verbs;

use std::ffi::OsString;
use std::process::ExitCode;

use clap::Parser;
use clap::error::ErrorKind;
use kennel_model::{UserError, shown};
use kennel_protocol::error_line;

pub use definition::{Arguments, Verb};
pub use export::locale;

use crate::{enter, exit_code, host, host_start, inside, job, kept, notify, scopes, serve, stage};

/// Runs the command line `arguments`.
pub fn run(arguments: Vec<OsString>) -> ExitCode {
    if let Some(pet) = inside::pet() {
        return exit_code(inside::run(&pet, arguments));
    }
    let arguments = match Arguments::try_parse_from(arguments) {
        Ok(arguments) => arguments,
        // `kennel` alone: somebody who does not know it yet.
        Err(help) if help.kind() == ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
            let _ = help.print();
            return exit_code(125);
        }
        Err(error) if error.use_stderr() => {
            complain(&usage(&error), false);
            return exit_code(125);
        }
        Err(help) => {
            let _ = help.print();
            return ExitCode::SUCCESS;
        }
    };
    let verbose = arguments.verbose;
    let typed = arguments.typed_error || arguments.verb.is_for_the_app();
    match dispatch(arguments) {
        Ok(status) => exit_code(status),
        Err(error) => {
            complain(&error, verbose);
            if typed {
                eprintln!("{}", error_line(&error));
            }
            exit_code(125)
        }
    }
}

fn dispatch(arguments: Arguments) -> Result<i32, UserError> {
    match arguments.verb {
        Verb::Serve { fd } => serve::run(fd).map(|()| 0),
        Verb::HostStart => host_start::run().map(|()| 0),
        Verb::Job { verb } => Ok(job::run(verb)),
        Verb::Keeper { id } => Ok(kept::run(&id).map_or(125, |()| 0)),
        Verb::SetupStep { id, key } => enter::run_setup_step(&id, &key),
        Verb::ShowPet { id } => notify::show_pet(&id).map(|()| 0),
        Verb::Bridge { id } => host::serve::run(&id).map(|()| 0),
        Verb::HostExec { command } => Err(inside::not_inside(&command)),
        Verb::Scopes => scopes::run().map(|()| 0),
        Verb::Notify => notify::run().map(|()| 0),
        Verb::Stage { verb } => match stage::run(&verb) {
            Ok(()) => Ok(0),
            Err(reason) => {
                println!("{reason}");
                Ok(1)
            }
        },
        verb => {
            if verb.only_prints() {
                end_with_reader();
            }
            verbs::run(verb)
        }
    }
}

/// A reader that has seen enough (`kennel list | head`) ends the writer quietly, as everywhere;
/// Rust ignores SIGPIPE otherwise and `println!` panics. Not for verbs that talk to registries: a
/// server that closes its connection is no reason to end.
fn end_with_reader() {
    use nix::sys::signal::{SigHandler, Signal, signal};
    // SAFETY: the default action is no handler that could run.
    #[allow(unsafe_code)]
    let _ = unsafe { signal(Signal::SIGPIPE, SigHandler::SigDfl) };
}

/// A mistyped command line, in one line as every error.
fn usage(error: &clap::Error) -> UserError {
    let text = error.render().to_string();
    let mut lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    let first = lines.next().unwrap_or_default();
    let mut what = first.strip_prefix("error: ").unwrap_or(first).to_owned();
    // What is missing stands in the lines below a colon.
    if what.ends_with(':') {
        let missing: Vec<&str> = lines
            .clone()
            .take_while(|line| !line.starts_with("Usage"))
            .collect();
        what = format!("{} {}", what, missing.join(", "));
    }
    let tip = lines.find_map(|line| line.strip_prefix("tip: "));
    UserError::verbatim("usage", what, tip.unwrap_or("see: kennel --help"))
}

/// One line: what happened, what to do.
fn complain(error: &UserError, verbose: bool) {
    // It may quote what a stranger wrote.
    eprintln!("kennel: {}", shown(&error.to_string()));
    if verbose {
        for cause in &error.causes {
            eprintln!("  because: {cause}");
        }
    }
}
