//! PID 1 of a pet: reaps, and ends everything when it is told to.
//!
//! It runs from a sealed copy of the `kennel` executable and holds no descriptor but its
//! console. Signals are waited for with sigtimedwait, never handled asynchronously.

use std::ffi::CStr;
use std::time::{Duration, Instant};

use nix::errno::Errno;
use nix::sys::signal::{SigSet, Signal, kill};
use nix::sys::wait::{WaitPidFlag, WaitStatus, waitpid};
use nix::unistd::Pid;

use crate::sys::process;

/// How long processes get between TERM and KILL.
const GRACE: Duration = Duration::from_secs(5);

/// Waits until the pet is recorded and becomes `program`, the image's own init. Returns only when
/// that is not to be.
pub fn become_image_init(program: &CStr) {
    if is_recorded() {
        let Err(error) = nix::unistd::execv(program, &[program]);
        eprintln!("the image's init cannot be executed: {error}");
    }
}

/// Runs until TERM or INT; returns when nothing else lives in the pet.
pub fn run() {
    let _ = rustix::thread::set_name(c"kennel-init");
    let mut signals = SigSet::empty();
    for signal in [
        Signal::SIGCHLD,
        Signal::SIGTERM,
        Signal::SIGINT,
        Signal::SIGHUP,
        Signal::SIGQUIT,
    ] {
        signals.add(signal);
    }
    // Blocking these valid signals cannot fail.
    let _ = signals.thread_block();
    if !is_recorded() {
        return;
    }
    process::release_executable_pages();
    loop {
        match signals.wait() {
            Ok(Signal::SIGTERM | Signal::SIGINT | Signal::SIGQUIT) => return end_everything(),
            _ => reap(),
        }
    }
}

/// Waits on standard input until the keeper has recorded this pet; false when the keeper died
/// before: a pet that no state file names could never be entered or stopped.
fn is_recorded() -> bool {
    let mut word = [0];
    let recorded = matches!(rustix::io::read(rustix::stdio::stdin(), &mut word), Ok(1));
    if let Ok(null) = std::fs::File::open("/dev/null") {
        let _ = rustix::stdio::dup2_stdin(&null);
    }
    recorded
}

fn reap() {
    while let Ok(status) = waitpid(Pid::from_raw(-1), Some(WaitPidFlag::WNOHANG)) {
        if status == WaitStatus::StillAlive {
            break;
        }
    }
}

/// TERM and HUP (shells ignore TERM) to all, then KILL after [`GRACE`].
fn end_everything() {
    let everyone = Pid::from_raw(-1);
    for signal in [Signal::SIGTERM, Signal::SIGHUP, Signal::SIGCONT] {
        let _ = kill(everyone, signal);
    }
    let deadline = Instant::now() + GRACE;
    while Instant::now() < deadline {
        reap();
        if kill(everyone, None) == Err(Errno::ESRCH) {
            return;
        }
        std::thread::sleep(Duration::from_millis(5));
    }
    let _ = kill(everyone, Signal::SIGKILL);
}
