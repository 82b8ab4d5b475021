//! Short questions: run `kennel`, return its standard output.

use std::path::Path;
use std::process::Stdio;

use kennel_model::{UserError, phrase};
use tokio::process::Command;

use crate::stderr;

/// Runs `kennel` with `arguments`; its output, or the error it printed.
pub(super) async fn run(kennel: &Path, arguments: &[&str]) -> Result<String, UserError> {
    // Jobs tell their errors so in any case.
    let flag = (arguments.first() != Some(&"job")).then_some("--typed-error");
    let output = Command::new(kennel)
        .args(arguments)
        .args(flag)
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
        phrase("{program} could not be run").with("program", kennel.display()),
        phrase("check that Kennel is installed completely"),
    )
    .caused_by(error)
}
