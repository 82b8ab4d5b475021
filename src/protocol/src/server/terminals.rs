//! Terminals: `kennel job terminal` sends the PTY's master end over its standard input.

use std::collections::HashMap;
use std::io::IoSliceMut;
use std::mem::MaybeUninit;
use std::os::fd::OwnedFd;
use std::os::unix::net::UnixStream;
use std::os::unix::process::ExitStatusExt as _;
use std::path::Path;
use std::process::{ExitStatus, Stdio};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use kennel_model::{PetId, UserError};
use nix::sys::signal::Signal;
use rustix::net::{RecvAncillaryBuffer, RecvAncillaryMessage, RecvFlags};
use tokio::io::{AsyncReadExt as _, Interest};
use tokio::process::{Child, Command};
use tokio::sync::oneshot;
use zbus::object_server::SignalEmitter;

use super::{Engine, PATIENCE, jobs, query};
use crate::wire::OBJECT_PATH;

/// The terminals that are open now.
#[derive(Default)]
pub(super) struct Terminals {
    inner: Arc<Mutex<Inner>>,
}

#[derive(Default)]
struct Inner {
    last: u32,
    hang_ups: HashMap<u32, oneshot::Sender<()>>,
}

fn locked(inner: &Mutex<Inner>) -> MutexGuard<'_, Inner> {
    inner.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Terminals {
    /// Starts a shell in a pet; the PTY's master end and the terminal's number.
    pub(super) async fn open(
        &self,
        connection: &zbus::Connection,
        kennel: &Path,
        id: &PetId,
        columns: u32,
        rows: u32,
    ) -> Result<(OwnedFd, u32), UserError> {
        let (ours, theirs) = UnixStream::pair().map_err(|error| query::not_run(kennel, &error))?;
        let mut child = Command::new(kennel)
            .args(["job", "terminal", id.as_str()])
            .args(["--columns", &columns.to_string()])
            .args(["--rows", &rows.to_string()])
            .stdin(Stdio::from(OwnedFd::from(theirs)))
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .map_err(|error| query::not_run(kennel, &error))?;
        let Ok(Some(master)) = receive(ours).await else {
            return Err(why_not(child).await);
        };
        drain_stderr(&mut child);
        let (hang_up, hung_up) = oneshot::channel();
        let terminal = {
            let mut inner = locked(&self.inner);
            inner.last = inner.last.wrapping_add(1);
            let terminal = inner.last;
            inner.hang_ups.insert(terminal, hang_up);
            terminal
        };
        let (connection, inner) = (connection.clone(), Arc::clone(&self.inner));
        tokio::spawn(async move {
            let status = wait(child, hung_up).await;
            locked(&inner).hang_ups.remove(&terminal);
            if let Ok(emitter) = SignalEmitter::new(&connection, OBJECT_PATH) {
                let _ = Engine::terminal_exited(&emitter, terminal, status).await;
            }
        });
        Ok((master, terminal))
    }

    /// Hangs up one terminal. One that has ended already is no error.
    pub(super) fn close(&self, terminal: u32) {
        if let Some(hang_up) = locked(&self.inner).hang_ups.remove(&terminal) {
            let _ = hang_up.send(());
        }
    }

    /// Hangs up all of them.
    pub(super) fn close_all(&self) {
        for (_, hang_up) in locked(&self.inner).hang_ups.drain() {
            let _ = hang_up.send(());
        }
    }
}

/// The descriptor of the first message, or `None` when the other end closed without one.
async fn receive(socket: UnixStream) -> std::io::Result<Option<OwnedFd>> {
    socket.set_nonblocking(true)?;
    let socket = tokio::net::UnixStream::from_std(socket)?;
    socket
        .async_io(Interest::READABLE, || {
            let mut byte = [0u8; 1];
            let mut space = [MaybeUninit::uninit(); rustix::cmsg_space!(ScmRights(1))];
            let mut control = RecvAncillaryBuffer::new(&mut space);
            rustix::net::recvmsg(
                &socket,
                &mut [IoSliceMut::new(&mut byte)],
                &mut control,
                RecvFlags::CMSG_CLOEXEC,
            )?;
            let master = control.drain().find_map(|message| match message {
                RecvAncillaryMessage::ScmRights(mut descriptors) => descriptors.next(),
                _ => None,
            });
            Ok(master)
        })
        .await
}

/// Why a terminal's process sent no PTY.
async fn why_not(mut child: Child) -> UserError {
    let mut text = String::new();
    if let Some(stderr) = child.stderr.take() {
        let reading = stderr.take(64 * 1024);
        let mut reading = std::pin::pin!(reading);
        let _ = tokio::time::timeout(PATIENCE, reading.read_to_string(&mut text)).await;
    }
    let _ = child.start_kill();
    match child.wait().await {
        Ok(status) => crate::stderr::error(&text, status),
        Err(error) => {
            UserError::new("engine-ended", "the engine was lost", "try again").caused_by(&error)
        }
    }
}

/// Keeps the process from blocking on a full pipe.
fn drain_stderr(child: &mut Child) {
    if let Some(mut stderr) = child.stderr.take() {
        tokio::spawn(async move { tokio::io::copy(&mut stderr, &mut tokio::io::sink()).await });
    }
}

/// Waits for the shell; when hung up, asks it to end and insists after a while.
async fn wait(mut child: Child, hung_up: oneshot::Receiver<()>) -> i32 {
    let ended = tokio::select! {
        ended = child.wait() => ended,
        _ = hung_up => {
            jobs::signal(&child, Signal::SIGHUP);
            match tokio::time::timeout(PATIENCE, child.wait()).await {
                Ok(ended) => ended,
                Err(_) => {
                    let _ = child.start_kill();
                    child.wait().await
                }
            }
        }
    };
    ended.map_or(125, shell_status)
}

/// A status as a shell says it: 128 + n when killed by signal n.
fn shell_status(status: ExitStatus) -> i32 {
    status
        .code()
        .or_else(|| status.signal().map(|signal| 128 + signal))
        .unwrap_or(125)
}
