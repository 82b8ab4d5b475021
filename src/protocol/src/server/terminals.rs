//! Terminals: `kennel job terminal` sends the PTY's master end and the shell's pid over its standard
//! input.

use std::collections::BTreeMap;
use std::io::IoSliceMut;
use std::mem::MaybeUninit;
use std::os::fd::OwnedFd;
use std::os::unix::net::UnixStream;
use std::os::unix::process::ExitStatusExt as _;
use std::path::Path;
use std::process::{ExitStatus, Stdio};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use kennel_model::{PetId, ShellState, TerminalState, UserError};
use nix::sys::signal::Signal;
use rustix::net::{RecvAncillaryBuffer, RecvAncillaryMessage, RecvFlags};
use tokio::io::{AsyncReadExt as _, Interest};
use tokio::process::{Child, Command};
use tokio::sync::oneshot;
use zbus::object_server::SignalEmitter;

use super::{Engine, PATIENCE, jobs, query};
use crate::wire::{OBJECT_PATH, decode};

/// The terminals that are open now.
#[derive(Default)]
pub(super) struct Terminals {
    inner: Arc<Mutex<Inner>>,
}

#[derive(Default)]
struct Inner {
    last: u32,
    open: BTreeMap<u32, Open>,
}

/// One that is open.
struct Open {
    pet: PetId,
    /// The shell's pid.
    shell: i32,
    hang_up: oneshot::Sender<()>,
}

/// The terminal that is asked for.
pub(super) struct Wanted<'a> {
    pub(super) pet: PetId,
    /// Where it begins in the pet; empty for the pet's own choice.
    pub(super) directory: &'a str,
    pub(super) columns: u32,
    pub(super) rows: u32,
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
        wanted: Wanted<'_>,
    ) -> Result<(OwnedFd, u32), UserError> {
        let (ours, theirs) = UnixStream::pair().map_err(|error| query::not_run(kennel, &error))?;
        let mut command = Command::new(kennel);
        command
            .args(["job", "terminal", wanted.pet.as_str()])
            .args(["--columns", &wanted.columns.to_string()])
            .args(["--rows", &wanted.rows.to_string()]);
        if !wanted.directory.is_empty() {
            command.arg(format!("--directory={}", wanted.directory));
        }
        let mut child = command
            .stdin(Stdio::from(OwnedFd::from(theirs)))
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .map_err(|error| query::not_run(kennel, &error))?;
        let Ok(Some((master, shell))) = receive(ours).await else {
            return Err(why_not(child).await);
        };
        drain_stderr(&mut child);
        let (hang_up, hung_up) = oneshot::channel();
        let terminal = {
            let mut inner = locked(&self.inner);
            inner.last = inner.last.wrapping_add(1);
            let terminal = inner.last;
            let pet = wanted.pet;
            inner.open.insert(
                terminal,
                Open {
                    pet,
                    shell,
                    hang_up,
                },
            );
            terminal
        };
        let (connection, inner) = (connection.clone(), Arc::clone(&self.inner));
        tokio::spawn(async move {
            let status = wait(child, hung_up).await;
            locked(&inner).open.remove(&terminal);
            if let Ok(emitter) = SignalEmitter::new(&connection, OBJECT_PATH) {
                let _ = Engine::terminal_exited(&emitter, terminal, status).await;
            }
        });
        Ok((master, terminal))
    }

    /// Hangs up one terminal. One that has ended already is no error.
    pub(super) fn close(&self, terminal: u32) {
        if let Some(open) = locked(&self.inner).open.remove(&terminal) {
            let _ = open.hang_up.send(());
        }
    }

    /// Hangs up all of them.
    pub(super) fn close_all(&self) {
        for open in std::mem::take(&mut locked(&self.inner).open).into_values() {
            let _ = open.hang_up.send(());
        }
    }

    /// What the shells of those that are open are at.
    pub(super) async fn states(&self, kennel: &Path) -> Result<Vec<TerminalState>, UserError> {
        let open: Vec<(u32, PetId, String)> = locked(&self.inner)
            .open
            .iter()
            .map(|(&terminal, open)| (terminal, open.pet.clone(), open.shell.to_string()))
            .collect();
        if open.is_empty() {
            return Ok(Vec::new());
        }
        let mut arguments = vec!["job", "shells", "--"];
        arguments.extend(open.iter().map(|(.., shell)| shell.as_str()));
        let shells: Vec<ShellState> = decode(&query::run(kennel, &arguments).await?)?;
        let states = open.into_iter().zip(shells);
        Ok(states
            .map(|((terminal, pet, _), shell)| TerminalState {
                terminal,
                pet,
                shell,
            })
            .collect())
    }
}

/// The descriptor and the pid of the first message, or `None` when the other end closed without one.
async fn receive(socket: UnixStream) -> std::io::Result<Option<(OwnedFd, i32)>> {
    socket.set_nonblocking(true)?;
    let socket = tokio::net::UnixStream::from_std(socket)?;
    socket
        .async_io(Interest::READABLE, || {
            let mut pid = [0u8; 4];
            let mut space = [MaybeUninit::uninit(); rustix::cmsg_space!(ScmRights(1))];
            let mut control = RecvAncillaryBuffer::new(&mut space);
            rustix::net::recvmsg(
                &socket,
                &mut [IoSliceMut::new(&mut pid)],
                &mut control,
                RecvFlags::CMSG_CLOEXEC,
            )?;
            let master = control.drain().find_map(|message| match message {
                RecvAncillaryMessage::ScmRights(mut descriptors) => descriptors.next(),
                _ => None,
            });
            Ok(master.map(|master| (master, i32::from_ne_bytes(pid))))
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
        Err(error) => crate::stderr::lost(&error),
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
