//! The command line: parse, call the engine, print.

mod create;
mod definition;
mod image;
mod output;
mod progress;
mod show;
mod verbs;

use std::ffi::OsString;
use std::process::ExitCode;

use clap::Parser;
use kennel_model::UserError;

pub use definition::{Arguments, Verb};

use crate::{exit_code, job, kept, serve, stage};

/// Runs the command line `arguments`.
pub fn run(arguments: Vec<OsString>) -> ExitCode {
    let arguments = match Arguments::try_parse_from(arguments) {
        Ok(arguments) => arguments,
        Err(error) => {
            let _ = error.print();
            return exit_code(if error.use_stderr() { 125 } else { 0 });
        }
    };
    let verbose = arguments.verbose;
    match dispatch(arguments) {
        Ok(status) => exit_code(status),
        Err(error) => {
            complain(&error, verbose);
            exit_code(125)
        }
    }
}

fn dispatch(arguments: Arguments) -> Result<i32, UserError> {
    match arguments.verb {
        Verb::Serve { fd } => serve::run(fd).map(|()| 0),
        Verb::Job { verb } => Ok(job::run(verb)),
        Verb::Keeper { id } => Ok(kept::run(&id).map_or(125, |()| 0)),
        Verb::Stage { verb } => match stage::run(&verb) {
            Ok(()) => Ok(0),
            Err(reason) => {
                println!("{reason}");
                Ok(1)
            }
        },
        verb => verbs::run(verb),
    }
}

/// One line: what happened, what to do.
fn complain(error: &UserError, verbose: bool) {
    eprintln!("kennel: {error}");
    if verbose {
        for cause in &error.causes {
            eprintln!("  because: {cause}");
        }
    }
}
