//! Blobs on their way into the store: `downloads/<digest>.partial`.
//!
//! A partial file outlives its process, so that a broken download goes on where it ended. Whoever
//! holds its lock works on it; another pull of the same blob waits for the lock and then finds
//! the blob in the store, or goes on with what there is.

use std::fs::File;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use kennel_model::Digest;
use rustix::fs::FlockOperation;

use super::{Store, StoreError};

/// A blob that is being fetched, locked for this process.
#[derive(Debug)]
pub(crate) struct Partial {
    /// `downloads/<digest>.partial`.
    pub(crate) path: PathBuf,
    /// Open for reading and writing, at its start.
    pub(crate) file: File,
}

impl Partial {
    /// Forgets what was fetched, unless it has become a blob of the store.
    pub(crate) fn discard(&self) {
        if is_same(&self.file, &self.path) {
            // What stays is resumed at worst, and then its digest tells.
            let _ = self.file.set_len(0);
            let _ = std::fs::remove_file(&self.path);
        }
    }

    /// How much there is.
    pub(crate) fn length(&self) -> Result<u64, StoreError> {
        let about = self.file.metadata();
        Ok(about
            .map_err(|error| StoreError::io(&self.path, error))?
            .len())
    }
}

impl Store {
    /// The download of `digest`; `None` while somebody else is at it.
    pub(crate) fn try_download(&self, digest: &Digest) -> Result<Option<Partial>, StoreError> {
        let directory = self.downloads();
        std::fs::create_dir_all(&directory).map_err(|error| StoreError::io(&directory, error))?;
        let path = directory.join(digest.hex()).with_extension("partial");
        loop {
            let failed = |error: std::io::Error| StoreError::io(&path, error);
            let file = File::options()
                .create(true)
                .truncate(false)
                .read(true)
                .write(true)
                .open(&path)
                .map_err(failed)?;
            match rustix::fs::flock(&file, FlockOperation::NonBlockingLockExclusive) {
                Ok(()) => {}
                Err(rustix::io::Errno::WOULDBLOCK) => return Ok(None),
                Err(errno) => return Err(failed(errno.into())),
            }
            // Between opening and locking it may have become a blob of the store.
            if is_same(&file, &path) {
                return Ok(Some(Partial { path, file }));
            }
        }
    }

    /// Deletes downloads that nobody works on and nobody has added to for `age`. Returns the bytes.
    pub fn sweep_downloads(&self, age: Duration) -> Result<u64, StoreError> {
        let directory = self.downloads();
        let entries = match std::fs::read_dir(&directory) {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(0),
            other => other.map_err(|error| StoreError::io(&directory, error))?,
        };
        let mut freed = 0;
        for entry in entries.flatten() {
            let path = entry.path();
            let Ok(file) = File::open(&path) else {
                continue;
            };
            let Ok(about) = file.metadata() else { continue };
            let idle = about
                .modified()
                .ok()
                .and_then(|then| SystemTime::now().duration_since(then).ok());
            let is_free =
                rustix::fs::flock(&file, FlockOperation::NonBlockingLockExclusive).is_ok();
            if idle >= Some(age) && is_free && std::fs::remove_file(&path).is_ok() {
                freed += about.len();
            }
        }
        Ok(freed)
    }

    fn downloads(&self) -> PathBuf {
        self.root.join("downloads")
    }
}

fn is_same(file: &File, path: &Path) -> bool {
    match (file.metadata(), std::fs::metadata(path)) {
        (Ok(ours), Ok(there)) => ours.ino() == there.ino(),
        _ => false,
    }
}
