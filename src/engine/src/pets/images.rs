//! What pets and images have to do with each other: names of images, what is trusted, which
//! layers are needed, and how much of the disk they take.

use std::time::Duration;

use kennel_model::{Digest, ImageSource, ImageSummary, InvalidImageRef, PetSpec};

use super::create::bad_reference;
use super::{Kennel, KennelError};
use crate::catalog::Catalog;
use crate::config::Places;
use crate::store::TreeMeasurer as _;
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
}
