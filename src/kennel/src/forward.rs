//! Signals that end `kennel run` go on to the command inside: `timeout kennel run …` leaves
//! nothing behind in the pet.

use std::io::IsTerminal;
use std::sync::atomic::{AtomicI32, Ordering};

use nix::sys::signal::{SaFlags, SigAction, SigHandler, SigSet, Signal, sigaction};

/// The command, by its pid on the host; 0 before there is one.
static COMMAND: AtomicI32 = AtomicI32::new(0);

extern "C" fn pass_on(signal: i32) {
    let command = COMMAND.load(Ordering::Relaxed);
    if command > 0 {
        // SAFETY: kill(2) takes integers and is async-signal-safe. The command has not been
        // waited for while this process handles signals, so its pid is still its own.
        #[allow(unsafe_code)]
        unsafe {
            nix::libc::kill(command, signal);
        }
    }
}

/// From now on signals for this process go to `command`.
pub fn to_command(command: i32) {
    COMMAND.store(command, Ordering::Relaxed);
    // The terminal sends these to everybody in the foreground, the command included.
    let from_terminal = [Signal::SIGINT, Signal::SIGQUIT];
    let on_terminal = std::io::stdin().is_terminal()
        || std::io::stdout().is_terminal()
        || std::io::stderr().is_terminal();
    for signal in from_terminal {
        handle(
            signal,
            if on_terminal {
                SigHandler::SigIgn
            } else {
                SigHandler::Handler(pass_on)
            },
        );
    }
    for signal in [
        Signal::SIGTERM,
        Signal::SIGHUP,
        Signal::SIGUSR1,
        Signal::SIGUSR2,
    ] {
        handle(signal, SigHandler::Handler(pass_on));
    }
}

fn handle(signal: Signal, handler: SigHandler) {
    let action = SigAction::new(handler, SaFlags::SA_RESTART, SigSet::empty());
    // SAFETY: the handler is async-signal-safe, see there. These signals can be handled.
    #[allow(unsafe_code)]
    let _ = unsafe { sigaction(signal, &action) };
}
