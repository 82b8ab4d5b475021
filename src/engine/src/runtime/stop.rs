//! Stopping: TERM to PID 1 through its pidfd, then KILL; the kernel ends the rest of the pet.

use std::path::Path;
use std::time::Duration;

use rustix::process::{Pid, PidfdFlags, Signal, pidfd_open, pidfd_send_signal};

use super::state::RunningState;
use super::{RuntimeError, Step, network};

/// How long PID 1 gets before it is killed; longer than its own grace for the others.
const GRACE: Duration = Duration::from_secs(8);

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
    for signal in [Signal::TERM, Signal::KILL] {
        // An error here means that it has just ended.
        let _ = pidfd_send_signal(&pidfd, signal);
        let timeout = rustix::time::Timespec {
            tv_sec: GRACE.as_secs() as i64,
            tv_nsec: 0,
        };
        let mut events = [rustix::event::PollFd::new(
            &pidfd,
            rustix::event::PollFlags::IN,
        )];
        if rustix::event::poll(&mut events, Some(&timeout)).step("waiting for the end")? > 0 {
            let _ = std::fs::remove_file(running.join("state.json"));
            // The keeper's work, if it still lives.
            network::disconnect(running);
            return Ok(());
        }
    }
    Err(RuntimeError::Container(
        "the pet's PID 1 could not be killed".to_owned(),
    ))
}
