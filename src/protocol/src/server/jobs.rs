//! Long operations: one `kennel job …` process each, its JSON lines forwarded as signals.

use std::collections::HashMap;
use std::path::Path;
use std::process::Stdio;
use std::sync::{Mutex, MutexGuard, PoisonError};

use kennel_model::{JobEvent, UserError};
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, BufReader};
use tokio::process::{Child, Command};
use tokio::sync::oneshot;
use tokio::task::JoinSet;
use zbus::object_server::SignalEmitter;

use super::{Engine, PATIENCE, query, tell_changed};
use crate::wire::{OBJECT_PATH, encode};

/// How much of a job's standard error is kept for its error message.
const STDERR_LIMIT: u64 = 64 * 1024;

/// The jobs that run now.
#[derive(Default)]
pub(super) struct Jobs {
    inner: Mutex<Inner>,
}

#[derive(Default)]
struct Inner {
    last: u32,
    cancels: HashMap<u32, oneshot::Sender<()>>,
    tasks: JoinSet<()>,
}

impl Jobs {
    fn inner(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Runs `kennel job` with `arguments` in the background; its number.
    pub(super) fn start(
        &self,
        connection: &zbus::Connection,
        kennel: &Path,
        arguments: &[&str],
    ) -> Result<u32, UserError> {
        let child = Command::new(kennel)
            .arg("job")
            .args(arguments)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .map_err(|error| query::not_run(kennel, &error))?;
        let (cancel, cancelled) = oneshot::channel();
        let mut inner = self.inner();
        inner.last = inner.last.wrapping_add(1);
        let job = inner.last;
        inner.cancels.insert(job, cancel);
        while inner.tasks.try_join_next().is_some() {}
        inner
            .tasks
            .spawn(follow(connection.clone(), job, child, cancelled));
        Ok(job)
    }

    /// Asks a job to end. A job that has ended already is no error.
    pub(super) fn cancel(&self, job: u32) {
        if let Some(cancel) = self.inner().cancels.remove(&job) {
            let _ = cancel.send(());
        }
    }

    /// Cancels every job and waits until all have ended or their patience is over.
    pub(super) async fn end_all(&self) {
        let mut tasks = {
            let mut inner = self.inner();
            for (_, cancel) in inner.cancels.drain() {
                let _ = cancel.send(());
            }
            std::mem::take(&mut inner.tasks)
        };
        let all = async { while tasks.join_next().await.is_some() {} };
        // Each task kills its child after PATIENCE by itself; dropping the rest kills too.
        let _ = tokio::time::timeout(PATIENCE, all).await;
    }
}

/// Sends `signal` to a child that has not been waited for yet.
pub(super) fn signal(child: &Child, signal: Signal) {
    if let Some(pid) = child.id() {
        // The child is ours and not reaped (`id` is `Some`), so the number cannot be another's.
        let _ = kill(Pid::from_raw(pid as i32), signal);
    }
}

/// Forwards a job's events until it ends.
async fn follow(
    connection: zbus::Connection,
    job: u32,
    mut child: Child,
    cancelled: oneshot::Receiver<()>,
) {
    let stderr = child.stderr.take();
    let errors = tokio::spawn(async move {
        let mut text = Vec::new();
        if let Some(mut stderr) = stderr {
            let _ = (&mut stderr)
                .take(STDERR_LIMIT)
                .read_to_end(&mut text)
                .await;
            let _ = tokio::io::copy(&mut stderr, &mut tokio::io::sink()).await;
        }
        String::from_utf8_lossy(&text).into_owned()
    });
    let (finished, was_cancelled) = forward(&connection, job, &mut child, cancelled).await;
    let status = child.wait().await;
    if !finished {
        let error = match status {
            _ if was_cancelled => UserError::cancelled(),
            Ok(status) => crate::stderr::error(&errors.await.unwrap_or_default(), status),
            Err(error) => crate::stderr::lost(&error),
        };
        emit(&connection, job, &JobEvent::Failed { error }).await;
    }
    tell_changed(&connection).await;
}

/// Reads lines until the end of output; whether an outcome came, and whether it was cancelled.
async fn forward(
    connection: &zbus::Connection,
    job: u32,
    child: &mut Child,
    mut cancelled: oneshot::Receiver<()>,
) -> (bool, bool) {
    let Some(stdout) = child.stdout.take() else {
        return (false, false);
    };
    let mut lines = BufReader::new(stdout).lines();
    let (mut finished, mut asked) = (false, None);
    loop {
        let killing = async {
            match asked {
                Some(at) => tokio::time::sleep_until(at + PATIENCE).await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            line = lines.next_line() => match line {
                Ok(Some(line)) => if let Ok(event) = serde_json::from_str::<JobEvent>(&line) {
                    finished |= matches!(event, JobEvent::Done { .. } | JobEvent::Failed { .. });
                    emit(connection, job, &event).await;
                },
                Ok(None) | Err(_) => return (finished, asked.is_some()),
            },
            Ok(()) = &mut cancelled, if asked.is_none() => {
                asked = Some(tokio::time::Instant::now());
                signal(child, Signal::SIGTERM);
            }
            () = killing => {
                let _ = child.start_kill();
                return (finished, true);
            }
        }
    }
}

async fn emit(connection: &zbus::Connection, job: u32, event: &JobEvent) {
    if let Ok(emitter) = SignalEmitter::new(connection, OBJECT_PATH) {
        // A peer that has gone needs no events.
        let _ = Engine::job_event(&emitter, job, &encode(event)).await;
    }
}
