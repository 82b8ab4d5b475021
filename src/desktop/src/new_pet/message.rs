//! What the New Pet dialog is told.

use std::path::PathBuf;

use kennel_model::{CatalogEntry, CreateRequest, ImageRef, Preset, ProjectProposal, UserError};

use super::trust::Judgement;

/// What the person did.
#[derive(Debug)]
pub enum NewPetInput {
    /// Typed a name.
    Name(String),
    /// Wants to pick an image.
    ChooseImage,
    /// Wants one that is not listed.
    AnotherImage,
    /// Picked this one.
    Image(CatalogEntry),
    /// Named this one.
    Reference(ImageRef),
    /// Wants an image from a file.
    ChooseFile,
    /// Chose that file.
    File(PathBuf),
    /// Wants an image of the list after all.
    NoFile,
    /// Wants a project folder.
    ChooseProject,
    /// Chose that folder.
    Project(PathBuf),
    /// Wants no project folder after all.
    NoProject,
    /// Wants the pet of the project file, or what is chosen in the form.
    Proposal(Option<Box<ProjectProposal>>),
    /// Agreed to what the project file asks for.
    Approved(Box<CreateRequest>),
    /// Chose what it may reach.
    Preset(Preset),
    /// Create it; what a project file asks for is shown first.
    Create,
    /// Create it, from a source that is not trusted.
    Trust,
}

/// What the engine answered.
#[derive(Debug)]
pub enum NewPetAnswer {
    /// The catalog.
    Catalog(Result<Vec<CatalogEntry>, UserError>),
    /// What would come of this image.
    Judged(ImageRef, Judgement),
}
