//! The socket that callers in the pet come to, and the processes that serve them. It belongs to the
//! keeper, which must stay small and never wait: each caller is let in to a process of its own.

use std::fs;
use std::io;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::os::unix::fs::PermissionsExt as _;
use std::os::unix::net::UnixListener;
use std::path::Path;
use std::process::{Child, Command, Stdio};

use kennel_model::PetId;

use super::{directory, host, question};
use crate::files;

/// Callers that are served at once. The others wait in the socket's queue.
pub const MOST_CALLERS: usize = 32;

/// The door of a running pet.
#[derive(Debug)]
pub struct Door {
    listener: UnixListener,
    id: PetId,
    callers: Vec<Caller>,
}

#[derive(Debug)]
struct Caller {
    process: Child,
    pidfd: OwnedFd,
}

/// Makes what the pet is shown of the door, empty, in its running directory: before the pet's
/// mounts are made.
pub fn prepare(running: &Path) -> io::Result<()> {
    question::forget_all(running);
    files::make_private(&directory(running))?;
    host::make_nowhere(&running.join("nowhere"))
}

impl Door {
    /// Opens the door of the pet `id`.
    pub fn open(running: &Path, id: &PetId) -> io::Result<Self> {
        let socket = directory(running).join("socket");
        let _ = fs::remove_file(&socket);
        let listener = UnixListener::bind(&socket)?;
        listener.set_nonblocking(true)?;
        // Root inside is somebody else outside. The directory above is the person's alone.
        fs::set_permissions(&socket, fs::Permissions::from_mode(0o666))?;
        Ok(Self {
            listener,
            id: id.clone(),
            callers: Vec::new(),
        })
    }

    /// What becomes readable when [`Self::attend`] is to be called.
    pub fn descriptors(&self) -> impl Iterator<Item = BorrowedFd<'_>> {
        let room = self.callers.len() < MOST_CALLERS;
        let listener = room.then(|| self.listener.as_fd());
        let callers = self.callers.iter().map(|caller| caller.pidfd.as_fd());
        listener.into_iter().chain(callers)
    }

    /// Sees off callers that are done, and lets in one that has come.
    pub fn attend(&mut self) {
        self.callers.retain_mut(|caller| {
            // An error would mean that it was waited for already.
            matches!(caller.process.try_wait(), Ok(None))
        });
        if self.callers.len() < MOST_CALLERS
            && let Ok((stream, _)) = self.listener.accept()
            && let Ok(caller) = self.serve(stream.into())
        {
            self.callers.push(caller);
        }
    }

    fn serve(&self, connection: OwnedFd) -> io::Result<Caller> {
        let mut process = Command::new("/proc/self/exe")
            .args(["bridge", self.id.as_str()])
            .stdin(Stdio::from(connection))
            .stdout(Stdio::null())
            .spawn()?;
        let pid = rustix::process::Pid::from_child(&process);
        match rustix::process::pidfd_open(pid, rustix::process::PidfdFlags::empty()) {
            Ok(pidfd) => Ok(Caller { process, pidfd }),
            Err(error) => {
                let _ = process.kill();
                let _ = process.wait();
                Err(error.into())
            }
        }
    }
}
