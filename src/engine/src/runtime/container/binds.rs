//! Mounts what the pet may reach of the host.

use std::io;
use std::os::fd::{AsFd, AsRawFd, BorrowedFd};
use std::path::Path;

use rustix::fs::{AtFlags, FileType, Gid, Mode, OFlags, Uid};

use super::{ContainerInput, HostParts};
use crate::account::Account;
use crate::runtime::plan::Bind;
use crate::runtime::{RuntimeError, Step, followed, shares};
use crate::sys::mount::{
    Attributes, attach, make_directory, make_file, new_filesystem, open_in_root, replace_by_link,
    restrict,
};

pub(super) fn mount_all(
    root: BorrowedFd<'_>,
    input: &ContainerInput<'_>,
    host: &HostParts,
) -> Result<(), RuntimeError> {
    let plan = input.plan;
    // First: what is made later may lie behind them.
    for (path, target) in &plan.links {
        if let Err(error) = make_link(root, path, target) {
            eprintln!("linking {}: {error}", path.display());
        }
    }
    own_directory(root, &plan.runtime_dir, input.account).step("making the runtime directory")?;
    for (bind, copy) in plan.binds.iter().zip(&host.binds) {
        let Some(copy) = copy else { continue };
        match mount(root, bind, copy.as_fd()).step(what(bind)) {
            // Such as a file of the image where a directory would be needed.
            Err(error) if bind.optional => eprintln!("{error}"),
            other => other?,
        }
    }
    follow_files(root, host.followed_files.as_fd()).step("sharing the host's name resolution")?;
    match &host.session {
        Some(copy) => {
            follow_session(root, input, copy.as_fd()).step("sharing your session's sockets")
        }
        None => Ok(()),
    }
}

/// What is done for `bind`, for the log.
fn what(bind: &Bind) -> String {
    let source = bind.source.display();
    if bind.source == bind.target {
        format!("sharing {source}")
    } else {
        format!("sharing {source} as {}", bind.target.display())
    }
}

/// One that belongs to the person alone; shares are mounted into it or over it.
fn own_directory(root: BorrowedFd<'_>, path: &Path, account: &Account) -> io::Result<()> {
    let directory = make_directory(root, path)?;
    let (uid, gid) = (Uid::from_raw(account.uid), Gid::from_raw(account.gid));
    rustix::fs::chownat(&directory, "", Some(uid), Some(gid), AtFlags::EMPTY_PATH)?;
    // The descriptor is O_PATH: its mode is changed through its magic link.
    let link = format!("/proc/self/fd/{}", directory.as_raw_fd());
    Ok(rustix::fs::chmod(link, Mode::from_raw_mode(0o700))?)
}

/// Makes `path` a link, in place of a file or an empty directory. A directory of the image in
/// which something is stays as it is.
fn make_link(root: BorrowedFd<'_>, path: &Path, target: &Path) -> io::Result<()> {
    let parent = path.parent().unwrap_or(Path::new("/"));
    if shares::LINKED
        .iter()
        .any(|linked| Path::new(linked) == path)
    {
        make_directory(root, &parent.join(target))?;
    }
    let parent = make_directory(root, parent)?;
    let name = path.file_name().unwrap_or_default();
    match rustix::fs::unlinkat(&parent, name, AtFlags::REMOVEDIR) {
        Err(rustix::io::Errno::NOTEMPTY | rustix::io::Errno::BUSY) => Ok(()),
        // It was an empty directory, or is none.
        _ => replace_by_link(root, path, target),
    }
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

/// Shows the directory of [`followed`] files and links the image's own files there. A link is what
/// lets a file that the host replaces be seen at once; a mount of the file would keep the old.
fn follow_files(root: BorrowedFd<'_>, copy: BorrowedFd<'_>) -> io::Result<()> {
    restrict(copy, Attributes::READ_ONLY, false)?;
    let target = make_directory(root, Path::new(followed::FILES_INSIDE))?;
    attach(copy, target.as_fd())?;
    for name in followed::LINKS {
        let target = Path::new(followed::FILES_INSIDE).join(name);
        replace_by_link(root, &Path::new("/etc").join(name), &target)?;
    }
    Ok(())
}

/// Shows the directory of the session's sockets, with links to it at their usual names.
fn follow_session(
    root: BorrowedFd<'_>,
    input: &ContainerInput<'_>,
    copy: BorrowedFd<'_>,
) -> io::Result<()> {
    restrict(copy, Attributes::READ_ONLY, false)?;
    let target = make_directory(root, Path::new(followed::session::INSIDE))?;
    attach(copy, target.as_fd())?;
    let runtime = &input.plan.runtime_dir;
    for link in &input.plan.session.links {
        let Some(inside) = &link.inside else { continue };
        // gpg and PulseAudio want directories that are the person's alone.
        let between = inside.ancestors().skip(1);
        for directory in between.take_while(|directory| *directory != runtime) {
            own_directory(root, directory, input.account)?;
        }
        replace_by_link(root, inside, &link.target())?;
    }
    Ok(())
}
