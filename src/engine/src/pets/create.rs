//! Creating a pet: its image in the store, its directory, its spec. The directory is made in a
//! workspace of the store and renamed into place, so that a kill at any moment leaves no half-made
//! pet, and what it leaves in the workspace is swept by the next command.

use std::fs;
use std::time::SystemTime;

use kennel_model::{
    CreateRequest, HomeMode, ImageSource, InvalidImageRef, NetworkMode, PetId, PetImage, PetName,
    PetSpec, Progress, UserError,
};

use super::registry::write_spec;
use super::{Kennel, KennelError, make_private};
use crate::store::{ProgressSink, Store, StoreError};

impl Kennel {
    /// Makes the pet that `request` asks for; it is stopped.
    pub fn create(
        &self,
        request: CreateRequest,
        progress: &dyn ProgressSink,
    ) -> Result<PetSpec, KennelError> {
        check(&request)?;
        let store = self.store()?;
        // Until the pet names its layers, a prune may not take them.
        let _held = store.hold()?;
        let image = self.image(&store, &request.image, progress)?;
        progress.report(Progress::Creating);
        let _names = self.lock_names()?;
        let name = self.choose_name(&request, &image)?;
        let id = random_id()?;
        let created = humantime::format_rfc3339_seconds(SystemTime::now()).to_string();
        let spec = PetSpec::from_request(request, id, name, image, created);
        let unpacker = self.unpacker();
        let workspace = store.workspace(&unpacker)?;
        let fresh = workspace.path().join("pet");
        make_private(&fresh).map_err(KennelError::io(&fresh))?;
        if spec.home == HomeMode::Private {
            let home = fresh.join("home");
            make_private(&home).map_err(KennelError::io(home))?;
        }
        write_spec(&fresh, &spec)?;
        if progress.is_cancelled() {
            return Err(StoreError::Cancelled.into());
        }
        let directory = self.paths.pet(&spec.id);
        make_private(&self.paths.pets()).map_err(KennelError::io(self.paths.pets()))?;
        fs::rename(&fresh, &directory).map_err(KennelError::io(&directory))?;
        self.write_log(
            &spec.id,
            "created",
            &format!("from {}", spec.image.reference),
        );
        Ok(spec)
    }

    /// The image that `text` names, imported first when it is a file.
    fn image(
        &self,
        store: &Store,
        text: &str,
        progress: &dyn ProgressSink,
    ) -> Result<PetImage, KennelError> {
        let source: ImageSource = text
            .parse()
            .map_err(|error: InvalidImageRef| KennelError::Start(bad_reference(&error)))?;
        let reference = match source {
            ImageSource::Reference(reference) => reference,
            local => {
                store
                    .import(&local, None, &self.unpacker(), progress)?
                    .reference
            }
        };
        let (_, image) = store.image(&reference)?;
        Ok(image)
    }

    fn choose_name(
        &self,
        request: &CreateRequest,
        image: &PetImage,
    ) -> Result<PetName, KennelError> {
        let taken: Vec<PetName> = self.pets()?.into_iter().map(|pet| pet.name).collect();
        if let Some(name) = &request.name {
            return if taken.contains(name) {
                Err(KennelError::NameTaken(name.to_string()))
            } else {
                Ok(name.clone())
            };
        }
        let folder = request
            .project
            .as_ref()
            .and_then(|project| project.file_name());
        let base = folder
            .and_then(|folder| PetName::suggest(&folder.to_string_lossy()))
            .or_else(|| PetName::suggest(image.reference.short()))
            .map_or_else(|| "pet".to_owned(), |name| name.to_string());
        (1..)
            .map(|n| {
                if n == 1 {
                    base.clone()
                } else {
                    format!("{base}-{n}")
                }
            })
            .filter_map(|name| name.parse().ok())
            .find(|name| !taken.contains(name))
            .ok_or(KennelError::NameTaken(base))
    }
}

/// The error of a text that is not an image.
pub fn bad_reference(error: &InvalidImageRef) -> UserError {
    UserError::new(
        "bad-reference",
        error.to_string(),
        "kennel image list shows the images on this computer",
    )
}

fn check(request: &CreateRequest) -> Result<(), KennelError> {
    if request.network == Some(NetworkMode::Private) {
        return Err(KennelError::NotYet {
            what: "a private network is not supported yet".to_owned(),
            todo: "use --network host or --network none".to_owned(),
        });
    }
    let sources = request.mounts.iter().map(|mount| &mount.source);
    for path in request.project.iter().chain(sources) {
        if !path.is_absolute() || !path.exists() {
            return Err(KennelError::Missing(path.clone()));
        }
    }
    Ok(())
}

fn random_id() -> Result<PetId, KennelError> {
    let mut bytes = [0_u8; 8];
    rustix::rand::getrandom(&mut bytes, rustix::rand::GetRandomFlags::empty())
        .map_err(|error| KennelError::io("/dev/urandom")(error.into()))?;
    Ok(PetId::from_random(u64::from_ne_bytes(bytes)))
}
