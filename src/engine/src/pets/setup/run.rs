//! One step: a process that enters the pet, followed from the host until it ends, takes too long
//! or is not wanted any more.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fs;
use std::io::{self, PipeReader, Read as _};
use std::os::fd::{AsFd, OwnedFd};
use std::os::unix::net::UnixStream;
use std::os::unix::process::{CommandExt as _, ExitStatusExt as _};
use std::path::PathBuf;
use std::process::{Child, Command, ExitStatus};
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec, poll};

use kennel_model::{PetSpec, Phrase, SetupCommand, SetupUser, phrase};

use super::lines::Lines;
use super::steps::Step;
use super::{KennelError, SetupSink, write_number};
use crate::runtime::RuntimeError;
use crate::runtime::enter::{EnterRequest, Entered, Stdio, Who, enter};
use crate::runtime::state::RunningState;
use crate::sys::process_tree;

/// How often a wish to cancel is looked for, in milliseconds.
const TURN: i64 = 100;

/// How a step ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// With status 0.
    Done,
    /// With another status.
    Status(i32),
    /// By a signal, or Kennel could not start it.
    Killed(i32),
    /// It was ended, because it took longer than this.
    TookTooLong(Duration),
    /// It was ended, because the person wanted so.
    Cancelled,
}

impl End {
    /// It in words.
    pub fn phrase(self) -> Phrase {
        match self {
            Self::Done => phrase("done"),
            Self::Status(status) => phrase("status {status}").with("status", status),
            Self::Killed(signal) => phrase("killed by signal {signal}").with("signal", signal),
            Self::TookTooLong(time) => phrase("ended because it took longer than {time}")
                .with("time", humantime::format_duration(time)),
            Self::Cancelled => phrase("cancelled"),
        }
    }
}

/// What steps of one pet are run with.
pub struct Runner<'a> {
    /// The pet.
    pub spec: &'a PetSpec,
    /// Its running state.
    pub state: &'a RunningState,
    /// The file that names the session of the step that runs.
    pub session: PathBuf,
}

impl Runner<'_> {
    /// Runs `step` to its end. Every line goes to `sink` and `log`.
    pub fn run(
        &self,
        step: &Step,
        sink: &dyn SetupSink,
        log: impl Fn(&str),
    ) -> Result<End, KennelError> {
        let exe = "/proc/self/exe";
        let (output, mut child, session) = self.spawn(step).map_err(KennelError::io(exe))?;
        let mut step_process = Following::new(output, &child).map_err(KennelError::io(exe))?;
        let deadline = Instant::now() + step.timeout;
        let show = |line: &str| {
            log(line);
            sink.output(line);
        };
        let end = loop {
            match step_process.turn(&mut child, show) {
                Ok(Some(status)) => break end_of(status),
                Ok(None) if sink.is_cancelled() => break End::Cancelled,
                Ok(None) if Instant::now() >= deadline => break End::TookTooLong(step.timeout),
                Ok(None) => {}
                Err(error) => return Err(KennelError::io(exe)(error)),
            }
        };
        if matches!(end, End::Cancelled | End::TookTooLong(_)) {
            if let Some(session) = session {
                process_tree::end(session, self.state.init.user_namespace);
            }
            let _ = child.kill();
            let _ = child.wait();
        }
        let _ = fs::remove_file(&self.session);
        Ok(end)
    }

    /// The process that enters; what the step prints; the step's pid and session, once it runs.
    fn spawn(&self, step: &Step) -> io::Result<(PipeReader, Child, Option<i32>)> {
        let (mut ours, theirs) = UnixStream::pair()?;
        let (output, writer) = io::pipe()?;
        let child = Command::new("/proc/self/exe")
            .args(["setup-step", self.spec.id.as_str(), &step.key])
            .stdin(OwnedFd::from(theirs))
            .stdout(writer.try_clone()?)
            .stderr(writer)
            // Ctrl+C is for us, who say what becomes of it.
            .process_group(0)
            .spawn()?;
        let mut pid = String::new();
        ours.read_to_string(&mut pid)?;
        let session = pid.trim().parse().ok();
        if let Some(session) = session {
            write_number(&self.session, session)?;
        }
        Ok((output, child, session))
    }

    /// Ends what a setup that was killed has left running: two package managers at once would
    /// block each other.
    pub fn end_leftovers(&self) {
        let session = fs::read_to_string(&self.session).ok();
        if let Some(session) = session.and_then(|text| text.trim().parse().ok()) {
            process_tree::end(session, self.state.init.user_namespace);
        }
        let _ = fs::remove_file(&self.session);
    }
}

/// What a step prints, and its end.
struct Following {
    output: PipeReader,
    open: bool,
    pidfd: OwnedFd,
    lines: Lines,
}

impl Following {
    fn new(output: PipeReader, child: &Child) -> io::Result<Self> {
        let pid = rustix::process::Pid::from_child(child);
        Ok(Self {
            output,
            open: true,
            pidfd: rustix::process::pidfd_open(pid, rustix::process::PidfdFlags::empty())?,
            lines: Lines::default(),
        })
    }

    /// Waits a turn for output or the end; the status when it has ended. A service that the step
    /// has started may keep the output open: it is not waited for.
    fn turn(&mut self, child: &mut Child, show: impl Fn(&str)) -> io::Result<Option<ExitStatus>> {
        if self.wait(TURN) {
            self.read(&show)?;
        }
        let status = child.try_wait()?;
        if status.is_some() {
            while self.open && self.wait(0) {
                self.read(&show)?;
            }
            self.lines.end(&show);
        }
        Ok(status)
    }

    /// Whether there is output (or its end) within `milliseconds`; returns early at the step's end.
    fn wait(&self, milliseconds: i64) -> bool {
        let turn = Timespec {
            tv_sec: 0,
            tv_nsec: milliseconds * 1_000_000,
        };
        let wanted = if self.open {
            PollFlags::IN
        } else {
            PollFlags::empty()
        };
        let mut events = [
            PollFd::from_borrowed_fd(self.pidfd.as_fd(), PollFlags::IN),
            PollFd::from_borrowed_fd(self.output.as_fd(), wanted),
        ];
        // Without output a closed pipe would end every wait at once.
        let watched = if self.open { 2 } else { 1 };
        // An interrupted wait is a short one.
        let _ = poll(&mut events[..watched], Some(&turn));
        self.open && !events[1].revents().is_empty()
    }

    fn read(&mut self, show: impl Fn(&str)) -> io::Result<()> {
        let mut buffer = [0; 8192];
        match self.output.read(&mut buffer) {
            Ok(0) => self.open = false,
            Ok(count) => self.lines.feed(&buffer[..count], show),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
        Ok(())
    }
}

fn end_of(status: ExitStatus) -> End {
    match (status.code(), status.signal()) {
        (Some(0), _) => End::Done,
        // As a shell says it; the step's own process is not ours to wait for.
        (Some(code @ 129..=192), _) => End::Killed(code - 128),
        (Some(code), _) => End::Status(code),
        (None, signal) => End::Killed(signal.unwrap_or_default()),
    }
}

/// Enters the pet of `state` and starts `step` there.
pub fn enter_step(
    spec: &PetSpec,
    state: &RunningState,
    step: &Step,
) -> Result<Entered, RuntimeError> {
    let command = match &step.command {
        SetupCommand::Shell(line) => vec!["/bin/sh".into(), "-c".into(), line.into()],
        SetupCommand::Program(words) => words.iter().map(OsString::from).collect(),
    };
    let environment: BTreeMap<String, String> = std::env::vars_os()
        .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
        .collect();
    let request = EnterRequest {
        command: Some(command),
        directory: spec.workdir.clone().or_else(|| spec.project.clone()),
        environment,
        who: match step.user {
            SetupUser::Person => Who::Person,
            SetupUser::Root => Who::Root,
        },
    };
    enter(state, &request, &Stdio::Detached)
}
