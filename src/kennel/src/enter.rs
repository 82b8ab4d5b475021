//! `enter` and `run`: into a running pet, starting it first if need be.

mod osc;
mod streams;

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::io::Write;
use std::os::fd::AsFd;
use std::path::PathBuf;

use crate::{forward, relay};
use kennel_engine::runtime::RuntimeError;
use kennel_engine::runtime::enter::{EnterRequest, Stdio, Who, enter, on_terminal};
use kennel_engine::runtime::state::{RunningState, start_time};
use kennel_engine::sys::socket;
use kennel_model::UserError;
use nix::sys::wait::{WaitStatus, waitpid};
use nix::unistd::Pid;
use osc::{Context, End, is_understood};
use rustix::termios::tcgetwinsize;

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
    // Read on the host: from the next step on this process is in the pet.
    let context = told(state).filter(|_| terminal && request.command.is_none());
    let entered = enter(state, &request, &stdio).map_err(failed)?;
    if let Some(context) = &context {
        say(&context.begin());
    }
    let end = match (entered.terminal, entered.streams) {
        (Some(master), _) => {
            relay::run(master, None);
            wait(entered.pid)
        }
        (None, Some(streams)) => {
            forward::to_command(entered.pid);
            let rest = streams::run(streams, entered.pid);
            let end = wait(entered.pid);
            rest.finish();
            end
        }
        (None, None) => {
            forward::to_command(entered.pid);
            wait(entered.pid)
        }
    };
    if let Some(context) = &context {
        say(&context.end(end));
    }
    Ok(status(end))
}

/// Opens a terminal in the pet for the app, in `directory` or home: sends the pty, with the shell's
/// pid in four bytes, over standard input, a socket.
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
        let sent = socket::send(
            rustix::stdio::stdin(),
            &entered.pid.to_ne_bytes(),
            &[master.as_fd()],
        );
        sent.map_err(|source| {
            failed(RuntimeError::System {
                step: "handing over the terminal".to_owned(),
                source,
            })
        })?;
    }
    Ok(status(wait(entered.pid)))
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
    let rest = entered.streams.map(|it| streams::run(it, entered.pid));
    let end = wait(entered.pid);
    if let Some(rest) = rest {
        rest.finish();
    }
    Ok(status(end))
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

/// How the process `pid`, our child, ended.
fn wait(pid: i32) -> End {
    loop {
        match waitpid(Pid::from_raw(pid), None) {
            Ok(WaitStatus::Exited(_, status)) => return End::Exited(status),
            Ok(WaitStatus::Signaled(_, signal, _)) => return End::Killed(signal),
            Ok(_) | Err(nix::errno::Errno::EINTR) => {}
            Err(_) => return End::Exited(125),
        }
    }
}

/// The exit status that stands for `end`, as shells have it.
fn status(end: End) -> i32 {
    match end {
        End::Exited(status) => status,
        End::Killed(signal) => 128 + signal as i32,
    }
}

/// What the terminal is told about entering the pet of `state`, if it is one that listens.
fn told(state: &RunningState) -> Option<Context> {
    let line = |path: &str| {
        let text = std::fs::read_to_string(path).unwrap_or_default();
        text.trim().to_owned()
    };
    if !is_understood(&std::env::var("TERM").unwrap_or_default()) {
        return None;
    }
    let pid = std::process::id();
    let start = start_time(pid as i32).unwrap_or_default();
    Some(Context {
        id: format!("kennel-{pid}-{start}"),
        pet: state.name.to_string(),
        user: state.person.name.clone(),
        uid: state.person.uid,
        hostname: line("/proc/sys/kernel/hostname"),
        machine_id: line("/etc/machine-id"),
        boot_id: line("/proc/sys/kernel/random/boot_id"),
        pid,
    })
}

/// Tells the terminal that it is in the pet `pet` again, where we are, after another one was entered
/// from there.
pub fn say_again(pet: &str) {
    if on_terminal() && is_understood(&std::env::var("TERM").unwrap_or_default()) {
        say(&osc::properties(pet, nix::unistd::getuid().as_raw()));
    }
}

fn say(text: &str) {
    // A terminal that has gone needs no telling.
    let mut stdout = std::io::stdout();
    let _ = stdout
        .write_all(text.as_bytes())
        .and_then(|()| stdout.flush());
}
