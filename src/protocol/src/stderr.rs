//! What a `kennel` says on standard error: passed on, and read for the error it ends with.

use std::io::{PipeWriter, Write as _};
use std::process::ExitStatus;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use kennel_model::{UserError, phrase};
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::net::unix::pipe::Receiver;
use tokio::task::JoinHandle;
use tokio::time::timeout;

use crate::wire::encode;

/// The last lines are enough for an error.
const KEPT: usize = 20;
/// Processes that it left behind may hold the pipe open: then what is there must do.
const PATIENCE: Duration = Duration::from_millis(300);

/// Begins the line by which a `kennel` that we started tells its error with all that an app needs
/// to say it in the person's language. The line for people is before it.
const TYPED: &str = "kennel-error: ";

/// That line.
pub fn error_line(error: &UserError) -> String {
    format!("{TYPED}{}", encode(error))
}

/// What was said so far.
#[derive(Debug)]
pub(crate) struct Said {
    lines: Arc<Mutex<Vec<String>>>,
    reader: JoinHandle<()>,
}

/// A pipe for a process's standard error, whose lines go to ours.
pub(crate) fn pipe() -> std::io::Result<(Said, PipeWriter)> {
    let (reader, writer) = std::io::pipe()?;
    let lines = Arc::new(Mutex::new(Vec::new()));
    let receiver = Receiver::from_owned_fd(reader.into())?;
    let reader = tokio::spawn(pass_on(receiver, Arc::clone(&lines)));
    Ok((Said { lines, reader }, writer))
}

async fn pass_on(receiver: Receiver, lines: Arc<Mutex<Vec<String>>>) {
    let mut reader = BufReader::new(receiver).lines();
    while let Ok(Some(line)) = reader.next_line().await {
        if !line.starts_with(TYPED) {
            // Nobody may be there to read ours.
            let _ = writeln!(std::io::stderr(), "{line}");
        }
        let mut lines = lines.lock().unwrap_or_else(PoisonError::into_inner);
        if lines.len() == KEPT {
            lines.remove(0);
        }
        lines.push(line);
    }
}

impl Said {
    /// All that came; call it when the process has ended.
    pub(crate) async fn all(&self) -> String {
        let end = async {
            while !self.reader.is_finished() {
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        };
        let _ = timeout(PATIENCE, end).await;
        let lines = self.lines.lock().unwrap_or_else(PoisonError::into_inner);
        lines.join("\n")
    }
}

/// The error that standard error ends with: what [`error_line`] wrote, else the last line as
/// `kennel: what happened: what to do`.
pub(crate) fn error(stderr: &str, status: ExitStatus) -> UserError {
    let typed = stderr.lines().rev().find_map(|line| {
        let json = line.strip_prefix(TYPED)?;
        serde_json::from_str(json).ok()
    });
    if let Some(error) = typed {
        return error;
    }
    let said = stderr
        .lines()
        .rev()
        .find_map(|line| line.strip_prefix("kennel: "))
        .or_else(|| stderr.lines().rev().find(|line| !line.trim().is_empty()));
    match said {
        Some(line) => match line.split_once(": ") {
            Some((what, todo)) => UserError::verbatim("engine", what, todo),
            None => UserError::verbatim("engine", line, ""),
        },
        None => UserError::new(
            "engine-ended",
            phrase("the engine ended without saying why ({status})").with("status", status),
            phrase("try again; “kennel doctor” shows what this computer lacks"),
        ),
    }
}

/// The error when a process of ours cannot be waited for.
pub(crate) fn lost(error: &std::io::Error) -> UserError {
    let what = phrase("the engine was lost");
    UserError::new("engine-ended", what, phrase("try again")).caused_by(error)
}
