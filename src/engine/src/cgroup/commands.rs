//! The group of the commands that a pet has run on the host: a scope beside the pet's and its keeper's.
//!
//! In the keeper's they would be counted to that, and one that outlives the pet would keep the keeper's
//! scope, which the pet's next start needs. systemd ends a scope when it is empty, and to make one for
//! each command would take longer than most commands. So it is made once, with the pet, around an
//! [`Anchor`], and commands are born into it, which costs nothing.

use std::io;
use std::os::fd::{AsFd, OwnedFd};
use std::path::{Path, PathBuf};

use kennel_model::PetId;
use rustix::fs::{Mode, OFlags};

use super::detect::{Facts, Way};
use super::{commands_unit, keeper_unit, of_process};
use crate::sys::process::{self, Cloned};

/// A process that does nothing, and ends with the keeper at the latest. Dropping this ends it.
#[derive(Debug)]
pub struct Anchor {
    pid: i32,
    _pidfd: OwnedFd,
}

impl Anchor {
    /// Starts it, where systemd gives scopes; else there is no use for it. The calling process must
    /// have one thread.
    pub fn start() -> Option<Self> {
        if !matches!(Facts::gather().way(), Ok(Way::Systemd(_))) {
            return None;
        }
        let keeper = rustix::process::getpid();
        // SAFETY: one thread, by this function's contract.
        #[allow(unsafe_code)]
        let cloned = unsafe { process::clone_process(0, None) };
        match cloned {
            Ok(Cloned::Child) => hold(keeper),
            Ok(Cloned::Parent { pid, pidfd }) => Some(Self { pid, _pidfd: pidfd }),
            Err(_) => None,
        }
    }

    /// Whether it is in the group of pet `id`. Anywhere else it would only keep somebody else's.
    pub fn is_placed(&self, id: &PetId) -> bool {
        let group = of_process(&self.pid.to_string());
        group.is_ok_and(|group| group.ends_with(commands_unit(id)))
    }

    /// Its pid.
    pub fn pid(&self) -> i32 {
        self.pid
    }
}

impl Drop for Anchor {
    fn drop(&mut self) {
        let pid = nix::unistd::Pid::from_raw(self.pid);
        let _ = nix::sys::signal::kill(pid, nix::sys::signal::Signal::SIGKILL);
        let _ = nix::sys::wait::waitpid(pid, None);
    }
}

/// The anchor's life, in the new process.
fn hold(keeper: rustix::process::Pid) -> ! {
    process::end_with_parent(libc::SIGKILL);
    // Whoever waits for the end of a pipe of the keeper's does not wait for this.
    process::close_from(0);
    // Its end between the two lines before would not be told.
    while rustix::process::getppid() == Some(keeper) {
        nix::unistd::pause();
    }
    // Not `exit`: what is buffered here is the keeper's.
    #[allow(unsafe_code)]
    // SAFETY: ends this process at once.
    unsafe {
        libc::_exit(0)
    }
}

/// The group of the commands of pet `id`, for a child of this process to be born into; `None` where
/// there is none, or this is no process beside the pet's keeper.
pub fn group(id: &PetId) -> Option<OwnedFd> {
    let directory = beside(&of_process("self").ok()?, id)?;
    let flags = OFlags::PATH | OFlags::DIRECTORY | OFlags::CLOEXEC;
    rustix::fs::open(directory, flags, Mode::empty()).ok()
}

/// Where it is, seen from the keeper's group.
fn beside(own: &Path, id: &PetId) -> Option<PathBuf> {
    let of_keeper = own.file_name()? == keeper_unit(id).as_str();
    of_keeper.then(|| own.with_file_name(commands_unit(id)))
}

/// Clones this process into `group`, if it can be, else where it is.
///
/// # Safety
///
/// As [`process::clone_process`].
#[allow(unsafe_code)]
pub unsafe fn clone_into(group: Option<&OwnedFd>) -> io::Result<Cloned> {
    // SAFETY: by this function's contract.
    match unsafe { process::clone_process(0, group.map(AsFd::as_fd)) } {
        // Somebody stopped the scope: that is no reason not to run the command.
        // SAFETY: by this function's contract.
        Err(_) if group.is_some() => unsafe { process::clone_process(0, None) },
        cloned => cloned,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_beside_the_keepers_and_nowhere_else() {
        let id = PetId::from_random(1);
        let slice = Path::new("/sys/fs/cgroup/user.slice/app-kennel.slice");
        let keeper = slice.join(format!("kennel-{id}-keeper.scope"));
        let wanted = slice.join(format!("kennel-{id}-commands.scope"));
        assert_eq!(beside(&keeper, &id), Some(wanted));
        let other = PetId::from_random(2);
        for elsewhere in [keeper_unit(&other).as_str(), "app-terminal.scope"] {
            assert_eq!(beside(&slice.join(elsewhere), &id), None);
        }
        assert_eq!(
            beside(Path::new("/sys/fs/cgroup/kennel/keepers"), &id),
            None
        );
    }
}
