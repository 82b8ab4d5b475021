//! Applying archive entries, one by one, to the tree.

use std::cell::Cell;
use std::ffi::CString;
use std::fs::File;
use std::io::{self, Read, Seek as _, SeekFrom, Write as _};
use std::os::fd::{AsFd as _, OwnedFd};
use std::path::Path;
use std::rc::Rc;

use rustix::fs::{AtFlags, FileType, Mode, OFlags, XattrFlags};
use rustix::io::Errno;
use tar::EntryType;

use super::metadata::{Metadata, chowned};
use super::tree::{Name, Tree, kind_of};
use super::{ExtractError, ExtractLimits};

/// Bytes written between two looks at the free disk space.
const DISK_CHECK: u64 = 64 << 20;

/// A reader that refuses to go on once its allowance is used up: the parser reads extended
/// headers of any claimed size into memory.
struct Allowance<'a, R> {
    inner: &'a mut R,
    left: Rc<Cell<u64>>,
    limit: u64,
}

impl<R: Read> Read for Allowance<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        match self.left.get().checked_sub(read as u64) {
            Some(left) => self.left.set(left),
            None => return Err(ExtractError::HeaderTooLarge { limit: self.limit }.into_io()),
        }
        Ok(read)
    }
}

/// Applies every entry; returns their number and the tree.
pub(crate) fn apply_archive<'t, R: Read>(
    reader: &mut R,
    tree: Tree<'t>,
    limits: &ExtractLimits,
) -> Result<(u64, Tree<'t>), ExtractError> {
    let left = Rc::new(Cell::new(0));
    let reader = Allowance {
        inner: reader,
        left: Rc::clone(&left),
        limit: limits.header,
    };
    let mut archive = tar::Archive::new(reader);
    let mut applier = Applier {
        tree,
        buffer: vec![0; 256 << 10],
        written: 0,
        checked: 0,
    };
    let mut count = 0;
    let mut entries = archive.entries().map_err(ExtractError::reading)?;
    loop {
        // Long names and padding ride on top of the PAX records.
        left.set(limits.header + (16 << 10));
        let Some(entry) = entries.next() else { break };
        let mut entry = entry.map_err(ExtractError::reading)?;
        count += 1;
        if count > limits.entries {
            return Err(ExtractError::TooManyEntries {
                limit: limits.entries,
            });
        }
        left.set(u64::MAX);
        applier.apply(&mut entry)?;
        io::copy(&mut entry, &mut io::sink()).map_err(ExtractError::reading)?;
    }
    left.set(u64::MAX);
    Ok((count, applier.tree))
}

struct Applier<'t> {
    tree: Tree<'t>,
    buffer: Vec<u8>,
    written: u64,
    checked: u64,
}

/// One entry's place: its parent and last component.
struct Place<'a> {
    parent: Rc<OwnedFd>,
    name: CString,
    path: &'a Path,
}

impl Applier<'_> {
    fn apply<R: Read>(&mut self, entry: &mut tar::Entry<'_, R>) -> Result<(), ExtractError> {
        let kind = entry.header().entry_type();
        if kind.is_pax_global_extensions() {
            return Ok(());
        }
        let raw = entry.path_bytes().into_owned();
        let name = Name::parse(&raw, self.tree.limits())?;
        let metadata = Metadata::of(entry)?;
        let Some((parent, last)) = name.split() else {
            // Only a directory can be the root; anything else would replace it.
            return if kind.is_dir() {
                self.root(&metadata)
            } else {
                Err(ExtractError::BadPath {
                    path: String::from_utf8_lossy(&raw).into_owned(),
                    reason: "only a directory can be the root".to_owned(),
                })
            };
        };
        let parent = self.tree.directory(parent)?;
        let place = Place {
            parent,
            name: last,
            path: name.path(),
        };
        if let Some(hidden) = place.name.to_bytes().strip_prefix(b".wh.") {
            return self.whiteout(&place, hidden);
        }
        match kind {
            EntryType::Directory => self.dir(&place, &metadata),
            EntryType::Regular if raw.ends_with(b"/") && entry.size() == 0 => {
                self.dir(&place, &metadata)
            }
            EntryType::Regular | EntryType::Continuous | EntryType::GNUSparse => {
                self.file(entry, &place, &metadata)
            }
            EntryType::Symlink => self.symlink(entry, &place, &metadata),
            EntryType::Link => self.hardlink(entry, &place),
            EntryType::Fifo => self.fifo(&place, &metadata),
            EntryType::Char if is_whiteout_header(entry.header()) => {
                self.hide(&place, place.name.to_bytes())
            }
            // Devices belong to the host; a namespace could not make them anyway.
            EntryType::Char | EntryType::Block => Ok(()),
            other => Err(ExtractError::Unsupported {
                path: place.path.to_string_lossy().into_owned(),
                feature: format!("the entry type {:?}", char::from(other.as_byte())),
            }),
        }
    }

    fn root(&mut self, metadata: &Metadata) -> Result<(), ExtractError> {
        let path = Path::new("");
        metadata.set_xattrs(&self.tree.root(), path, self.tree.limits())?;
        self.tree
            .set_later(path, metadata.mode, metadata.times.clone());
        Ok(())
    }

    fn dir(&mut self, place: &Place<'_>, metadata: &Metadata) -> Result<(), ExtractError> {
        let fd = self
            .tree
            .open_directory(&place.parent, &place.name, place.path)?;
        self.own(&fd, place.path, metadata)?;
        metadata.set_xattrs(&fd, place.path, self.tree.limits())?;
        self.tree
            .set_later(place.path, metadata.mode, metadata.times.clone());
        Ok(())
    }

    fn own(&self, fd: &OwnedFd, path: &Path, metadata: &Metadata) -> Result<(), ExtractError> {
        let (uid, gid) = metadata.owner();
        chowned(rustix::fs::fchown(fd, uid, gid), path, self.tree.limits())
    }

    fn file<R: Read>(
        &mut self,
        entry: &mut tar::Entry<'_, R>,
        place: &Place<'_>,
        metadata: &Metadata,
    ) -> Result<(), ExtractError> {
        let flags =
            OFlags::WRONLY | OFlags::CREATE | OFlags::EXCL | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        let fd = self
            .tree
            .replace(&place.parent, &place.name, place.path, || {
                rustix::fs::openat(&*place.parent, &place.name, flags, Mode::RUSR | Mode::WUSR)
            })?;
        let mut file = File::from(fd);
        self.copy(entry, &mut file, place.path)?;
        let fd = OwnedFd::from(file);
        // In this order: writing and a change of owner clear capabilities and set-id bits.
        self.own(&fd, place.path, metadata)?;
        metadata.set_xattrs(&fd, place.path, self.tree.limits())?;
        rustix::fs::fchmod(&fd, metadata.mode)
            .and_then(|()| rustix::fs::futimens(&fd, &metadata.times))
            .map_err(|errno| ExtractError::os("change", place.path, errno))
    }

    fn copy<R: Read>(
        &mut self,
        entry: &mut tar::Entry<'_, R>,
        file: &mut File,
        path: &Path,
    ) -> Result<(), ExtractError> {
        let sparse = entry.header().entry_type().is_gnu_sparse();
        let (size, mut done) = (entry.size(), 0u64);
        loop {
            let read = entry
                .read(&mut self.buffer)
                .map_err(ExtractError::reading)?;
            if read == 0 {
                break;
            }
            done += read as u64;
            self.account(read as u64)?;
            if sparse && self.written > self.tree.limits().output_floor {
                return Err(ExtractError::TooLarge {
                    limit: self.tree.limits().output_floor,
                });
            }
            let data = &self.buffer[..read];
            let written = if sparse && data.iter().all(|byte| *byte == 0) {
                file.seek(SeekFrom::Current(read as i64)).map(drop)
            } else {
                file.write_all(data)
            };
            written.map_err(|error| ExtractError::os("write", path, error))?;
        }
        if done != size {
            return Err(ExtractError::Truncated);
        }
        if sparse {
            file.set_len(done)
                .map_err(|error| ExtractError::os("write", path, error))?;
        }
        Ok(())
    }

    /// Counts bytes; from time to time looks whether the disk reserve is still there.
    fn account(&mut self, bytes: u64) -> Result<(), ExtractError> {
        self.written += bytes;
        if self.written >= self.checked {
            self.checked = self.written + DISK_CHECK;
            let reserve = self.tree.limits().disk_reserve;
            if self.tree.free_bytes().is_some_and(|free| free < reserve) {
                return Err(ExtractError::DiskFull);
            }
        }
        Ok(())
    }

    fn symlink<R: Read>(
        &mut self,
        entry: &tar::Entry<'_, R>,
        place: &Place<'_>,
        metadata: &Metadata,
    ) -> Result<(), ExtractError> {
        let target = link_target(entry, place)?;
        self.tree
            .replace(&place.parent, &place.name, place.path, || {
                rustix::fs::symlinkat(&target, &*place.parent, &place.name)
            })?;
        self.finish_node(place, metadata)
    }

    fn finish_node(&self, place: &Place<'_>, metadata: &Metadata) -> Result<(), ExtractError> {
        let (uid, gid) = metadata.owner();
        let changed = rustix::fs::chownat(
            &*place.parent,
            &place.name,
            uid,
            gid,
            AtFlags::SYMLINK_NOFOLLOW,
        );
        chowned(changed, place.path, self.tree.limits())?;
        rustix::fs::utimensat(
            &*place.parent,
            &place.name,
            &metadata.times,
            AtFlags::SYMLINK_NOFOLLOW,
        )
        .map_err(|errno| ExtractError::os("change", place.path, errno))
    }

    fn hardlink<R: Read>(
        &mut self,
        entry: &tar::Entry<'_, R>,
        place: &Place<'_>,
    ) -> Result<(), ExtractError> {
        let raw = link_target(entry, place)?;
        let target = Name::parse(raw.to_bytes(), self.tree.limits())?;
        let failed = |errno| ExtractError::os("link", place.path, errno);
        let Some((parent, last)) = target.split() else {
            return Err(failed(Errno::PERM));
        };
        if target.path() == place.path {
            return Ok(());
        }
        let from = self.tree.resolve(parent).map_err(failed)?;
        // No AT_SYMLINK_FOLLOW: a link to a link is a link.
        self.tree
            .replace(&place.parent, &place.name, place.path, || {
                rustix::fs::linkat(&from, &last, &*place.parent, &place.name, AtFlags::empty())
            })
    }

    fn fifo(&mut self, place: &Place<'_>, metadata: &Metadata) -> Result<(), ExtractError> {
        self.tree
            .replace(&place.parent, &place.name, place.path, || {
                rustix::fs::mknodat(
                    &*place.parent,
                    &place.name,
                    FileType::Fifo,
                    metadata.mode,
                    0,
                )
            })?;
        self.finish_node(place, metadata)
    }

    fn whiteout(&mut self, place: &Place<'_>, hidden: &[u8]) -> Result<(), ExtractError> {
        if hidden == b".wh..opq" {
            return Tree::set_opaque(place.parent.as_fd(), place.path);
        }
        if hidden.starts_with(b".wh.") {
            return Ok(()); // aufs's own files
        }
        if matches!(hidden, b"" | b"." | b"..") {
            return Err(ExtractError::PathEscapes {
                path: place.path.to_string_lossy().into_owned(),
            });
        }
        self.hide(place, hidden)
    }

    /// Hides `name` of lower layers. What this layer itself has there stays: a directory
    /// becomes opaque, anything else covers the lower one already.
    fn hide(&mut self, place: &Place<'_>, name: &[u8]) -> Result<(), ExtractError> {
        let failed = |errno| ExtractError::os("hide", place.path, errno);
        let name = CString::new(name).map_err(|_| failed(Errno::INVAL))?;
        match kind_of(place.parent.as_fd(), &name).map_err(failed)? {
            Some(FileType::Directory) => {
                let fd = self.tree.open_directory(&place.parent, &name, place.path)?;
                return Tree::set_opaque(fd.as_fd(), place.path);
            }
            Some(_) => return Ok(()),
            None => {}
        }
        let made = rustix::fs::mknodat(
            &*place.parent,
            &name,
            FileType::CharacterDevice,
            Mode::empty(),
            0,
        );
        match made {
            Err(Errno::PERM) => xattr_whiteout(&place.parent, &name).map_err(failed),
            other => other.map_err(failed),
        }
    }
}

/// The other form overlay knows (Linux 6.7), where even this device may not be made.
fn xattr_whiteout(parent: &OwnedFd, name: &CString) -> Result<(), Errno> {
    let flags = OFlags::WRONLY | OFlags::CREATE | OFlags::EXCL | OFlags::CLOEXEC;
    let file = rustix::fs::openat(parent, name, flags, Mode::empty())?;
    rustix::fs::fsetxattr(&file, "user.overlay.whiteout", b"y", XattrFlags::empty())?;
    let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC;
    let dir = rustix::fs::openat(parent, c".", flags, Mode::empty())?;
    match rustix::fs::fsetxattr(&dir, "user.overlay.opaque", b"x", XattrFlags::CREATE) {
        Err(Errno::EXIST) => Ok(()),
        other => other,
    }
}

fn is_whiteout_header(header: &tar::Header) -> bool {
    matches!(
        (header.device_major(), header.device_minor()),
        (Ok(Some(0)), Ok(Some(0)))
    )
}

fn link_target<R: Read>(
    entry: &tar::Entry<'_, R>,
    place: &Place<'_>,
) -> Result<CString, ExtractError> {
    let bad = |reason: &str| ExtractError::BadPath {
        path: place.path.to_string_lossy().into_owned(),
        reason: reason.to_owned(),
    };
    let raw = entry
        .link_name_bytes()
        .ok_or_else(|| bad("a link without a target"))?;
    if raw.is_empty() || raw.len() > 4096 {
        return Err(bad("a link with an unusable target"));
    }
    CString::new(raw.into_owned()).map_err(|_| bad("a link target with a NUL byte"))
}
