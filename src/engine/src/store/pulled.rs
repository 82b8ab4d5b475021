//! What the store has of an image that came from a registry.

use kennel_model::{Digest, ImageRef, ImageSummary, SignatureState};
use rustix::fs::FlockOperation;

use super::document::ORIGIN;
use super::index::{name_of, summary};
use super::{Store, StoreError};

impl Store {
    /// The image `name` with the digest its tag had, if it was pulled and nothing of it is missing
    /// for the mapping `key`.
    pub(crate) fn complete(
        &self,
        name: &ImageRef,
        key: &str,
    ) -> Result<Option<(ImageSummary, Digest)>, StoreError> {
        let index = self.read_index()?;
        let entry = index
            .manifests
            .iter()
            .find(|entry| name_of(entry).as_ref() == Some(name));
        let Some(entry) = entry else {
            return Ok(None);
        };
        let Ok((manifest, config)) = self.read_image(entry) else {
            return Ok(None);
        };
        let blobs = &manifest.layers;
        let layers = &config.rootfs.diff_ids;
        if !blobs.iter().all(|it| self.has_blob(&it.digest, it.size))
            || !layers.iter().all(|id| self.layer_path(key, id).exists())
        {
            return Ok(None);
        }
        let image = summary(name.clone(), entry, &manifest, &config);
        let origin = image.origin.clone();
        let tag_digest = origin.and_then(|origin| origin.tag_digest);
        Ok(tag_digest.map(|digest| (image, digest)))
    }

    /// Remembers what is known now of the signature of an image that was pulled before.
    pub(crate) fn note_signature(
        &self,
        mut image: ImageSummary,
        signature: &SignatureState,
    ) -> Result<ImageSummary, StoreError> {
        let Some(origin) = &mut image.origin else {
            return Ok(image);
        };
        if origin.signature == *signature {
            return Ok(image);
        }
        origin.signature = signature.clone();
        let _lock = self.lock("index.lock", FlockOperation::LockExclusive)?;
        let mut index = self.read_index()?;
        let entry = index.manifests.iter_mut().find(|entry| {
            entry.digest == image.digest && name_of(entry).as_ref() == Some(&image.reference)
        });
        if let (Some(entry), Ok(json)) = (entry, serde_json::to_string(origin)) {
            entry.annotations.insert(ORIGIN.to_owned(), json);
            self.write_index(&index)?;
        }
        Ok(image)
    }

    /// Whether the blob is there in its full size.
    pub(crate) fn has_blob(&self, digest: &Digest, size: u64) -> bool {
        std::fs::metadata(self.blob(digest)).is_ok_and(|about| about.len() == size)
    }
}
