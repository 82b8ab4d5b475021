//! Whether a registry has a newer image than the one on this computer.

use kennel_model::{Digest, Freshness, ImageRef, phrase};

use super::pull::LOCAL;
use super::{Kennel, KennelError};
use crate::registry::{self, ClientFiles};

impl Kennel {
    /// The digest that the tag `reference` names at its registry now, if that is not what it named
    /// when the image was fetched. Asks by the rules of a pull; nothing is fetched. Nobody is asked
    /// about a reference with a digest, or an image that was made here: nothing can be newer.
    pub fn newer_image(&self, reference: &ImageRef) -> Result<Option<Digest>, KennelError> {
        let (image, _) = self.store()?.image(reference)?;
        if reference.registry() == LOCAL || reference.digest().is_some() {
            return Ok(None);
        }
        let known = image.origin.and_then(|origin| origin.tag_digest);
        let known = known.ok_or_else(|| KennelError::NotYet {
            what: phrase("{image} was not fetched from its registry").with("image", reference),
            todo: phrase("fetch it with: kennel image pull {image}").with("image", reference),
        })?;
        // Whoever fetched it agreed to its source then; what the rules refuse is refused now too.
        let approved = self
            .rules()?
            .approve(reference, true)
            .map_err(KennelError::Start)?;
        let files = ClientFiles::from_environment(&self.account.home);
        Ok(registry::moved_to(
            reference,
            &known,
            approved.endpoints,
            &files,
        )?)
    }

    /// [`Self::newer_image`] as it is shown: not to get an answer is an answer.
    pub fn freshness(&self, reference: &ImageRef) -> Freshness {
        match self.newer_image(reference) {
            Ok(None) => Freshness::UpToDate,
            Ok(Some(digest)) => Freshness::Newer { digest },
            Err(error) => Freshness::Unknown {
                error: error.into(),
            },
        }
    }
}
