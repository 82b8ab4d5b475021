//! Safe extraction of layer archives into a fresh directory.
//!
//! The archive is hostile until proved otherwise. The target is pinned by a file descriptor,
//! every parent is resolved by the kernel with `RESOLVE_IN_ROOT`, the last component is never
//! followed, and size, entry count and header size are bounded.

mod apply;
pub(crate) mod archive;
mod error;
mod in_process;
mod measure;
mod metadata;
mod pax;
mod remove;
mod sparse;
mod stream;
mod tree;

use std::io::Read;
use std::path::Path;

use kennel_model::Digest;
use serde::{Deserialize, Serialize};

pub use error::ExtractError;
pub use in_process::InProcessUnpacker;
pub use measure::tree_bytes;
pub use remove::remove_tree;
pub use stream::Compression;
pub(crate) use stream::inflate;

/// What an extraction may use.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExtractLimits {
    /// Uncompressed bytes that are always allowed.
    pub output_floor: u64,
    /// Above the floor: uncompressed bytes per compressed byte.
    pub output_ratio: u64,
    /// Number of archive entries.
    pub entries: u64,
    /// Length of a path in bytes.
    pub path: usize,
    /// Bytes of extended headers of one entry.
    pub header: u64,
    /// Bytes that must stay free on the disk.
    pub disk_reserve: u64,
    /// Go on when a file cannot be given the owner the archive names: in a namespace with one
    /// mapped id, and in tests.
    pub tolerate_chown: bool,
}

impl Default for ExtractLimits {
    fn default() -> Self {
        Self {
            output_floor: 10 << 30,
            output_ratio: 200,
            entries: 2_000_000,
            // PATH_MAX counts the final NUL.
            path: 4095,
            header: 1 << 20,
            disk_reserve: 256 << 20,
            tolerate_chown: false,
        }
    }
}

impl ExtractLimits {
    /// The output allowed after `input` compressed bytes.
    pub(crate) fn output(&self, input: u64) -> u64 {
        self.output_floor
            .max(input.saturating_mul(self.output_ratio))
    }
}

/// What an extraction did.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnpackReport {
    /// Digest of the uncompressed archive.
    pub diff_id: Digest,
    /// Archive entries applied.
    pub entries: u64,
    /// Bytes of the uncompressed archive.
    pub bytes: u64,
    /// Whether the archive's end mark was there; without a digest to compare, its absence is
    /// the only sign of an archive cut between two entries.
    pub complete: bool,
}

/// Extracts the layer archive `input` (plain, gzip or zstd, told apart by magic) into `target`,
/// an existing, empty directory. Run it as root of the namespace that owns the layer.
///
/// One thread inflates and hashes, the calling thread writes files.
pub fn unpack_stage(
    input: impl Read + Send,
    target: &Path,
    limits: &ExtractLimits,
) -> Result<UnpackReport, ExtractError> {
    let root = tree::Tree::open(target, limits)?;
    let (applied, diff_id, bytes) = stream::with_inflated(input, limits, |reader| {
        apply::apply_archive(reader, root, limits)
    })?;
    applied.tree.finish()?;
    Ok(UnpackReport {
        diff_id,
        entries: applied.entries,
        bytes,
        complete: applied.complete,
    })
}
