//! One-shot stages: `kennel stage …` processes that act as root of the person's user namespace
//! (unpacking a layer, deleting a tree), so that a long-lived program never has to.
//!
//! The stage has one thread when it unshares (unshare(2) refuses otherwise), says so on its
//! socket, waits for its id mapping, and works. Input and result travel over stdin and stdout.

use std::ffi::OsStr;
use std::fs::File;
use std::io::{Read, Write};
use std::os::fd::OwnedFd;
use std::os::unix::net::UnixStream;
use std::process::{Child, Command, Stdio};

use kennel_model::phrase::reason;
use kennel_model::{Phrase, phrase};

use crate::idmap::{IdMapError, IdMapping};
use crate::sys::process;

/// Why a stage failed.
#[derive(Debug, thiserror::Error)]
#[error("{}", self.phrase())]
pub enum StageError {
    /// The stage process could not be run.
    Io(#[from] std::io::Error),
    /// User namespaces are not to be had, or the mapping was refused.
    #[error(transparent)]
    Mapping(#[from] IdMapError),
    /// The stage said no; its own text.
    Failed(String),
}

impl StageError {
    /// It in words.
    pub fn phrase(&self) -> Phrase {
        match self {
            Self::Io(error) => {
                phrase("cannot run a namespace stage: {reason}").saying("reason", reason(error))
            }
            Self::Mapping(error) => error.phrase(),
            Self::Failed(text) => Phrase::verbatim(text),
        }
    }
}

/// A running stage.
pub struct Stage {
    child: Child,
}

impl Stage {
    /// Starts `kennel stage VERB ARGUMENTS…` with `input` as its stdin, and maps it.
    pub fn spawn(
        mapping: &IdMapping,
        verb: &str,
        arguments: &[&OsStr],
        input: Option<File>,
    ) -> Result<Self, StageError> {
        let (ours, theirs) = UnixStream::pair()?;
        let mut child = Command::new("/proc/self/exe")
            .arg("stage")
            .arg(verb)
            .args(arguments)
            .stdin(input.map_or_else(Stdio::null, Stdio::from))
            .stdout(Stdio::piped())
            .stderr(Stdio::from(OwnedFd::from(theirs)))
            .spawn()?;
        if let Err(error) = map(&ours, mapping, child.id() as i32) {
            let _ = child.kill();
            let _ = child.wait();
            return Err(error);
        }
        Ok(Self { child })
    }

    /// What the stage printed, once it ended well.
    pub fn finish(mut self) -> Result<String, StageError> {
        let mut text = String::new();
        if let Some(stdout) = &mut self.child.stdout {
            stdout.read_to_string(&mut text)?;
        }
        if self.child.wait()?.success() {
            Ok(text)
        } else {
            Err(StageError::Failed(text.trim().to_owned()))
        }
    }

    /// Whether it has ended (or cannot be asked any more).
    pub fn has_ended(&mut self) -> bool {
        !matches!(self.child.try_wait(), Ok(None))
    }

    /// Ends it at once.
    pub fn kill(mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn map(socket: &UnixStream, mapping: &IdMapping, pid: i32) -> Result<(), StageError> {
    let mut answer = [0_u8; 1];
    let mut socket = socket;
    if socket.read(&mut answer)? != 1 {
        return Err(StageError::Failed(
            "this system does not allow user namespaces".to_owned(),
        ));
    }
    mapping.write(pid)?;
    socket.write_all(b"g")?;
    Ok(())
}

/// In the stage: enters a new user and mount namespace and becomes its root.
/// The rendezvous socket is stderr.
pub fn become_namespace_root() -> std::io::Result<()> {
    process::end_with_parent(libc::SIGKILL);
    nix::sched::unshare(
        nix::sched::CloneFlags::CLONE_NEWUSER | nix::sched::CloneFlags::CLONE_NEWNS,
    )?;
    let socket = rustix::io::dup(rustix::stdio::stderr())?;
    rustix::io::write(&socket, b"r")?;
    let mut go = [0_u8; 1];
    if rustix::io::read(&socket, &mut go)? != 1 {
        return Err(std::io::Error::other("the parent went away"));
    }
    // With a single mapped id there is no uid 0 to become; capabilities are there all the same.
    let _ = process::become_user(0, 0, &[], true);
    // Modes are the archive's, not the person's taste.
    rustix::process::umask(rustix::fs::Mode::empty());
    process::end_with_parent(libc::SIGKILL);
    Ok(())
}
