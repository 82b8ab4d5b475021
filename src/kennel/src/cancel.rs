//! Ctrl+C and TERM as a wish to cancel: the running work notices, cleans up and says so.

use std::sync::atomic::{AtomicBool, Ordering};

use nix::sys::signal::{SaFlags, SigAction, SigHandler, SigSet, Signal, sigaction};

static CANCELLED: AtomicBool = AtomicBool::new(false);

extern "C" fn note(_: i32) {
    CANCELLED.store(true, Ordering::Relaxed);
}

/// From now on INT, TERM and HUP only set a flag; a second one ends the process as usual.
pub fn watch() {
    let action = SigAction::new(
        SigHandler::Handler(note),
        SaFlags::SA_RESTART | SaFlags::SA_RESETHAND,
        SigSet::empty(),
    );
    for signal in [Signal::SIGINT, Signal::SIGTERM, Signal::SIGHUP] {
        // SAFETY: the handler only stores to an atomic, which is async-signal-safe.
        #[allow(unsafe_code)]
        let _ = unsafe { sigaction(signal, &action) };
    }
}

/// Does `work`, during which those signals are a wish; afterwards they end the process again.
pub fn while_watched<T>(work: impl FnOnce() -> T) -> T {
    watch();
    let done = work();
    for signal in [Signal::SIGINT, Signal::SIGTERM, Signal::SIGHUP] {
        let action = SigAction::new(SigHandler::SigDfl, SaFlags::empty(), SigSet::empty());
        // SAFETY: the default action runs no code of ours.
        #[allow(unsafe_code)]
        let _ = unsafe { sigaction(signal, &action) };
    }
    done
}

/// Whether the person asked for the end.
pub fn is_wanted() -> bool {
    CANCELLED.load(Ordering::Relaxed)
}
