//! What kind of image a path holds, told by its content: names and endings may say anything.

use std::fs::File;
use std::io::{Read as _, Seek as _};
use std::path::{Path, PathBuf};

use kennel_model::{Digest, ImageSource};

use super::StoreError;
use super::source::{damaged, open_regular, reading};
use crate::extract::archive::Archive;
use crate::extract::{Compression, ExtractError, ExtractLimits, inflate};

/// Compressions that are not supported, by their first bytes, to be named in the error.
const FOREIGN: [(&[u8], &str); 4] = [
    (b"\xfd7zXZ\0", "xz"),
    (b"BZh", "bzip2"),
    (b"\x04\x22\x4d\x18", "lz4"),
    (b"PK\x03\x04", "zip"),
];

/// The source that `path` is: an OCI layout, or a tar (plain, gzip or zstd) of one, of
/// `docker save`'s output, or of a root file system.
pub(crate) fn recognise(path: &Path) -> Result<ImageSource, StoreError> {
    if std::fs::metadata(path).is_ok_and(|meta| meta.is_dir()) {
        return directory(path);
    }
    let mut file = open_regular(path)?;
    let compression = told_by_start(path, &mut file)?;
    let bytes = inflate(file).map_err(|error| reading(path, error))?;
    let mut archive = Archive::new(bytes, ExtractLimits::default().header);
    let mut layout = Kind::Unknown;
    for turn in 0.. {
        let entry = match archive.next_entry() {
            Err(error) if turn == 0 && is_no_tar(&error, compression) => {
                let reason = "it is neither an image nor a tar of a root file system";
                return Err(StoreError::bad(path, reason));
            }
            other => other.map_err(|error| damaged(path, error))?,
        };
        let Some(entry) = entry else { break };
        layout = match kind_of(&entry.path) {
            Kind::Unknown => layout,
            Kind::Docker => Kind::Docker,
            Kind::Oci => return Ok(ImageSource::OciArchive(path.to_owned())),
            Kind::RootFs => return Ok(ImageSource::Rootfs(path.to_owned())),
        };
    }
    match layout {
        Kind::Docker => Ok(ImageSource::DockerArchive(path.to_owned())),
        _ if archive.position() == 0 => Err(StoreError::Truncated {
            path: path.to_owned(),
        }),
        _ => Err(StoreError::bad(path, "there is nothing in it")),
    }
}

fn directory(path: &Path) -> Result<ImageSource, StoreError> {
    if path.join("oci-layout").is_file() {
        return Ok(ImageSource::OciDirectory(path.to_owned()));
    }
    let reason = "it is a directory without an OCI layout; a root file system is imported as a tar";
    Err(StoreError::bad(path, reason))
}

/// Whether the first header's error means that there is no tar at all. Less than one block is
/// a file cut short only if it is a compressed one.
fn is_no_tar(error: &ExtractError, compression: Compression) -> bool {
    match error {
        ExtractError::Truncated => compression == Compression::Plain,
        ExtractError::Damaged { .. } => true,
        _ => false,
    }
}

/// How the file is compressed; an error for the ways that are not supported.
fn told_by_start(path: &Path, file: &mut File) -> Result<Compression, StoreError> {
    let failed = |error| StoreError::io(path, error);
    let mut start = Vec::new();
    file.take(6).read_to_end(&mut start).map_err(failed)?;
    file.rewind().map_err(failed)?;
    match FOREIGN.iter().find(|(magic, _)| start.starts_with(magic)) {
        Some((_, name)) => Err(StoreError::UnsupportedCompression {
            path: path.to_owned(),
            name,
        }),
        None => Ok(Compression::of(&start)),
    }
}

/// What the name of one entry says about the archive.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// Nothing yet.
    Unknown,
    /// Decisive: an OCI layout. `docker save` of today writes one too, beside its own files.
    Oci,
    /// Of `docker save` or `podman save`, unless an OCI layout or a system follows.
    Docker,
    /// Decisive: no image format has a file of this name.
    RootFs,
}

fn kind_of(name: &[u8]) -> Kind {
    let name = String::from_utf8_lossy(name);
    let name: PathBuf = Path::new(&*name)
        .components()
        .filter(|part| matches!(part, std::path::Component::Normal(_)))
        .collect();
    let parts: Vec<&str> = name.iter().filter_map(|part| part.to_str()).collect();
    match parts.as_slice() {
        ["oci-layout"] => Kind::Oci,
        ["blobs", "sha256", hex] if is_hex(hex) => Kind::Oci,
        ["manifest.json" | "repositories"] => Kind::Docker,
        // The layers and configurations of one image each, named by digest.
        [first, ..] if is_hex(first.split('.').next().unwrap_or_default()) => Kind::Docker,
        [] | ["blobs" | "index.json"] | ["blobs", "sha256"] => Kind::Unknown,
        _ => Kind::RootFs,
    }
}

fn is_hex(text: &str) -> bool {
    format!("sha256:{text}").parse::<Digest>().is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_tell_the_formats_apart() {
        let hex = "a".repeat(64);
        for (name, kind) in [
            ("./", Kind::Unknown),
            ("index.json", Kind::Unknown),
            ("blobs/sha256/", Kind::Unknown),
            (&format!("./blobs/sha256/{hex}"), Kind::Oci),
            ("oci-layout", Kind::Oci),
            ("manifest.json", Kind::Docker),
            (&format!("{hex}.tar"), Kind::Docker),
            (&format!("{hex}/layer.tar"), Kind::Docker),
            ("./etc/oci-layout", Kind::RootFs),
            ("bin", Kind::RootFs),
            ("blobs/one", Kind::RootFs),
        ] {
            assert_eq!(kind_of(name.as_bytes()), kind, "{name}");
        }
    }
}
