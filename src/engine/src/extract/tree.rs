//! The directory being filled: resolving parents and making nodes below a pinned root.

use std::collections::BTreeMap;
use std::ffi::CString;
use std::ops::Bound;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::os::unix::ffi::OsStrExt as _;
use std::path::{Path, PathBuf};
use std::rc::Rc;

use rustix::fs::{AtFlags, FileType, Mode, OFlags, ResolveFlags, Timestamps, XattrFlags};
use rustix::io::Errno;

use super::{ExtractError, ExtractLimits, remove};

const RESOLVE: ResolveFlags = ResolveFlags::IN_ROOT.union(ResolveFlags::NO_MAGICLINKS);
const PARENT: OFlags = OFlags::PATH.union(OFlags::DIRECTORY).union(OFlags::CLOEXEC);
const DIRECTORY: OFlags = OFlags::RDONLY
    .union(OFlags::DIRECTORY)
    .union(OFlags::NOFOLLOW)
    .union(OFlags::CLOEXEC);
/// Most bytes of directory names that are remembered until their modes are set.
const NAMES: usize = 256 << 20;
const OPAQUE: &str = "user.overlay.opaque";

/// A normalised name: components without `.`, `..` or `/` at either end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Name(PathBuf);

impl Name {
    /// Normalises the name in an archive; refuses one that leads out.
    pub(crate) fn parse(raw: &[u8], limits: &ExtractLimits) -> Result<Self, ExtractError> {
        let shown = || {
            String::from_utf8_lossy(raw)
                .chars()
                .take(300)
                .collect::<String>()
        };
        let bad = |reason: &str| ExtractError::BadPath {
            path: shown(),
            reason: reason.to_owned(),
        };
        if raw.len() > limits.path {
            return Err(bad("too long"));
        }
        if raw.contains(&0) {
            return Err(bad("it has a NUL byte"));
        }
        let mut parts: Vec<&[u8]> = Vec::new();
        for part in raw.split(|byte| *byte == b'/') {
            match part {
                b"" | b"." => {}
                b".." => {
                    parts
                        .pop()
                        .ok_or_else(|| ExtractError::PathEscapes { path: shown() })?;
                }
                _ if part.len() > 255 => return Err(bad("a part of it is too long")),
                _ => parts.push(part),
            }
        }
        let joined = parts.join(&b'/');
        Ok(Self(PathBuf::from(std::ffi::OsStr::from_bytes(&joined))))
    }

    pub(crate) fn path(&self) -> &Path {
        &self.0
    }

    /// Parent directory and last component; none for the root itself.
    pub(crate) fn split(&self) -> Option<(&Path, CString)> {
        let last = CString::new(self.0.file_name()?.as_bytes()).ok()?;
        Some((self.0.parent().unwrap_or(Path::new("")), last))
    }
}

/// A directory's final mode and times, set last.
type Final = (Mode, Timestamps);

/// The tree being filled.
pub(crate) struct Tree<'a> {
    root: Rc<OwnedFd>,
    limits: &'a ExtractLimits,
    cached: Option<(PathBuf, Rc<OwnedFd>)>,
    directories: BTreeMap<PathBuf, Final>,
    /// Bytes of the names in `directories`.
    names: usize,
}

impl<'a> Tree<'a> {
    pub(crate) fn open(target: &Path, limits: &'a ExtractLimits) -> Result<Self, ExtractError> {
        let root = rustix::fs::open(target, DIRECTORY, Mode::empty())
            .map_err(|errno| ExtractError::os("open", target, errno))?;
        // Also clears an inherited set-group-id bit, which would change owners below.
        rustix::fs::fchmod(&root, Mode::from_raw_mode(0o755))
            .map_err(|errno| ExtractError::os("change the mode of", target, errno))?;
        Ok(Self {
            root: Rc::new(root),
            limits,
            cached: None,
            directories: BTreeMap::new(),
            names: 0,
        })
    }

    pub(crate) fn limits(&self) -> &'a ExtractLimits {
        self.limits
    }

    /// Bytes free for this user on the disk.
    pub(crate) fn free_bytes(&self) -> Option<u64> {
        let stat = rustix::fs::fstatvfs(&*self.root).ok()?;
        Some(stat.f_bavail.saturating_mul(stat.f_frsize))
    }

    pub(crate) fn root(&self) -> BorrowedFd<'_> {
        self.root.as_fd()
    }

    /// The directory `path`, made if missing (0755), links resolved inside the root.
    pub(crate) fn directory(&mut self, path: &Path) -> Result<Rc<OwnedFd>, ExtractError> {
        if path.as_os_str().is_empty() {
            return Ok(Rc::clone(&self.root));
        }
        if let Some((cached, fd)) = &self.cached
            && cached == path
        {
            return Ok(Rc::clone(fd));
        }
        let fd = match self.resolve(path) {
            Err(Errno::NOENT | Errno::NOTDIR) => self.make_parents(path)?,
            other => other.map_err(|errno| ExtractError::os("open", path, errno))?,
        };
        let fd = Rc::new(fd);
        self.cached = Some((path.to_owned(), Rc::clone(&fd)));
        Ok(fd)
    }

    /// An existing directory, links resolved inside the root.
    pub(crate) fn resolve(&self, path: &Path) -> Result<OwnedFd, Errno> {
        let path = if path.as_os_str().is_empty() {
            Path::new(".")
        } else {
            path
        };
        // EAGAIN: a rename elsewhere raced with the resolution.
        loop {
            match rustix::fs::openat2(&*self.root, path, PARENT, Mode::empty(), RESOLVE) {
                Err(Errno::AGAIN) => {}
                other => return other,
            }
        }
    }

    fn make_parents(&self, path: &Path) -> Result<OwnedFd, ExtractError> {
        let failed = |errno| ExtractError::os("make the directory", path, errno);
        let mut prefix = PathBuf::new();
        let mut fd = self.resolve(&prefix).map_err(failed)?;
        for part in path {
            prefix.push(part);
            fd = match self.resolve(&prefix) {
                Err(Errno::NOENT | Errno::NOTDIR) => {
                    let name = CString::new(part.as_bytes()).map_err(|_| failed(Errno::INVAL))?;
                    make_directory(fd.as_fd(), &name, Mode::from_raw_mode(0o755))
                        .map_err(failed)?;
                    self.resolve(&prefix).map_err(failed)?
                }
                other => other.map_err(failed)?,
            };
        }
        Ok(fd)
    }

    /// Runs `make`, which must create `name` exclusively; what stands there is removed first
    /// if need be.
    pub(crate) fn replace<T>(
        &mut self,
        parent: &OwnedFd,
        name: &CString,
        path: &Path,
        mut make: impl FnMut() -> Result<T, Errno>,
    ) -> Result<T, ExtractError> {
        let failed = |errno| ExtractError::os("make", path, errno);
        match make() {
            Err(Errno::EXIST) => {}
            other => return other.map_err(failed),
        }
        self.cached = None;
        self.forget_below(path);
        remove::remove_at(parent.as_fd(), name).map_err(failed)?;
        make().map_err(failed)
    }

    /// Forgets `path` and what is below it: in the map's order they are neighbours.
    fn forget_below(&mut self, path: &Path) {
        let below = |known: &PathBuf| known.starts_with(path);
        while let Some(known) = self
            .directories
            .range::<Path, _>((Bound::Included(path), Bound::Unbounded))
            .map(|(known, _)| known)
            .next()
            .filter(|known| below(known))
            .cloned()
        {
            self.names -= known.as_os_str().len();
            self.directories.remove(&known);
        }
    }

    /// Makes or keeps the directory `name` and opens it.
    pub(crate) fn open_directory(
        &mut self,
        parent: &OwnedFd,
        name: &CString,
        path: &Path,
    ) -> Result<OwnedFd, ExtractError> {
        let failed = |errno| ExtractError::os("make the directory", path, errno);
        match make_directory(parent.as_fd(), name, Mode::RWXU) {
            Err(Errno::EXIST) => self.replace(parent, name, path, || {
                rustix::fs::mkdirat(parent, name, Mode::RWXU)
            })?,
            other => other.map_err(failed)?,
        }
        rustix::fs::openat(parent, name, DIRECTORY, Mode::empty()).map_err(failed)
    }

    /// Remembers what `finish` sets.
    pub(crate) fn set_later(
        &mut self,
        path: &Path,
        mode: Mode,
        times: Timestamps,
    ) -> Result<(), ExtractError> {
        let known = self.directories.insert(path.to_owned(), (mode, times));
        if known.is_none() {
            self.names += path.as_os_str().len();
        }
        if self.names > NAMES {
            return Err(ExtractError::NamesTooLarge { limit: NAMES });
        }
        Ok(())
    }

    /// Makes what is below the directory `fd` in lower layers invisible.
    pub(crate) fn set_opaque(fd: BorrowedFd<'_>, path: &Path) -> Result<(), ExtractError> {
        set_opaque(fd).map_err(|errno| ExtractError::os("hide the lower", path, errno))
    }

    /// Sets the modes and times of directories, deepest first.
    pub(crate) fn finish(self) -> Result<(), ExtractError> {
        for (path, (mode, times)) in self.directories.iter().rev() {
            let fd = if path.as_os_str().is_empty() {
                // The owner must be able to rename the layer into its place.
                let mode = *mode | Mode::RWXU;
                set_final(&self.root, mode, times)
                    .map_err(|errno| ExtractError::os("change", path, errno))?;
                continue;
            } else {
                rustix::fs::openat2(&*self.root, path, DIRECTORY, Mode::empty(), RESOLVE)
            };
            match fd {
                Ok(fd) => set_final(&fd, *mode, times)
                    .map_err(|errno| ExtractError::os("change", path, errno))?,
                // Replaced by something else since, through another name.
                Err(Errno::NOENT | Errno::NOTDIR | Errno::LOOP) => {}
                Err(errno) => return Err(ExtractError::os("open", path, errno)),
            }
        }
        Ok(())
    }
}

fn set_final(fd: &OwnedFd, mode: Mode, times: &Timestamps) -> Result<(), Errno> {
    rustix::fs::fchmod(fd, mode)?;
    rustix::fs::futimens(fd, times)
}

fn set_opaque(fd: BorrowedFd<'_>) -> Result<(), Errno> {
    match rustix::fs::fsetxattr(fd, OPAQUE, b"y", XattrFlags::empty()) {
        Err(Errno::BADF) => {
            let real = rustix::fs::openat(fd, c".", DIRECTORY, Mode::empty())?;
            rustix::fs::fsetxattr(&real, OPAQUE, b"y", XattrFlags::empty())
        }
        other => other,
    }
}

/// `mkdir` where a directory is fine already (it is kept) and a whiteout becomes an opaque
/// directory. `EEXIST` when anything else stands there.
fn make_directory(parent: BorrowedFd<'_>, name: &CString, mode: Mode) -> Result<(), Errno> {
    match rustix::fs::mkdirat(parent, name, mode) {
        Err(Errno::EXIST) => {}
        other => return other,
    }
    if kind_of(parent, name)? == Some(FileType::Directory) {
        return Ok(());
    }
    if !is_whiteout(parent, name)? {
        return Err(Errno::EXIST);
    }
    rustix::fs::unlinkat(parent, name, AtFlags::empty())?;
    rustix::fs::mkdirat(parent, name, mode)?;
    let made = rustix::fs::openat(parent, name, DIRECTORY, Mode::empty())?;
    set_opaque(made.as_fd())
}

/// What stands at `name`, links not followed.
pub(crate) fn kind_of(parent: BorrowedFd<'_>, name: &CString) -> Result<Option<FileType>, Errno> {
    match rustix::fs::statat(parent, name, AtFlags::SYMLINK_NOFOLLOW) {
        Ok(stat) => Ok(Some(FileType::from_raw_mode(stat.st_mode))),
        Err(Errno::NOENT) => Ok(None),
        Err(errno) => Err(errno),
    }
}

fn is_whiteout(parent: BorrowedFd<'_>, name: &CString) -> Result<bool, Errno> {
    let stat = rustix::fs::statat(parent, name, AtFlags::SYMLINK_NOFOLLOW)?;
    Ok(FileType::from_raw_mode(stat.st_mode) == FileType::CharacterDevice && stat.st_rdev == 0)
}
