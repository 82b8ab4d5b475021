//! A directory below `tmp/` that belongs to one living process.

use std::fs::{DirBuilder, File};
use std::os::unix::fs::{DirBuilderExt as _, MetadataExt as _};
use std::path::{Path, PathBuf};

use rustix::fs::FlockOperation;

use super::{LayerUnpacker, Store, StoreError};

/// A scratch directory on the store's disk, owned through a locked file beside it. It goes when
/// this is dropped; what a killed process leaves is swept by the next one.
pub struct Workspace<'a> {
    path: PathBuf,
    lock: PathBuf,
    _held: File,
    unpacker: &'a dyn LayerUnpacker,
}

impl<'a> Workspace<'a> {
    /// A fresh, empty one.
    pub(crate) fn new(store: &Store, unpacker: &'a dyn LayerUnpacker) -> Result<Self, StoreError> {
        let claimed = Self::claim(store, unpacker)?;
        DirBuilder::new()
            .mode(0o700)
            .create(&claimed.path)
            .map_err(|error| StoreError::io(&claimed.path, error))?;
        Ok(claimed)
    }

    /// A name in `tmp/` that is this process's; there is no directory yet.
    fn claim(store: &Store, unpacker: &'a dyn LayerUnpacker) -> Result<Self, StoreError> {
        loop {
            let path = store.tmp().join(random_name());
            let lock = path.with_extension("lock");
            let failed = |error: std::io::Error| StoreError::io(&lock, error);
            let held = File::options()
                .write(true)
                .create_new(true)
                .open(&lock)
                .map_err(failed)?;
            rustix::fs::flock(&held, FlockOperation::LockExclusive)
                .map_err(|e| failed(e.into()))?;
            // A sweep may have taken the file between its creation and the lock.
            let inode = held.metadata().map_err(failed)?.ino();
            if !std::fs::metadata(&lock).is_ok_and(|meta| meta.ino() == inode) {
                continue;
            }
            return Ok(Self {
                path,
                lock,
                _held: held,
                unpacker,
            });
        }
    }

    /// The directory: empty at first, mode 0700.
    pub fn path(&self) -> &Path {
        &self.path
    }
}

impl Drop for Workspace<'_> {
    fn drop(&mut self) {
        // What cannot be removed now is swept later: the lock file stays.
        if self.unpacker.remove_tree(&self.path).is_ok() {
            let _ = std::fs::remove_file(&self.lock);
        }
    }
}

impl Store {
    /// A fresh scratch directory, for what is to appear in its place whole or not at all.
    pub fn workspace<'a>(
        &self,
        unpacker: &'a dyn LayerUnpacker,
    ) -> Result<Workspace<'a>, StoreError> {
        Workspace::new(self, unpacker)
    }

    /// Takes `directory` out of its place at once, then removes it. Needs no room on the disk;
    /// what a kill leaves of it is swept later.
    pub fn discard(
        &self,
        directory: &Path,
        unpacker: &dyn LayerUnpacker,
    ) -> Result<(), StoreError> {
        let workspace = Workspace::claim(self, unpacker)?;
        std::fs::rename(directory, &workspace.path)
            .map_err(|error| StoreError::io(directory, error))
    }

    /// Removes what killed processes left in `tmp/`; leaves what living ones use, and what
    /// cannot be removed now.
    pub fn sweep(&self, unpacker: &dyn LayerUnpacker) -> Result<(), StoreError> {
        let tmp = self.tmp();
        let failed = |error: std::io::Error| StoreError::io(&tmp, error);
        for entry in std::fs::read_dir(&tmp).map_err(failed)? {
            let lock = entry.map_err(failed)?.path();
            if lock.extension().is_none_or(|extension| extension != "lock") {
                continue;
            }
            let Ok(file) = File::open(&lock) else {
                continue;
            };
            if rustix::fs::flock(&file, FlockOperation::NonBlockingLockExclusive).is_ok()
                && unpacker.remove_tree(&lock.with_extension("")).is_ok()
            {
                // Another sweep may have been as quick.
                let _ = std::fs::remove_file(&lock);
            }
        }
        Ok(())
    }
}

/// Sixteen random hexadecimal digits.
fn random_name() -> String {
    use std::hash::{BuildHasher as _, Hasher as _};
    let mut hasher = std::hash::RandomState::new().build_hasher();
    hasher.write_u32(std::process::id());
    format!("{:016x}", hasher.finish())
}
