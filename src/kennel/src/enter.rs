//! `enter` and `run`: into a running pet, starting it first if need be.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::io::{Read, Write};
use std::os::fd::{AsFd, OwnedFd};
use std::path::PathBuf;

use crate::forward;
use kennel_engine::runtime::RuntimeError;
use kennel_engine::runtime::enter::{EnterRequest, Stdio, Who, enter, on_terminal};
use kennel_engine::runtime::state::RunningState;
use kennel_engine::sys::pty;
use kennel_model::UserError;
use nix::sys::wait::{WaitStatus, waitpid};
use nix::unistd::Pid;
use rustix::termios::{OptionalActions, tcgetattr, tcgetwinsize, tcsetattr};

/// Runs `command` (or a login shell) in the pet of `state` and returns its exit status.
pub fn run(state: &RunningState, command: Option<Vec<OsString>>) -> Result<i32, UserError> {
    let request = EnterRequest {
        command,
        directory: std::env::current_dir().ok(),
        environment: environment(),
        who: Who::Person,
    };
    let terminal = on_terminal();
    let stdio = if terminal {
        let size = tcgetwinsize(rustix::stdio::stdout()).ok();
        size.map_or(Stdio::Terminal(80, 24), |size| {
            Stdio::Terminal(size.ws_col, size.ws_row)
        })
    } else {
        Stdio::Inherit
    };
    let entered = enter(state, &request, &stdio).map_err(failed)?;
    match entered.terminal {
        Some(master) => relay(&master),
        None => forward::to_command(entered.pid),
    }
    Ok(wait(entered.pid))
}

/// Opens a terminal in the pet for the app, in `directory` or home: sends the pty over standard
/// input, a socket.
pub fn run_for_app(
    state: &RunningState,
    directory: Option<PathBuf>,
    columns: u16,
    rows: u16,
) -> Result<i32, UserError> {
    let mut environment = environment();
    environment.insert("TERM".to_owned(), "xterm-256color".to_owned());
    environment.insert("COLORTERM".to_owned(), "truecolor".to_owned());
    let request = EnterRequest {
        command: None,
        directory,
        environment,
        who: Who::Person,
    };
    let entered = enter(state, &request, &Stdio::Terminal(columns, rows)).map_err(failed)?;
    if let Some(master) = entered.terminal {
        pty::send_fd(rustix::stdio::stdin(), master.as_fd()).map_err(|source| {
            failed(RuntimeError::System {
                step: "handing over the terminal".to_owned(),
                source,
            })
        })?;
    }
    Ok(wait(entered.pid))
}

/// One step of the setup of the pet `id`, for whoever sets it up: its pid goes over standard input,
/// a socket.
pub fn run_setup_step(id: &str, key: &str) -> Result<i32, UserError> {
    let kennel = kennel_engine::pets::Kennel::open()?;
    let entered = kennel.enter_for_step(id, key)?;
    // Only now: the change of namespaces takes it back. Then the step ends with us.
    kennel_engine::sys::process::end_with_parent(nix::libc::SIGKILL);
    let _ = rustix::io::write(
        rustix::stdio::stdin(),
        format!("{}\n", entered.pid).as_bytes(),
    );
    if let Ok(null) = std::fs::File::open("/dev/null") {
        let _ = rustix::stdio::dup2_stdin(&null);
    }
    Ok(wait(entered.pid))
}

fn environment() -> BTreeMap<String, String> {
    std::env::vars_os()
        .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
        .collect()
}

/// The error of an entry that failed.
pub fn failed(error: RuntimeError) -> UserError {
    kennel_engine::pets::KennelError::from(error).into()
}

fn wait(pid: i32) -> i32 {
    loop {
        match waitpid(Pid::from_raw(pid), None) {
            Ok(WaitStatus::Exited(_, status)) => return status,
            Ok(WaitStatus::Signaled(_, signal, _)) => return 128 + signal as i32,
            Ok(_) | Err(nix::errno::Errno::EINTR) => {}
            Err(_) => return 125,
        }
    }
}

/// Copies between our terminal, in raw mode, and the pet's, until the pet's is closed.
fn relay(master: &OwnedFd) {
    let before = tcgetattr(rustix::stdio::stdin()).ok();
    if let Some(before) = &before {
        let mut raw = before.clone();
        raw.make_raw();
        let _ = tcsetattr(rustix::stdio::stdin(), OptionalActions::Now, &raw);
    }
    copy_both_ways(master);
    if let Some(before) = &before {
        let _ = tcsetattr(rustix::stdio::stdin(), OptionalActions::Now, before);
    }
}

fn copy_both_ways(master: &OwnedFd) {
    use rustix::event::{PollFd, PollFlags, Timespec, poll};
    let mut file = std::fs::File::from(match master.try_clone() {
        Ok(copy) => copy,
        Err(_) => return,
    });
    let stdin = rustix::stdio::stdin();
    let mut buffer = [0_u8; 16 * 1024];
    let mut size = tcgetwinsize(rustix::stdio::stdout()).ok();
    let mut input_open = true;
    loop {
        let input_events = if input_open {
            PollFlags::IN
        } else {
            PollFlags::empty()
        };
        let mut events = [
            PollFd::new(master, PollFlags::IN),
            PollFd::from_borrowed_fd(stdin, input_events),
        ];
        // A resize is noticed at the next turn: at once when something moves, else in 200 ms.
        let turn = Timespec {
            tv_sec: 0,
            tv_nsec: 200_000_000,
        };
        if poll(&mut events, Some(&turn)).is_err() {
            continue;
        }
        let (output, input) = (events[0].revents(), events[1].revents());
        let now = tcgetwinsize(rustix::stdio::stdout()).ok();
        if let (Some(old), Some(new)) = (&size, &now)
            && (old.ws_col, old.ws_row) != (new.ws_col, new.ws_row)
        {
            let _ = pty::resize(master.as_fd(), new.ws_col, new.ws_row);
        }
        size = now;
        if output.intersects(PollFlags::IN | PollFlags::HUP | PollFlags::ERR) {
            // EIO: the last program closed the pet's side.
            let Ok(count @ 1..) = file.read(&mut buffer) else {
                return;
            };
            let mut stdout = std::io::stdout();
            if stdout
                .write_all(&buffer[..count])
                .and_then(|()| stdout.flush())
                .is_err()
            {
                return;
            }
        }
        if input.intersects(PollFlags::IN | PollFlags::HUP) {
            match rustix::io::read(stdin, &mut buffer) {
                Ok(0) | Err(_) => input_open = false,
                Ok(count) => drop(file.write_all(&buffer[..count])),
            }
        }
    }
}
