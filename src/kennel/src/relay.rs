//! Copies between the caller's terminal and another one, the pet's or the host's, with its size and
//! its end.

use std::fs::File;
use std::io::{Read, Write};
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};

use kennel_engine::sys::pty;
use nix::sys::signal::{SigSet, Signal};
use nix::sys::signalfd::{SfdFlags, SignalFd};
use rustix::event::{PollFd, PollFlags, poll};
use rustix::termios::{OptionalActions, Termios, tcgetattr, tcgetwinsize, tcsetattr};

/// The signals that end us.
const ENDS: [Signal; 4] = [
    Signal::SIGHUP,
    Signal::SIGINT,
    Signal::SIGQUIT,
    Signal::SIGTERM,
];

/// Copies between our terminal, in raw mode, and that of `master`, until the other is closed, we are
/// told to end, or `ended`, if given, becomes readable; then the other is closed, which ends what runs there.
pub fn run(master: OwnedFd, ended: Option<BorrowedFd<'_>>) {
    let _raw = RawMode::enter();
    copy_both_ways(File::from(master), ended);
}

/// Our terminal passes every key on, until this is dropped.
struct RawMode(Option<Termios>);

impl RawMode {
    fn enter() -> Self {
        let before = tcgetattr(rustix::stdio::stdin()).ok();
        if let Some(before) = &before {
            let mut raw = before.clone();
            raw.make_raw();
            let _ = tcsetattr(rustix::stdio::stdin(), OptionalActions::Now, &raw);
        }
        Self(before)
    }
}

impl Drop for RawMode {
    fn drop(&mut self) {
        if let Some(before) = &self.0 {
            let _ = tcsetattr(rustix::stdio::stdin(), OptionalActions::Drain, before);
        }
    }
}

/// A descriptor that reads the signals that concern a terminal. Made after the shell's process, so
/// that it does not inherit blocked signals.
fn signals() -> Option<SignalFd> {
    let mut set = SigSet::empty();
    // Keys send none of these in raw mode; whoever does wants us to end, and our terminal back.
    for signal in ENDS.into_iter().chain([Signal::SIGWINCH]) {
        set.add(signal);
    }
    set.thread_block().ok()?;
    SignalFd::with_flags(&set, SfdFlags::SFD_CLOEXEC | SfdFlags::SFD_NONBLOCK).ok()
}

fn copy_both_ways(mut master: File, ended: Option<BorrowedFd<'_>>) {
    let stdin = rustix::stdio::stdin();
    let Some(signals) = signals() else { return };
    // It may have changed between the start of the shell and now.
    pass_size_on(&master);
    let mut input_open = true;
    loop {
        let mut events = [
            PollFd::new(&master, PollFlags::IN),
            PollFd::new(&signals, PollFlags::IN),
            waits_for(input_open.then_some(stdin), signals.as_fd()),
            waits_for(ended, signals.as_fd()),
        ];
        if poll(&mut events, None).is_err() {
            continue;
        }
        let [output, signalled, input, over] = events.map(|event| !event.revents().is_empty());
        if signalled && act_on_signals(&signals, &master) == Next::End {
            return;
        }
        if output && !copy_output(&mut master) {
            return;
        }
        if input_open && input {
            input_open = copy_input(&mut master);
        }
        // What was said before the end is copied first.
        if ended.is_some() && over && !output {
            return;
        }
    }
}

/// An entry for poll(2) that waits for `fd`. It tells a hangup unasked, again and again: where there is
/// nothing to wait for any more, `instead` is there, and not waited for.
fn waits_for<'a>(fd: Option<BorrowedFd<'a>>, instead: BorrowedFd<'a>) -> PollFd<'a> {
    match fd {
        Some(fd) => PollFd::from_borrowed_fd(fd, PollFlags::IN),
        None => PollFd::from_borrowed_fd(instead, PollFlags::empty()),
    }
}

#[derive(PartialEq, Eq)]
enum Next {
    GoOn,
    End,
}

fn act_on_signals(signals: &SignalFd, master: &File) -> Next {
    while let Ok(Some(signal)) = signals.read_signal() {
        if ENDS.iter().any(|end| *end as u32 == signal.ssi_signo) {
            return Next::End;
        }
        pass_size_on(master);
    }
    Next::GoOn
}

fn pass_size_on(master: &File) {
    if let Ok(size) = tcgetwinsize(rustix::stdio::stdout()) {
        let _ = pty::resize(master.as_fd(), size.ws_col, size.ws_row);
    }
}

/// False at the end. EIO: the last program closed the pet's side.
fn copy_output(master: &mut File) -> bool {
    let mut buffer = [0; 16 * 1024];
    let Ok(count @ 1..) = master.read(&mut buffer) else {
        return false;
    };
    let mut stdout = std::io::stdout();
    stdout
        .write_all(&buffer[..count])
        .and_then(|()| stdout.flush())
        .is_ok()
}

/// False when no more will come.
fn copy_input(master: &mut File) -> bool {
    let mut buffer = [0; 16 * 1024];
    match rustix::io::read(rustix::stdio::stdin(), &mut buffer) {
        Ok(0) | Err(_) => false,
        Ok(count) => {
            let _ = master.write_all(&buffer[..count]);
            true
        }
    }
}
