//! What the engine is asked to do in the background, and what is being done to a pet.

use kennel_model::{CreateRequest, ImageRef, PetId};

/// Something the engine can be asked to do in the background.
#[derive(Debug, Clone)]
pub enum Job {
    /// Make a pet.
    Create(Box<CreateRequest>),
    /// Start one.
    Start(PetId),
    /// Run what is left of one's setup, and try again what failed.
    SetUp(PetId),
    /// Stop one.
    Stop(PetId),
    /// Stop one; the window starts it again when it has stopped.
    Restart(PetId),
    /// Delete one.
    Remove(PetId),
    /// Delete an image.
    RemoveImage(ImageRef),
    /// Delete what no image and no pet needs.
    PruneImages,
}

/// What is being done to a pet now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Doing {
    /// It is being started.
    Starting,
    /// What is left of its setup runs.
    SettingUp,
    /// It is being stopped.
    Stopping,
    /// It is being stopped, to be started again.
    Restarting,
    /// It is being deleted.
    Deleting,
}

/// What is being done to a pet now, and how far it is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Now {
    /// What is done.
    pub doing: Option<Doing>,
    /// The step of its setup that runs, in words; also while it is being made.
    pub step: Option<String>,
}

impl Job {
    /// The pet it works on and what it does to it; `None` for one that
    /// makes a pet or is about images.
    pub fn on_pet(&self) -> Option<(&PetId, Doing)> {
        match self {
            Self::Create(_) | Self::RemoveImage(_) | Self::PruneImages => None,
            Self::Start(id) => Some((id, Doing::Starting)),
            Self::SetUp(id) => Some((id, Doing::SettingUp)),
            Self::Stop(id) => Some((id, Doing::Stopping)),
            Self::Restart(id) => Some((id, Doing::Restarting)),
            Self::Remove(id) => Some((id, Doing::Deleting)),
        }
    }
}
