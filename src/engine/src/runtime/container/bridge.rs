//! Puts the pet's end of the bridge to the host in its place: the socket, the program that speaks
//! through it, and the names by which it is called.

use std::io;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::path::Path;

use kennel_model::ProgramName;

use super::sealed::seal;
use crate::bridge;
use crate::runtime::prompt::PROGRAMS;
use crate::sys::mount::{
    Attributes, attach, clone_mount, make_directory, make_file, replace_by_link, restrict,
};

/// Where our program is inside.
const PROGRAM: &str = "/run/kennel/program/kennel";

/// What of the host it is made of.
pub(super) struct Parts {
    /// A copy of the mount of the socket's directory.
    socket: OwnedFd,
    /// Our executable, only to be read. Root of a pet with light confinement may make it writable
    /// again, and so gets what the bridge gives anyway: whatever the person can do.
    program: OwnedFd,
}

impl Parts {
    /// Those of the pet whose running directory is `running`.
    pub(super) fn take(running: &Path, executable: &Path) -> io::Result<Self> {
        let socket = clone_mount(&bridge::directory(running), false)?;
        restrict(socket.as_fd(), Attributes::READ_ONLY, false)?;
        Ok(Self {
            socket,
            // A pet under a label of its own has no bridge.
            program: seal(executable, None)?,
        })
    }
}

/// Puts `parts` into the pet whose root is `root`, with `programs` of the host by their names.
pub(super) fn install(
    root: BorrowedFd<'_>,
    parts: &Parts,
    programs: &[ProgramName],
) -> io::Result<()> {
    let socket = make_directory(root, Path::new(bridge::DIRECTORY_INSIDE))?;
    attach(parts.socket.as_fd(), socket.as_fd())?;
    let program = make_file(root, Path::new(PROGRAM))?;
    attach(parts.program.as_fd(), program.as_fd())?;
    let ours = ["kennel", "flatpak-spawn"].into_iter();
    for name in ours.chain(programs.iter().map(ProgramName::as_str)) {
        replace_by_link(root, &Path::new(PROGRAMS).join(name), Path::new(PROGRAM))?;
    }
    Ok(())
}
