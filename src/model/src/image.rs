//! Image references and the places an image can come from.

use std::path::PathBuf;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::text::text_newtype;
use crate::{Digest, DiskUse, ImageOrigin, Phrase, phrase};

/// A fully qualified image reference: `registry/path:tag`, optionally `@sha256:…`.
///
/// Grammar: the OCI distribution spec (“Pulling manifests”) for path and tag, and a first
/// component that is a host name: it has a dot or a port, or is `localhost`. Short names are
/// never guessed, because guessing the registry lets somebody else answer.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ImageRef(String);

/// Why a text is not an image reference.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}", self.phrase())]
pub enum InvalidImageRef {
    /// No registry in front.
    NoRegistry(String),
    /// A part breaks the grammar.
    Malformed(String),
    /// Longer than 512 bytes.
    TooLong,
}

impl InvalidImageRef {
    /// It in words.
    pub fn phrase(&self) -> Phrase {
        match self {
            Self::NoRegistry(text) => {
                phrase("{text} does not say which registry it is from: write registry/name:tag")
                    .with("text", format!("{text:?}"))
            }
            Self::Malformed(text) => {
                phrase("{text} is not an image reference: write registry/name:tag")
                    .with("text", format!("{text:?}"))
            }
            Self::TooLong => phrase("an image reference has at most 512 characters"),
        }
    }
}

/// The longest reference, in bytes; the spec bounds registry and path together to 255.
const REFERENCE_LIMIT: usize = 512;

impl ImageRef {
    /// What stands in the place of an image that was not looked at.
    pub(crate) fn unknown() -> Self {
        Self("localhost/unknown:latest".to_owned())
    }

    /// The reference as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The registry: `docker.io`, `localhost:5000`.
    pub fn registry(&self) -> &str {
        self.0.split('/').next().unwrap_or(&self.0)
    }

    /// Registry and path without tag and digest: `docker.io/library/debian`.
    pub fn repository(&self) -> &str {
        let named = self.0.split('@').next().unwrap_or(&self.0);
        match named.rsplit_once(':') {
            // A colon before a slash is the registry's port.
            Some((repository, tag)) if !tag.contains('/') => repository,
            _ => named,
        }
    }

    /// The digest that it is pinned to.
    pub fn digest(&self) -> Option<Digest> {
        self.0.split_once('@')?.1.parse().ok()
    }

    /// The last part of the path with its tag, for people: `debian:13`.
    pub fn short(&self) -> &str {
        let named = self.0.split('@').next().unwrap_or(&self.0);
        named.rsplit('/').next().unwrap_or(named)
    }
}

impl FromStr for ImageRef {
    type Err = InvalidImageRef;

    fn from_str(text: &str) -> Result<Self, InvalidImageRef> {
        if text.len() > REFERENCE_LIMIT {
            return Err(InvalidImageRef::TooLong);
        }
        let malformed = || InvalidImageRef::Malformed(text.to_owned());
        let (named, digest) = match text.split_once('@') {
            Some((named, digest)) => (named, Some(digest)),
            None => (text, None),
        };
        if let Some(digest) = digest {
            digest.parse::<Digest>().map_err(|_| malformed())?;
        }
        let (registry, rest) = named
            .split_once('/')
            .ok_or_else(|| InvalidImageRef::NoRegistry(text.to_owned()))?;
        if !(registry.contains('.') || registry.contains(':') || registry == "localhost") {
            return Err(InvalidImageRef::NoRegistry(text.to_owned()));
        }
        let (path, tag) = match rest.rsplit_once(':') {
            Some((path, tag)) => (path, Some(tag)),
            None => (rest, None),
        };
        let valid = is_registry(registry)
            && path.split('/').all(is_path_component)
            && tag.is_none_or(is_tag);
        if !valid {
            return Err(malformed());
        }
        let whole = match (tag, digest) {
            (None, None) => format!("{named}:latest"),
            _ => text.to_owned(),
        };
        if whole.len() > REFERENCE_LIMIT {
            return Err(InvalidImageRef::TooLong);
        }
        Ok(Self(whole))
    }
}

fn is_registry(text: &str) -> bool {
    let (host, port) = match text.split_once(':') {
        Some((host, port)) => (host, Some(port)),
        None => (text, None),
    };
    let host_ok = !host.is_empty()
        && host.split('.').all(|label| {
            !label.is_empty()
                && !label.starts_with('-')
                && !label.ends_with('-')
                && label
                    .bytes()
                    .all(|b| b.is_ascii_alphanumeric() || b == b'-')
        });
    host_ok && port.is_none_or(|p| p.parse::<u16>().is_ok() && !p.starts_with('+'))
}

/// `[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*`, as the distribution spec writes it: between letters and
/// digits one dot, one or two underscores, or any number of hyphens.
fn is_path_component(text: &str) -> bool {
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
    let outer = text.starts_with(plain) && text.ends_with(plain);
    outer
        && text.split(plain).all(|between| {
            matches!(between, "" | "." | "_" | "__") || between.bytes().all(|b| b == b'-')
        })
}

fn is_tag(text: &str) -> bool {
    let starts = |b: &u8| b.is_ascii_alphanumeric() || *b == b'_';
    text.len() <= 128
        && text.as_bytes().first().is_some_and(starts)
        && text
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'.' | b'-'))
}

text_newtype!(ImageRef, "an image reference");

/// Where an image is to come from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ImageSource {
    /// Named by reference: in the store, or to be fetched from its registry.
    Reference(ImageRef),
    /// An OCI image layout directory, and the name to pick when it holds several.
    OciDirectory(PathBuf),
    /// A tar of an OCI image layout.
    OciArchive(PathBuf),
    /// The output of `docker save` or `podman save`.
    DockerArchive(PathBuf),
    /// A tar of a root file system: plain, gzip or zstd.
    Rootfs(PathBuf),
    /// Any of these, or an OCI layout directory: its content tells which.
    File(PathBuf),
}

impl ImageSource {
    /// The prefixes of local sources.
    const LOCAL: [(&'static str, fn(PathBuf) -> Self); 5] = [
        ("oci:", Self::OciDirectory),
        ("oci-archive:", Self::OciArchive),
        ("docker-archive:", Self::DockerArchive),
        ("rootfs:", Self::Rootfs),
        ("file:", Self::File),
    ];

    /// The local path, if it is not a reference.
    pub fn path(&self) -> Option<&std::path::Path> {
        match self {
            Self::Reference(_) => None,
            Self::OciDirectory(path)
            | Self::OciArchive(path)
            | Self::DockerArchive(path)
            | Self::Rootfs(path)
            | Self::File(path) => Some(path),
        }
    }
}

impl FromStr for ImageSource {
    type Err = InvalidImageRef;

    fn from_str(text: &str) -> Result<Self, InvalidImageRef> {
        for (prefix, make) in Self::LOCAL {
            if let Some(path) = text.strip_prefix(prefix) {
                if path.is_empty() {
                    return Err(InvalidImageRef::Malformed(text.to_owned()));
                }
                return Ok(make(PathBuf::from(path)));
            }
        }
        // A reference begins with a host's name, which never begins like this.
        if ["/", "./", "../"]
            .iter()
            .any(|start| text.starts_with(start))
        {
            return Ok(Self::File(PathBuf::from(text)));
        }
        text.parse().map(Self::Reference)
    }
}

/// An image in the store: `kennel image list --json`. Stable.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImageSummary {
    /// The name it has in the store.
    pub reference: ImageRef,
    /// The manifest's digest.
    pub digest: Digest,
    /// Bytes of its blobs.
    pub size: u64,
    /// Number of layers.
    pub layers: usize,
    /// When the image was built, RFC 3339, if it says.
    #[serde(default)]
    pub created: Option<String>,
    /// The system's name and version, from the image's `/etc/os-release`, if known.
    #[serde(default)]
    pub system: Option<String>,
    /// Where it came from, if that was written down.
    #[serde(default)]
    pub origin: Option<ImageOrigin>,
    /// The disk space it needs, where it was measured.
    #[serde(default)]
    pub disk: Option<DiskUse>,
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Found by fuzzing: with its tag it was too long to be read again.
    #[test]
    fn what_was_accepted_reads_again() {
        for length in REFERENCE_LIMIT - 20..=REFERENCE_LIMIT + 1 {
            let text = format!("q.io/{}", "a".repeat(length - 5));
            if let Ok(reference) = text.parse::<ImageRef>() {
                assert_eq!(reference.as_str().parse(), Ok(reference));
            }
        }
    }

    /// Found by fuzzing: names that no registry can have.
    #[test]
    fn a_path_keeps_to_the_grammar() {
        for path in ["a", "a.b", "a_b", "a__b", "a---b", "a-0/b.1"] {
            assert!(format!("q.io/{path}").parse::<ImageRef>().is_ok(), "{path}");
        }
        for path in [
            "a..b", "a___b", "a._b", "a-.b", ".a", "a-", "a//b", "", "A", "a/../b",
        ] {
            assert!(
                format!("q.io/{path}").parse::<ImageRef>().is_err(),
                "{path}"
            );
        }
    }

    #[test]
    fn the_parts_of_a_reference() {
        let pinned = format!("localhost:5000/a/b:1@sha256:{}", "0".repeat(64));
        for (text, registry, repository, short) in [
            (
                "docker.io/library/debian:13",
                "docker.io",
                "docker.io/library/debian",
                "debian:13",
            ),
            (
                "localhost:5000/a",
                "localhost:5000",
                "localhost:5000/a",
                "a:latest",
            ),
            (&pinned, "localhost:5000", "localhost:5000/a/b", "b:1"),
        ] {
            let reference: ImageRef = text.parse().unwrap();
            assert_eq!(reference.registry(), registry);
            assert_eq!(reference.repository(), repository);
            assert_eq!(reference.short(), short);
            assert_eq!(reference.digest().is_some(), text.contains('@'));
        }
    }
}
