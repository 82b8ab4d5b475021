//! Signatures in cosign's format, fetched for whoever decides about trust.
//!
//! They are an image of their own, tagged `sha256-<hex>.sig` beside the signed one; each of its
//! layers is a payload that carries its signature as an annotation (cosign's signature
//! specification).

use kennel_model::{Digest, SignatureState, UserError};
use serde::Deserialize;

use super::RegistryError;
use super::client::Client;

/// One signature of a manifest, not verified yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignatureLayer {
    /// What was signed, a “simple signing” document; its digest is verified.
    pub payload: Vec<u8>,
    /// base64, from the annotation `dev.cosignproject.cosign/signature`.
    pub signature: String,
}

/// Decides whether an image may be used.
pub trait SignatureCheck {
    /// Called before a layer is fetched, with the digest of the manifest (or of the index that
    /// names it) and the signatures there are for it, none included.
    fn check(
        &self,
        manifest: &Digest,
        signatures: &[SignatureLayer],
    ) -> Result<SignatureState, UserError>;
}

/// As many as are looked at.
const LIMIT: usize = 64;
const PAYLOAD_LIMIT: u64 = 64 << 10;
const ANNOTATION: &str = "dev.cosignproject.cosign/signature";

#[derive(Deserialize)]
struct SignatureManifest {
    layers: Vec<PayloadDescriptor>,
}

#[derive(Deserialize)]
struct PayloadDescriptor {
    digest: Digest,
    size: u64,
    #[serde(default)]
    annotations: std::collections::BTreeMap<String, String>,
}

/// The signatures of `manifest` at `client`'s repository.
pub(super) async fn fetch(
    client: &Client,
    manifest: &Digest,
) -> Result<Vec<SignatureLayer>, RegistryError> {
    let tag = format!("sha256-{}.sig", manifest.hex());
    let bytes = match client.any_manifest(&tag).await {
        Ok(bytes) => bytes,
        Err(RegistryError::NotFound { .. }) => return Ok(Vec::new()),
        Err(error) => return Err(error),
    };
    let document: SignatureManifest =
        serde_json::from_slice(&bytes).map_err(|error| RegistryError::BadAnswer {
            host: client.host().to_owned(),
            reason: format!("the signatures of the image cannot be read: {error}"),
        })?;
    let mut found = Vec::new();
    for layer in document.layers.into_iter().take(LIMIT) {
        let Some(signature) = layer.annotations.get(ANNOTATION) else {
            continue;
        };
        if layer.size > PAYLOAD_LIMIT {
            continue;
        }
        found.push(SignatureLayer {
            payload: client.small_blob(&layer.digest, layer.size).await?,
            signature: signature.clone(),
        });
    }
    Ok(found)
}
