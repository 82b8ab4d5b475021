//! What pets and images have to do with each other: names of images, what is trusted, which
//! layers are needed, and how much of the disk they take.

use std::collections::BTreeSet;
use std::time::Duration;

use kennel_model::{
    Damage, Digest, ImageRef, ImageSource, ImageSummary, InvalidImageRef, PetSpec, UserError,
};

use super::create::bad_reference;
use super::{Kennel, KennelError};
use crate::catalog::Catalog;
use crate::config::Places;
use crate::store::{ProgressSink, TreeMeasurer as _};
use crate::trust::Rules;

impl Kennel {
    /// Where the person's and the company's configuration is.
    pub fn places(&self) -> Places {
        Places::from_environment(&self.account.home)
    }

    /// The catalog: Kennel's, the company's and the person's.
    pub fn catalog(&self) -> Result<Catalog, KennelError> {
        Ok(Catalog::load(&self.places())?)
    }

    /// What decides whether an image may be fetched.
    pub fn rules(&self) -> Result<Rules, KennelError> {
        Ok(Rules::load(&self.places(), &self.catalog()?)?)
    }

    /// What the person means by `text`. The catalog is only read for a short name: a mistake in
    /// it does not keep anybody from an image named in full.
    pub fn image_source(&self, text: &str) -> Result<ImageSource, KennelError> {
        let read = match text.parse() {
            Err(InvalidImageRef::NoRegistry(_)) => self.catalog()?.resolve(text),
            read => read,
        };
        read.map_err(|error| KennelError::Start(bad_reference(&error)))
    }

    /// The diffIDs of all layers that pets need.
    pub fn layers_of_pets(&self) -> Result<Vec<Digest>, KennelError> {
        Ok(self
            .pets()?
            .into_iter()
            .flat_map(|pet| pet.image.layers)
            .collect())
    }

    /// The images, each with the disk space it needs where that can be measured: it takes a user
    /// namespace, and the list is of use without.
    pub fn images(&self) -> Result<Vec<ImageSummary>, KennelError> {
        let (store, needed) = (self.store()?, self.layers_of_pets()?);
        match store.images_with_disk_use(&self.mapping.key(), &needed, &self.unpacker()) {
            Ok(images) => Ok(images),
            Err(_) => Ok(store.images()?),
        }
    }

    /// Deletes what neither an image nor a pet needs, and unfinished downloads. Returns the bytes
    /// that were freed.
    pub fn prune(&self) -> Result<u64, KennelError> {
        let (store, needed) = (self.store()?, self.layers_of_pets()?);
        let downloads = store.sweep_downloads(Duration::ZERO)?;
        Ok(downloads + store.prune(&needed, &self.unpacker())?)
    }

    /// The bytes that are the pet's own: what it changed of its image, and its private home.
    pub fn pet_bytes(&self, spec: &PetSpec) -> Result<u64, KennelError> {
        let bytes = self.unpacker().tree_bytes(&[self.paths.pet(&spec.id)])?;
        Ok(bytes.into_iter().sum())
    }

    /// What of the image store is damaged or missing.
    pub fn verify_images(&self, progress: &dyn ProgressSink) -> Result<Vec<Damage>, KennelError> {
        Ok(self.store()?.verify(&self.mapping.key(), progress)?)
    }

    /// Takes what is damaged out of the store and fetches its images again. `tell` hears why one
    /// could not be fetched. Returns what is damaged still; pets run on all the while.
    pub fn repair_images(
        &self,
        damage: &[Damage],
        trust: bool,
        progress: &dyn ProgressSink,
        tell: impl Fn(UserError),
    ) -> Result<Vec<Damage>, KennelError> {
        if damage.is_empty() {
            return Ok(Vec::new());
        }
        self.store()?.discard_damaged(damage)?;
        let images: BTreeSet<&ImageRef> =
            damage.iter().filter_map(|it| it.image.as_ref()).collect();
        for image in images {
            if let Err(error) = self.pull(image.as_str(), trust, progress) {
                tell(error.into());
            }
        }
        self.verify_images(progress)
    }
}
