//! Stopping: TERM to PID 1 through its pidfd, then KILL; the kernel ends the rest of the pet.

use std::os::fd::{AsFd, OwnedFd};
use std::path::Path;
use std::time::Duration;

use rustix::process::{Pid, PidfdFlags, pidfd_open};

use super::container::StopSignal;
use super::state::RunningState;
use super::{RuntimeError, Step, keeper, network};
use crate::sys::process;

/// How long PID 1 gets before it is killed; longer than its own grace for the others.
const GRACE: Duration = Duration::from_secs(8);

/// How long the image's init gets: its services have their own ways to end.
const GRACE_OF_SERVICES: Duration = Duration::from_secs(30);

/// How long the keeper may take to clear up after its pet.
const PATIENCE: Duration = Duration::from_secs(2);

/// SIGRTMIN+3 of the C library, which keeps two signals below for itself (signal(7)).
const HALT: i32 = 34 + 3;

/// Ends the pet of `state` and returns when it is gone.
pub fn stop(state: &RunningState, running: &Path) -> Result<(), RuntimeError> {
    let pid = Pid::from_raw(state.init.pid).ok_or(RuntimeError::NotRunning)?;
    let pidfd = match pidfd_open(pid, PidfdFlags::empty()) {
        Err(rustix::io::Errno::SRCH) => return Err(RuntimeError::NotRunning),
        other => other.step("opening the pet's PID 1")?,
    };
    // Verified after opening: the pidfd holds the very process, whatever happens to the number.
    if !state.init.is_alive() {
        return Err(RuntimeError::NotRunning);
    }
    let its_keeper = living_keeper(state.keeper);
    let (signal, grace) = match state.image_init {
        None | Some(StopSignal::Term) => (libc::SIGTERM, GRACE),
        Some(StopSignal::Halt) => (HALT, GRACE_OF_SERVICES),
    };
    // By this the keeper knows that nobody needs to be told of the end.
    let mark = keeper::stop_mark(running);
    let _ = std::fs::write(&mark, "");
    let ended = process::end(pidfd.as_fd(), signal, grace).step("waiting for the end")?;
    if !ended {
        let _ = std::fs::remove_file(&mark);
        return Err(RuntimeError::Container(
            "the pet's PID 1 could not be killed".to_owned(),
        ));
    }
    let _ = std::fs::remove_file(running.join("state.json"));
    match its_keeper {
        // It has the last word in the log, which a removal would otherwise bring back.
        Some(keeper) => drop(process::wait_for_end(keeper.as_fd(), PATIENCE)),
        None => {
            let _ = std::fs::remove_file(mark);
            network::disconnect(running);
        }
    }
    Ok(())
}

/// The keeper, if it still lives: the number may be another process's by now.
fn living_keeper(pid: i32) -> Option<OwnedFd> {
    let pidfd = pidfd_open(Pid::from_raw(pid)?, PidfdFlags::empty()).ok()?;
    let name = std::fs::read_to_string(format!("/proc/{pid}/comm")).ok()?;
    (name.trim_end() == "kennel-keeper").then_some(pidfd)
}
