//! Looking the store over: every blob against its digest, every image for its parts.

use std::collections::{BTreeMap, HashMap};
use std::io::Read as _;

use kennel_model::{Damage, Digest, Fault, ImagePart, ImageRef, Progress};
use sha2::{Digest as _, Sha256};

use super::document::Descriptor;
use super::index::name_of;
use super::{ProgressSink, Store, StoreError, source};

impl Store {
    /// Hashes every blob again and looks for every part of every image, its unpacked layers for
    /// the mapping `mapping_key` included. Changes nothing; an empty list means all is well.
    ///
    /// A blob that several images need is reported for each of them.
    pub fn verify(
        &self,
        mapping_key: &str,
        progress: &dyn ProgressSink,
    ) -> Result<Vec<Damage>, StoreError> {
        let _guard = self.hold()?;
        // The index first: what it names is there before it does.
        let index = self.read_index()?;
        let mut blobs = self.hash_blobs(progress)?;
        let mut found = Vec::new();
        for entry in &index.manifests {
            let mut image = Examined {
                store: self,
                mapping_key,
                blobs: &mut blobs,
                image: name_of(entry),
                found: &mut found,
            };
            image.examine(entry);
        }
        let unneeded = blobs.into_iter().filter(|(_, blob)| !blob.needed);
        let mut unneeded: Vec<Damage> = unneeded
            .filter_map(|(digest, blob)| {
                Some(Damage {
                    image: None,
                    part: ImagePart::Unknown,
                    digest,
                    fault: blob.fault?,
                })
            })
            .collect();
        unneeded.sort_by(|a, b| a.digest.cmp(&b.digest));
        found.extend(unneeded);
        Ok(found)
    }

    /// Removes the damaged blobs among `damage`, so that fetching or importing their images
    /// again brings whole ones. Pets keep running: they use the unpacked layers.
    pub fn discard_damaged(&self, damage: &[Damage]) -> Result<(), StoreError> {
        let _removing = self.lock(
            "store.lock",
            rustix::fs::FlockOperation::NonBlockingLockExclusive,
        )?;
        for one in damage {
            if one.part == ImagePart::UnpackedLayer || one.fault == Fault::Missing {
                continue;
            }
            let path = self.blob(&one.digest);
            match std::fs::remove_file(&path) {
                Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                    return Err(StoreError::io(&path, error));
                }
                _ => {}
            }
        }
        Ok(())
    }

    fn hash_blobs(&self, progress: &dyn ProgressSink) -> Result<HashMap<Digest, Blob>, StoreError> {
        let dir = self.blobs();
        let failed = |error: std::io::Error| StoreError::io(&dir, error);
        let mut sizes = BTreeMap::new();
        for entry in std::fs::read_dir(&dir).map_err(failed)? {
            let entry = entry.map_err(failed)?;
            let name = entry.file_name().to_string_lossy().into_owned();
            // What is no blob is not this store's.
            if let Ok(digest) = format!("sha256:{name}").parse::<Digest>() {
                sizes.insert(digest, entry.metadata().map_or(0, |meta| meta.len()));
            }
        }
        let (mut done, total) = (0, sizes.values().sum());
        let mut blobs = HashMap::new();
        for digest in sizes.into_keys() {
            let fault = self.hash_blob(&digest, &mut |bytes| {
                done += bytes;
                progress.report(Progress::Verifying { done, total });
                !progress.is_cancelled()
            });
            if progress.is_cancelled() {
                return Err(StoreError::Cancelled);
            }
            blobs.insert(
                digest,
                Blob {
                    fault,
                    needed: false,
                },
            );
        }
        Ok(blobs)
    }

    /// What is wrong with the blob `digest`; `step` hears of bytes and says whether to go on.
    fn hash_blob(&self, digest: &Digest, step: &mut dyn FnMut(u64) -> bool) -> Option<Fault> {
        let Ok(mut file) = source::open_regular(&self.blob(digest)) else {
            return Some(Fault::Unreadable);
        };
        let mut hash = Sha256::new();
        let mut buffer = vec![0; 1 << 20];
        loop {
            match file.read(&mut buffer) {
                Ok(0) => break,
                Ok(read) => {
                    hash.update(&buffer[..read]);
                    if !step(read as u64) {
                        return None;
                    }
                }
                Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
                Err(_) => return Some(Fault::Unreadable),
            }
        }
        let whole = Digest::from_sha256(&hash.finalize().into()) == *digest;
        (!whole).then_some(Fault::Changed)
    }
}

struct Blob {
    fault: Option<Fault>,
    needed: bool,
}

/// One image under examination.
struct Examined<'a> {
    store: &'a Store,
    mapping_key: &'a str,
    blobs: &'a mut HashMap<Digest, Blob>,
    image: Option<ImageRef>,
    found: &'a mut Vec<Damage>,
}

impl Examined<'_> {
    fn examine(&mut self, entry: &Descriptor) {
        if !self.is_whole(ImagePart::Manifest, &entry.digest) {
            return;
        }
        let Ok(manifest) = self.store.read_manifest(entry) else {
            return self.report(ImagePart::Manifest, &entry.digest, Fault::Unreadable);
        };
        for layer in &manifest.layers {
            self.is_whole(ImagePart::Layer, &layer.digest);
        }
        let config = &manifest.config.digest;
        if !self.is_whole(ImagePart::Config, config) {
            return;
        }
        match self.store.read_config(config) {
            Ok(read) if read.rootfs.diff_ids.len() == manifest.layers.len() => {
                for diff_id in &read.rootfs.diff_ids {
                    if !self.store.layer_path(self.mapping_key, diff_id).is_dir() {
                        self.report(ImagePart::UnpackedLayer, diff_id, Fault::Missing);
                    }
                }
            }
            _ => self.report(ImagePart::Config, config, Fault::Unreadable),
        }
    }

    fn is_whole(&mut self, part: ImagePart, digest: &Digest) -> bool {
        let fault = match self.blobs.get_mut(digest) {
            Some(blob) => {
                blob.needed = true;
                blob.fault
            }
            None => Some(Fault::Missing),
        };
        if let Some(fault) = fault {
            self.report(part, digest, fault);
        }
        fault.is_none()
    }

    fn report(&mut self, part: ImagePart, digest: &Digest, fault: Fault) {
        self.found.push(Damage {
            image: self.image.clone(),
            part,
            digest: digest.clone(),
            fault,
        });
    }
}
