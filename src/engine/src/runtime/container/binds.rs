//! Mounts what the pet may reach of the host.

use std::io;
use std::os::fd::{AsFd, AsRawFd, BorrowedFd};
use std::path::Path;

use rustix::fs::{AtFlags, FileType, Gid, Mode, OFlags, Uid};

use super::{ContainerInput, HostParts};
use crate::account::Account;
use crate::runtime::host_files;
use crate::runtime::plan::Bind;
use crate::runtime::{RuntimeError, Step};
use crate::sys::mount::{
    Attributes, attach, make_directory, make_file, new_filesystem, open_in_root, replace_by_link,
    restrict,
};

pub(super) fn mount_all(
    root: BorrowedFd<'_>,
    input: &ContainerInput<'_>,
    host: &HostParts,
) -> Result<(), RuntimeError> {
    own_runtime_directory(root, &input.plan.runtime_dir, input.account)
        .step("making the runtime directory")?;
    for (bind, copy) in input.plan.binds.iter().zip(&host.binds) {
        mount(root, bind, copy.as_fd()).step(format!("sharing {}", bind.source.display()))?;
    }
    follow_host_files(root, host.host_files.as_fd()).step("sharing the host's name resolution")
}

/// An empty one that belongs to the person; shares are mounted into it or over it.
fn own_runtime_directory(root: BorrowedFd<'_>, path: &Path, account: &Account) -> io::Result<()> {
    let directory = make_directory(root, path)?;
    let (uid, gid) = (Uid::from_raw(account.uid), Gid::from_raw(account.gid));
    rustix::fs::chownat(&directory, "", Some(uid), Some(gid), AtFlags::EMPTY_PATH)?;
    // The descriptor is O_PATH: its mode is changed through its magic link.
    let link = format!("/proc/self/fd/{}", directory.as_raw_fd());
    Ok(rustix::fs::chmod(link, Mode::from_raw_mode(0o700))?)
}

fn mount(root: BorrowedFd<'_>, bind: &Bind, copy: BorrowedFd<'_>) -> io::Result<()> {
    if bind.read_only {
        restrict(copy, Attributes::READ_ONLY, true)?;
    }
    let mode = rustix::fs::fstat(copy)?.st_mode;
    let target = if FileType::from_raw_mode(mode) == FileType::Directory {
        make_directory(root, &bind.target)
    } else {
        make_file(root, &bind.target)
    };
    attach(copy, target?.as_fd())?;
    if bind.source == Path::new("/") {
        // The host's process list is not part of the host's files.
        let proc = new_filesystem("proc", &[], Attributes::default())?;
        let target = open_in_root(root, &bind.target.join("proc"), OFlags::PATH)?;
        attach(proc.as_fd(), target.as_fd())?;
    }
    Ok(())
}

/// Shows the directory of [`host_files`] and links the image's own files there. A link is what
/// lets a file that the host replaces be seen at once; a mount of the file would keep the old.
fn follow_host_files(root: BorrowedFd<'_>, copy: BorrowedFd<'_>) -> io::Result<()> {
    restrict(copy, Attributes::READ_ONLY, false)?;
    let target = make_directory(root, Path::new(host_files::INSIDE))?;
    attach(copy, target.as_fd())?;
    for name in host_files::NAMES {
        let target = Path::new(host_files::INSIDE).join(name);
        replace_by_link(root, &Path::new("/etc").join(name), &target)?;
    }
    Ok(())
}
