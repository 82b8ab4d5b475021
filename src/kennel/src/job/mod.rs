//! `kennel job …`: one process for each thing that the app asks for.

mod question;
mod usage;
mod work;

use std::ffi::OsStr;
use std::path::PathBuf;

use clap::Subcommand;
use kennel_engine::pets::{Kennel, KennelError};
use kennel_model::UserError;
use kennel_protocol::error_line;

use crate::{enter, terminal};
use question::Question;
use work::Work;

/// What the app asks for.
#[derive(Debug, Subcommand)]
pub enum JobVerb {
    /// Something to answer.
    #[command(flatten)]
    Question(Question),
    /// Something to do.
    #[command(flatten)]
    Work(Work),
    /// Look at all running pets every two seconds, a `UsageSample` a line, until nobody reads.
    Usage,
    /// Open a terminal of the desktop's with a pet's shell.
    ExternalTerminal {
        /// The pet's id.
        id: String,
    },
    /// Open a terminal; the pty goes over standard input.
    Terminal {
        /// Its id.
        id: String,
        /// The directory in the pet where it begins; the project folder, or home, without it.
        #[arg(long)]
        directory: Option<PathBuf>,
        /// Width in cells.
        #[arg(long, default_value_t = 80)]
        columns: u16,
        /// Height in cells.
        #[arg(long, default_value_t = 24)]
        rows: u16,
    },
}

/// Runs the job to its end; the exit status.
pub fn run(verb: JobVerb) -> i32 {
    match verb {
        JobVerb::Question(question) => question.answer(),
        JobVerb::Work(work) => work.run(),
        JobVerb::Usage => usage::run(),
        JobVerb::Terminal {
            id,
            directory,
            columns,
            rows,
        } => status(open_terminal(&id, directory, columns, rows)),
        JobVerb::ExternalTerminal { id } => status(open_external_terminal(&id)),
    }
}

/// The exit status of what was done, after its error was said.
fn status(done: Result<i32, UserError>) -> i32 {
    done.unwrap_or_else(|error| failed(&error))
}

/// Tells `serve` of `error`, and whoever reads along; the exit status.
fn failed(error: &UserError) -> i32 {
    eprintln!("kennel: {error}\n{}", error_line(error));
    125
}

fn open_external_terminal(id: &str) -> Result<i32, UserError> {
    let kennel = Kennel::open()?;
    let spec = kennel.find(id)?;
    terminal::open_beside(&kennel, &["enter", spec.name.as_str()].map(OsStr::new))?;
    Ok(0)
}

fn open_terminal(
    id: &str,
    directory: Option<PathBuf>,
    columns: u16,
    rows: u16,
) -> Result<i32, UserError> {
    let kennel = Kennel::open()?;
    let spec = kennel.find(id)?;
    let state = kennel.start(&spec)?;
    let _ = kennel_engine::session::remember(&kennel.paths, std::env::vars_os());
    enter::run_for_app(&state, directory.or(spec.project), columns, rows)
}

/// What the app asks for.
fn read<T: serde::de::DeserializeOwned>(request: &str) -> Result<T, KennelError> {
    serde_json::from_str(request).map_err(|error| KennelError::BadSpec {
        path: "the request".into(),
        reason: error.to_string(),
    })
}
