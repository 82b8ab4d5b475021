//! What is found when the image store is looked over: its use of the disk, and damage.

use serde::{Deserialize, Serialize};

use crate::{Digest, ImageRef};

/// The disk space of one image: compressed parts and unpacked layers together, in bytes. Stable.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct DiskUse {
    /// Its alone: what deleting it would free.
    pub own: u64,
    /// Used by other images or by pets too.
    pub shared: u64,
}

impl DiskUse {
    /// Everything it needs.
    pub fn total(&self) -> u64 {
        self.own.saturating_add(self.shared)
    }
}

/// Something in the store that is not as it should be: `kennel image verify --json`. Stable.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Damage {
    /// The image that needs it; none for a part that no image needs.
    pub image: Option<ImageRef>,
    /// Which part of it.
    pub part: ImagePart,
    /// The part's digest.
    pub digest: Digest,
    /// What is wrong with it.
    pub fault: Fault,
}

/// A part of an image.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ImagePart {
    /// The list of its other parts.
    Manifest,
    /// Its configuration.
    Config,
    /// One of its layers, compressed as it came.
    Layer,
    /// One of its layers, unpacked; the digest is the diffID.
    UnpackedLayer,
    /// Not known: no image needs it.
    Unknown,
}

impl ImagePart {
    /// In words.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Manifest => "manifest",
            Self::Config => "configuration",
            Self::Layer => "layer",
            Self::UnpackedLayer => "unpacked layer",
            Self::Unknown => "unneeded part",
        }
    }
}

/// What is wrong with a part.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Fault {
    /// It is not there.
    Missing,
    /// Its content is not what its digest says.
    Changed,
    /// The disk would not give it, or it does not follow its format.
    Unreadable,
}

impl Fault {
    /// In words.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Missing => "is missing",
            Self::Changed => "has changed",
            Self::Unreadable => "cannot be read",
        }
    }
}
