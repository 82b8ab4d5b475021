//! The caller's side of a command on the host: its terminal or its descriptors, its signals, its
//! end.

use std::io::IsTerminal as _;
use std::os::fd::{AsFd as _, BorrowedFd};

use kennel_engine::bridge::pet::{self, BridgeError, Turn};
use kennel_engine::bridge::wire::{Directory, Request};
use kennel_engine::runtime::enter::on_terminal;
use nix::sys::signal::{SigSet, Signal, raise};
use nix::sys::signalfd::{SfdFlags, SignalFd};
use rustix::event::{PollFd, PollFlags, poll};
use rustix::termios::tcgetwinsize;

use crate::relay;

/// Runs `request` with this process's directory, variables and standard streams, and with `more`
/// descriptors by number; its exit status.
pub fn run(mut request: Request, more: &[(u32, BorrowedFd<'_>)]) -> Result<i32, BridgeError> {
    if request.directory == Directory::default() {
        let here = std::env::current_dir().unwrap_or_default();
        request.directory = Directory::Callers(here);
    }
    request.environment = std::env::vars_os().collect();
    request.terminal = on_terminal().then(|| {
        let size = tcgetwinsize(rustix::stdio::stdout());
        size.map_or((80, 24), |size| (size.ws_col.max(1), size.ws_row.max(1)))
    });
    let mut descriptors = standard_streams(request.terminal.is_some());
    descriptors.extend_from_slice(more);
    request.descriptors = descriptors.iter().map(|(number, _)| *number).collect();
    let passed: Vec<_> = descriptors
        .iter()
        .map(|(_, descriptor)| *descriptor)
        .collect();
    // Before it is asked for: a signal that comes in between is for the command.
    let signals = Signals::block();
    let mut asked = pet::ask(request, &passed)?;
    let mut remote = loop {
        signals.pass_on(asked.as_fd(), &|number| asked.signal(number));
        match asked.next()? {
            Turn::Runs(remote) => break remote,
            Turn::Waits(still, how) => {
                // On the error stream, also where that is no terminal: else a script would seem to hang.
                eprintln!("kennel: {}", kennel_model::shown(&how));
                asked = still;
            }
        }
    };
    match remote.terminal.take() {
        Some(terminal) => {
            drop(signals);
            relay::run(terminal, Some(remote.as_fd()));
        }
        None => signals.pass_on(remote.as_fd(), &|number| remote.signal(number)),
    }
    remote.wait().map(i32::from)
}

/// Those that the command gets as they are. In a terminal of the host's it gets that, but for an
/// error stream that leads elsewhere.
fn standard_streams(terminal: bool) -> Vec<(u32, BorrowedFd<'static>)> {
    let (input, output, errors) = (
        (0, rustix::stdio::stdin()),
        (1, rustix::stdio::stdout()),
        (2, rustix::stdio::stderr()),
    );
    match (terminal, std::io::stderr().is_terminal()) {
        (true, true) => Vec::new(),
        (true, false) => vec![errors],
        (false, _) => vec![input, output, errors],
    }
}

/// Signals that concern the command and not this process.
struct Signals {
    blocked: SigSet,
    read: Option<SignalFd>,
}

impl Signals {
    const PASSED: [Signal; 9] = [
        Signal::SIGINT,
        Signal::SIGQUIT,
        Signal::SIGTERM,
        Signal::SIGHUP,
        Signal::SIGUSR1,
        Signal::SIGUSR2,
        Signal::SIGTSTP,
        Signal::SIGCONT,
        Signal::SIGWINCH,
    ];

    fn block() -> Self {
        let blocked: SigSet = Self::PASSED.into_iter().collect();
        let flags = SfdFlags::SFD_CLOEXEC | SfdFlags::SFD_NONBLOCK;
        let read = blocked.thread_block().ok();
        let read = read.and_then(|()| SignalFd::with_flags(&blocked, flags).ok());
        Self { blocked, read }
    }

    /// Passes signals on by `send` until `answer` can be read.
    fn pass_on(&self, answer: BorrowedFd<'_>, send: &dyn Fn(u8)) {
        let Some(signals) = &self.read else { return };
        loop {
            let mut events = [
                PollFd::from_borrowed_fd(answer, PollFlags::IN),
                PollFd::from_borrowed_fd(signals.as_fd(), PollFlags::IN),
            ];
            if poll(&mut events, None).is_err() {
                continue;
            }
            if !events[0].revents().is_empty() {
                return;
            }
            while let Ok(Some(signal)) = signals.read_signal() {
                pass(signal.ssi_signo as i32, send);
            }
        }
    }
}

impl Drop for Signals {
    fn drop(&mut self) {
        let _ = self.blocked.thread_unblock();
    }
}

fn pass(signal: i32, send: &dyn Fn(u8)) {
    if signal != Signal::SIGTSTP as i32 {
        send(signal as u8);
        return;
    }
    // The command is not in this terminal's session, where TSTP means something.
    send(Signal::SIGSTOP as u8);
    let _ = raise(Signal::SIGSTOP);
    send(Signal::SIGCONT as u8);
}
