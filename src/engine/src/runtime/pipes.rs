//! Pipes between a pet and the host; with a label of its own a pet may use no others.
//!
//! SELinux takes from a program whose label changes every descriptor that its new label may not
//! use, and puts /dev/null there: what it prints is lost without an error. A pipe has the label of
//! whoever makes it, which a process in a container may not use; a FIFO is a file and can be given
//! one. Unlike a socket it can also be opened anew, as shells do with /dev/stderr.

use std::io;
use std::os::fd::OwnedFd;
use std::path::Path;

use rustix::fs::{FileType, Mode, OFlags};

use crate::files::make_private;
use crate::lsm;
use crate::lsm::label::Label;

/// The two ends of a pipe.
pub struct Pipe {
    /// Where it is read.
    pub reader: OwnedFd,
    /// Where it is written.
    pub writer: OwnedFd,
}

/// Pipes for the pet whose running directory is `running` and whose files have `label`. They have no
/// name when this returns.
pub fn make<const N: usize>(running: &Path, label: Option<&Label>) -> io::Result<[Pipe; N]> {
    let place = running.join("pipes");
    if label.is_some() {
        make_private(&place)?;
    }
    let mut made = Vec::with_capacity(N);
    for index in 0..N {
        let Some(label) = label else {
            let (reader, writer) = io::pipe()?;
            made.push(Pipe {
                reader: reader.into(),
                writer: writer.into(),
            });
            continue;
        };
        // Several programs may enter at once.
        let path = place.join(format!("{}-{index}", std::process::id()));
        let pipe = named(&path, Some(label));
        let _ = std::fs::remove_file(&path);
        made.push(pipe?);
    }
    made.try_into()
        .map_err(|_| io::Error::other("a pipe is missing"))
}

/// Both ends of a new FIFO at `path` (fifo(7)).
fn named(path: &Path, label: Option<&Label>) -> io::Result<Pipe> {
    let mode = Mode::from_raw_mode(0o600);
    rustix::fs::mknodat(rustix::fs::CWD, path, FileType::Fifo, mode, 0)?;
    if let Some(label) = label {
        lsm::files::set_label(path, label)?;
    }
    let end = |flags| rustix::fs::open(path, flags | OFlags::CLOEXEC, Mode::empty());
    // Without waiting for a writer; reading waits again afterwards.
    let reader = end(OFlags::RDONLY | OFlags::NONBLOCK)?;
    let writer = end(OFlags::WRONLY)?;
    rustix::fs::fcntl_setfl(&reader, OFlags::empty())?;
    Ok(Pipe { reader, writer })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs::File;
    use std::io::{Read, Write};

    #[test]
    fn a_named_pipe_ends_when_its_writer_does() {
        let place = tempfile::tempdir().unwrap();
        let pipe = named(&place.path().join("one"), None).unwrap();
        File::from(pipe.writer).write_all(b"\0\xff").unwrap();
        let mut text = Vec::new();
        File::from(pipe.reader).read_to_end(&mut text).unwrap();
        assert_eq!(text, b"\0\xff");
    }
}
