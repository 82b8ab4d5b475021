//! Ending one process of a pet, and never another one.

use std::io;
use std::os::fd::AsFd as _;

use rustix::process::{Pid, PidfdFlags, pidfd_open};

use super::families::Families;
use super::process::Stat;
use crate::runtime::state::RunningState;
use crate::sys::process;

/// Asks process `pid` of the running pet of `state` to end, or with `force` ends it. `start_time`
/// is what [`super::list`] told: a number that was used again since is not found, and neither is
/// the pet's PID 1, whose end is that of the pet. Whether it was found.
pub fn end(state: &RunningState, pid: i32, start_time: u64, force: bool) -> io::Result<bool> {
    if pid <= 1 || pid == state.init.pid {
        return Ok(false);
    }
    let Some(number) = Pid::from_raw(pid) else {
        return Ok(false);
    };
    let pidfd = match pidfd_open(number, PidfdFlags::empty()) {
        Err(rustix::io::Errno::SRCH | rustix::io::Errno::INVAL) => return Ok(false),
        other => other?,
    };
    // Verified after opening: the pidfd holds the very process, whatever happens to the number.
    let same = Stat::read(pid).is_some_and(|stat| stat.start_time == start_time);
    let own = Families::new([state.init.user_namespace]).of(pid).is_some();
    if !same || !own || !state.init.is_alive() {
        return Ok(false);
    }
    let signal = if force { libc::SIGKILL } else { libc::SIGTERM };
    match process::send_signal(pidfd.as_fd(), signal) {
        // It has just ended.
        Err(error) if error.raw_os_error() == Some(libc::ESRCH) => Ok(true),
        sent => sent.map(|()| true),
    }
}
