//! The question whether a pet's project folder may get the pet's SELinux label.

use std::path::Path;

use kennel_engine::pets::{Kennel, KennelError, LabelError, ProjectAccess, way_back};
use kennel_model::{PetSpec, UserError};

use super::output::ask;

/// Whether the project folder of `wanted`, a pet as it is to be, is to be relabelled; `said` is the
/// answer of scripts.
pub fn agreed(kennel: &Kennel, wanted: &PetSpec, said: bool) -> Result<bool, UserError> {
    let Some(project) = &wanted.project else {
        return Ok(false);
    };
    if kennel.project_access(wanted) != ProjectAccess::Kept {
        if said && !kennel.is_labelled(wanted) {
            eprintln!("kennel: note: SELinux keeps this pet from nothing: nothing is relabelled");
        }
        return Ok(false);
    }
    kennel.check_relabel(wanted).map_err(KennelError::from)?;
    if said {
        return Ok(true);
    }
    let question = format!(
        "SELinux keeps this pet from {0} until the folder and all that is in it have the pet's label.\n\
         Your own programs go on using it; services and other containers may lose it. Undone by: {1}\n\
         Relabel it?",
        project.display(),
        way_back(project)
    );
    match ask(&question) {
        Some(yes) => Ok(yes),
        None => Err(KennelError::from(LabelError::NeedsRelabel(project.clone())).into()),
    }
}

/// Relabels it, and says how that is undone.
pub fn run(kennel: &Kennel, spec: &PetSpec) -> Result<PetSpec, UserError> {
    let spec = kennel.relabel_project(spec)?;
    let folder = spec.project.as_deref().unwrap_or(Path::new("/"));
    eprintln!(
        "kennel: note: {} is relabelled for “{}”; undone by: {}",
        folder.display(),
        spec.name,
        way_back(folder)
    );
    Ok(spec)
}
