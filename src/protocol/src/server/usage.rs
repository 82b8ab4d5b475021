//! Usage while somebody watches: one `kennel job usage` that lives as long, its lines forwarded as
//! signals.

use std::path::Path;
use std::process::Stdio;
use std::sync::{Mutex, PoisonError};

use kennel_model::UserError;
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::process::{ChildStdout, Command};
use tokio::task::JoinHandle;
use zbus::object_server::SignalEmitter;

use super::{Engine, query};
use crate::wire::OBJECT_PATH;

/// The process that looks, if somebody watches.
#[derive(Debug, Default)]
pub(super) struct UsageWatch(Mutex<Option<JoinHandle<()>>>);

impl UsageWatch {
    /// Looks from now on, if it does not already.
    pub(super) fn begin(
        &self,
        connection: &zbus::Connection,
        kennel: &Path,
    ) -> Result<(), UserError> {
        let mut task = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if task.as_ref().is_some_and(|task| !task.is_finished()) {
            return Ok(());
        }
        let mut child = Command::new(kennel)
            .args(["job", "usage"])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .map_err(|error| query::not_run(kennel, &error))?;
        let connection = connection.clone();
        *task = child.stdout.take().map(|output| {
            tokio::spawn(async move {
                // The task owns the child: who aborts it ends both.
                forward(&connection, output).await;
                let _ = child.wait().await;
            })
        });
        Ok(())
    }

    /// Looks no more.
    pub(super) fn end(&self) {
        let mut task = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(task) = task.take() {
            task.abort();
        }
    }
}

impl Drop for UsageWatch {
    fn drop(&mut self) {
        self.end();
    }
}

async fn forward(connection: &zbus::Connection, output: ChildStdout) {
    let mut lines = BufReader::new(output).lines();
    while let Ok(Some(line)) = lines.next_line().await {
        if let Ok(emitter) = SignalEmitter::new(connection, OBJECT_PATH) {
            // A peer that has gone needs no samples.
            let _ = Engine::usage_sampled(&emitter, &line).await;
        }
    }
}
