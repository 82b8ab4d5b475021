//! Why the store could not do it.

use std::path::{Path, PathBuf};

use kennel_model::{Digest, ImageRef, UserError};

use crate::extract::ExtractError;
use crate::stage::StageError;

/// Why the store could not do it.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// A file operation failed.
    #[error("cannot use {path}: {source}", path = path.display())]
    Io {
        /// On what.
        path: PathBuf,
        /// What the kernel said.
        source: std::io::Error,
    },
    /// No room left.
    #[error("the disk with {path} is full", path = path.display())]
    DiskFull {
        /// Somewhere on that disk.
        path: PathBuf,
    },
    /// The image is not in the store.
    #[error("there is no image {0}")]
    NotFound(ImageRef),
    /// The person asked for the end.
    #[error("cancelled")]
    Cancelled,
    /// An archive ends in the middle.
    #[error("{path} ends early", path = path.display())]
    Truncated {
        /// The archive.
        path: PathBuf,
    },
    /// An image does not follow its format.
    #[error("{path} is not a usable image: {reason}", path = path.display())]
    BadImage {
        /// The image.
        path: PathBuf,
        /// What is wrong.
        reason: String,
    },
    /// A file packed by a program whose format Kennel does not read.
    #[error("{path} is packed with {name}, which is not supported", path = path.display())]
    UnsupportedCompression {
        /// The file.
        path: PathBuf,
        /// The format.
        name: &'static str,
    },
    /// Content is not what its digest says.
    #[error("{what} is not what its digest says: {found} instead of {expected}")]
    DigestMismatch {
        /// Which content.
        what: String,
        /// The promised digest.
        expected: Digest,
        /// The digest of what was there.
        found: Digest,
    },
    /// A media type nobody here knows.
    #[error("the image has a part of the unknown type {0:?}")]
    UnknownMediaType(String),
    /// A document that two readers would read differently (CVE-2021-41190).
    #[error("the image's {0} can be read in two ways")]
    Ambiguous(String),
    /// Several images, and none chosen.
    #[error("{path} holds several images: {names}", path = path.display(), names = names.join(", "))]
    SeveralImages {
        /// The archive or directory.
        path: PathBuf,
        /// Their names.
        names: Vec<String>,
    },
    /// No variant for this machine.
    #[error("the image has no variant for linux/{0}")]
    NoPlatform(String),
    /// The source is a reference, which needs a registry.
    #[error("{0} is not a local image")]
    NotLocal(ImageRef),
    /// A layer could not be unpacked.
    #[error("a layer cannot be unpacked: {0}")]
    Extract(#[from] ExtractError),
    /// The process that unpacks in the person's user namespace did not come to its work.
    #[error(transparent)]
    Stage(#[from] StageError),
    /// Another operation is using the store.
    #[error("an image is being imported")]
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

    fn kind_and_todo(&self) -> (&'static str, &'static str) {
        match self {
            Self::Io { .. } => (
                "store-io",
                "check that it exists and may be read and written",
            ),
            Self::DiskFull { .. } | Self::Extract(ExtractError::DiskFull) => (
                "disk-full",
                "free some space, for example with “kennel image prune”",
            ),
            Self::NotFound(_) => ("image-not-found", "“kennel image list” shows what there is"),
            Self::Cancelled => ("cancelled", "nothing was changed"),
            Self::Truncated { .. } | Self::Extract(ExtractError::Truncated) => {
                ("image-truncated", "fetch or export it again")
            }
            Self::BadImage { .. } => ("image-invalid", "fetch or export it again"),
            Self::UnsupportedCompression { .. } => (
                "image-compression",
                "unpack it first, or pack it with gzip or zstd",
            ),
            Self::DigestMismatch { .. } => {
                ("digest-mismatch", "fetch it again from a place you trust")
            }
            Self::UnknownMediaType(_) => ("image-unsupported", "export it as an OCI image"),
            Self::Ambiguous(_) => ("image-ambiguous", "do not use it: it may be an attack"),
            Self::SeveralImages { .. } => ("image-several", "say which one with its name"),
            Self::NoPlatform(_) => ("image-platform", "find one made for this machine"),
            Self::NotLocal(_) => ("image-not-local", "pull it first"),
            Self::Extract(ExtractError::UnmappedOwner { .. }) => (
                "unmapped-owner",
                "give your account a larger range in /etc/subuid and /etc/subgid",
            ),
            Self::Extract(_) => ("layer-invalid", "fetch or export the image again"),
            Self::Stage(StageError::Mapping(_)) => (
                "mapping",
                "check that newuidmap and newgidmap are installed and that /etc/subuid and /etc/subgid list you",
            ),
            Self::Stage(_) => ("stage", "“kennel doctor” says what this computer lacks"),
            Self::Busy => ("store-busy", "try again when it is done"),
        }
    }
}

impl From<StoreError> for UserError {
    fn from(error: StoreError) -> Self {
        if matches!(error, StoreError::Cancelled) {
            return Self::cancelled();
        }
        let (kind, todo) = error.kind_and_todo();
        Self::new(kind, error.to_string(), todo).caused_by(&error)
    }
}
