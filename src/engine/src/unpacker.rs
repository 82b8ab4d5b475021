//! Unpacks layers in the person's own id mapping, one namespace stage a layer.

use std::ffi::OsStr;
use std::io::Seek;
use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::extract::{ExtractError, UnpackReport};
use crate::idmap::IdMapping;
use crate::stage::Stage;
use crate::store::{LayerJob, LayerUnpacker, StoreError, TreeMeasurer};

/// The real [`LayerUnpacker`].
pub struct NamespaceUnpacker<'a> {
    /// The mapping that layers are unpacked in.
    pub mapping: &'a IdMapping,
}

/// How often progress is looked at.
const TURN: Duration = Duration::from_millis(20);

impl LayerUnpacker for NamespaceUnpacker<'_> {
    fn unpack(&self, layer: LayerJob<'_>) -> Result<UnpackReport, StoreError> {
        let mut arguments = vec![layer.target.as_os_str()];
        if !self.mapping.is_full() {
            arguments.push(OsStr::new("--tolerate-chown"));
        }
        // The stage root must be able to write there, whoever it is outside: it owns the directory
        // by the mapping of the person. The blob's file position is shared with the stage and so
        // tells how far it is.
        let mut position = layer
            .blob
            .try_clone()
            .map_err(|error| StoreError::io(&layer.target, error))?;
        let mut stage = Stage::spawn(self.mapping, "unpack", &arguments, Some(layer.blob))?;
        while !stage.has_ended() {
            if (layer.is_cancelled)() {
                stage.kill();
                return Err(StoreError::Cancelled);
            }
            if let Ok(done) = position.stream_position() {
                (layer.on_progress)(done);
            }
            std::thread::sleep(TURN);
        }
        let text = stage.finish()?;
        let outcome: Result<UnpackReport, ExtractError> = serde_json::from_str(&text)
            .map_err(|error| StoreError::io(&layer.target, std::io::Error::from(error)))?;
        Ok(outcome?)
    }

    fn remove_tree(&self, path: &Path) -> Result<(), StoreError> {
        if !path.exists() {
            return Ok(());
        }
        Stage::spawn(self.mapping, "remove", &[path.as_os_str()], None)?.finish()?;
        Ok(())
    }

    fn mapping_key(&self) -> String {
        self.mapping.key()
    }
}

impl TreeMeasurer for NamespaceUnpacker<'_> {
    fn tree_bytes(&self, trees: &[PathBuf]) -> Result<Vec<u64>, StoreError> {
        let Some(first) = trees.first() else {
            return Ok(Vec::new());
        };
        let arguments: Vec<&OsStr> = trees.iter().map(|tree| tree.as_os_str()).collect();
        let text = Stage::spawn(self.mapping, "measure", &arguments, None)?.finish()?;
        let sizes: Vec<u64> = text.lines().filter_map(|line| line.parse().ok()).collect();
        if sizes.len() == trees.len() {
            Ok(sizes)
        } else {
            let reason = std::io::Error::other("it could not be measured");
            Err(StoreError::io(first, reason))
        }
    }
}
