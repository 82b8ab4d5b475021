//! The pets on disk: reading, finding, listing, renaming.

use std::fs::{self, File};
use std::path::Path;

use kennel_model::{
    FailedStep, PetId, PetName, PetSpec, PetState, PetSummary, SPEC_VERSION, UserError, phrase,
};

use nix::fcntl::{Flock, FlockArg};
use serde::Deserialize;

use super::{Kennel, KennelError};
use crate::files;
use crate::runtime::keeper::link_name;
use crate::runtime::state::{RunningState, name_link};

/// The pets on disk.
#[derive(Debug, Default)]
pub struct Pets {
    /// By name.
    pub readable: Vec<PetSpec>,
    /// Why others are missing: their specs are damaged, or of another version.
    pub unreadable: Vec<KennelError>,
}

/// All that is read of a spec before its version is known.
#[derive(Deserialize)]
struct Versioned {
    version: u32,
}

impl Kennel {
    /// Every pet's spec, by name.
    pub fn pets(&self) -> Result<Vec<PetSpec>, KennelError> {
        Ok(self.all_pets()?.readable)
    }

    /// Every pet's spec, and why some are missing. One that cannot be read hides no other.
    pub fn all_pets(&self) -> Result<Pets, KennelError> {
        let mut pets = Pets::default();
        let root = self.paths.pets();
        let entries = match fs::read_dir(&root) {
            Ok(entries) => entries,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(pets),
            Err(error) => return Err(KennelError::io(root)(error)),
        };
        for entry in entries.flatten() {
            let Ok(id) = entry.file_name().to_string_lossy().parse::<PetId>() else {
                continue;
            };
            match self.read_spec(&id) {
                Ok(spec) => pets.readable.push(spec),
                // Removed between listing and reading: not a pet.
                Err(KennelError::Io { source, .. })
                    if source.kind() == std::io::ErrorKind::NotFound => {}
                Err(error) => pets.unreadable.push(error),
            }
        }
        pets.readable.sort_by(|a, b| a.name.cmp(&b.name));
        Ok(pets)
    }

    pub(super) fn read_spec(&self, id: &PetId) -> Result<PetSpec, KennelError> {
        let path = self.paths.pet(id).join("pet.json");
        let bytes = fs::read(&path).map_err(KennelError::io(&path))?;
        let bad = |reason: String| KennelError::BadSpec {
            path: path.clone(),
            reason,
        };
        // The version first: in another one the rest may mean something else.
        match serde_json::from_slice(&bytes) {
            Ok(Versioned {
                version: SPEC_VERSION,
            }) => serde_json::from_slice(&bytes).map_err(|error| bad(error.to_string())),
            Ok(_) => Err(bad(format!("its version is not {SPEC_VERSION}"))),
            Err(error) => Err(bad(error.to_string())),
        }
    }

    /// The pet with this name or id.
    pub fn find(&self, name: &str) -> Result<PetSpec, KennelError> {
        self.pets()?
            .into_iter()
            .find(|pet| pet.name.as_str() == name || pet.id.as_str() == name)
            .ok_or_else(|| KennelError::NoSuchPet(name.to_owned()))
    }

    /// The named pet; else that of the project folder `directory` is in; else the only one.
    pub fn find_or_guess(
        &self,
        name: Option<&str>,
        directory: &Path,
    ) -> Result<PetSpec, KennelError> {
        if let Some(name) = name {
            return self.find(name);
        }
        let mut pets = self.pets()?;
        let depth = |pet: &PetSpec| {
            pet.project
                .as_ref()
                .map_or(0, |project| project.components().count())
        };
        let here = pets
            .iter()
            .filter(|pet| {
                pet.project
                    .as_ref()
                    .is_some_and(|project| directory.starts_with(project))
            })
            .max_by_key(|pet| depth(pet));
        if let Some(pet) = here {
            return Ok(pet.clone());
        }
        match pets.len() {
            1 => Ok(pets.remove(0)),
            0 => Err(KennelError::WhichPet(phrase("you have no pet yet"))),
            count => Err(KennelError::WhichPet(
                phrase("you have {count} pets, and none for this folder").with("count", count),
            )),
        }
    }

    /// The running state of `spec`, if it runs.
    pub fn running(&self, spec: &PetSpec) -> Result<Option<RunningState>, KennelError> {
        RunningState::read_live(&self.paths.running(&spec.id))
            .map_err(|error| KennelError::Runtime(error.into()))
    }

    /// What is shown of `spec` now.
    pub fn summary(&self, spec: &PetSpec) -> PetSummary {
        PetSummary {
            setup_failed: self.failed_step(spec),
            alerts: self
                .alerts(&spec.id)
                .into_iter()
                .map(|alert| alert.kind)
                .collect(),
            questions: self.questions(spec),
            ..self.summary_of_state(spec)
        }
    }

    fn failed_step(&self, spec: &PetSpec) -> Option<FailedStep> {
        // Most pets have no setup, and no file to read about it.
        let failure = (!spec.setup.is_empty()).then(|| self.setup_failure(spec))??;
        Some(FailedStep {
            name: failure.step,
            how: failure.how,
        })
    }

    fn summary_of_state(&self, spec: &PetSpec) -> PetSummary {
        // Of another version is running as well.
        if !matches!(self.running(spec), Ok(None)) {
            return PetSummary {
                restart_needed: self.waits_for_restart(spec),
                ..spec.summary(PetState::Running, None)
            };
        }
        match fs::read_to_string(self.paths.running(&spec.id).join("problem")) {
            Ok(problem) => spec.summary(PetState::Failed, Some(why(&problem))),
            Err(_) => spec.summary(PetState::Stopped, None),
        }
    }

    /// Gives `spec` another name; its host name inside follows at its next start.
    pub fn rename(&self, mut spec: PetSpec, name: PetName) -> Result<PetSpec, KennelError> {
        let _names = self.lock_names()?;
        if self.find(name.as_str()).is_ok() {
            return Err(KennelError::NameTaken(name.to_string()));
        }
        let running = self.running(&spec)?;
        let old = std::mem::replace(&mut spec.name, name);
        write_spec(&self.paths.pet(&spec.id), &spec)?;
        self.write_log(
            &spec.id,
            "renamed",
            phrase("it was {old}").with("old", &old),
        );
        let _ = fs::remove_file(name_link(&self.paths.runtime, &old));
        if let Some(mut state) = running {
            state.name = spec.name.clone();
            let directory = self.paths.running(&spec.id);
            state
                .write(&directory)
                .and_then(|()| link_name(&self.paths.runtime, &state))
                .map_err(KennelError::io(directory))?;
        }
        self.repair_exports(&spec)?;
        Ok(spec)
    }

    /// Held while a name is chosen and taken.
    pub(super) fn lock_names(&self) -> Result<Flock<File>, KennelError> {
        let data = &self.paths.data;
        files::make_private(data).map_err(KennelError::io(data))?;
        lock_exclusively(&data.join("names.lock"))
    }
}

/// Writes `pet.json` into the pet's `directory`.
pub(super) fn write_spec(directory: &Path, spec: &PetSpec) -> Result<(), KennelError> {
    let path = directory.join("pet.json");
    let text =
        serde_json::to_vec_pretty(spec).map_err(|error| KennelError::io(&path)(error.into()))?;
    files::replace(&path, &text).map_err(KennelError::io(path))
}

/// An exclusive lock on the file `path`, made if missing; waits for it.
pub(super) fn lock_exclusively(path: &Path) -> Result<Flock<File>, KennelError> {
    let file = File::options()
        .create(true)
        .append(true)
        .open(path)
        .map_err(KennelError::io(path))?;
    Flock::lock(file, FlockArg::LockExclusive)
        .map_err(|(_, errno)| KennelError::io(path)(errno.into()))
}

/// The error that a start has left; one line of another version's is what happened.
fn why(problem: &str) -> UserError {
    serde_json::from_str(problem).unwrap_or_else(|_| UserError::verbatim("start", problem, ""))
}
