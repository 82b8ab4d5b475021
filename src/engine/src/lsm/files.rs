//! Labels of files (`security.selinux`, xattr(7)).

use std::ffi::{OsStr, OsString};
use std::io;
use std::os::fd::{AsFd, AsRawFd, BorrowedFd, OwnedFd};
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

use rustix::fs::{AtFlags, Dir, FileType, Mode, OFlags, XattrFlags};

use super::label::Label;

const ATTRIBUTE: &str = "security.selinux";

/// The label of `path` itself; `None` where the file system keeps none.
pub fn label(path: &Path) -> Option<Label> {
    let mut text = [0; 1024];
    let length = rustix::fs::lgetxattr(path, ATTRIBUTE, &mut text[..]).ok()?;
    let text = std::str::from_utf8(text.get(..length)?).ok()?;
    text.trim_end_matches('\0').parse().ok()
}

/// Gives `path` itself `label`.
pub fn set_label(path: &Path, label: &Label) -> io::Result<()> {
    let mut text = label.to_string().into_bytes();
    // As the C library of SELinux writes it.
    text.push(0);
    Ok(rustix::fs::lsetxattr(
        path,
        ATTRIBUTE,
        &text,
        XattrFlags::empty(),
    )?)
}

/// Gives everything in the tree `root`, a directory, `label`; the tree's own file system only, and
/// no link is followed. Returns the first thing that could not be labelled, after all were tried.
pub fn label_tree(root: BorrowedFd<'_>, label: &Label) -> io::Result<Option<(PathBuf, io::Error)>> {
    let top = open_directory(root, OsStr::new("."))?;
    let device = rustix::fs::fstat(&top)?.st_dev;
    let mut tree = Tree {
        label,
        device,
        failed: None,
    };
    tree.entries(top.as_fd(), Path::new(""))?;
    tree.give(&through(top.as_fd()).join("."), Path::new("."));
    Ok(tree.failed)
}

struct Tree<'a> {
    label: &'a Label,
    device: u64,
    failed: Option<(PathBuf, io::Error)>,
}

impl Tree<'_> {
    /// What is in `directory`, whose name below the root is `shown`.
    fn entries(&mut self, directory: BorrowedFd<'_>, shown: &Path) -> io::Result<()> {
        for name in names(directory)? {
            let shown = shown.join(&name);
            match rustix::fs::statat(directory, &name, AtFlags::SYMLINK_NOFOLLOW) {
                Ok(status) if status.st_dev == self.device => {
                    if FileType::from_raw_mode(status.st_mode) == FileType::Directory {
                        let below = open_directory(directory, &name)
                            .and_then(|below| self.entries(below.as_fd(), &shown));
                        self.note(&shown, below);
                    }
                    self.give(&through(directory).join(&name), &shown);
                }
                // Another file system, or gone meanwhile.
                _ => {}
            }
        }
        Ok(())
    }

    fn give(&mut self, path: &Path, shown: &Path) {
        // A build folder has 10^5 files, most of them right: nothing is written for those.
        if label(path).as_ref() != Some(self.label) {
            let result = set_label(path, self.label);
            self.note(shown, result);
        }
    }

    fn note(&mut self, shown: &Path, result: io::Result<()>) {
        if let Err(error) = result
            && error.kind() != io::ErrorKind::NotFound
        {
            self.failed.get_or_insert((shown.to_owned(), error));
        }
    }
}

/// The path that leads to what is open: names are looked up in it, whatever it is called now.
fn through(directory: BorrowedFd<'_>) -> PathBuf {
    format!("/proc/self/fd/{}", directory.as_raw_fd()).into()
}

fn open_directory(parent: BorrowedFd<'_>, name: &OsStr) -> io::Result<OwnedFd> {
    let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
    Ok(rustix::fs::openat(parent, name, flags, Mode::empty())?)
}

fn names(directory: BorrowedFd<'_>) -> io::Result<Vec<OsString>> {
    let mut names = Vec::new();
    for entry in Dir::read_from(directory)? {
        let entry = entry?;
        let name = entry.file_name().to_bytes();
        if !matches!(name, b"." | b"..") {
            names.push(OsStr::from_bytes(name).to_owned());
        }
    }
    Ok(names)
}
