//! What `fuzz/` reaches of this module; compiled for it only.

use std::path::Path;

use super::document::{self, Config, Document};

/// Reads `bytes` as a manifest, an index or a configuration, as `kind` says.
pub fn document(kind: u8, bytes: &[u8]) {
    let media_type = match kind % 3 {
        0 => document::MANIFEST,
        1 => document::INDEX,
        _ => return drop(serde_json::from_slice::<Config>(bytes)),
    };
    match document::parse(bytes, media_type, Path::new("fuzz")) {
        Ok(Document::Manifest(manifest)) => {
            // No sum of claimed sizes may overflow unnoticed later.
            let sizes = manifest.layers.iter().map(|layer| layer.size);
            let _ = sizes.fold(0_u64, u64::saturating_add);
        }
        Ok(Document::Index(index)) => assert_eq!(media_type, document::INDEX, "{index:?}"),
        Err(error) => drop(kennel_model::UserError::from(error)),
    }
}
