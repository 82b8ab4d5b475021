//! Unpacking without a namespace: for tests.

use std::io::{self, Read};
use std::path::{Path, PathBuf};

use super::{ExtractError, ExtractLimits, UnpackReport, unpack_stage};
use crate::store::{LayerJob, LayerUnpacker, StoreError, TreeMeasurer};

/// Unpacks in this process, as this user: for tests.
#[derive(Debug, Clone)]
pub struct InProcessUnpacker {
    /// The limits; chown is tolerated by default.
    pub limits: ExtractLimits,
}

impl Default for InProcessUnpacker {
    fn default() -> Self {
        Self {
            limits: ExtractLimits {
                tolerate_chown: true,
                ..ExtractLimits::default()
            },
        }
    }
}

struct Watched<'a, R> {
    inner: R,
    done: u64,
    job: (&'a (dyn Fn(u64) + Sync), &'a (dyn Fn() -> bool + Sync)),
}

impl<R: Read> Read for Watched<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if (self.job.1)() {
            return Err(ExtractError::Damaged {
                reason: "cancelled".to_owned(),
            }
            .into_io());
        }
        let room = buffer.len().min(1 << 20);
        let read = self.inner.read(&mut buffer[..room])?;
        self.done += read as u64;
        (self.job.0)(self.done);
        Ok(read)
    }
}

impl LayerUnpacker for InProcessUnpacker {
    fn unpack(&self, layer: LayerJob<'_>) -> Result<UnpackReport, StoreError> {
        let watched = Watched {
            inner: layer.blob,
            done: 0,
            job: (layer.on_progress, layer.is_cancelled),
        };
        let outcome = unpack_stage(watched, &layer.target, &self.limits);
        if outcome.is_err() && (layer.is_cancelled)() {
            return Err(StoreError::Cancelled);
        }
        Ok(outcome?)
    }

    fn remove_tree(&self, path: &Path) -> Result<(), StoreError> {
        super::remove_tree(path).map_err(|error| StoreError::io(path, error))
    }

    fn mapping_key(&self) -> String {
        "in-process".to_owned()
    }
}

impl TreeMeasurer for InProcessUnpacker {
    fn tree_bytes(&self, trees: &[PathBuf]) -> Result<Vec<u64>, StoreError> {
        trees
            .iter()
            .map(|tree| super::tree_bytes(tree).map_err(|error| StoreError::io(tree, error)))
            .collect()
    }
}
