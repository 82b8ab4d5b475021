//! The JSON documents of the OCI image spec, as far as Kennel reads and writes them.

use std::collections::BTreeMap;
use std::path::Path;

use kennel_model::Digest;
use serde::{Deserialize, Serialize};

use super::StoreError;
use crate::extract::Compression;

pub(crate) const INDEX: &str = "application/vnd.oci.image.index.v1+json";
pub(crate) const MANIFEST: &str = "application/vnd.oci.image.manifest.v1+json";
pub(crate) const CONFIG: &str = "application/vnd.oci.image.config.v1+json";
pub(crate) const LAYER: &str = "application/vnd.oci.image.layer.v1.tar";
const DOCKER_INDEX: &str = "application/vnd.docker.distribution.manifest.list.v2+json";
const DOCKER_MANIFEST: &str = "application/vnd.docker.distribution.manifest.v2+json";
const DOCKER_CONFIG: &str = "application/vnd.docker.container.image.v1+json";
/// What a manifest or index may call itself.
pub(crate) const MANIFEST_TYPES: [&str; 4] = [MANIFEST, INDEX, DOCKER_MANIFEST, DOCKER_INDEX];
/// What the configuration of an image may call itself.
pub(crate) const CONFIGS: [&str; 2] = [CONFIG, DOCKER_CONFIG];
/// The kernel stacks 500 directories (`OVL_MAX_STACK`); no tool builds nearly as many.
const LAYER_LIMIT: usize = 256;
/// 1 TiB: small enough that sums of sizes cannot overflow.
const LAYER_SIZE_LIMIT: u64 = 1 << 40;
const LAYERS: [&str; 5] = [
    LAYER,
    "application/vnd.oci.image.layer.v1.tar+gzip",
    "application/vnd.oci.image.layer.v1.tar+zstd",
    "application/vnd.docker.image.rootfs.diff.tar.gzip",
    "application/vnd.docker.image.rootfs.diff.tar",
];
/// The name of an image in an index.
pub(crate) const REF_NAME: &str = "org.opencontainers.image.ref.name";
/// The system in an image, as its os-release names it.
pub(crate) const SYSTEM: &str = "io.github.kennel-pets.system";
/// Where it came from: an [`ImageOrigin`](kennel_model::ImageOrigin) as JSON.
pub(crate) const ORIGIN: &str = "io.github.kennel-pets.origin";

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Descriptor {
    pub(crate) media_type: String,
    pub(crate) digest: Digest,
    pub(crate) size: u64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) platform: Option<Platform>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(crate) annotations: BTreeMap<String, String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Platform {
    pub(crate) architecture: String,
    pub(crate) os: String,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Index {
    pub(crate) schema_version: u32,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) media_type: Option<String>,
    pub(crate) manifests: Vec<Descriptor>,
}

impl Default for Index {
    fn default() -> Self {
        Self {
            schema_version: 2,
            media_type: Some(INDEX.to_owned()),
            manifests: Vec::new(),
        }
    }
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Manifest {
    pub(crate) schema_version: u32,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) media_type: Option<String>,
    pub(crate) config: Descriptor,
    pub(crate) layers: Vec<Descriptor>,
}

#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(crate) struct Config {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) created: Option<String>,
    pub(crate) architecture: String,
    pub(crate) os: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) config: Option<RunConfig>,
    pub(crate) rootfs: RootFs,
}

#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(crate) struct RunConfig {
    #[serde(rename = "Env", default)]
    pub(crate) env: Option<Vec<String>>,
}

#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(crate) struct RootFs {
    #[serde(rename = "type")]
    pub(crate) kind: String,
    #[serde(default)]
    pub(crate) diff_ids: Vec<Digest>,
}

/// A manifest or an index.
pub(crate) enum Document {
    Manifest(Manifest),
    Index(Index),
}

/// Reads a manifest or index that a descriptor calls `media_type`.
pub(crate) fn parse(bytes: &[u8], media_type: &str, path: &Path) -> Result<Document, StoreError> {
    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Shape {
        media_type: Option<String>,
        layers: Option<serde::de::IgnoredAny>,
        config: Option<serde::de::IgnoredAny>,
        manifests: Option<serde::de::IgnoredAny>,
        #[serde(rename = "fsLayers")]
        fs_layers: Option<serde::de::IgnoredAny>,
    }
    let bad = |error: serde_json::Error| StoreError::bad(path, error.to_string());
    let shape: Shape = serde_json::from_slice(bytes).map_err(bad)?;
    let manifest_like =
        shape.layers.is_some() || shape.config.is_some() || shape.fs_layers.is_some();
    if manifest_like && shape.manifests.is_some() {
        return Err(StoreError::Ambiguous("manifest".to_owned()));
    }
    if shape.media_type.is_some_and(|inner| inner != media_type) {
        return Err(StoreError::Ambiguous("media type".to_owned()));
    }
    match media_type {
        MANIFEST | DOCKER_MANIFEST if manifest_like => {
            let manifest: Manifest = serde_json::from_slice(bytes).map_err(bad)?;
            check_parts(&manifest, path)?;
            Ok(Document::Manifest(manifest))
        }
        INDEX | DOCKER_INDEX if !manifest_like => serde_json::from_slice(bytes)
            .map(Document::Index)
            .map_err(bad),
        MANIFEST | DOCKER_MANIFEST | INDEX | DOCKER_INDEX => {
            Err(StoreError::Ambiguous("media type".to_owned()))
        }
        other => Err(StoreError::UnknownMediaType(other.to_owned())),
    }
}

fn check_parts(manifest: &Manifest, path: &Path) -> Result<(), StoreError> {
    let config = manifest.config.media_type.as_str();
    if !CONFIGS.contains(&config) {
        return Err(StoreError::UnknownMediaType(config.to_owned()));
    }
    if manifest.layers.len() > LAYER_LIMIT {
        let reason = format!("it has more than {LAYER_LIMIT} layers");
        return Err(StoreError::bad(path, reason));
    }
    if manifest
        .layers
        .iter()
        .any(|layer| layer.size > LAYER_SIZE_LIMIT)
    {
        return Err(StoreError::bad(
            path,
            "it has a layer of an impossible size",
        ));
    }
    match manifest
        .layers
        .iter()
        .find(|layer| !LAYERS.contains(&layer.media_type.as_str()))
    {
        Some(layer) => Err(StoreError::UnknownMediaType(layer.media_type.clone())),
        None => Ok(()),
    }
}

/// How a layer of `media_type` says it is compressed.
pub(crate) fn compression(media_type: &str) -> Compression {
    match media_type.rsplit(['+', '.']).next() {
        Some("gzip") => Compression::Gzip,
        Some("zstd") => Compression::Zstd,
        _ => Compression::Plain,
    }
}

/// This machine's architecture as images call it.
pub(crate) fn architecture() -> &'static str {
    match std::env::consts::ARCH {
        "x86_64" => "amd64",
        "aarch64" => "arm64",
        "x86" => "386",
        "powerpc64" => "ppc64le",
        "loongarch64" => "loong64",
        other => other,
    }
}
