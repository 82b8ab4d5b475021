//! The start: namespaces, the pet's place, PID 1, and the state file that says so.

use std::fs;
use std::io::{Read, Write};
use std::os::fd::{AsFd, BorrowedFd};
use std::os::unix::net::UnixStream;
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::alerts::Alerts;
use super::{KeeperInput, Kept};
use crate::bridge::door::{self, Door};
use crate::cgroup::out_of_memory;
use crate::lsm;
use crate::runtime::container::{self, ContainerInput, StopSignal};
use crate::runtime::followed::Followed;
use crate::runtime::network::Uplink;
use crate::runtime::place::Place;
use crate::runtime::plan::RuntimePlan;
use crate::runtime::state::{Init, Person, RunningState, name_link};
use crate::runtime::{RuntimeError, Step, pipes};
use crate::sys::process::{self, Cloned};

/// What the container says to the keeper before it becomes PID 1.
#[derive(Serialize, Deserialize)]
enum Report {
    Built(Person, Option<StopSignal>),
    Failed(String),
}

/// Starts the pet: on return its state file is written and `enter` works.
pub fn start(input: &KeeperInput<'_>) -> Result<Kept, RuntimeError> {
    let mount_point = input.running.join("root");
    fs::create_dir_all(&mount_point).step("making the pet's runtime directory")?;
    Alerts::forget(&input.running);
    let followed =
        Followed::start(&input.running, input.plan).step("copying the host's name resolution")?;
    let opens = input.plan.host_programs.is_some();
    if opens {
        door::prepare(&input.running).step("preparing the bridge to the host")?;
    }
    let (ours, theirs) = UnixStream::pair().step("making a socket pair")?;
    let files = input.plan.labels.as_ref().map(|labels| &labels.files);
    let [console, recorded] =
        pipes::make(&input.running, files).step("making the pet's console")?;
    let namespaces = namespaces(input.plan);
    // That of the control groups begins where a process is, which is not yet its place.
    let early = namespaces & !libc::CLONE_NEWCGROUP;
    // SAFETY: the keeper is a fresh process that has started no thread.
    #[allow(unsafe_code)]
    let cloned = unsafe { process::clone_process(early as u64, None) }
        .map_err(RuntimeError::NoNamespaces)?;
    let (pid, pidfd) = match cloned {
        Cloned::Child => {
            drop((ours, recorded.writer));
            // Not the log itself: root inside could open it anew through /proc/1/fd.
            let connected = connect(recorded.reader.as_fd(), console.writer.as_fd());
            run_child(input, &mount_point, theirs, connected)
        }
        Cloned::Parent { pid, pidfd } => (pid, pidfd),
    };
    drop((theirs, recorded.reader, console.writer));
    let mut uplink = Uplink::of(input, pid);
    let mut place = None;
    let mut bridge = None;
    let started = Place::settle(input, pid).and_then(|settled| {
        let place = place.insert(settled);
        let (person, stop) = supervise_start(ours)?;
        verify_label(pid, input.plan)?;
        // Before anybody can enter. A computer without a network is no reason not to start.
        uplink.connect();
        record(input, pid, namespaces, person, stop, place)?;
        if opens {
            let opened = Door::open(&input.running, &input.spec.id);
            bridge = Some(opened.step("opening the bridge to the host")?);
        }
        // Until now PID 1 would have ended with us: nobody would know of it.
        fs::File::from(recorded.writer)
            .write_all(b"r")
            .step("telling PID 1 that it is known")
    });
    if let Err(error) = started {
        let pid = nix::unistd::Pid::from_raw(pid);
        let _ = nix::sys::signal::kill(pid, nix::sys::signal::Signal::SIGKILL);
        let _ = nix::sys::wait::waitpid(pid, None);
        if let Some(place) = place {
            place.remove(input.mapping);
        }
        return Err(error);
    }
    let group = place.as_ref().and_then(|place| place.group.as_ref().ok());
    Ok(Kept {
        pid,
        pidfd,
        running: input.running.clone(),
        followed,
        console: console.reader.into(),
        uplink,
        memory: group.and_then(|group| out_of_memory::Watch::new(group).ok()),
        door: bridge,
        alerts: Alerts::new(input, group),
        place,
        mapping: input.mapping.clone(),
    })
}

fn namespaces(plan: &RuntimePlan) -> i32 {
    let own = libc::CLONE_NEWUSER
        | libc::CLONE_NEWNS
        | libc::CLONE_NEWPID
        | libc::CLONE_NEWUTS
        | libc::CLONE_NEWIPC
        | libc::CLONE_NEWCGROUP;
    if plan.has_own_network() {
        own | libc::CLONE_NEWNET
    } else {
        own
    }
}

/// PID 1's standard streams: where it reads, after the exec, that its state is on disk; and its
/// console.
fn connect(recorded: BorrowedFd<'_>, console: BorrowedFd<'_>) -> std::io::Result<()> {
    rustix::stdio::dup2_stdin(recorded)?;
    rustix::stdio::dup2_stdout(console)?;
    Ok(rustix::stdio::dup2_stderr(console)?)
}

fn run_child(
    input: &KeeperInput<'_>,
    mount_point: &Path,
    mut socket: UnixStream,
    connected: std::io::Result<()>,
) -> ! {
    let mut go = [0];
    if connected.is_err() || !matches!(socket.read(&mut go), Ok(1)) {
        std::process::exit(1);
    }
    // By now this process is in its group, which becomes the root of what it sees.
    let separated = nix::sched::unshare(nix::sched::CloneFlags::CLONE_NEWCGROUP)
        .step("separating the control groups from the host's");
    let container = ContainerInput {
        plan: input.plan,
        account: input.account,
        executable: &input.executable,
        layers: &input.layers,
        directory: &input.directory,
        mount_point,
        running: &input.running,
        full_mapping: input.mapping.is_full(),
    };
    let built = separated.and_then(|()| container::build(&container));
    let error = built.and_then(|built| {
        // Without a keeper that hears it there must be no PID 1 either.
        let stop = built.init.map(|init| init.stop);
        say(&mut socket, &Report::Built(built.person.clone(), stop))
            .step("reporting to the keeper")?;
        Err::<std::convert::Infallible, _>(built.become_init(input.plan))
    });
    let Err(error) = error;
    let _ = say(&mut socket, &Report::Failed(error.to_string()));
    std::process::exit(1);
}

fn say(socket: &mut UnixStream, report: &Report) -> std::io::Result<()> {
    let mut line = serde_json::to_vec(report)?;
    line.push(b'\n');
    socket.write_all(&line)
}

/// Lets the child build, and reads its reports until the exec closes the socket.
fn supervise_start(mut socket: UnixStream) -> Result<(Person, Option<StopSignal>), RuntimeError> {
    socket.write_all(b"g").step("starting the container")?;
    let mut text = String::new();
    socket
        .read_to_string(&mut text)
        .step("waiting for the container")?;
    let mut built = None;
    for line in text.lines() {
        match serde_json::from_str(line) {
            Ok(Report::Built(person, stop)) => built = Some((person, stop)),
            Ok(Report::Failed(text)) => return Err(RuntimeError::Container(text)),
            Err(_) => {}
        }
    }
    built.ok_or_else(|| {
        RuntimeError::Container("the pet's first process ended without a word".to_owned())
    })
}

/// The kernel's word that process `pid` has the label that it was to have.
fn verify_label(pid: i32, plan: &RuntimePlan) -> Result<(), RuntimeError> {
    let Some(labels) = &plan.labels else {
        return Ok(());
    };
    // Whoever opens this waits for the end of the exec, which has closed the socket before it changes
    // the label (exec_update_lock); whether it may be opened is no matter.
    let _ = fs::File::open(format!("/proc/{pid}/environ"));
    let wanted = labels.process.to_string();
    let found = lsm::selinux_label(&pid.to_string()).unwrap_or_default();
    if found == wanted {
        Ok(())
    } else {
        Err(RuntimeError::WrongLabel { found, wanted })
    }
}

/// Writes the state file, by which everybody else knows that the pet runs, and its name's link.
fn record(
    input: &KeeperInput<'_>,
    pid: i32,
    namespaces: i32,
    person: Person,
    image_init: Option<StopSignal>,
    place: &Place,
) -> Result<(), RuntimeError> {
    let state = RunningState {
        init: Init::of(pid).step("reading what identifies PID 1")?,
        id: input.spec.id.clone(),
        name: input.spec.name.clone(),
        directory: input.running.clone(),
        keeper: std::process::id() as i32,
        namespaces,
        full_mapping: input.mapping.is_full(),
        image_init,
        labels: input.plan.labels.clone(),
        privileges: input.plan.privileges,
        person,
        host_groups: input.plan.host_groups,
        session: input.plan.session.clone(),
        runtime_dir: input.plan.runtime_dir.clone(),
        group: place.group.clone(),
        ulimits: input.plan.ulimits.clone(),
        workdir: input.spec.workdir.clone(),
        environment: input.plan.environment.clone(),
        passed_variables: input.plan.passed_variables.clone(),
    };
    state
        .write(&input.running)
        .and_then(|()| link_name(&input.runtime, &state))
        .step("recording the running pet")
}

/// Makes the running pet of `state` known by its name.
pub fn link_name(runtime: &Path, state: &RunningState) -> std::io::Result<()> {
    let link = name_link(runtime, &state.name);
    let fresh = link.with_file_name(format!(".{}", state.id));
    fs::create_dir_all(link.parent().unwrap_or(runtime))?;
    let _ = fs::remove_file(&fresh);
    std::os::unix::fs::symlink(Path::new("..").join(state.id.as_str()), &fresh)?;
    fs::rename(fresh, link)
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
