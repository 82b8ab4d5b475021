//! Copying verified blobs, and reading an OCI image layout.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{Read, Write as _};
use std::os::unix::fs::FileExt as _;

use kennel_model::{Digest, ImageRef};
use sha2::{Digest as _, Sha256};

use super::{Found, Import};
use crate::store::StoreError;
use crate::store::document::{self, Config, Descriptor, Document, Index, Manifest, REF_NAME};
use crate::store::source::{Source, reading};

const NESTING: usize = 3;

impl Import<'_> {
    /// Copies a stream into the workspace under its digest. Returns digest and size.
    pub(super) fn copy(
        &mut self,
        from: &mut dyn Read,
        source: &std::path::Path,
        limit: u64,
    ) -> Result<(Digest, u64), StoreError> {
        let incoming = self.workspace.path().join("incoming");
        let failed = |error| StoreError::io(&incoming, error);
        let mut file = File::create(&incoming).map_err(failed)?;
        let (mut hash, mut size) = (Sha256::new(), 0u64);
        let mut buffer = vec![0; 1 << 20];
        loop {
            if self.progress.is_cancelled() {
                return Err(StoreError::Cancelled);
            }
            let read = from
                .read(&mut buffer)
                .map_err(|error| reading(source, error))?;
            if read == 0 {
                break;
            }
            size += read as u64;
            if size > limit {
                return Err(StoreError::bad(
                    source,
                    "a part of it is larger than it says",
                ));
            }
            hash.update(&buffer[..read]);
            file.write_all(&buffer[..read]).map_err(failed)?;
            self.done += read as u64;
            self.report();
        }
        let digest = Digest::from_sha256(&hash.finalize().into());
        if !self.pending.contains(&digest) {
            let place = self.workspace.path().join(digest.hex());
            std::fs::rename(&incoming, &place).map_err(failed)?;
            self.pending.push(digest.clone());
        }
        Ok((digest, size))
    }

    /// Copies the blob of `descriptor`, verified, unless the store has it.
    pub(super) fn copy_blob(
        &mut self,
        source: &Source,
        descriptor: &Descriptor,
    ) -> Result<(), StoreError> {
        let have = std::fs::metadata(self.store.blob(&descriptor.digest));
        if self.pending.contains(&descriptor.digest)
            || have.is_ok_and(|meta| meta.len() == descriptor.size)
        {
            self.done += descriptor.size;
            return Ok(());
        }
        let (mut reader, size) = source.open(&blob_name(&descriptor.digest))?;
        if size < descriptor.size {
            return Err(StoreError::Truncated {
                path: source.path().to_owned(),
            });
        }
        if size > descriptor.size {
            return Err(StoreError::bad(
                source.path(),
                "a blob is larger than it says",
            ));
        }
        let (found, _) = self.copy(&mut reader, source.path(), descriptor.size)?;
        verify(&descriptor.digest, found, "a blob")
    }

    /// Stores a document made or read by Kennel as a blob.
    pub(super) fn add_document(&mut self, bytes: &[u8]) -> Result<Digest, StoreError> {
        let path = self.workspace.path().to_owned();
        Ok(self.copy(&mut &bytes[..], &path, bytes.len() as u64)?.0)
    }

    /// Reads an OCI layout and copies the blobs of one image.
    pub(super) fn oci(
        &mut self,
        source: &Source,
        name: Option<&ImageRef>,
    ) -> Result<Found, StoreError> {
        let bad = |error: serde_json::Error| StoreError::bad(source.path(), error.to_string());
        let layout: serde_json::Value =
            serde_json::from_slice(&source.document("oci-layout")?).map_err(bad)?;
        if layout["imageLayoutVersion"] != "1.0.0" {
            return Err(StoreError::bad(
                source.path(),
                "its layout has an unknown version",
            ));
        }
        let bytes = source.document("index.json")?;
        let Document::Index(index) = document::parse(&bytes, document::INDEX, source.path())?
        else {
            return Err(StoreError::bad(source.path(), "index.json is not an index"));
        };
        let top = choose(&index, name, source)?;
        let carried = top
            .annotations
            .get(REF_NAME)
            .and_then(|text| text.parse().ok());
        let (entry, bytes, manifest) = resolve(source, top.clone())?;
        let config_bytes = verified(source, &manifest.config)?;
        let config: Config = serde_json::from_slice(&config_bytes).map_err(bad)?;
        check_config(&config, manifest.layers.len(), source)?;
        self.total = manifest.layers.iter().map(|layer| layer.size).sum();
        self.add_document(&bytes)?;
        self.add_document(&config_bytes)?;
        self.done = 0;
        for layer in &manifest.layers {
            self.copy_blob(source, layer)?;
            self.check_compression(layer, source)?;
        }
        Ok(Found {
            name: carried,
            manifest,
            entry,
            config,
            unpacked: Vec::new(),
        })
    }

    /// The media type must say what the content is.
    fn check_compression(&self, layer: &Descriptor, source: &Source) -> Result<(), StoreError> {
        use crate::extract::Compression;
        let path = self.blob_path(&layer.digest);
        let mut magic = [0u8; 4];
        let got = File::open(&path)
            .and_then(|file| file.read_at(&mut magic, 0))
            .map_err(|error| StoreError::io(&path, error))?;
        if Compression::of(&magic[..got]) == document::compression(&layer.media_type) {
            Ok(())
        } else {
            Err(StoreError::bad(
                source.path(),
                "a layer is not compressed the way its media type says",
            ))
        }
    }
}

fn blob_name(digest: &Digest) -> String {
    format!("blobs/sha256/{}", digest.hex())
}

pub(super) fn verify(expected: &Digest, found: Digest, what: &str) -> Result<(), StoreError> {
    if *expected == found {
        return Ok(());
    }
    Err(StoreError::DigestMismatch {
        what: what.to_owned(),
        expected: expected.clone(),
        found,
    })
}

/// A document blob, verified.
fn verified(source: &Source, descriptor: &Descriptor) -> Result<Vec<u8>, StoreError> {
    let bytes = source.document(&blob_name(&descriptor.digest))?;
    verify(
        &descriptor.digest,
        Digest::from_sha256(&Sha256::digest(&bytes).into()),
        "a document",
    )?;
    if bytes.len() as u64 != descriptor.size {
        return Err(StoreError::bad(
            source.path(),
            "a document has another size than it says",
        ));
    }
    Ok(bytes)
}

/// The one image of the top-level index that is meant.
fn choose<'i>(
    index: &'i Index,
    name: Option<&ImageRef>,
    source: &Source,
) -> Result<&'i Descriptor, StoreError> {
    let ref_name = |entry: &Descriptor| entry.annotations.get(REF_NAME).cloned();
    if let [only] = index.manifests.as_slice() {
        return Ok(only);
    }
    let named = name.and_then(|name| {
        index
            .manifests
            .iter()
            .find(|entry| ref_name(entry).as_deref() == Some(name.as_str()))
    });
    if let Some(entry) = named {
        return Ok(entry);
    }
    if index
        .manifests
        .iter()
        .all(|entry| ref_name(entry).is_none() && entry.platform.is_some())
    {
        return for_this_machine(index);
    }
    let names = index.manifests.iter().filter_map(ref_name).collect();
    Err(StoreError::SeveralImages {
        path: source.path().to_owned(),
        names,
    })
}

fn for_this_machine(index: &Index) -> Result<&Descriptor, StoreError> {
    let wanted = document::architecture();
    let fits = |entry: &&Descriptor| {
        entry
            .platform
            .as_ref()
            .is_some_and(|it| it.os == "linux" && it.architecture == wanted)
    };
    index
        .manifests
        .iter()
        .find(fits)
        .ok_or_else(|| StoreError::NoPlatform(wanted.to_owned()))
}

/// Follows nested indexes to a manifest.
fn resolve(
    source: &Source,
    mut entry: Descriptor,
) -> Result<(Descriptor, Vec<u8>, Manifest), StoreError> {
    for _ in 0..NESTING {
        let bytes = verified_any_type(source, &entry)?;
        match document::parse(&bytes, &entry.media_type, source.path())? {
            Document::Manifest(manifest) => return Ok((entry, bytes, manifest)),
            Document::Index(index) => entry = for_this_machine(&index)?.clone(),
        }
    }
    Err(StoreError::bad(
        source.path(),
        "its indexes are nested too deep",
    ))
}

fn verified_any_type(source: &Source, entry: &Descriptor) -> Result<Vec<u8>, StoreError> {
    // A wrong type is the better message, so it comes before reading what may be a large blob.
    if !entry.media_type.ends_with("+json") {
        return Err(StoreError::UnknownMediaType(entry.media_type.clone()));
    }
    verified(source, entry)
}

pub(super) fn check_config(
    config: &Config,
    layers: usize,
    source: &Source,
) -> Result<(), StoreError> {
    if config.rootfs.kind != "layers" || config.rootfs.diff_ids.len() != layers {
        return Err(StoreError::bad(
            source.path(),
            "its configuration names other layers than it has",
        ));
    }
    let wanted = document::architecture();
    if config.os != "linux" || config.architecture != wanted {
        return Err(StoreError::NoPlatform(wanted.to_owned()));
    }
    Ok(())
}

/// A descriptor of a blob that Kennel describes itself.
pub(super) fn describe(media_type: &str, digest: Digest, size: u64) -> Descriptor {
    Descriptor {
        media_type: media_type.to_owned(),
        digest,
        size,
        platform: None,
        annotations: BTreeMap::new(),
    }
}
