//! Why the store could not do it.

use std::path::{Path, PathBuf};

use kennel_model::phrase::reason;
use kennel_model::{Digest, ImageRef, Phrase, UserError, phrase};

use crate::extract::ExtractError;
use crate::stage::StageError;

/// Why the store could not do it.
#[derive(Debug, thiserror::Error)]
#[error("{}", self.phrase())]
pub enum StoreError {
    /// A file operation failed.
    Io {
        /// On what.
        path: PathBuf,
        /// What the kernel said.
        source: std::io::Error,
    },
    /// No room left.
    DiskFull {
        /// Somewhere on that disk.
        path: PathBuf,
    },
    /// The image is not in the store.
    NotFound(ImageRef),
    /// The person asked for the end.
    Cancelled,
    /// An archive ends in the middle.
    Truncated {
        /// The archive.
        path: PathBuf,
    },
    /// An image does not follow its format.
    BadImage {
        /// The image.
        path: PathBuf,
        /// What is wrong.
        reason: String,
    },
    /// A file packed by a program whose format Kennel does not read.
    UnsupportedCompression {
        /// The file.
        path: PathBuf,
        /// The format.
        name: &'static str,
    },
    /// Content is not what its digest says.
    DigestMismatch {
        /// Which content.
        what: String,
        /// The promised digest.
        expected: Digest,
        /// The digest of what was there.
        found: Digest,
    },
    /// A media type nobody here knows.
    UnknownMediaType(String),
    /// A document that two readers would read differently (CVE-2021-41190).
    Ambiguous(String),
    /// Several images, and none chosen.
    SeveralImages {
        /// The archive or directory.
        path: PathBuf,
        /// Their names.
        names: Vec<String>,
    },
    /// No variant for this machine.
    NoPlatform(String),
    /// The source is a reference, which needs a registry.
    NotLocal(ImageRef),
    /// A layer could not be unpacked.
    Extract(#[from] ExtractError),
    /// The process that unpacks in the person's user namespace did not come to its work.
    #[error(transparent)]
    Stage(#[from] StageError),
    /// Another operation is using the store.
    Busy,
}

impl StoreError {
    /// Wraps a failed file operation.
    pub fn io(path: &Path, error: impl Into<std::io::Error>) -> Self {
        let source = error.into();
        let path = path.to_owned();
        match source.kind() {
            std::io::ErrorKind::StorageFull | std::io::ErrorKind::QuotaExceeded => {
                Self::DiskFull { path }
            }
            std::io::ErrorKind::UnexpectedEof => Self::Truncated { path },
            _ => Self::Io { path, source },
        }
    }

    pub(crate) fn bad(path: &Path, reason: impl Into<String>) -> Self {
        Self::BadImage {
            path: path.to_owned(),
            reason: reason.into(),
        }
    }

    /// It in words.
    pub fn phrase(&self) -> Phrase {
        match self {
            Self::Io { path, source } => phrase("cannot use {path}: {reason}")
                .with("path", path.display())
                .saying("reason", reason(source)),
            Self::DiskFull { path } => {
                phrase("the disk with {path} is full").with("path", path.display())
            }
            Self::NotFound(image) => phrase("there is no image {image}").with("image", image),
            Self::Cancelled => phrase("cancelled"),
            Self::Truncated { path } => phrase("{path} ends early").with("path", path.display()),
            Self::BadImage { path, reason } => phrase("{path} is not a usable image: {reason}")
                .with("path", path.display())
                .with("reason", reason),
            Self::UnsupportedCompression { path, name } => {
                phrase("{path} is packed with {format}, which is not supported")
                    .with("path", path.display())
                    .with("format", name)
            }
            Self::DigestMismatch {
                what,
                expected,
                found,
            } => phrase("{what} is not what its digest says: {found} instead of {expected}")
                .with("what", what)
                .with("found", found)
                .with("expected", expected),
            Self::UnknownMediaType(kind) => {
                phrase("the image has a part of the unknown type {type}")
                    .with("type", format!("{kind:?}"))
            }
            Self::Ambiguous(part) => {
                phrase("the image's {part} can be read in two ways").with("part", part)
            }
            Self::SeveralImages { path, names } => phrase("{path} holds several images: {names}")
                .with("path", path.display())
                .listing("names", names.clone()),
            Self::NoPlatform(architecture) => {
                phrase("the image has no variant for linux/{architecture}")
                    .with("architecture", architecture)
            }
            Self::NotLocal(image) => phrase("{image} is not a local image").with("image", image),
            Self::Extract(error) => {
                phrase("a layer cannot be unpacked: {reason}").saying("reason", error.phrase())
            }
            Self::Stage(error) => error.phrase(),
            Self::Busy => phrase("an image is being imported"),
        }
    }

    fn kind_and_todo(&self) -> (&'static str, Phrase) {
        match self {
            Self::Io { .. } => (
                "store-io",
                phrase("check that it exists and may be read and written"),
            ),
            Self::DiskFull { .. } | Self::Extract(ExtractError::DiskFull) => (
                "disk-full",
                phrase("free some space, for example with “kennel image prune”"),
            ),
            Self::NotFound(_) => (
                "image-not-found",
                phrase("“kennel image list” shows what there is"),
            ),
            Self::Cancelled => ("cancelled", phrase("nothing was changed")),
            Self::Truncated { .. } | Self::Extract(ExtractError::Truncated) => {
                ("image-truncated", phrase("fetch or export it again"))
            }
            Self::BadImage { .. } => ("image-invalid", phrase("fetch or export it again")),
            Self::UnsupportedCompression { .. } => (
                "image-compression",
                phrase("unpack it first, or pack it with gzip or zstd"),
            ),
            Self::DigestMismatch { .. } => (
                "digest-mismatch",
                phrase("fetch it again from a place you trust"),
            ),
            Self::UnknownMediaType(_) => ("image-unsupported", phrase("export it as an OCI image")),
            Self::Ambiguous(_) => (
                "image-ambiguous",
                phrase("do not use it: it may be an attack"),
            ),
            Self::SeveralImages { .. } => ("image-several", phrase("say which one with its name")),
            Self::NoPlatform(_) => ("image-platform", phrase("find one made for this machine")),
            Self::NotLocal(_) => ("image-not-local", phrase("pull it first")),
            Self::Extract(ExtractError::UnmappedOwner { .. }) => (
                "unmapped-owner",
                phrase("give your account a larger range in /etc/subuid and /etc/subgid"),
            ),
            Self::Extract(_) => ("layer-invalid", phrase("fetch or export the image again")),
            Self::Stage(StageError::Mapping(_)) => (
                "mapping",
                phrase(
                    "check that newuidmap and newgidmap are installed and that /etc/subuid and /etc/subgid list you",
                ),
            ),
            Self::Stage(_) => (
                "stage",
                phrase("“kennel doctor” says what this computer lacks"),
            ),
            Self::Busy => ("store-busy", phrase("try again when it is done")),
        }
    }
}

impl From<StoreError> for UserError {
    fn from(error: StoreError) -> Self {
        if matches!(error, StoreError::Cancelled) {
            return Self::cancelled();
        }
        let (kind, todo) = error.kind_and_todo();
        Self::new(kind, error.phrase(), todo).caused_by(&error)
    }
}
