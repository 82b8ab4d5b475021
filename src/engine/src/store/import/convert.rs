//! Sources that are not OCI images: they get a manifest here.

use std::os::unix::fs::FileExt as _;
use std::path::Path;

use kennel_model::{Digest, ImageRef, ImageSource};
use serde::Deserialize;

use super::collect::{check_config, describe, verify};
use super::{Found, Import, manifest_entry};
use crate::extract::Compression;
use crate::store::StoreError;
use crate::store::document::{self, Config, Descriptor, Manifest, RootFs};
use crate::store::layers::{Wanted, unpack_all};
use crate::store::source::{Source, open_regular};

/// One image of `docker save`'s manifest.json.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct DockerImage {
    config: String,
    repo_tags: Option<Vec<String>>,
    layers: Vec<String>,
}

impl Import<'_> {
    /// Reads the output of `docker save` and copies one image's blobs.
    pub(super) fn docker(
        &mut self,
        source: &Source,
        name: Option<&ImageRef>,
    ) -> Result<Found, StoreError> {
        let bad = |error: serde_json::Error| StoreError::bad(source.path(), error.to_string());
        let images: Vec<DockerImage> =
            serde_json::from_slice(&source.document("manifest.json")?).map_err(bad)?;
        let image = choose(&images, name, source)?;
        let tags = image.repo_tags.as_deref().unwrap_or_default();
        let carried = tags.iter().find_map(|tag| tag.parse().ok());
        let config_bytes = source.document(&image.config)?;
        let config: Config = serde_json::from_slice(&config_bytes).map_err(bad)?;
        check_config(&config, image.layers.len(), source)?;
        let config_digest = self.add_document(&config_bytes)?;
        let named = image
            .config
            .rsplit('/')
            .next()
            .unwrap_or_default()
            .trim_end_matches(".json");
        if let Ok(expected) = format!("sha256:{named}").parse::<Digest>() {
            verify(&expected, config_digest.clone(), "the configuration")?;
        }
        for layer in &image.layers {
            self.total += source.open(layer)?.1;
        }
        self.done = 0;
        let mut layers = Vec::new();
        for (layer, diff_id) in image.layers.iter().zip(&config.rootfs.diff_ids) {
            layers.push(self.docker_layer(source, layer, diff_id)?);
        }
        let config_part = describe(document::CONFIG, config_digest, config_bytes.len() as u64);
        let (entry, manifest) = self.add_manifest(config_part, layers)?;
        Ok(Found {
            name: carried,
            manifest,
            entry,
            config,
            unpacked: Vec::new(),
        })
    }

    fn docker_layer(
        &mut self,
        source: &Source,
        layer: &str,
        diff_id: &Digest,
    ) -> Result<Descriptor, StoreError> {
        let (mut reader, size) = source.open(layer)?;
        let (digest, size) = self.copy(&mut reader, source.path(), size)?;
        let media_type = self.layer_type(&digest)?;
        if media_type == document::LAYER {
            verify(diff_id, digest.clone(), "a layer")?;
        }
        Ok(describe(media_type, digest, size))
    }

    fn layer_type(&self, digest: &Digest) -> Result<&'static str, StoreError> {
        let path = self.blob_path(digest);
        let mut magic = [0u8; 4];
        let got = open_regular(&path)?
            .read_at(&mut magic, 0)
            .map_err(|error| StoreError::io(&path, error))?;
        Ok(match Compression::of(&magic[..got]) {
            Compression::Plain => document::LAYER,
            Compression::Gzip => "application/vnd.oci.image.layer.v1.tar+gzip",
            Compression::Zstd => "application/vnd.oci.image.layer.v1.tar+zstd",
        })
    }

    fn add_manifest(
        &mut self,
        config: Descriptor,
        layers: Vec<Descriptor>,
    ) -> Result<(Descriptor, Manifest), StoreError> {
        let manifest = Manifest {
            schema_version: 2,
            media_type: Some(document::MANIFEST.to_owned()),
            config,
            layers,
        };
        let bytes = self.to_json(&manifest)?;
        let digest = self.add_document(&bytes)?;
        Ok((manifest_entry(digest, bytes.len() as u64), manifest))
    }

    fn to_json(&self, value: &impl serde::Serialize) -> Result<Vec<u8>, StoreError> {
        serde_json::to_vec(value)
            .map_err(|error| StoreError::bad(self.workspace.path(), error.to_string()))
    }

    /// Takes a tar of a root file system as the only layer of an image.
    pub(super) fn rootfs(&mut self, path: &Path) -> Result<Found, StoreError> {
        let mut file = open_regular(path)?;
        self.total = file
            .metadata()
            .map_err(|error| StoreError::io(path, error))?
            .len();
        let (digest, size) = self.copy(&mut file, path, self.total)?;
        let wanted = [Wanted {
            blob: self.blob_path(&digest),
            size,
            diff_id: None,
        }];
        let unpacked = unpack_all(&wanted, self.workspace.path(), self.unpacker, self.progress)
            .map_err(|error| match error {
                StoreError::Extract(crate::extract::ExtractError::Truncated) => {
                    StoreError::Truncated {
                        path: path.to_owned(),
                    }
                }
                other => other,
            })?;
        // No digest would notice an archive that was cut between two entries.
        if !unpacked.iter().all(|layer| layer.complete) {
            return Err(StoreError::Truncated {
                path: path.to_owned(),
            });
        }
        let config = Config {
            architecture: document::architecture().to_owned(),
            os: "linux".to_owned(),
            rootfs: RootFs {
                kind: "layers".to_owned(),
                diff_ids: unpacked.iter().map(|layer| layer.diff_id.clone()).collect(),
            },
            ..Config::default()
        };
        let bytes = self.to_json(&config)?;
        let config_digest = self.add_document(&bytes)?;
        let layer = describe(self.layer_type(&digest)?, digest, size);
        let config_part = describe(document::CONFIG, config_digest, bytes.len() as u64);
        let (entry, manifest) = self.add_manifest(config_part, vec![layer])?;
        Ok(Found {
            name: None,
            manifest,
            entry,
            config,
            unpacked,
        })
    }
}

fn choose<'i>(
    images: &'i [DockerImage],
    name: Option<&ImageRef>,
    source: &Source,
) -> Result<&'i DockerImage, StoreError> {
    if let [only] = images {
        return Ok(only);
    }
    let has = |image: &&DockerImage| {
        let tags = image.repo_tags.as_deref().unwrap_or_default();
        name.is_some_and(|name| tags.iter().any(|tag| tag == name.as_str()))
    };
    images
        .iter()
        .find(has)
        .ok_or_else(|| StoreError::SeveralImages {
            path: source.path().to_owned(),
            names: images
                .iter()
                .flat_map(|image| image.repo_tags.clone().unwrap_or_default())
                .collect(),
        })
}

/// `localhost/<file stem>:latest`.
pub(super) fn name_from_file(source: &ImageSource) -> Result<ImageRef, StoreError> {
    let path = source.path().unwrap_or(Path::new(""));
    let file = path
        .file_name()
        .unwrap_or_default()
        .to_string_lossy()
        .to_lowercase();
    let mut stem = file.as_str();
    for ending in [".gz", ".zst", ".tgz", ".tzst", ".tar", ".oci", ".docker"] {
        stem = stem.strip_suffix(ending).unwrap_or(stem);
    }
    let clean: String = stem
        .chars()
        .map(|c| {
            if c.is_ascii_alphanumeric() || c == '.' || c == '_' {
                c
            } else {
                '-'
            }
        })
        .take(100)
        .collect();
    let clean = clean.trim_matches(['-', '.', '_']);
    let clean = if clean.is_empty() { "image" } else { clean };
    format!("localhost/{clean}:latest")
        .parse()
        .map_err(|_| StoreError::bad(path, "no name can be made from the file's: give one"))
}
