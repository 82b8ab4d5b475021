//! Standard streams of a program whose label is not the caller's.

use std::io;
use std::os::fd::OwnedFd;
use std::path::Path;

use crate::lsm::label::Label;
use crate::runtime::pipes;

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
pub(super) struct OwnStreams([OwnedFd; 3]);

impl OwnStreams {
    /// Both sides, with the label of the pet's files; `running` is the pet's running directory.
    pub(super) fn make(
        running: &Path,
        label: &Label,
        detached: bool,
    ) -> io::Result<(Self, Streams)> {
        let [input, output, errors] = pipes::make(running, Some(label))?;
        let streams = Streams {
            input: (!detached).then_some(input.writer),
            output: output.reader,
            errors: errors.reader,
        };
        Ok((Self([input.reader, output.writer, errors.writer]), streams))
    }

    /// Makes them this process's standard streams.
    pub(super) fn connect(&self) -> io::Result<()> {
        let [input, output, errors] = &self.0;
        rustix::stdio::dup2_stdin(input)?;
        rustix::stdio::dup2_stdout(output)?;
        Ok(rustix::stdio::dup2_stderr(errors)?)
    }
}
