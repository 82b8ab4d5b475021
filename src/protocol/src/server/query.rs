//! Short questions: run `kennel`, return its standard output.

use std::path::Path;
use std::process::Stdio;

use kennel_model::UserError;
use tokio::process::Command;

use crate::stderr;

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
        Err(stderr::error(
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
