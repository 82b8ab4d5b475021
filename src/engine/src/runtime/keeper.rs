//! The keeper: one small host-side process beside each running pet. It makes the namespaces,
//! waits for PID 1, and records the end. If it dies the pet goes on.

use std::fs;
use std::io::{Read, Write};
use std::os::fd::AsFd;
use std::os::unix::net::UnixStream;
use std::os::unix::process::ExitStatusExt;
use std::path::{Path, PathBuf};

use kennel_model::PetSpec;
use serde::{Deserialize, Serialize};

use super::container::{self, ContainerInput};
use super::plan::{RuntimePlan, environment_of};
use super::population::Person;
use super::state::{RunningState, boot_id, start_time, user_namespace};
use super::{RuntimeError, Step};
use crate::account::Account;
use crate::idmap::IdMapping;
use crate::sys::process::{self, Cloned};

/// What the keeper needs to know.
pub struct KeeperInput<'a> {
    /// The pet.
    pub spec: &'a PetSpec,
    /// Its plan.
    pub plan: &'a RuntimePlan,
    /// The person.
    pub account: &'a Account,
    /// Their mapping.
    pub mapping: &'a IdMapping,
    /// Unpacked layers, topmost first.
    pub layers: Vec<PathBuf>,
    /// The pet's directory.
    pub directory: PathBuf,
    /// The pet's runtime directory.
    pub running: PathBuf,
    /// The `kennel` executable.
    pub executable: PathBuf,
}

/// What the container says to the keeper before it becomes PID 1.
#[derive(Serialize, Deserialize)]
enum Report {
    Built { shell: String, groups: Vec<u32> },
    Failed(String),
}

/// A pet whose PID 1 runs.
pub struct Kept {
    pid: i32,
    running: PathBuf,
}

/// Starts the pet: on return its state file is written and `enter` works.
pub fn start(input: &KeeperInput<'_>) -> Result<Kept, RuntimeError> {
    let mount_point = input.running.join("root");
    fs::create_dir_all(&mount_point).step("making the pet's runtime directory")?;
    let (ours, theirs) = UnixStream::pair().step("making a socket pair")?;
    let (recorded, awaited) = UnixStream::pair().step("making a socket pair")?;
    let namespaces = namespaces(input.plan);
    // SAFETY: the keeper is a fresh process that has started no thread.
    #[allow(unsafe_code)]
    let cloned =
        unsafe { process::clone_process(namespaces as u64) }.step("making the pet's namespaces")?;
    let (pid, _pidfd) = match cloned {
        Cloned::Child => {
            drop((ours, recorded));
            run_child(input, &mount_point, theirs, &awaited)
        }
        Cloned::Parent { pid, pidfd } => (pid, pidfd),
    };
    drop((theirs, awaited));
    let started = supervise_start(input, ours, pid)
        .and_then(|person| record(input, pid, namespaces, person))
        .and_then(|()| {
            // Until now PID 1 would have ended with us: nobody would know of it.
            (&recorded)
                .write_all(b"r")
                .step("telling PID 1 that it is known")
        });
    if let Err(error) = started {
        let _ = nix::sys::signal::kill(
            nix::unistd::Pid::from_raw(pid),
            nix::sys::signal::Signal::SIGKILL,
        );
        let _ = nix::sys::wait::waitpid(nix::unistd::Pid::from_raw(pid), None);
        return Err(error);
    }
    Ok(Kept {
        pid,
        running: input.running.clone(),
    })
}

impl Kept {
    /// Waits for the end of PID 1, removes the running state, and returns how it ended.
    pub fn wait(self) -> String {
        let mut status = 0;
        // SAFETY: a valid pointer; the keeper has this one child.
        #[allow(unsafe_code)]
        while unsafe { libc::waitpid(self.pid, &raw mut status, 0) } < 0
            && std::io::Error::last_os_error().kind() == std::io::ErrorKind::Interrupted
        {}
        let _ = fs::remove_file(self.running.join("state.json"));
        std::process::ExitStatus::from_raw(status).to_string()
    }
}

fn namespaces(plan: &RuntimePlan) -> i32 {
    let own = libc::CLONE_NEWUSER
        | libc::CLONE_NEWNS
        | libc::CLONE_NEWPID
        | libc::CLONE_NEWUTS
        | libc::CLONE_NEWIPC
        | libc::CLONE_NEWCGROUP;
    if plan.own_network {
        own | libc::CLONE_NEWNET
    } else {
        own
    }
}

fn run_child(
    input: &KeeperInput<'_>,
    mount_point: &Path,
    mut socket: UnixStream,
    recorded: &UnixStream,
) -> ! {
    let mut go = [0];
    // PID 1 reads there, after the exec, that its state is on disk.
    if rustix::stdio::dup2_stdin(recorded).is_err() || !matches!(socket.read(&mut go), Ok(1)) {
        std::process::exit(1);
    }
    let container = ContainerInput {
        plan: input.plan,
        account: input.account,
        executable: &input.executable,
        layers: &input.layers,
        directory: &input.directory,
        mount_point,
        full_mapping: input.mapping.is_full(),
    };
    let say = |socket: &mut UnixStream, report: &Report| {
        let _ = serde_json::to_writer(&mut *socket, report).map(|()| socket.write_all(b"\n"));
    };
    let error = match container::build(&container) {
        Ok(built) => {
            let Person { shell, groups } = built.person.clone();
            say(&mut socket, &Report::Built { shell, groups });
            built.become_init(input.plan)
        }
        Err(error) => error,
    };
    say(&mut socket, &Report::Failed(error.to_string()));
    std::process::exit(1);
}

/// Maps the child, lets it build, and reads its reports until the exec closes the socket.
fn supervise_start(
    input: &KeeperInput<'_>,
    mut socket: UnixStream,
    pid: i32,
) -> Result<Person, RuntimeError> {
    input.mapping.write(pid)?;
    socket.write_all(b"g").step("starting the container")?;
    let mut text = String::new();
    socket
        .read_to_string(&mut text)
        .step("waiting for the container")?;
    let mut person = None;
    for line in text.lines() {
        match serde_json::from_str(line) {
            Ok(Report::Built { shell, groups }) => person = Some(Person { shell, groups }),
            Ok(Report::Failed(text)) => return Err(RuntimeError::Container(text)),
            Err(_) => {}
        }
    }
    person.ok_or_else(|| {
        RuntimeError::Container("the pet's first process ended without a word".to_owned())
    })
}

fn record(
    input: &KeeperInput<'_>,
    pid: i32,
    namespaces: i32,
    person: Person,
) -> Result<(), RuntimeError> {
    let mut env = vec![(
        "PATH".to_owned(),
        "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin".to_owned(),
    )];
    for variable in &input.spec.image.env {
        if let Some((name, value)) = variable.split_once('=') {
            env.retain(|(other, _)| other != name);
            env.push((name.to_owned(), value.to_owned()));
        }
    }
    env.extend(
        input
            .spec
            .env
            .iter()
            .map(|(name, value)| (name.clone(), value.clone())),
    );
    let state = RunningState {
        version: RunningState::version(),
        id: input.spec.id.clone(),
        name: input.spec.name.clone(),
        pid,
        start_time: start_time(pid).step("reading PID 1's start time")?,
        boot_id: boot_id().step("reading the boot id")?,
        user_namespace: user_namespace(pid).step("reading PID 1's user namespace")?,
        keeper: std::process::id() as i32,
        namespaces,
        full_mapping: input.mapping.is_full(),
        capabilities: input.plan.capabilities,
        sudo: input.plan.privilege == kennel_model::Privilege::Sudo,
        uid: input.account.uid,
        gid: input.account.gid,
        groups: person.groups,
        home: input.account.home.clone(),
        shell: person.shell.into(),
        user: input.account.name.clone(),
        env,
        pass_env: input
            .spec
            .shares
            .iter()
            .flat_map(|share| environment_of(*share))
            .map(|&name| name.to_owned())
            .collect(),
    };
    state
        .write(&input.running)
        .step("recording the running pet")
}

/// Detaches this process from whatever started it.
pub fn detach(log: &fs::File) -> Result<(), RuntimeError> {
    // Already a session leader is fine.
    let _ = rustix::process::setsid();
    rustix::process::chdir("/").step("changing directory")?;
    let null = fs::File::open("/dev/null").step("opening /dev/null")?;
    rustix::stdio::dup2_stdin(null.as_fd()).step("detaching stdin")?;
    rustix::stdio::dup2_stdout(log.as_fd()).step("detaching stdout")?;
    rustix::stdio::dup2_stderr(log.as_fd()).step("detaching stderr")
}
