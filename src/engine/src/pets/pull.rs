//! Fetching an image for the person, by the rules of their computer.

use kennel_model::{ImageRef, ImageSource, Verdict, phrase};

use super::{Kennel, KennelError};
use crate::registry::{self, ClientFiles, PullReport, PullRequest, SignatureCheck};
use crate::store::{ProgressSink, Store, StoreError};
use crate::trust::{Decision, decide};

/// The registry in the names of images that were made or imported here; nobody serves it.
pub(super) const LOCAL: &str = "localhost";

impl Kennel {
    /// What would come of making a pet from `reference`, without asking any registry.
    pub fn judge(&self, reference: &ImageRef) -> Result<Verdict, KennelError> {
        match self.store()?.image(reference) {
            Ok(_) => return Ok(Verdict::Present),
            Err(error @ StoreError::NotFound(_)) if reference.registry() == LOCAL => {
                let error = error.into();
                return Ok(Verdict::Refused { error });
            }
            Err(StoreError::NotFound(_)) => {}
            Err(error) => return Err(error.into()),
        }
        Ok(match decide(reference, &self.rules()?) {
            Decision::Trusted => Verdict::Trusted,
            Decision::SignedBy(_) => Verdict::Signed,
            Decision::Ask { .. } => Verdict::Ask,
            Decision::Refused { why } => Verdict::Refused { error: why.into() },
        })
    }

    /// Fetches the image that `text` names, or what is new of it, into the store. `trust` is the
    /// person's word for a source that is not trusted.
    pub fn pull(
        &self,
        text: &str,
        trust: bool,
        progress: &dyn ProgressSink,
    ) -> Result<PullReport, KennelError> {
        match self.image_source(text)? {
            ImageSource::Reference(reference) => {
                self.pull_into(&self.store()?, &reference, trust, progress)
            }
            _ => Err(KennelError::NotYet {
                what: phrase("{image} is a file, not an image of a registry").with("image", text),
                todo: phrase("import it with: kennel image import {image}").with("image", text),
            }),
        }
    }

    pub(super) fn pull_into(
        &self,
        store: &Store,
        reference: &ImageRef,
        trust: bool,
        progress: &dyn ProgressSink,
    ) -> Result<PullReport, KennelError> {
        if reference.registry() == LOCAL {
            return Err(StoreError::NotFound(reference.clone()).into());
        }
        let approved = self
            .rules()?
            .approve(reference, trust)
            .map_err(KennelError::Start)?;
        let must_be_signed = !approved.signatures.is_empty();
        let files = ClientFiles::from_environment(&self.account.home);
        let request = PullRequest {
            endpoints: approved.endpoints.clone(),
            check_signature: must_be_signed.then_some(&approved as &dyn SignatureCheck),
            ..PullRequest::new(reference, files)
        };
        Ok(registry::pull(store, &request, &self.unpacker(), progress)?)
    }
}
