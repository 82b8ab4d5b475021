//! `index.json`: which images there are.

use kennel_model::{Digest, ImageRef, ImageSummary, PetImage};

use super::document::{
    self, Config, Descriptor, Document, Index, Manifest, ORIGIN, REF_NAME, SYSTEM,
};
use super::{Store, StoreError};
use crate::files;

const LAYOUT: &str = r#"{"imageLayoutVersion":"1.0.0"}"#;

impl Store {
    pub(crate) fn check_layout(&self) -> Result<(), StoreError> {
        let path = self.images_dir().join("oci-layout");
        match std::fs::read(&path) {
            Ok(bytes) => {
                let value: serde_json::Value = serde_json::from_slice(&bytes)
                    .map_err(|error| StoreError::bad(&path, error.to_string()))?;
                if value["imageLayoutVersion"] != "1.0.0" {
                    return Err(StoreError::bad(&path, "it has an unknown version"));
                }
            }
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                self.write_index(&self.read_index()?)?;
                files::replace(&path, LAYOUT.as_bytes())
                    .map_err(|error| StoreError::io(&path, error))?;
            }
            Err(error) => return Err(StoreError::io(&path, error)),
        }
        Ok(())
    }

    pub(crate) fn read_index(&self) -> Result<Index, StoreError> {
        let path = self.images_dir().join("index.json");
        match std::fs::read(&path) {
            Ok(bytes) => serde_json::from_slice(&bytes)
                .map_err(|error| StoreError::bad(&path, error.to_string())),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(Index::default()),
            Err(error) => Err(StoreError::io(&path, error)),
        }
    }

    pub(crate) fn write_index(&self, index: &Index) -> Result<(), StoreError> {
        let path = self.images_dir().join("index.json");
        let bytes = serde_json::to_vec_pretty(index)
            .map_err(|error| StoreError::bad(&path, error.to_string()))?;
        files::replace(&path, &bytes).map_err(|error| StoreError::io(&path, error))
    }

    /// The images, by name.
    pub fn images(&self) -> Result<Vec<ImageSummary>, StoreError> {
        let index = self.read_index()?;
        let mut found: Vec<ImageSummary> = index
            .manifests
            .iter()
            .filter_map(|entry| {
                // One that cannot be read must not hide the others.
                let name = name_of(entry)?;
                let (manifest, config) = self.read_image(entry).ok()?;
                Some(summary(name, entry, &manifest, &config))
            })
            .collect();
        found.sort_by(|a, b| a.reference.cmp(&b.reference));
        Ok(found)
    }

    /// The image `name`, and what a pet made from it is to remember.
    pub fn image(&self, name: &ImageRef) -> Result<(ImageSummary, PetImage), StoreError> {
        let index = self.read_index()?;
        let entry = index
            .manifests
            .iter()
            .find(|entry| name_of(entry).as_ref() == Some(name))
            .ok_or_else(|| StoreError::NotFound(name.clone()))?;
        let (manifest, config) = self.read_image(entry)?;
        let image = PetImage {
            reference: name.clone(),
            digest: entry.digest.clone(),
            layers: config.rootfs.diff_ids.clone(),
            env: config
                .config
                .clone()
                .and_then(|run| run.env)
                .unwrap_or_default(),
        };
        Ok((summary(name.clone(), entry, &manifest, &config), image))
    }

    pub(crate) fn read_image(&self, entry: &Descriptor) -> Result<(Manifest, Config), StoreError> {
        let manifest = self.read_manifest(entry)?;
        let config = self.read_config(&manifest.config.digest)?;
        Ok((manifest, config))
    }

    pub(crate) fn read_manifest(&self, entry: &Descriptor) -> Result<Manifest, StoreError> {
        let path = self.blob(&entry.digest);
        let bytes = self.read_blob(&entry.digest)?;
        match document::parse(&bytes, &entry.media_type, &path)? {
            Document::Manifest(manifest) => Ok(manifest),
            Document::Index(_) => Err(StoreError::bad(&path, "it is not a manifest")),
        }
    }

    pub(crate) fn read_config(&self, digest: &Digest) -> Result<Config, StoreError> {
        let bytes = self.read_blob(digest)?;
        serde_json::from_slice(&bytes)
            .map_err(|error| StoreError::bad(&self.blob(digest), error.to_string()))
    }

    fn read_blob(&self, digest: &Digest) -> Result<Vec<u8>, StoreError> {
        let path = self.blob(digest);
        std::fs::read(&path).map_err(|error| StoreError::io(&path, error))
    }
}

/// The name of an entry, if it is one that Kennel gives.
pub(crate) fn name_of(entry: &Descriptor) -> Option<ImageRef> {
    entry.annotations.get(REF_NAME)?.parse().ok()
}

pub(crate) fn summary(
    name: ImageRef,
    entry: &Descriptor,
    manifest: &Manifest,
    config: &Config,
) -> ImageSummary {
    ImageSummary {
        reference: name,
        digest: entry.digest.clone(),
        size: blob_bytes(entry, manifest),
        layers: manifest.layers.len(),
        created: config.created.clone(),
        system: entry.annotations.get(SYSTEM).cloned(),
        // One of a later Kennel that does not read is as good as none.
        origin: entry
            .annotations
            .get(ORIGIN)
            .and_then(|json| serde_json::from_str(json).ok()),
        disk: None,
    }
}

/// The bytes of all blobs of an image, as its documents claim.
pub(crate) fn blob_bytes(entry: &Descriptor, manifest: &Manifest) -> u64 {
    let sizes = manifest.layers.iter().map(|layer| layer.size);
    sizes
        .chain([entry.size, manifest.config.size])
        .fold(0, u64::saturating_add)
}
