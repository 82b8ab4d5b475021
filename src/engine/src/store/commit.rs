//! Making a verified image visible: layers, blobs, and last the index.

use std::path::PathBuf;

use kennel_model::{Digest, ImageOrigin, ImageRef, ImageSummary};
use rustix::fs::FlockOperation;

use super::document::{Config, Descriptor, Manifest, ORIGIN, REF_NAME, SYSTEM};
use super::index::{name_of, summary};
use super::layers::{Unpacked, system_name};
use super::{Store, StoreError};

/// An image whose parts are verified and wait beside the store.
pub(crate) struct Arrived {
    /// The name it gets; an image of that name is replaced.
    pub(crate) name: ImageRef,
    /// The manifest's media type, digest and size.
    pub(crate) entry: Descriptor,
    pub(crate) manifest: Manifest,
    pub(crate) config: Config,
    /// The layers that the store did not have for this mapping.
    pub(crate) unpacked: Vec<Unpacked>,
    /// The blobs that the store did not have, and where they wait.
    pub(crate) blobs: Vec<(Digest, PathBuf)>,
    /// Where it came from.
    pub(crate) origin: Option<ImageOrigin>,
}

impl Store {
    /// Makes `image` visible for the mapping `key`. After a failure nothing new is.
    pub(crate) fn commit(
        &self,
        key: &str,
        image: Arrived,
        is_cancelled: &dyn Fn() -> bool,
    ) -> Result<ImageSummary, StoreError> {
        let entry = self.entry_of(key, &image);
        self.sync()?;
        if is_cancelled() {
            return Err(StoreError::Cancelled);
        }
        let _lock = self.lock("index.lock", FlockOperation::LockExclusive)?;
        self.publish_layers(key, &image.unpacked)?;
        let mut added = Vec::new();
        let published = self
            .publish_blobs(&image.blobs, &mut added)
            .and_then(|()| self.publish_entry(&image.name, &entry));
        if let Err(error) = published {
            for path in added {
                let _ = std::fs::remove_file(path);
            }
            return Err(error);
        }
        Ok(summary(image.name, &entry, &image.manifest, &image.config))
    }

    /// What the index is to say.
    fn entry_of(&self, key: &str, image: &Arrived) -> Descriptor {
        let places: Vec<PathBuf> = image
            .config
            .rootfs
            .diff_ids
            .iter()
            .map(|id| {
                let fresh = image.unpacked.iter().find(|layer| layer.diff_id == *id);
                fresh.map_or_else(|| self.layer_path(key, id), |layer| layer.path.clone())
            })
            .collect();
        let mut entry = image.entry.clone();
        entry.platform = None;
        entry.annotations.clear();
        if let Some(Ok(json)) = image.origin.as_ref().map(serde_json::to_string) {
            entry.annotations.insert(ORIGIN.to_owned(), json);
        }
        entry
            .annotations
            .insert(REF_NAME.to_owned(), image.name.as_str().to_owned());
        if let Some(system) = system_name(places.iter().rev().map(PathBuf::as_path)) {
            entry.annotations.insert(SYSTEM.to_owned(), system);
        }
        entry
    }

    fn publish_blobs(
        &self,
        blobs: &[(Digest, PathBuf)],
        added: &mut Vec<PathBuf>,
    ) -> Result<(), StoreError> {
        for (digest, from) in blobs {
            let place = self.blob(digest);
            if !place.exists() {
                std::fs::rename(from, &place).map_err(|error| StoreError::io(&place, error))?;
                added.push(place);
            }
        }
        Ok(())
    }

    fn publish_entry(&self, name: &ImageRef, entry: &Descriptor) -> Result<(), StoreError> {
        let mut index = self.read_index()?;
        index
            .manifests
            .retain(|other| name_of(other).as_ref() != Some(name));
        index.manifests.push(entry.clone());
        self.write_index(&index)
    }
}
