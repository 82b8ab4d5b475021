//! Short questions: run `kennel`, return its standard output.

use std::path::Path;
use std::process::{ExitStatus, Stdio};

use kennel_model::UserError;
use tokio::process::Command;

/// Runs `kennel` with `arguments`; its output, or the error it printed.
pub(super) async fn run(kennel: &Path, arguments: &[&str]) -> Result<String, UserError> {
    let output = Command::new(kennel)
        .args(arguments)
        .stdin(Stdio::null())
        .kill_on_drop(true)
        .output()
        .await
        .map_err(|error| not_run(kennel, &error))?;
    if output.status.success() {
        Ok(String::from_utf8_lossy(&output.stdout)
            .trim_end()
            .to_owned())
    } else {
        Err(from_stderr(
            &String::from_utf8_lossy(&output.stderr),
            output.status,
        ))
    }
}

/// The error when `kennel` itself could not be run.
pub(super) fn not_run(kennel: &Path, error: &std::io::Error) -> UserError {
    UserError::new(
        "engine-not-started",
        format!("{} could not be run", kennel.display()),
        "check that Kennel is installed completely",
    )
    .caused_by(error)
}

/// The last `kennel: what happened: what to do` line of standard error, as an error again.
pub(super) fn from_stderr(stderr: &str, status: ExitStatus) -> UserError {
    let said = stderr
        .lines()
        .rev()
        .find_map(|line| line.strip_prefix("kennel: "))
        .or_else(|| stderr.lines().rev().find(|line| !line.trim().is_empty()));
    match said {
        Some(line) => match line.split_once(": ") {
            Some((what, todo)) => UserError::new("engine", what, todo),
            None => UserError::new("engine", line, ""),
        },
        None => UserError::new(
            "engine-ended",
            format!("the engine ended without saying why ({status})"),
            "try again; “kennel doctor” shows what this computer lacks",
        ),
    }
}
