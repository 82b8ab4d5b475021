//! Importing an image from a local source.

mod collect;
mod convert;

use std::path::PathBuf;

use kennel_model::{Digest, ImageRef, ImageSource, ImageSummary, Progress};

use super::commit::Arrived;
use super::document::{Config, Descriptor, MANIFEST, Manifest};
use super::layers::{Unpacked, Wanted, unpack_all};
use super::recognise::recognise;
use super::source::{self, Source};
use super::workspace::Workspace;
use super::{LayerUnpacker, ProgressSink, Store, StoreError};

/// An import under way.
struct Import<'a> {
    store: &'a Store,
    workspace: Workspace<'a>,
    unpacker: &'a dyn LayerUnpacker,
    progress: &'a dyn ProgressSink,
    /// Blobs that wait in the workspace.
    pending: Vec<Digest>,
    done: u64,
    total: u64,
}

/// What was found in a source, its blobs in the workspace or the store.
struct Found {
    name: Option<ImageRef>,
    manifest: Manifest,
    /// The manifest's own bytes and digest, media type included.
    entry: Descriptor,
    config: Config,
    unpacked: Vec<Unpacked>,
}

impl Store {
    /// Imports the image at `source` under `name`, or the name it carries, or one made from
    /// the file's. A failure or cancellation leaves the store as it was.
    pub fn import(
        &self,
        source: &ImageSource,
        name: Option<&ImageRef>,
        unpacker: &dyn LayerUnpacker,
        progress: &dyn ProgressSink,
    ) -> Result<ImageSummary, StoreError> {
        let _guard = self.hold()?;
        let mut import = Import {
            store: self,
            workspace: Workspace::new(self, unpacker)?,
            unpacker,
            progress,
            pending: Vec::new(),
            done: 0,
            total: 0,
        };
        let outcome = import
            .find(source, name)
            .and_then(|found| import.commit(source, name, found));
        match outcome {
            Err(_) if progress.is_cancelled() => Err(StoreError::Cancelled),
            other => other,
        }
    }
}

impl Import<'_> {
    fn find(&mut self, source: &ImageSource, name: Option<&ImageRef>) -> Result<Found, StoreError> {
        match source {
            ImageSource::Reference(reference) => Err(StoreError::NotLocal(reference.clone())),
            ImageSource::OciDirectory(path) => {
                let source = Source::Directory(path.clone());
                let found = self.oci(&source, name)?;
                self.with_layers(found)
            }
            ImageSource::OciArchive(path) => {
                let source = self.archive(path)?;
                let found = self.oci(&source, name)?;
                self.with_layers(found)
            }
            ImageSource::DockerArchive(path) => {
                let source = self.archive(path)?;
                let found = self.docker(&source, name)?;
                self.with_layers(found)
            }
            ImageSource::Rootfs(path) => self.rootfs(path),
            ImageSource::File(path) => self.find(&recognise(path)?, name),
        }
    }

    fn archive(&self, path: &std::path::Path) -> Result<Source, StoreError> {
        let step = || {
            if self.progress.is_cancelled() {
                Err(std::io::Error::other(source::CANCELLED))
            } else {
                Ok(())
            }
        };
        Source::archive(path, self.workspace.path(), &step)
    }

    /// Where a blob is now.
    fn blob_path(&self, digest: &Digest) -> PathBuf {
        if self.pending.contains(digest) {
            self.workspace.path().join(digest.hex())
        } else {
            self.store.blob(digest)
        }
    }

    /// Unpacks those layers of `found` that the store does not have for this mapping.
    fn with_layers(&mut self, mut found: Found) -> Result<Found, StoreError> {
        let key = self.unpacker.mapping_key();
        let mut wanted: Vec<Wanted> = Vec::new();
        for (layer, diff_id) in found
            .manifest
            .layers
            .iter()
            .zip(&found.config.rootfs.diff_ids)
        {
            let known = wanted
                .iter()
                .any(|other| other.diff_id.as_ref() == Some(diff_id));
            if !known && !self.store.layer_path(&key, diff_id).exists() {
                wanted.push(Wanted {
                    blob: self.blob_path(&layer.digest),
                    size: layer.size,
                    diff_id: Some(diff_id.clone()),
                });
            }
        }
        found.unpacked = unpack_all(&wanted, self.workspace.path(), self.unpacker, self.progress)?;
        Ok(found)
    }

    fn report(&self) {
        self.progress.report(Progress::Importing {
            done: self.done,
            total: self.total,
        });
    }

    /// Makes the image visible.
    fn commit(
        &self,
        source: &ImageSource,
        name: Option<&ImageRef>,
        found: Found,
    ) -> Result<ImageSummary, StoreError> {
        let name = match name.cloned().or(found.name) {
            Some(name) => name,
            None => convert::name_from_file(source)?,
        };
        let blobs = self.pending.iter();
        let image = Arrived {
            name,
            entry: found.entry,
            manifest: found.manifest,
            config: found.config,
            unpacked: found.unpacked,
            blobs: blobs.map(|it| (it.clone(), self.blob_path(it))).collect(),
            origin: None,
        };
        let key = self.unpacker.mapping_key();
        self.store
            .commit(&key, image, &|| self.progress.is_cancelled())
    }
}

/// The descriptor of a manifest that Kennel wrote.
fn manifest_entry(digest: Digest, size: u64) -> Descriptor {
    Descriptor {
        media_type: MANIFEST.to_owned(),
        digest,
        size,
        platform: None,
        annotations: std::collections::BTreeMap::new(),
    }
}
