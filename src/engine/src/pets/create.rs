//! Creating a pet: its image in the store, its directory, its spec. The directory is made in a
//! workspace of the store and renamed into place, so that a kill at any moment leaves no half-made
//! pet, and what it leaves in the workspace is swept by the next command.

use std::path::Path;
use std::time::SystemTime;

use kennel_model::{
    Choices, CreateRequest, HomeMode, ImageSource, InvalidImageRef, PetId, PetImage, PetName,
    PetSpec, Progress, UserError, phrase,
};

use super::registry::write_spec;
use super::{Kennel, KennelError};
use crate::files;
use crate::runtime::resource_limits;
use crate::store::{ProgressSink, Store, StoreError};

impl Kennel {
    /// Makes the pet that `request` asks for; it is stopped.
    pub fn create(
        &self,
        request: CreateRequest,
        progress: &dyn ProgressSink,
    ) -> Result<PetSpec, KennelError> {
        // Before the long part: what does not go together, and a name that is taken, need not wait
        // for an import.
        self.preview(&request)?;
        self.choose_name(&request, None)?;
        let store = self.store()?;
        // Until the pet names its layers, a prune may not take them.
        let _held = store.hold()?;
        let reference = self.image_in_store(&store, &request.image, request.trust, progress)?;
        progress.report(Progress::Creating);
        let _names = self.lock_names()?;
        let (_, image) = store.image(&reference)?;
        let name = self.choose_name(&request, Some(&image))?;
        let created = humantime::format_rfc3339_seconds(SystemTime::now()).to_string();
        let mut spec = PetSpec::from_request(request, random_id()?, name, image, created)?;
        self.check_label(&spec)?;
        if spec.setup.locale.is_none() {
            spec.setup.locale = self.locale_to_make(&store, &spec);
        }
        if progress.is_cancelled() {
            return Err(StoreError::Cancelled.into());
        }
        self.place(&store, &spec)?;
        self.write_log(
            &spec.id,
            "created",
            phrase("from {image}").with("image", &spec.image.reference),
        );
        Ok(spec)
    }

    /// The image that `text` names: imported first when it is a file, and fetched when it is a
    /// reference that the store does not have.
    fn image_in_store(
        &self,
        store: &Store,
        text: &str,
        trust: bool,
        progress: &dyn ProgressSink,
    ) -> Result<kennel_model::ImageRef, KennelError> {
        match self.image_source(text)? {
            ImageSource::Reference(reference) => {
                if let Err(StoreError::NotFound(_)) = store.image(&reference) {
                    self.pull_into(store, &reference, trust, progress)?;
                }
                Ok(reference)
            }
            local => Ok(store
                .import(&local, None, &self.unpacker(), progress)?
                .reference),
        }
    }

    /// Makes the pet's directory appear whole.
    pub(super) fn place(&self, store: &Store, spec: &PetSpec) -> Result<(), KennelError> {
        let unpacker = self.unpacker();
        let workspace = store.workspace(&unpacker)?;
        let fresh = workspace.path().join("pet");
        files::make_private(&fresh).map_err(KennelError::io(&fresh))?;
        if spec.home == HomeMode::Private {
            let home = fresh.join("home");
            files::make_private(&home).map_err(KennelError::io(home))?;
        }
        write_spec(&fresh, spec)?;
        files::make_private(&self.paths.pets()).map_err(KennelError::io(self.paths.pets()))?;
        let place = self.paths.pet(&spec.id);
        std::fs::rename(&fresh, &place).map_err(KennelError::io(place))
    }

    /// The wanted name if it is free; else one after the project folder or the image.
    fn choose_name(
        &self,
        request: &CreateRequest,
        image: Option<&PetImage>,
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
            .choices
            .project
            .as_ref()
            .and_then(|path| path.file_name());
        let base = folder
            .and_then(|folder| PetName::suggest(&folder.to_string_lossy()))
            .or_else(|| PetName::suggest(image?.reference.short()))
            .map_or_else(|| "pet".to_owned(), |name| name.to_string());
        (1..)
            .map(|n| match n {
                1 => base.clone(),
                n => format!("{base}-{n}"),
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
        error.phrase(),
        phrase(
            "“kennel image catalog” shows the short names, “kennel image list” what is on this computer",
        ),
    )
}

/// What is the kernel's or Kennel's in every pet, with all that is below.
const OWN_PLACES: [&str; 3] = ["/proc", "/sys", "/run/kennel"];

/// Whether what `choices` names is there, and has a place in a pet whose home is `home`.
pub(super) fn check(choices: &Choices, home: &Path) -> Result<(), KennelError> {
    if let Some((limit, allowed)) = resource_limits::beyond_reach(&choices.ulimits) {
        return Err(KennelError::BeyondReach { limit, allowed });
    }
    let sources = choices.mounts.iter().map(|mount| &mount.source);
    for path in choices.project.iter().chain(sources) {
        if !path.is_absolute() {
            return Err(KennelError::Missing(path.clone()));
        }
        readable(path)?;
    }
    if let Some(file) = choices.project.as_ref().filter(|path| !path.is_dir()) {
        return Err(KennelError::NotAFolder(file.clone()));
    }
    let mut targets = choices.mounts.iter().map(|mount| &mount.target);
    match targets.find(|target| is_own_place(target, home)) {
        Some(target) => Err(KennelError::NotAPlace(target.clone())),
        None => Ok(()),
    }
}

/// Whether a mount at `target` would hide what a pet cannot be without, or not be seen.
fn is_own_place(target: &Path, home: &Path) -> bool {
    let whole = ["/", "/dev", "/run"].map(Path::new);
    target == home
        || whole.contains(&target)
        || OWN_PLACES.iter().any(|own| target.starts_with(own))
}

/// Whether the person may read `path` and, of a folder, what is in it.
fn readable(path: &Path) -> Result<(), KennelError> {
    use rustix::fs::{Access, access};
    let metadata = path
        .metadata()
        .map_err(|error| unreachable_path(path, &error))?;
    let needed = if metadata.is_dir() {
        Access::READ_OK | Access::EXEC_OK
    } else {
        Access::READ_OK
    };
    access(path, needed).map_err(|error| unreachable_path(path, &error.into()))
}

/// Why `path` cannot be looked at.
pub fn unreachable_path(path: &Path, error: &std::io::Error) -> KennelError {
    if error.kind() == std::io::ErrorKind::PermissionDenied {
        KennelError::NotReadable(path.to_owned())
    } else {
        KennelError::Missing(path.to_owned())
    }
}

pub(super) fn random_id() -> Result<PetId, KennelError> {
    let mut bytes = [0_u8; 8];
    rustix::rand::getrandom(&mut bytes, rustix::rand::GetRandomFlags::empty())
        .map_err(|error| KennelError::io("/dev/urandom")(error.into()))?;
    Ok(PetId::from_random(u64::from_ne_bytes(bytes)))
}
