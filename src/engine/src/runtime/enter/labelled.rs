//! Entering a pet with a label of its own: the program's standard streams, and its last steps.

use std::ffi::{CString, OsStr};
use std::io;
use std::os::fd::{BorrowedFd, OwnedFd};
use std::path::Path;

use super::Stdio;
use crate::lsm::{self, label::Label};
use crate::runtime::state::RunningState;
use crate::runtime::{RuntimeError, Step, pipes};
use crate::sys::label::HostProc;
use crate::sys::process;

/// What the caller copies for a program whose label lets it use no descriptor of the caller's.
pub struct Streams {
    /// Where its standard input is written; `None` where it has none.
    pub input: Option<OwnedFd>,
    /// Where its standard output is read.
    pub output: OwnedFd,
    /// Where its standard error is read.
    pub errors: OwnedFd,
}

/// The pet's side of [`Streams`].
struct OwnStreams([OwnedFd; 3]);

impl OwnStreams {
    /// Both sides, with the label of the pet's files; `running` is the pet's running directory.
    fn make(running: &Path, label: &Label, detached: bool) -> io::Result<(Self, Streams)> {
        let [input, output, errors] = pipes::make(running, Some(label))?;
        let streams = Streams {
            input: (!detached).then_some(input.writer),
            output: output.reader,
            errors: errors.reader,
        };
        Ok((Self([input.reader, output.writer, errors.writer]), streams))
    }

    /// Makes them this process's standard streams.
    fn connect(&self) -> io::Result<()> {
        let [input, output, errors] = &self.0;
        rustix::stdio::dup2_stdin(input)?;
        rustix::stdio::dup2_stdout(output)?;
        Ok(rustix::stdio::dup2_stderr(errors)?)
    }
}

/// What a program needs whose label is the pet's own.
pub(super) struct Confined {
    /// Told of the label.
    proc: HostProc,
    /// The label.
    label: String,
    /// Its standard streams, and the caller's ends; none at a terminal of the pet.
    streams: Option<(OwnStreams, Streams)>,
}

impl Confined {
    /// For the pet of `state`, on the host; nothing for one that runs with the person's label.
    pub(super) fn prepare(
        state: &RunningState,
        stdio: &Stdio,
    ) -> Result<Option<Self>, RuntimeError> {
        let Some(labels) = &state.labels else {
            return Ok(None);
        };
        let streams = match stdio {
            Stdio::Terminal(..) => None,
            Stdio::Inherit | Stdio::Detached => {
                let detached = matches!(stdio, Stdio::Detached);
                let made = OwnStreams::make(&state.directory, &labels.files, detached);
                Some(made.step("making pipes that the pet may use")?)
            }
        };
        Ok(Some(Self {
            proc: HostProc::open().step("opening /proc")?,
            label: labels.process.to_string(),
            streams,
        }))
    }

    /// The caller's ends.
    pub(super) fn into_streams(self) -> Option<Streams> {
        self.streams.map(|(_, streams)| streams)
    }

    /// In the new process: takes the program's ends.
    pub(super) fn connect(&self) -> Result<(), RuntimeError> {
        match &self.streams {
            Some((own, _)) => own.connect().step("connecting the pet's pipes"),
            None => Ok(()),
        }
    }

    /// Executes `sealed` under the label, with `arguments` and what to compare the label with.
    /// Returns only an error.
    pub(super) fn execute(
        self,
        sealed: BorrowedFd<'_>,
        arguments: Vec<CString>,
        environment: &[CString],
    ) -> RuntimeError {
        let label = self.label;
        let arguments: Vec<CString> = [c"kennel-exec".to_owned(), c"labelled".to_owned()]
            .into_iter()
            .chain(CString::new(label.as_str()))
            .chain(arguments.into_iter().skip(1))
            .collect();
        // Last: what was done until now was the caller's to do.
        let source = match self.proc.label_next_exec(&label) {
            Ok(()) => process::execute_fd(sealed, &arguments, environment),
            Err(error) => error,
        };
        RuntimeError::LabelledExec { label, source }
    }
}

/// Whether this process has the label `wanted`, as the kernel says it.
pub(super) fn verify(wanted: &OsStr) -> Result<(), RuntimeError> {
    let found = lsm::selinux_label("self").unwrap_or_default();
    if *wanted == *found {
        return Ok(());
    }
    let wanted = wanted.to_string_lossy().into_owned();
    Err(RuntimeError::WrongLabel { found, wanted })
}
