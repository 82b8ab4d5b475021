//! A private home at its first start: the image's `/etc/skel`, as useradd(8) would copy it.

use std::io::{self, Read, Write};
use std::os::fd::{AsFd, AsRawFd, BorrowedFd, OwnedFd};
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

use rustix::fs::{AtFlags, Dir, FileType, Gid, Mode, OFlags, Uid};

use crate::account::Account;
use crate::lsm::{self, label::Label};
use crate::sys::mount::open_in_root;

/// Larger files, deeper folders and more entries are no skeleton.
const FILE_LIMIT: u64 = 1 << 20;
const DEPTH_LIMIT: u32 = 8;
const ENTRY_LIMIT: u32 = 1000;

/// Fills `home` (a mount of it) from the image in `root`, if nothing is in there yet.
pub(super) fn seed(
    root: BorrowedFd<'_>,
    home: BorrowedFd<'_>,
    account: &Account,
) -> io::Result<()> {
    let home = open_directory(home, Path::new("."))?;
    let Ok(skeleton) = open_in_root(
        root,
        Path::new("/etc/skel"),
        OFlags::RDONLY | OFlags::DIRECTORY,
    ) else {
        return Ok(());
    };
    if entries(&home)?.is_empty() {
        let mut copy = Copy {
            account,
            left: ENTRY_LIMIT,
        };
        copy.directory(skeleton.as_fd(), home.as_fd(), 0)?;
    }
    Ok(())
}

/// Gives everything in `home` the pet's `label`, if the folder itself has another one: a pet that had
/// none so far. What the pet makes in there has it from then on.
pub(super) fn label(home: BorrowedFd<'_>, label: &Label) -> io::Result<()> {
    let path = format!("/proc/self/fd/{}/.", home.as_raw_fd());
    if lsm::files::label(Path::new(&path)).as_ref() == Some(label) {
        return Ok(());
    }
    match lsm::files::label_tree(home, label)? {
        Some((path, error)) => Err(io::Error::new(
            error.kind(),
            format!("{}: {error}", path.display()),
        )),
        None => Ok(()),
    }
}

fn open_directory(parent: BorrowedFd<'_>, name: &Path) -> io::Result<OwnedFd> {
    let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
    Ok(rustix::fs::openat(parent, name, flags, Mode::empty())?)
}

fn entries(directory: &OwnedFd) -> io::Result<Vec<std::ffi::CString>> {
    let mut names = Vec::new();
    for entry in Dir::read_from(directory)? {
        let name = entry?.file_name().to_owned();
        if !matches!(name.as_bytes(), b"." | b"..") {
            names.push(name);
        }
    }
    Ok(names)
}

struct Copy<'a> {
    account: &'a Account,
    left: u32,
}

impl Copy<'_> {
    fn directory(
        &mut self,
        from: BorrowedFd<'_>,
        to: BorrowedFd<'_>,
        depth: u32,
    ) -> io::Result<()> {
        let source = open_directory(from, Path::new("."))?;
        for name in entries(&source)? {
            let Some(left) = self.left.checked_sub(1) else {
                return Ok(());
            };
            self.left = left;
            let name = Path::new(std::ffi::OsStr::from_bytes(name.as_bytes()));
            self.entry(source.as_fd(), to, name, depth)?;
        }
        Ok(())
    }

    fn entry(
        &mut self,
        from: BorrowedFd<'_>,
        to: BorrowedFd<'_>,
        name: &Path,
        depth: u32,
    ) -> io::Result<()> {
        let status = rustix::fs::statat(from, name, AtFlags::SYMLINK_NOFOLLOW)?;
        match FileType::from_raw_mode(status.st_mode) {
            FileType::Directory if depth < DEPTH_LIMIT => {
                rustix::fs::mkdirat(to, name, Mode::from_raw_mode(status.st_mode & 0o777))?;
                self.give(to, name)?;
                let (from, to) = (open_directory(from, name)?, open_directory(to, name)?);
                self.directory(from.as_fd(), to.as_fd(), depth + 1)
            }
            FileType::RegularFile if status.st_size as u64 <= FILE_LIMIT => {
                let flags = OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::CLOEXEC;
                let source = rustix::fs::openat(from, name, flags, Mode::empty())?;
                let mut bytes = Vec::new();
                std::fs::File::from(source)
                    .take(FILE_LIMIT)
                    .read_to_end(&mut bytes)?;
                let flags = OFlags::CREATE
                    | OFlags::EXCL
                    | OFlags::WRONLY
                    | OFlags::NOFOLLOW
                    | OFlags::CLOEXEC;
                let mode = Mode::from_raw_mode(status.st_mode & 0o777);
                let target = rustix::fs::openat(to, name, flags, mode)?;
                std::fs::File::from(target).write_all(&bytes)?;
                self.give(to, name)
            }
            FileType::Symlink => {
                let target = rustix::fs::readlinkat(from, name, Vec::new())?;
                rustix::fs::symlinkat(target, to, name)?;
                self.give(to, name)
            }
            _ => Ok(()),
        }
    }

    fn give(&self, directory: BorrowedFd<'_>, name: &Path) -> io::Result<()> {
        let owner = Uid::from_raw(self.account.uid);
        let group = Gid::from_raw(self.account.gid);
        let flags = AtFlags::SYMLINK_NOFOLLOW;
        Ok(rustix::fs::chownat(
            directory,
            name,
            Some(owner),
            Some(group),
            flags,
        )?)
    }
}
