//! Removing a tree of any depth with two file descriptors.

use std::ffi::{CStr, CString};
use std::io;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::path::Path;

use rustix::fs::{AtFlags, Dir, FileType, Mode, OFlags, RenameFlags};
use rustix::io::Errno;

const OPEN_DIR: OFlags = OFlags::RDONLY
    .union(OFlags::DIRECTORY)
    .union(OFlags::NOFOLLOW)
    .union(OFlags::CLOEXEC);

/// Removes `path` and everything below it, following no link. Missing is fine.
///
/// An archive can nest directories deeper than a process may have files open, so subdirectories
/// are not descended into but moved up to the top, one level at a time.
pub fn remove_tree(path: &Path) -> io::Result<()> {
    let (Some(parent), Some(name)) = (path.parent(), path.file_name()) else {
        return Err(Errno::INVAL.into());
    };
    let parent = match rustix::fs::open(
        parent,
        OFlags::PATH | OFlags::DIRECTORY | OFlags::CLOEXEC,
        Mode::empty(),
    ) {
        Err(Errno::NOENT) => return Ok(()),
        other => other?,
    };
    let name = CString::new(name.as_encoded_bytes())?;
    Ok(remove_at(parent.as_fd(), &name)?)
}

/// Removes the entry `name` of `parent`, whatever it is.
pub(crate) fn remove_at(parent: BorrowedFd<'_>, name: &CStr) -> Result<(), Errno> {
    match rustix::fs::unlinkat(parent, name, AtFlags::empty()) {
        Err(Errno::ISDIR | Errno::PERM) => {}
        Err(Errno::NOENT) => return Ok(()),
        other => return other,
    }
    let top = open_writable(parent, name)?;
    let mut counter = 0u64;
    while empty_once(&top, &mut counter)? {}
    rustix::fs::unlinkat(parent, name, AtFlags::REMOVEDIR)
}

/// Opens a directory, making it writable for its owner first.
fn open_writable(parent: BorrowedFd<'_>, name: &CStr) -> Result<OwnedFd, Errno> {
    let fd = match rustix::fs::openat(parent, name, OPEN_DIR, Mode::empty()) {
        Err(Errno::ACCESS) => {
            // Not a link: the caller saw a directory, and nobody else writes below it.
            rustix::fs::chmodat(parent, name, Mode::RWXU, AtFlags::empty())?;
            rustix::fs::openat(parent, name, OPEN_DIR, Mode::empty())?
        }
        other => other?,
    };
    // May fail for a directory of another owner; the removal then says so.
    let _ = rustix::fs::fchmod(&fd, Mode::RWXU);
    Ok(fd)
}

/// One pass over `top`: unlinks what is not a directory, and of each directory moves the
/// subdirectories up. True when there may be more to do.
fn empty_once(top: &OwnedFd, counter: &mut u64) -> Result<bool, Errno> {
    let mut again = false;
    for (name, kind) in names(top)? {
        if kind != FileType::Directory {
            match rustix::fs::unlinkat(top, &name, AtFlags::empty()) {
                Err(Errno::ISDIR) => {}
                other => {
                    other?;
                    continue;
                }
            }
        }
        if rustix::fs::unlinkat(top, &name, AtFlags::REMOVEDIR).is_ok() {
            continue;
        }
        again = true;
        let sub = open_writable(top.as_fd(), &name)?;
        for (inner, kind) in names(&sub)? {
            if kind != FileType::Directory
                && rustix::fs::unlinkat(&sub, &inner, AtFlags::empty()) != Err(Errno::ISDIR)
            {
                continue;
            }
            if rustix::fs::unlinkat(&sub, &inner, AtFlags::REMOVEDIR).is_ok() {
                continue;
            }
            drop(open_writable(sub.as_fd(), &inner)?);
            move_up(&sub, &inner, top, counter)?;
        }
    }
    Ok(again)
}

fn move_up(sub: &OwnedFd, inner: &CStr, top: &OwnedFd, counter: &mut u64) -> Result<(), Errno> {
    loop {
        *counter += 1;
        let fresh = format!(".removing-{counter}");
        match rustix::fs::renameat_with(sub, inner, top, fresh, RenameFlags::NOREPLACE) {
            Err(Errno::EXIST) => {}
            other => return other,
        }
    }
}

fn names(dir: &OwnedFd) -> Result<Vec<(CString, FileType)>, Errno> {
    let mut found = Vec::new();
    for entry in Dir::read_from(dir)? {
        let entry = entry?;
        let name = entry.file_name();
        if name != c"." && name != c".." {
            found.push((name.to_owned(), entry.file_type()));
        }
    }
    Ok(found)
}
