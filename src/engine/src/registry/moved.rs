//! Whether a tag has moved on: one request that fetches no layer.

use kennel_model::{Digest, ImageRef};

use super::client::Client;
use super::endpoint::Wanted;
use super::pull::runtime;
use super::{ClientFiles, Endpoint, RegistryError, RetryPolicy};

/// The digest that `reference` names now, if it is not `known`. The first endpoint that answers
/// counts, as in a pull; somebody waits for the answer, so that none is asked for long.
pub fn moved_to(
    reference: &ImageRef,
    known: &Digest,
    endpoints: Vec<Endpoint>,
    files: &ClientFiles,
) -> Result<Option<Digest>, RegistryError> {
    let policy = RetryPolicy::default().hasty();
    runtime()?.block_on(async {
        let mut last = RegistryError::Setup("no endpoint is configured".to_owned());
        for endpoint in endpoints {
            let client = Client::new(endpoint, reference, files, policy.clone());
            let wanted = Wanted::of(reference);
            match client.manifest(wanted.as_str(), Some(known)).await {
                // A registry need not heed that it is asked for what is not `known`.
                Ok(document) => {
                    return Ok(document.map(|it| it.digest).filter(|it| it != known));
                }
                Err(error) => last = error,
            }
        }
        Err(last)
    })
}
