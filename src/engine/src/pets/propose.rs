//! Pets that project files ask for.

use std::path::{Path, PathBuf};

use kennel_model::{CreateRequest, ImageRef, PetId, PetImage, PetName, PetSpec, ProjectProposal};

use super::{Kennel, KennelError};
use crate::project;

impl Kennel {
    /// The pets that `path` asks for: a project file, or a folder that has one. Nothing is made.
    pub fn propose(&self, path: &Path) -> Result<Vec<ProjectProposal>, KennelError> {
        let environment = std::env::vars_os()
            .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
            .collect();
        Ok(project::proposals(path, &self.account, &environment)?)
    }

    /// The project file of the folder `path`, or of the nearest one above it.
    pub fn project_file(&self, path: &Path) -> Result<PathBuf, KennelError> {
        Ok(project::find(path, &self.account)?)
    }

    /// The pet that `request` would make, to show what it could reach. Its image is not looked at.
    ///
    /// # Errors
    ///
    /// When its choices do not go together.
    pub fn preview(&self, request: &CreateRequest) -> Result<PetSpec, KennelError> {
        super::create::check(&request.choices)?;
        let name = request.name.clone().or_else(|| PetName::suggest("pet"));
        let placeholder = |what: &str| KennelError::NoSuchPet(what.to_owned());
        let reference: ImageRef = "localhost/image:latest"
            .parse()
            .map_err(|_| placeholder("image"))?;
        let image = PetImage {
            reference,
            digest: kennel_model::Digest::from_sha256(&[0; 32]),
            layers: Vec::new(),
            env: Vec::new(),
        };
        let spec = PetSpec::from_request(
            request.clone(),
            PetId::from_random(0),
            name.ok_or_else(|| placeholder("name"))?,
            image,
            String::new(),
        )?;
        Ok(spec)
    }
}
