//! Our own executable as the pet's programs see it at `/proc/1/exe`: nothing inside can write to it
//! (CVE-2019-5736), and no mount namespace holds its mount to be remounted.

use std::fs::File;
use std::io;
use std::os::fd::{AsFd, OwnedFd};
use std::path::Path;

use rustix::fs::{Mode, OFlags};

use crate::lsm::label::PetLabels;
use crate::sys::mount::{Attributes, LABEL_OPTION, clone_mount, new_filesystem, restrict};

const READ_ONLY: Attributes = Attributes {
    no_suid: true,
    no_dev: true,
    ..Attributes::READ_ONLY
};

/// A descriptor of `executable` to be executed. Under labels of its own a pet's programs can only
/// begin with a file of such a label, which the host's executable does not have: a copy has it.
pub(super) fn seal(executable: &Path, labels: Option<&PetLabels>) -> io::Result<OwnedFd> {
    match labels {
        None => {
            let mount = clone_mount(executable, false)?;
            restrict(mount.as_fd(), READ_ONLY, false)?;
            Ok(mount)
        }
        Some(labels) => labelled_copy(executable, &labels.files.to_string()),
    }
}

/// A copy on a file system of its own, all of which has `label`.
fn labelled_copy(executable: &Path, label: &str) -> io::Result<OwnedFd> {
    let options = [("mode", "755"), (LABEL_OPTION, label)];
    let mount = new_filesystem("tmpfs", &options, Attributes::default())?;
    let flags = OFlags::CREATE | OFlags::EXCL | OFlags::WRONLY | OFlags::CLOEXEC;
    let mode = Mode::from_raw_mode(0o755);
    let copy = rustix::fs::openat(&mount, "kennel", flags, mode)?;
    io::copy(&mut File::open(executable)?, &mut File::from(copy))?;
    restrict(mount.as_fd(), READ_ONLY, false)?;
    let flags = OFlags::PATH | OFlags::NOFOLLOW | OFlags::CLOEXEC;
    Ok(rustix::fs::openat(&mount, "kennel", flags, Mode::empty())?)
}
