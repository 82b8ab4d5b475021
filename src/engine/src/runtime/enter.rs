//! Entering a running pet: verify, join its namespaces, fork, become the person, exec.
//!
//! No D-Bus, no registry, no thread: one state file and the kernel.

mod directory;
mod labelled;

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::ffi::{CString, OsString};
use std::fs::File;
use std::io::{self, IsTerminal};
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use kennel_model::Privilege;
use rustix::process::{Pid, PidfdFlags, pidfd_open};

use super::environment::{is_of_language, of_command};
use super::locales::{self, Known};
use super::state::{Person, RunningState};
use super::terminfo::known_terminal;
use super::{RuntimeError, Step, resource_limits, shells, syscall_filter};
use crate::cgroup::join::{self, Entrance};
use crate::sys::process::Cloned;
use crate::sys::{process, pty, seccomp};
use labelled::Confined;
pub use labelled::Streams;

/// What to run.
pub struct EnterRequest {
    /// The command, or `None` for a login shell.
    pub command: Option<Vec<OsString>>,
    /// The directory wanted inside; the best there is when it does not exist there.
    pub directory: Option<PathBuf>,
    /// The caller's environment, to be filtered.
    pub environment: BTreeMap<String, String>,
    /// Who runs it.
    pub who: Who,
}

/// Who a program in the pet is run by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Who {
    /// The person.
    Person,
    /// The pet's root, with what the pet lets its root do.
    Root,
}

impl Who {
    /// `state` for a program of theirs.
    fn in_pet(self, state: &RunningState) -> Cow<'_, RunningState> {
        match self {
            Self::Person => Cow::Borrowed(state),
            Self::Root => Cow::Owned(RunningState {
                person: Person {
                    name: "root".to_owned(),
                    uid: 0,
                    gid: 0,
                    groups: vec![0],
                    home: "/root".into(),
                    shell: "/bin/sh".into(),
                    host_shell: PathBuf::new(),
                },
                // Root's groups are the pet's own.
                host_groups: false,
                ..state.clone()
            }),
        }
    }
}

/// Where the program's input and output go.
pub enum Stdio {
    /// The caller's own descriptors.
    Inherit,
    /// A new pty of the pet, of this many columns and rows.
    Terminal(u16, u16),
    /// The caller's own output and no input, in a session that ends with the caller.
    Detached,
}

/// A program inside a pet.
pub struct Entered {
    /// Its pid on the host.
    pub pid: i32,
    /// The pty's controlling side, if it has one.
    pub terminal: Option<OwnedFd>,
    /// The other ends of its standard streams, where it cannot have the caller's own.
    pub streams: Option<Streams>,
}

/// Enters the pet of `state`. The calling process must have one thread and is afterwards in the
/// pet's namespaces itself: it may wait for the program and relay its terminal, nothing else.
pub fn enter(
    state: &RunningState,
    request: &EnterRequest,
    stdio: &Stdio,
) -> Result<Entered, RuntimeError> {
    let init = Pid::from_raw(state.init.pid).ok_or(RuntimeError::NotRunning)?;
    let pidfd = pidfd_open(init, PidfdFlags::empty()).step("opening the pet's PID 1")?;
    if !state.init.is_alive() {
        return Err(RuntimeError::NotRunning);
    }
    if request.who == Who::Root && !state.full_mapping {
        return Err(RuntimeError::NoRoot);
    }
    // The sealed executable: a target like “#!/proc/self/exe” finds nothing writable (CVE-2019-5736).
    let sealed = match state.image_init {
        None => File::open(format!("/proc/{}/exe", state.init.pid)),
        // PID 1 is a program of the image.
        Some(_) => File::open("/proc/self/exe").and_then(process::sealed_copy),
    }
    .step("opening the pet's sealed executable")?;
    let (runtime, home) = (&state.runtime_dir, &state.person.home);
    state
        .session
        .follow_caller(&request.environment, runtime, home);
    let entrance = match &state.group {
        Ok(group) => Some(
            join::entrance(group, &state.id, state.init.pid)
                .map_err(io::Error::other)
                .step("joining the pet's control group")?,
        ),
        Err(_) => None,
    };
    let confined = Confined::prepare(state, stdio)?;
    process::forbid_dumping();
    // The program itself joins that of the control groups: nobody is born into a group which they
    // do not see.
    process::join_namespaces(pidfd.as_fd(), state.namespaces & !libc::CLONE_NEWCGROUP)
        .step("joining the pet's namespaces")?;
    let pty = match stdio {
        Stdio::Inherit | Stdio::Detached => None,
        Stdio::Terminal(columns, rows) => {
            let pty = pty::open().step("opening a terminal in the pet")?;
            pty::resize(pty.master.as_fd(), *columns, *rows).step("sizing the terminal")?;
            Some(pty)
        }
    };
    let group = match &entrance {
        Some(Entrance::Born(group)) => Some(group.as_fd()),
        Some(Entrance::Moved) | None => None,
    };
    // SAFETY: one thread, by this function's contract.
    #[allow(unsafe_code)]
    let forked = unsafe { process::clone_process(0, group) }.step("making a process in the pet")?;
    if let Cloned::Parent { pid, .. } = forked {
        return Ok(Entered {
            pid,
            terminal: pty.map(|pty| pty.master),
            streams: confined.and_then(Confined::into_streams),
        });
    }
    let error = become_program(
        &request.who.in_pet(state),
        request,
        pidfd.as_fd(),
        pty.as_ref().map(|pty| pty.slave.as_fd()),
        matches!(stdio, Stdio::Detached),
        confined,
        sealed.as_fd(),
    );
    eprintln!("kennel: {error}");
    std::process::exit(125);
}

/// In the new process: its view of the control groups, terminal, privileges, identity, directory,
/// then the sealed `kennel-exec`.
fn become_program(
    state: &RunningState,
    request: &EnterRequest,
    pidfd: BorrowedFd<'_>,
    terminal: Option<BorrowedFd<'_>>,
    detached: bool,
    confined: Option<Confined>,
    sealed: BorrowedFd<'_>,
) -> RuntimeError {
    let shell = shells::choose(state.person.wanted_shell(), is_program);
    let prepared = process::join_namespaces(pidfd, libc::CLONE_NEWCGROUP)
        .step("joining the pet's control group namespace")
        .and_then(|()| terminal.map_or(Ok(()), |terminal| take_terminal(state, terminal)))
        .and_then(|()| confined.as_ref().map_or(Ok(()), Confined::connect))
        .and_then(|()| if detached { detach() } else { Ok(()) })
        .and_then(|()| become_person(state))
        .map(|()| {
            if detached {
                // Only now: a change of user takes it back.
                process::end_with_parent(libc::SIGKILL);
            }
        })
        .and_then(|()| directory::change(state, request.directory.as_deref()))
        .and_then(|elsewhere| Ok((elsewhere, arguments(&shell.path, request)?)));
    let (elsewhere, arguments) = match prepared {
        Ok(prepared) => prepared,
        Err(error) => return error,
    };
    let locales = Known::of(Path::new("/"));
    if terminal.is_some() && request.command.is_none() {
        say_what_differs(request, elsewhere.as_deref(), &shell, &locales);
    }
    let environment: Vec<CString> = environment(state, request, &shell.path, &locales)
        .into_iter()
        .filter_map(|(name, value)| CString::new(format!("{name}={value}")).ok())
        .collect();
    match confined {
        Some(confined) => confined.execute(sealed, arguments, &environment),
        None => RuntimeError::System {
            step: "executing inside the pet".to_owned(),
            source: process::execute_fd(sealed, &arguments, &environment),
        },
    }
}

fn take_terminal(state: &RunningState, terminal: BorrowedFd<'_>) -> Result<(), RuntimeError> {
    use rustix::fs::{Gid, Uid};
    if state.full_mapping {
        // Programs find their terminal theirs, and group tty (5) may write to it.
        let owner = (Uid::from_raw(state.person.uid), Gid::from_raw(5));
        let _ = rustix::fs::fchown(terminal, Some(owner.0), Some(owner.1));
    }
    process::take_terminal(terminal)
        .and_then(|()| Ok(rustix::stdio::dup2_stdin(terminal)?))
        .and_then(|()| Ok(rustix::stdio::dup2_stdout(terminal)?))
        .and_then(|()| Ok(rustix::stdio::dup2_stderr(terminal)?))
        .step("taking the terminal")
}

fn detach() -> Result<(), RuntimeError> {
    rustix::process::setsid().step("beginning a session")?;
    let null = File::open("/dev/null").step("opening /dev/null")?;
    rustix::stdio::dup2_stdin(&null).step("closing the input")
}

/// Gives up what the pet's programs may not have, and becomes the person.
fn become_person(state: &RunningState) -> Result<(), RuntimeError> {
    /// CAP_SETGID and CAP_SETUID, held for the change of user only.
    const CHANGE_USER: u64 = 1 << 6 | 1 << 7;
    let person = &state.person;
    process::close_on_exec_from(3).step("closing descriptors")?;
    resource_limits::apply(&state.ulimits).step("limiting resources")?;
    // Before the capabilities go: installing a filter takes CAP_SYS_ADMIN.
    seccomp::install(&syscall_filter::program(state.privileges.filter))
        .step("filtering system calls")?;
    process::limit_capabilities(state.privileges.capabilities, CHANGE_USER)
        .step("dropping capabilities")?;
    let set_groups = state.full_mapping && !state.host_groups;
    process::become_user(person.uid, person.gid, &person.groups, set_groups)
        .step("becoming you")?;
    if state.privileges.privilege == Privilege::None {
        process::no_new_privileges().step("forbidding new privileges")?;
    }
    Ok(())
}

/// Whether this process, inside the pet, could execute `path`.
fn is_program(path: &Path) -> bool {
    path.metadata()
        .is_ok_and(|status| status.is_file() && status.permissions().mode() & 0o111 != 0)
}

/// To a person at a terminal: what is not as they may expect it, a line each.
fn say_what_differs(
    request: &EnterRequest,
    elsewhere: Option<&Path>,
    shell: &shells::Choice,
    locales: &Known,
) {
    if let Some(missing) = &shell.missing {
        let name = shell.path.file_name().unwrap_or_default().display();
        eprintln!(
            "kennel: this image has no {missing}: using {name}; install {missing} in the pet to have it"
        );
    }
    let locale = request.environment.get("LANG").map_or("", String::as_str);
    let nearest = locales.nearest(locale);
    if nearest != locale {
        eprintln!("kennel: this image has no locale {locale}: using {nearest}");
    }
    if let (Some(wanted), Some(reached)) = (&request.directory, elsewhere) {
        eprintln!(
            "kennel: {} is not in this pet: you are in {}",
            wanted.display(),
            reached.display()
        );
    }
}

/// The environment of the program: what is let through, with a terminal and a language that the
/// pet knows.
fn environment(
    state: &RunningState,
    request: &EnterRequest,
    shell: &Path,
    locales: &Known,
) -> BTreeMap<String, String> {
    let mut all = of_command(state, &request.environment);
    if let Some(term) = all.get_mut("TERM") {
        *term = known_terminal(term, &state.person.home, Path::exists);
    }
    for (name, value) in &mut all {
        // LANGUAGE is a list of wishes, of which none need be known.
        if is_of_language(name) && name != "LANGUAGE" {
            *value = locales.nearest(value).to_owned();
        }
    }
    all.entry("LANG".to_owned())
        .or_insert_with(|| locales::PLAIN.to_owned());
    all.insert("SHELL".to_owned(), shell.to_string_lossy().into_owned());
    all
}

/// Those of `kennel-exec`.
fn arguments(shell: &Path, request: &EnterRequest) -> Result<Vec<CString>, RuntimeError> {
    let shell = [shell.as_os_str().to_owned()];
    let (mode, words) = match &request.command {
        Some(command) => (c"run", command.as_slice()),
        None => (c"login", shell.as_slice()),
    };
    let words = words.iter().map(|word| {
        CString::new(word.as_bytes())
            .map_err(io::Error::from)
            .step("reading the command")
    });
    [c"kennel-exec", mode]
        .into_iter()
        .map(|word| Ok(word.to_owned()))
        .chain(words)
        .collect()
}

/// `kennel-exec run CMD…` and `kennel-exec login SHELL`: the last step, from the sealed executable.
/// With `labelled LABEL` before it nothing is executed under another label than that. Returns the
/// exit status for a program that cannot be executed.
pub fn exec_main(arguments: &[OsString]) -> i32 {
    if let [mode, label, rest @ ..] = arguments
        && mode == "labelled"
    {
        return match labelled::verify(label) {
            Ok(()) => exec_main(rest),
            Err(error) => {
                eprintln!("kennel: {error}: stop the pet and start it again");
                125
            }
        };
    }
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
