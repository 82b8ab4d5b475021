//! Unpacks layers in the person's own id mapping, one namespace stage a layer.

use std::io::{Seek, SeekFrom};
use std::path::Path;

use crate::extract::UnpackReport;
use crate::idmap::IdMapping;
use crate::stage::{Stage, StageError};
use crate::store::{LayerJob, LayerUnpacker, StoreError};

/// The real [`LayerUnpacker`].
pub struct NamespaceUnpacker<'a> {
    /// The mapping that layers are unpacked in.
    pub mapping: &'a IdMapping,
}
