//! Removing images, and what nothing needs any more.

use std::collections::HashSet;
use std::path::Path;

use kennel_model::{Digest, ImageRef};
use rustix::fs::FlockOperation;

use super::index::name_of;
use super::{LayerUnpacker, Store, StoreError};

impl Store {
    /// Forgets the image `name`, then removes what neither another image nor a pet needs.
    pub fn remove_image(
        &self,
        name: &ImageRef,
        pets_need: &[Digest],
        unpacker: &dyn LayerUnpacker,
    ) -> Result<(), StoreError> {
        {
            let _lock = self.lock("index.lock", FlockOperation::LockExclusive)?;
            let mut index = self.read_index()?;
            let before = index.manifests.len();
            index
                .manifests
                .retain(|entry| name_of(entry).as_ref() != Some(name));
            if index.manifests.len() == before {
                return Err(StoreError::NotFound(name.clone()));
            }
            self.write_index(&index)?;
        }
        match self.prune(pets_need, unpacker) {
            // The image is gone; its bytes go with the next prune.
            Ok(_) | Err(StoreError::Busy) => Ok(()),
            Err(error) => Err(error),
        }
    }

    /// Removes blobs that no image needs, and layers that neither an image nor one of the
    /// diffIDs in `pets_need` needs. Returns the bytes of the removed blobs.
    pub fn prune(
        &self,
        pets_need: &[Digest],
        unpacker: &dyn LayerUnpacker,
    ) -> Result<u64, StoreError> {
        let _removing = self.lock("store.lock", FlockOperation::NonBlockingLockExclusive)?;
        let _index = self.lock("index.lock", FlockOperation::LockExclusive)?;
        let mut blobs = HashSet::new();
        let mut layers: HashSet<String> = pets_need.iter().map(|id| id.hex().to_owned()).collect();
        for entry in self.read_index()?.manifests {
            // What cannot be understood is not a reason to delete: the error ends the prune.
            let (manifest, config) = self.read_image(&entry)?;
            blobs.insert(entry.digest.hex().to_owned());
            blobs.insert(manifest.config.digest.hex().to_owned());
            blobs.extend(
                manifest
                    .layers
                    .iter()
                    .map(|layer| layer.digest.hex().to_owned()),
            );
            layers.extend(config.rootfs.diff_ids.iter().map(|id| id.hex().to_owned()));
        }
        let mut freed = 0;
        for name in names(&self.blobs())?.difference(&blobs) {
            let path = self.blobs().join(name);
            freed += path.metadata().map_or(0, |meta| meta.len());
            std::fs::remove_file(&path).map_err(|error| StoreError::io(&path, error))?;
        }
        // Of this mapping only: files of another one have other owners.
        let dir = self.root.join("layers").join(unpacker.mapping_key());
        for name in names(&dir)?.difference(&layers) {
            unpacker.remove_tree(&dir.join(name))?;
        }
        Ok(freed)
    }
}

/// The names in `dir`; none if it is missing.
pub(crate) fn names(dir: &Path) -> Result<HashSet<String>, StoreError> {
    let failed = |error: std::io::Error| StoreError::io(dir, error);
    let entries = match std::fs::read_dir(dir) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(HashSet::new()),
        other => other.map_err(failed)?,
    };
    entries
        .map(|entry| entry.map(|entry| entry.file_name().to_string_lossy().into_owned()))
        .collect::<Result<_, _>>()
        .map_err(failed)
}
