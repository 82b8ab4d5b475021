//! From a reference to the one manifest for this computer, everything bounded and verified.

use std::path::Path;

use kennel_model::{Digest, ImageRef};

use super::RegistryError;
use super::client::{self, Client};
use super::error::harmless;
use crate::extract::Compression;
use crate::store::StoreError;
use crate::store::document::{self, Config, Descriptor, Document, Index, Manifest};

/// Indexes in indexes; real images have one.
const NESTING: usize = 3;
/// The first format of Docker's registry: no digest covers its layers' order.
const SCHEMA_1: &str = "application/vnd.docker.distribution.manifest.v1";

/// An image as the registry describes it.
pub(super) struct Resolved {
    /// Of the document that the tag names: the manifest, or an index.
    pub(super) tag_digest: Digest,
    pub(super) entry: Descriptor,
    pub(super) manifest: Manifest,
    pub(super) manifest_bytes: Vec<u8>,
    pub(super) config: Config,
    pub(super) config_bytes: Vec<u8>,
}

/// A blob to have, and what is in it.
#[derive(Debug, Clone)]
pub(super) struct Layer {
    pub(super) digest: Digest,
    pub(super) size: u64,
    pub(super) diff_id: Digest,
    pub(super) compression: Compression,
}

/// Follows `top` to the manifest for this computer, and reads its configuration.
pub(super) async fn resolve(
    client: &Client,
    reference: &ImageRef,
    top: client::Document,
) -> Result<Resolved, RegistryError> {
    let path = Path::new(reference.as_str());
    let tag_digest = top.digest.clone();
    let mut current = top;
    for _ in 0..NESTING {
        let parsed = match document::parse(&current.bytes, &current.media_type, path) {
            Err(StoreError::UnknownMediaType(kind)) => {
                return Err(explain(client, reference, &current, kind).await);
            }
            other => other?,
        };
        match parsed {
            Document::Index(index) => {
                let entry = for_this_machine(&index, reference)?;
                current = member(client, entry).await?;
            }
            Document::Manifest(manifest) => {
                let config_bytes = client
                    .small_blob(&manifest.config.digest, manifest.config.size)
                    .await?;
                let config = read_config(&config_bytes, &manifest, reference)?;
                let entry = Descriptor {
                    media_type: current.media_type,
                    digest: current.digest,
                    size: current.bytes.len() as u64,
                    platform: None,
                    annotations: std::collections::BTreeMap::new(),
                };
                return Ok(Resolved {
                    tag_digest,
                    entry,
                    manifest,
                    manifest_bytes: current.bytes,
                    config,
                    config_bytes,
                });
            }
        }
    }
    Err(StoreError::bad(path, "its indexes are nested too deep").into())
}

/// Fetches a document that an index names; it must be what the index says.
async fn member(client: &Client, entry: &Descriptor) -> Result<client::Document, RegistryError> {
    let document = client
        .manifest(entry.digest.as_str(), None)
        .await?
        .ok_or_else(|| client.bad("it sends nothing"))?;
    if document.media_type != entry.media_type {
        return Err(StoreError::Ambiguous("media type".to_owned()).into());
    }
    if document.bytes.len() as u64 != entry.size {
        return Err(client.bad("a manifest has another size than its index says"));
    }
    Ok(document)
}

fn for_this_machine<'i>(
    index: &'i Index,
    reference: &ImageRef,
) -> Result<&'i Descriptor, RegistryError> {
    let wanted = document::architecture();
    let fits = |entry: &&Descriptor| {
        let platform = entry.platform.as_ref();
        platform.is_some_and(|it| it.os == "linux" && it.architecture == wanted)
    };
    if let Some(entry) = index.manifests.iter().find(fits) {
        return Ok(entry);
    }
    if let [only] = index.manifests.as_slice() {
        // An index of one need not say the platform; the configuration does.
        if only.platform.is_none() {
            return Ok(only);
        }
    }
    let mut found: Vec<String> = index
        .manifests
        .iter()
        .filter_map(|entry| entry.platform.as_ref())
        // Build records are kept beside the images as a platform of their own.
        .filter(|platform| platform.os != "unknown")
        .map(|platform| format!("{}/{}", platform.os, platform.architecture))
        .collect();
    found.dedup();
    Err(wrong_platform(reference, &found.join(", ")))
}

fn wrong_platform(reference: &ImageRef, found: &str) -> RegistryError {
    let found = harmless(found);
    RegistryError::WrongPlatform {
        reference: reference.clone(),
        found: if found.is_empty() {
            "no platform it names".to_owned()
        } else {
            found
        },
        wanted: format!("linux/{}", document::architecture()),
    }
}

fn read_config(
    bytes: &[u8],
    manifest: &Manifest,
    reference: &ImageRef,
) -> Result<Config, RegistryError> {
    let path = Path::new(reference.as_str());
    let config: Config = serde_json::from_slice(bytes)
        .map_err(|error| StoreError::bad(path, harmless(&error.to_string())))?;
    if config.os != "linux" || config.architecture != document::architecture() {
        let found = format!("{}/{}", config.os, config.architecture);
        return Err(wrong_platform(reference, &found));
    }
    if config.rootfs.kind != "layers" || config.rootfs.diff_ids.len() != manifest.layers.len() {
        let reason = "its configuration names other layers than it has";
        return Err(StoreError::bad(path, reason).into());
    }
    Ok(config)
}

/// What a manifest with a part of an unknown kind is, in words that help.
async fn explain(
    client: &Client,
    reference: &ImageRef,
    document: &client::Document,
    kind: String,
) -> RegistryError {
    let not_an_image = |kind: &str| RegistryError::NotAnImage {
        reference: reference.clone(),
        kind: harmless(kind),
    };
    if document.media_type.starts_with(SCHEMA_1) {
        return not_an_image("in the old format of Docker's first registry");
    }
    let value: serde_json::Value = serde_json::from_slice(&document.bytes).unwrap_or_default();
    let config = &value["config"];
    let config_type = config["mediaType"].as_str().unwrap_or_default();
    if !document::CONFIGS.contains(&config_type) {
        let own = value["artifactType"].as_str().filter(|it| !it.is_empty());
        return not_an_image(own.unwrap_or(if config_type.is_empty() {
            &kind
        } else {
            config_type
        }));
    }
    // Layers that may not be distributed are those of Windows; the configuration says so.
    let descriptor: Option<Descriptor> = serde_json::from_value(config.clone()).ok();
    if let Some(it) = descriptor
        && let Ok(bytes) = client.small_blob(&it.digest, it.size).await
        && let Ok(config) = serde_json::from_slice::<Config>(&bytes)
        && config.os != "linux"
    {
        return wrong_platform(reference, &format!("{}/{}", config.os, config.architecture));
    }
    StoreError::UnknownMediaType(harmless(&kind)).into()
}

impl Resolved {
    /// The blobs of the image, each once.
    pub(super) fn layers(&self, reference: &ImageRef) -> Result<Vec<Layer>, RegistryError> {
        let mut layers: Vec<Layer> = Vec::new();
        let diff_ids = &self.config.rootfs.diff_ids;
        for (blob, diff_id) in self.manifest.layers.iter().zip(diff_ids) {
            let layer = Layer {
                digest: blob.digest.clone(),
                size: blob.size,
                diff_id: diff_id.clone(),
                compression: document::compression(&blob.media_type),
            };
            match layers.iter().find(|other| other.digest == layer.digest) {
                None => layers.push(layer),
                Some(other)
                    if other.size == layer.size
                        && other.diff_id == layer.diff_id
                        && other.compression == layer.compression => {}
                Some(_) => {
                    let path = Path::new(reference.as_str());
                    let reason = "it describes one layer in two ways";
                    return Err(StoreError::bad(path, reason).into());
                }
            }
        }
        Ok(layers)
    }
}
