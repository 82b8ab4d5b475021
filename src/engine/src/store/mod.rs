//! The image store: an OCI image layout, and layers unpacked once per id mapping.
//!
//! Content becomes visible only through `index.json`, which is replaced last.

pub(crate) mod commit;
mod disk_use;
pub(crate) mod document;
pub(crate) mod downloads;
mod error;
#[cfg(fuzzing)]
pub mod fuzzing;
mod import;
mod index;
pub(crate) mod layers;
pub(crate) mod pulled;
mod recognise;
mod source;
mod sweep;
mod verify;
mod workspace;

use std::fs::File;
use std::path::{Path, PathBuf};

use kennel_model::{Digest, Progress};

pub use disk_use::TreeMeasurer;
pub use error::StoreError;
pub use workspace::Workspace;

use crate::extract::{Compression, UnpackReport};

/// Hears of progress and says whether to go on.
pub trait ProgressSink: Sync {
    /// The job got this far.
    fn report(&self, progress: Progress);
    /// The person wants it to end.
    fn is_cancelled(&self) -> bool;
}

/// One layer to unpack.
pub struct LayerJob<'a> {
    /// The blob, at its start.
    pub blob: File,
    /// How it is compressed.
    pub compression: Compression,
    /// A fresh, empty directory, mode 0700.
    pub target: PathBuf,
    /// The digest that the uncompressed archive must have, if it is known.
    pub expected: Option<Digest>,
    /// To be called with the compressed bytes consumed so far.
    pub on_progress: &'a (dyn Fn(u64) + Sync),
    /// To be asked at least every MiB.
    pub is_cancelled: &'a (dyn Fn() -> bool + Sync),
}

/// Unpacks layers with the owners a pet will see, which takes a user namespace.
pub trait LayerUnpacker: Sync {
    /// Unpacks one layer. The store compares the reported digest.
    fn unpack(&self, layer: LayerJob<'_>) -> Result<UnpackReport, StoreError>;
    /// Removes a tree that may have files of mapped owners; missing is fine.
    fn remove_tree(&self, path: &Path) -> Result<(), StoreError>;
    /// Names the id mapping; layers of different mappings are kept apart.
    fn mapping_key(&self) -> String;
}

/// The image store below `$XDG_DATA_HOME/kennel`.
#[derive(Debug)]
pub struct Store {
    root: PathBuf,
}

/// While it lives, nothing is removed from the store.
#[derive(Debug)]
pub struct StoreGuard {
    _lock: File,
}

impl Store {
    /// Opens the store in `root`, making it if missing.
    pub fn open(root: PathBuf) -> Result<Self, StoreError> {
        let store = Self { root };
        crate::files::make_private(&store.root)
            .map_err(|error| StoreError::io(&store.root, error))?;
        for dir in [store.blobs(), store.root.join("layers"), store.tmp()] {
            std::fs::create_dir_all(&dir).map_err(|error| StoreError::io(&dir, error))?;
        }
        store.check_layout()?;
        Ok(store)
    }

    /// Keeps everything in place, for example while a pet is made from an image.
    pub fn hold(&self) -> Result<StoreGuard, StoreError> {
        let lock = self.lock("store.lock", rustix::fs::FlockOperation::LockShared)?;
        Ok(StoreGuard { _lock: lock })
    }

    /// Where the layer `diff_id` is, unpacked for the mapping `mapping_key`.
    pub fn layer_path(&self, mapping_key: &str, diff_id: &Digest) -> PathBuf {
        self.root
            .join("layers")
            .join(mapping_key)
            .join(diff_id.hex())
    }

    fn images_dir(&self) -> PathBuf {
        self.root.join("images")
    }

    fn blobs(&self) -> PathBuf {
        self.root.join("images/blobs/sha256")
    }

    pub(crate) fn blob(&self, digest: &Digest) -> PathBuf {
        self.blobs().join(digest.hex())
    }

    fn tmp(&self) -> PathBuf {
        self.root.join("tmp")
    }

    /// Takes the lock file `name`. Removal takes `store.lock` exclusively, imports share it;
    /// changes of the index take `index.lock`.
    fn lock(&self, name: &str, how: rustix::fs::FlockOperation) -> Result<File, StoreError> {
        let path = self.root.join(name);
        let file = File::options()
            .create(true)
            .truncate(false)
            .write(true)
            .read(true)
            .open(&path)
            .map_err(|error| StoreError::io(&path, error))?;
        match rustix::fs::flock(&file, how) {
            Ok(()) => Ok(file),
            Err(rustix::io::Errno::WOULDBLOCK) => Err(StoreError::Busy),
            Err(errno) => Err(StoreError::io(&path, errno)),
        }
    }
}
