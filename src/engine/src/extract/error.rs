//! Why a layer could not be extracted. Serialisable: it crosses a process boundary.

use std::path::Path;

use kennel_model::{Phrase, phrase};
use serde::{Deserialize, Serialize};

/// Why a layer could not be extracted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(tag = "error", rename_all = "kebab-case")]
#[error("{}", self.phrase())]
pub enum ExtractError {
    /// An entry's name leads out of the layer.
    PathEscapes {
        /// The name in the archive.
        path: String,
    },
    /// An entry's name cannot be one.
    BadPath {
        /// The name in the archive, shortened.
        path: String,
        /// What is wrong with it.
        reason: String,
    },
    /// The archive is not well formed.
    Damaged {
        /// What the parser said.
        reason: String,
    },
    /// The archive ends in the middle.
    Truncated,
    /// The archive grows beyond any sensible size.
    TooLarge {
        /// The limit that was hit.
        limit: u64,
    },
    /// More entries than allowed.
    TooManyEntries {
        /// The limit that was hit.
        limit: u64,
    },
    /// An entry's extended headers are too large.
    HeaderTooLarge {
        /// The limit that was hit.
        limit: u64,
    },
    /// The names of its directories would fill the memory.
    NamesTooLarge {
        /// The limit that was hit.
        limit: usize,
    },
    /// An owner that the person's subordinate ids do not reach.
    UnmappedOwner {
        /// The entry.
        path: String,
        /// Its user.
        uid: u32,
        /// Its group.
        gid: u32,
    },
    /// A feature of the format that is not supported.
    Unsupported {
        /// The name in the archive.
        path: String,
        /// The feature.
        feature: String,
    },
    /// The disk is full, or would be.
    DiskFull,
    /// The kernel refused an operation.
    Io {
        /// What was tried.
        action: String,
        /// On what.
        path: String,
        /// What the kernel said.
        message: String,
    },
}

impl ExtractError {
    /// It in words.
    pub fn phrase(&self) -> Phrase {
        match self {
            Self::PathEscapes { path } => {
                phrase("path escapes the layer: {path}").with("path", format!("{path:?}"))
            }
            Self::BadPath { path, reason } => phrase("{path} is not a usable path: {reason}")
                .with("path", format!("{path:?}"))
                .with("reason", reason),
            Self::Damaged { reason } => {
                phrase("the archive is damaged: {reason}").with("reason", reason)
            }
            Self::Truncated => phrase("the archive ends early"),
            Self::TooLarge { limit } => {
                phrase("the archive unpacks to more than {limit} bytes").with("limit", limit)
            }
            Self::TooManyEntries { limit } => {
                phrase("the archive has more than {limit} entries").with("limit", limit)
            }
            Self::HeaderTooLarge { limit } => {
                phrase("the archive has a header of more than {limit} bytes").with("limit", limit)
            }
            Self::NamesTooLarge { limit } => {
                phrase("the archive's directory names take more than {limit} bytes")
                    .with("limit", limit)
            }
            Self::UnmappedOwner { path, uid, gid } => phrase(
                "{path} belongs to user {uid} and group {gid}, which your subordinate ids do not cover",
            )
            .with("path", format!("{path:?}"))
            .with("uid", uid)
            .with("gid", gid),
            Self::Unsupported { path, feature } => {
                phrase("{path} uses {feature}, which is not supported")
                    .with("path", format!("{path:?}"))
                    .with("feature", feature)
            }
            Self::DiskFull => phrase("the disk is full"),
            Self::Io {
                action,
                path,
                message,
            } => Phrase::verbatim(format!("{action} {path:?}: {message}")),
        }
    }

    /// Wraps a failed system call.
    pub(crate) fn os(action: &str, path: &Path, error: impl Into<std::io::Error>) -> Self {
        let error = error.into();
        if is_disk_full(&error) {
            return Self::DiskFull;
        }
        Self::Io {
            action: action.to_owned(),
            path: path.to_string_lossy().chars().take(300).collect(),
            message: error.to_string(),
        }
    }

    /// Wraps an error of reading the archive, unwrapping one of ours inside it.
    pub(crate) fn reading(error: std::io::Error) -> Self {
        let mut next = error
            .get_ref()
            .map(|inner| inner as &(dyn std::error::Error + 'static));
        while let Some(inner) = next {
            if let Some(ours) = inner.downcast_ref::<Self>() {
                return ours.clone();
            }
            let io = inner.downcast_ref::<std::io::Error>();
            next = match io.and_then(std::io::Error::get_ref) {
                Some(deeper) => Some(deeper),
                None => inner.source(),
            };
        }
        if is_disk_full(&error) {
            return Self::DiskFull;
        }
        if error.kind() == std::io::ErrorKind::UnexpectedEof
            || error.to_string().contains("incomplete frame")
        {
            return Self::Truncated;
        }
        Self::Damaged {
            reason: error.to_string(),
        }
    }

    /// The same error, for a function that must return an I/O error.
    pub(crate) fn into_io(self) -> std::io::Error {
        std::io::Error::other(self)
    }
}

/// True for the errors that mean "no room".
pub(crate) fn is_disk_full(error: &std::io::Error) -> bool {
    matches!(
        error.kind(),
        std::io::ErrorKind::StorageFull | std::io::ErrorKind::QuotaExceeded
    )
}
