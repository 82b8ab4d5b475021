//! Entering a running pet: verify, join its namespaces, fork, become the person, exec.
//!
//! No D-Bus, no registry, no thread: one state file and the kernel.

use std::collections::BTreeMap;
use std::ffi::{CString, OsString};
use std::fs::File;
use std::io::{self, IsTerminal};
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

use rustix::process::{Pid, PidfdFlags, pidfd_open};

use super::state::RunningState;
use super::{RuntimeError, Step};
use crate::sys::{process, pty};

/// What to run.
pub struct EnterRequest {
    /// The command, or `None` for a login shell.
    pub command: Option<Vec<OsString>>,
    /// The directory wanted inside; home when it does not exist there.
    pub directory: Option<PathBuf>,
    /// The caller's environment, to be filtered.
    pub environment: BTreeMap<String, String>,
}

/// Where the program's input and output go.
pub enum Stdio {
    /// The caller's own descriptors.
    Inherit,
    /// A new pty of the pet, of this many columns and rows.
    Terminal(u16, u16),
}

/// A program inside a pet.
pub struct Entered {
    /// Its pid on the host.
    pub pid: i32,
    /// The pty's controlling side, if it has one.
    pub terminal: Option<OwnedFd>,
}

/// Variables that any program may need and that say nothing about the host's file system.
const PASSED: [&str; 14] = [
    "TERM",
    "COLORTERM",
    "LANG",
    "LANGUAGE",
    "LC_ALL",
    "LC_CTYPE",
    "LC_MESSAGES",
    "LC_TIME",
    "EDITOR",
    "VISUAL",
    "http_proxy",
    "https_proxy",
    "no_proxy",
    "NO_COLOR",
];

/// The environment of a command inside, in no particular order.
pub fn environment(
    state: &RunningState,
    caller: &BTreeMap<String, String>,
) -> Vec<(String, String)> {
    let mut all: BTreeMap<String, String> = state.env.iter().cloned().collect();
    let passed = PASSED
        .iter()
        .copied()
        .chain(state.pass_env.iter().map(String::as_str));
    for name in passed {
        if let Some(value) = caller.get(name) {
            all.entry(name.to_owned()).or_insert_with(|| value.clone());
        }
    }
    let own = [
        ("HOME", state.home.to_string_lossy().into_owned()),
        ("USER", state.user.clone()),
        ("LOGNAME", state.user.clone()),
        ("SHELL", state.shell.to_string_lossy().into_owned()),
        ("XDG_RUNTIME_DIR", format!("/run/user/{}", state.uid)),
        ("container", "kennel".to_owned()),
        ("KENNEL_PET", state.name.to_string()),
    ];
    all.extend(own.map(|(name, value)| (name.to_owned(), value)));
    all.into_iter().collect()
}

/// Enters the pet of `state`. The calling process must have one thread and is afterwards in the
/// pet's namespaces itself: it may wait for the program and relay its terminal, nothing else.
pub fn enter(
    state: &RunningState,
    request: &EnterRequest,
    stdio: &Stdio,
) -> Result<Entered, RuntimeError> {
    let init = Pid::from_raw(state.pid).ok_or(RuntimeError::NotRunning)?;
    let pidfd = pidfd_open(init, PidfdFlags::empty()).step("opening the pet's PID 1")?;
    if !state.is_alive() {
        return Err(RuntimeError::NotRunning);
    }
    // The sealed executable: a target like “#!/proc/self/exe” finds nothing writable (CVE-2019-5736).
    let sealed = File::open(format!("/proc/{}/exe", state.pid))
        .step("opening the pet's sealed executable")?;
    process::forbid_dumping();
    process::join_namespaces(pidfd.as_fd(), state.namespaces)
        .step("joining the pet's namespaces")?;
    let pty = match stdio {
        Stdio::Inherit => None,
        Stdio::Terminal(columns, rows) => {
            let pty = pty::open().step("opening a terminal in the pet")?;
            pty::resize(pty.master.as_fd(), *columns, *rows).step("sizing the terminal")?;
            Some(pty)
        }
    };
    // SAFETY: one thread, by this function's contract.
    #[allow(unsafe_code)]
    let forked = unsafe { nix::unistd::fork() }.step("making a process in the pet")?;
    if let nix::unistd::ForkResult::Parent { child } = forked {
        return Ok(Entered {
            pid: child.as_raw(),
            terminal: pty.map(|pty| pty.master),
        });
    }
    let error = become_program(
        state,
        request,
        pty.as_ref().map(|pty| pty.slave.as_fd()),
        sealed.as_fd(),
    );
    eprintln!("kennel: {error}");
    std::process::exit(125);
}

/// In the new process: terminal, directory, identity, then the sealed `kennel-exec`.
fn become_program(
    state: &RunningState,
    request: &EnterRequest,
    terminal: Option<BorrowedFd<'_>>,
    sealed: BorrowedFd<'_>,
) -> RuntimeError {
    let result: Result<Vec<CString>, RuntimeError> = (|| {
        if let Some(terminal) = terminal {
            if state.full_mapping {
                // Programs find their terminal theirs, and group tty may write to it.
                let (uid, gid) = (
                    rustix::fs::Uid::from_raw(state.uid),
                    rustix::fs::Gid::from_raw(5),
                );
                let _ = rustix::fs::fchown(terminal, Some(uid), Some(gid));
            }
            process::take_terminal(terminal).step("taking the terminal")?;
            rustix::stdio::dup2_stdin(terminal).step("taking the terminal")?;
            rustix::stdio::dup2_stdout(terminal).step("taking the terminal")?;
            rustix::stdio::dup2_stderr(terminal).step("taking the terminal")?;
        }
        process::close_on_exec_from(3).step("closing descriptors")?;
        // SETGID and SETUID (6, 7) are held for the next line only.
        process::limit_capabilities(state.capabilities, 1 << 6 | 1 << 7)
            .step("dropping capabilities")?;
        process::become_user(state.uid, state.gid, &state.groups, state.full_mapping)
            .step("becoming you")?;
        if !state.sudo {
            process::no_new_privileges().step("forbidding new privileges")?;
        }
        // After the change of user: only what the person may reach.
        let wanted = request.directory.as_deref().unwrap_or(&state.home);
        let places = [wanted, state.home.as_path(), Path::new("/")];
        if !places
            .iter()
            .any(|place| std::env::set_current_dir(place).is_ok())
        {
            return Err(io::Error::last_os_error()).step("changing directory");
        }
        // A directory outside the pet's root reads “(unreachable)…” (CVE-2024-21626).
        if !std::env::current_dir().is_ok_and(|directory| directory.is_absolute()) {
            return Err(io::Error::other("it is outside the pet")).step("changing directory");
        }
        let c = |text: &std::ffi::OsStr| {
            CString::new(text.as_bytes())
                .map_err(io::Error::from)
                .step("reading the command")
        };
        let mut arguments = vec![c"kennel-exec".to_owned()];
        match &request.command {
            Some(command) => {
                arguments.push(c"run".to_owned());
                for argument in command {
                    arguments.push(c(argument)?);
                }
            }
            None => {
                arguments.push(c"login".to_owned());
                arguments.push(c(state.shell.as_os_str())?);
            }
        }
        Ok(arguments)
    })();
    let arguments = match result {
        Ok(arguments) => arguments,
        Err(error) => return error,
    };
    let environment: Vec<CString> = environment(state, &request.environment)
        .into_iter()
        .filter_map(|(name, value)| CString::new(format!("{name}={value}")).ok())
        .collect();
    let source = process::execute_fd(sealed, &arguments, &environment);
    RuntimeError::System {
        step: "executing inside the pet".to_owned(),
        source,
    }
}

/// `kennel-exec run CMD…` and `kennel-exec login SHELL`: the last step, from the sealed executable.
/// Returns the exit status for a program that cannot be executed.
pub fn exec_main(arguments: &[OsString]) -> i32 {
    let [mode, program, rest @ ..] = arguments else {
        return 125;
    };
    let Ok(path) = CString::new(program.as_bytes()) else {
        return 127;
    };
    let first = if mode == "login" {
        let name = Path::new(program).file_name().unwrap_or_default();
        CString::new([b"-", name.as_bytes()].concat()).unwrap_or_default()
    } else {
        path.clone()
    };
    let argv: Vec<CString> = [first]
        .into_iter()
        .chain(rest.iter().filter_map(|a| CString::new(a.as_bytes()).ok()))
        .collect();
    let Err(error) = nix::unistd::execvp(&path, &argv);
    let (status, reason) = match error {
        nix::errno::Errno::ENOENT | nix::errno::Errno::ENOTDIR => {
            (127, "there is no such command in this pet")
        }
        nix::errno::Errno::EACCES => (126, "it is not executable"),
        other => (126, other.desc()),
    };
    eprintln!(
        "kennel: cannot run {}: {reason}",
        Path::new(program).display()
    );
    status
}

/// Whether the caller's own standard input and output are a terminal.
pub fn on_terminal() -> bool {
    io::stdin().is_terminal() && io::stdout().is_terminal()
}
