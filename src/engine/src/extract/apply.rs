//! Applying archive entries, one by one, to the tree.

use std::ffi::CString;
use std::fs::File;
use std::io::{Read, Seek as _, SeekFrom, Write as _};
use std::os::fd::{AsFd as _, OwnedFd};
use std::path::Path;
use std::rc::Rc;

use rustix::fs::{AtFlags, FileType, Mode, OFlags};
use rustix::io::Errno;
use tar::EntryType;

use super::archive::{Archive, Entry};
use super::metadata::{Metadata, chowned};
use super::sparse::SparseMap;
use super::tree::{Name, Tree, kind_of};
use super::{ExtractError, ExtractLimits};

/// Bytes written between two looks at the free disk space.
const DISK_CHECK: u64 = 64 << 20;

/// What was applied.
pub(crate) struct Applied<'t> {
    pub(crate) entries: u64,
    /// Whether the archive's end mark was there.
    pub(crate) complete: bool,
    pub(crate) tree: Tree<'t>,
}

/// Applies every entry.
pub(crate) fn apply_archive<'t, R: Read>(
    reader: &mut R,
    tree: Tree<'t>,
    limits: &ExtractLimits,
) -> Result<Applied<'t>, ExtractError> {
    let mut archive = Archive::new(reader, limits.header);
    let mut applier = Applier {
        tree,
        buffer: vec![0; 256 << 10],
        written: 0,
        checked: 0,
    };
    let mut entries = 0;
    while let Some(entry) = archive.next_entry()? {
        entries += 1;
        if entries > limits.entries {
            return Err(ExtractError::TooManyEntries {
                limit: limits.entries,
            });
        }
        applier.apply(&entry, &mut archive)?;
    }
    Ok(Applied {
        entries,
        complete: archive.has_end_mark(),
        tree: applier.tree,
    })
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
    /// Applies `entry`, whose content `content` reads.
    fn apply(&mut self, entry: &Entry, content: &mut impl Read) -> Result<(), ExtractError> {
        let (kind, raw) = (entry.kind, &entry.path);
        let name = Name::parse(raw, self.tree.limits())?;
        let metadata = Metadata::of(entry)?;
        let Some((parent, last)) = name.split() else {
            // Only a directory can be the root; anything else would replace it.
            return if kind.is_dir() {
                self.root(&metadata)
            } else {
                Err(ExtractError::BadPath {
                    path: String::from_utf8_lossy(raw).into_owned(),
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
            EntryType::Regular if raw.ends_with(b"/") && entry.size == 0 => {
                self.dir(&place, &metadata)
            }
            EntryType::Regular | EntryType::Continuous | EntryType::GNUSparse => {
                self.file(entry, content, &place, &metadata)
            }
            EntryType::Symlink => self.symlink(entry, &place, &metadata),
            EntryType::Link => self.hardlink(entry, &place),
            EntryType::Fifo => self.fifo(&place, &metadata),
            EntryType::Char if is_whiteout_header(&entry.header) => {
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
            .set_later(path, metadata.mode, metadata.times.clone())
    }

    fn dir(&mut self, place: &Place<'_>, metadata: &Metadata) -> Result<(), ExtractError> {
        let fd = self
            .tree
            .open_directory(&place.parent, &place.name, place.path)?;
        self.own(&fd, place.path, metadata)?;
        metadata.set_xattrs(&fd, place.path, self.tree.limits())?;
        self.tree
            .set_later(place.path, metadata.mode, metadata.times.clone())
    }

    fn own(&self, fd: &OwnedFd, path: &Path, metadata: &Metadata) -> Result<(), ExtractError> {
        let (uid, gid) = metadata.owner();
        let changed = rustix::fs::fchown(fd, uid, gid);
        chowned(changed, path, metadata, self.tree.limits())
    }

    fn file(
        &mut self,
        entry: &Entry,
        content: &mut impl Read,
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
        match &entry.sparse {
            None => self.copy(content, entry.size, &mut file, place.path)?,
            Some(map) => self.copy_parts(content, map, &mut file, place.path)?,
        }
        let fd = OwnedFd::from(file);
        // In this order: writing and a change of owner clear capabilities and set-id bits.
        self.own(&fd, place.path, metadata)?;
        metadata.set_xattrs(&fd, place.path, self.tree.limits())?;
        rustix::fs::fchmod(&fd, metadata.mode)
            .and_then(|()| rustix::fs::futimens(&fd, &metadata.times))
            .map_err(|errno| ExtractError::os("change", place.path, errno))
    }

    /// Copies `size` bytes of content to where `file` is.
    fn copy(
        &mut self,
        content: &mut impl Read,
        size: u64,
        file: &mut File,
        path: &Path,
    ) -> Result<(), ExtractError> {
        let mut left = size;
        while left > 0 {
            let room = self
                .buffer
                .len()
                .min(usize::try_from(left).unwrap_or(usize::MAX));
            let read = content
                .read(&mut self.buffer[..room])
                .map_err(ExtractError::reading)?;
            if read == 0 {
                return Err(ExtractError::Truncated);
            }
            left -= read as u64;
            self.account(read as u64)?;
            file.write_all(&self.buffer[..read])
                .map_err(|error| ExtractError::os("write", path, error))?;
        }
        Ok(())
    }

    /// Copies the parts of a sparse file; what lies between stays a hole.
    fn copy_parts(
        &mut self,
        content: &mut impl Read,
        map: &SparseMap,
        file: &mut File,
        path: &Path,
    ) -> Result<(), ExtractError> {
        // A hole costs nothing here, but whatever copies the file later may fill it.
        let limit = self.tree.limits().output_floor;
        if map.size > limit {
            return Err(ExtractError::TooLarge { limit });
        }
        let failed = |error| ExtractError::os("write", path, error);
        for (offset, length) in &map.parts {
            file.seek(SeekFrom::Start(*offset)).map_err(failed)?;
            self.copy(content, *length, file, path)?;
        }
        file.set_len(map.size).map_err(failed)
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

    fn symlink(
        &mut self,
        entry: &Entry,
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
        chowned(changed, place.path, metadata, self.tree.limits())?;
        rustix::fs::utimensat(
            &*place.parent,
            &place.name,
            &metadata.times,
            AtFlags::SYMLINK_NOFOLLOW,
        )
        .map_err(|errno| ExtractError::os("change", place.path, errno))
    }

    fn hardlink(&mut self, entry: &Entry, place: &Place<'_>) -> Result<(), ExtractError> {
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
            return Err(ExtractError::BadPath {
                path: place.path.to_string_lossy().into_owned(),
                reason: "a whiteout of nothing".to_owned(),
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
        // No privilege is needed for this one device (mknod(2), Linux 5.8).
        rustix::fs::mknodat(
            &*place.parent,
            &name,
            FileType::CharacterDevice,
            Mode::empty(),
            0,
        )
        .map_err(failed)
    }
}

fn is_whiteout_header(header: &tar::Header) -> bool {
    matches!(
        (header.device_major(), header.device_minor()),
        (Ok(Some(0)), Ok(Some(0)))
    )
}

fn link_target(entry: &Entry, place: &Place<'_>) -> Result<CString, ExtractError> {
    let bad = |reason: &str| ExtractError::BadPath {
        path: place.path.to_string_lossy().into_owned(),
        reason: reason.to_owned(),
    };
    let raw = entry
        .link
        .as_ref()
        .ok_or_else(|| bad("a link without a target"))?;
    if raw.is_empty() || raw.len() > 4095 {
        return Err(bad("a link with an unusable target"));
    }
    CString::new(raw.as_slice()).map_err(|_| bad("a link target with a NUL byte"))
}
