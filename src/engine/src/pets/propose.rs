//! Pets that project files ask for.

use std::path::{Path, PathBuf};

use kennel_model::{CreateRequest, PetName, PetSpec, ProjectProposal};

use super::reachable::{Reachable, reachable};
use super::{Kennel, KennelError};
use crate::project::{self, ProjectError};

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

    /// As [`Self::propose`]; none for a folder without a project file.
    pub fn propose_if_any(&self, path: &Path) -> Result<Vec<ProjectProposal>, KennelError> {
        match self.propose(path) {
            Err(KennelError::Project(ProjectError::None(_))) => Ok(Vec::new()),
            answer => answer,
        }
    }

    /// What the pet that `request` asks for would be and reach, before it is made; its image is not
    /// looked at.
    ///
    /// # Errors
    ///
    /// When its choices do not go together.
    pub fn preview(&self, request: &CreateRequest) -> Result<Preview, KennelError> {
        super::create::check(&request.choices, &self.account.home)?;
        let unknown = || KennelError::BadSpec {
            path: "the request".into(),
            reason: "no name fits it".to_owned(),
        };
        let name = request.name.clone().or_else(|| PetName::suggest("pet"));
        let name = name.ok_or_else(unknown)?;
        let spec = PetSpec::preview(request.clone(), name)?;
        self.check_label(&spec)?;
        Ok(Preview {
            reachable: reachable(&spec, self.shares(&spec.shares)),
            spec,
        })
    }
}

/// A pet that is not made yet.
pub struct Preview {
    /// What it would be; of its image and identity nothing is known.
    pub spec: PetSpec,
    /// What it could reach.
    pub reachable: Vec<Reachable>,
}
