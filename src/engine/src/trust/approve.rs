//! From the rules and the person's word to what fetching one image needs.

use kennel_model::{Digest, ImageRef, SignatureState, UserError};

use super::decide;
use super::rules::{Rules, SignatureRule};
use super::signature::{Signed, verify};
use crate::config::endpoints;
use crate::registry::{Endpoint, SignatureCheck, SignatureLayer};

/// An image that may be fetched: from where, and what its signatures must meet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Approved {
    /// The image.
    pub reference: ImageRef,
    /// Where to ask, in this order.
    pub endpoints: Vec<Endpoint>,
    /// All of them must be met; none means that no signature is looked for.
    pub signatures: Vec<SignatureRule>,
}

impl Rules {
    /// Whether `reference` may be fetched. `accepted` is the person's yes to what would be asked.
    pub fn approve(&self, reference: &ImageRef, accepted: bool) -> Result<Approved, UserError> {
        Ok(Approved {
            reference: reference.clone(),
            signatures: decide(reference, self).settle(accepted)?,
            endpoints: endpoints(reference, &self.files, &self.registries)?,
        })
    }
}

impl SignatureCheck for Approved {
    fn check(
        &self,
        manifest: &Digest,
        signatures: &[SignatureLayer],
    ) -> Result<SignatureState, UserError> {
        let signatures: Vec<Signed<'_>> = signatures
            .iter()
            .map(|layer| Signed {
                payload: &layer.payload,
                signature: &layer.signature,
            })
            .collect();
        let rules = &self.signatures;
        Ok(verify(&self.reference, manifest, &signatures, rules)?)
    }
}
