//! The SELinux label of a pet: its categories, what it cannot have with it, and its project folder.

use std::os::fd::AsFd;
use std::path::{Path, PathBuf};

use kennel_model::phrase::reason;
use kennel_model::{McsPair, PetName, PetSpec, Phrase, ProcessLabel, Unusable, phrase};
use rustix::fs::{Mode, OFlags};

use super::registry::write_spec;
use super::{Kennel, KennelError};
use crate::lsm;
use crate::lsm::label::PetLabels;
use crate::lsm::policy::{self, Refused};
use crate::lsm::relabel::{self, Never};
use crate::runtime::plan::RuntimePlan;

/// What the label of containers does not go together with.
#[derive(Debug, thiserror::Error)]
#[error("{}", self.phrase())]
pub enum LabelError {
    /// Things that only the person's label may use.
    Unusable {
        /// The pet.
        pet: PetName,
        /// The things.
        what: Vec<Unusable>,
    },
    /// The project folder still has the person's label, and nobody agreed to another one.
    NeedsRelabel(PathBuf),
    /// It may not be relabelled.
    Never {
        /// The folder.
        path: PathBuf,
        /// Why.
        why: Never,
    },
    /// Something in it kept its label.
    Incomplete {
        /// What.
        path: PathBuf,
        /// The folder.
        folder: PathBuf,
        /// The kernel's answer.
        source: std::io::Error,
    },
}

impl LabelError {
    /// It in words.
    pub fn phrase(&self) -> Phrase {
        match self {
            Self::Unusable { pet, what } => phrase("SELinux would keep “{name}” from {things}")
                .with("name", pet)
                .listing("things", what.iter().map(Unusable::phrase)),
            Self::NeedsRelabel(folder) => {
                phrase("SELinux keeps this pet from {folder} until the folder is relabelled")
                    .with("folder", folder.display())
            }
            Self::Never { path, why } => phrase("{folder} {why}: it is never relabelled for a pet")
                .with("folder", path.display())
                .saying("why", why.phrase()),
            Self::Incomplete { path, source, .. } => {
                phrase("{path} could not be relabelled: {reason}")
                    .with("path", path.display())
                    .saying("reason", reason(source))
            }
        }
    }
}

/// Whether a pet may use its project folder under its label.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ProjectAccess {
    /// SELinux makes no difference: it is off, the pet has the person's label, or no such folder.
    Plain,
    /// The folder has the pet's label.
    Relabelled,
    /// It has not: the pet sees that there is a folder, and nothing of it.
    Kept,
}

impl Kennel {
    /// Whether the programs of `spec` run under the label of containers on this computer.
    pub fn is_labelled(&self, spec: &PetSpec) -> bool {
        lsm::selinux_enforcing().is_some() && spec.process_label() == ProcessLabel::Container
    }

    /// The label of `spec` for a person.
    pub fn label_in_words(&self, spec: &PetSpec) -> String {
        match (lsm::selinux_enforcing(), spec.process_label(), spec.mcs) {
            (None, ..) => "not on this computer".to_owned(),
            (Some(_), ProcessLabel::Person, _) => {
                "your own label: its programs may do what SELinux lets you do".to_owned()
            }
            (Some(_), ProcessLabel::Container, None) => {
                "the label of containers, with categories of its own from its first start"
                    .to_owned()
            }
            (Some(_), ProcessLabel::Container, Some(pair)) => {
                format!("the label of containers, with categories of its own ({pair})")
            }
        }
    }

    /// Whether `spec` can have its label together with the rest of what it is.
    pub(super) fn check_label(&self, spec: &PetSpec) -> Result<(), LabelError> {
        let what = spec.unusable_in_container_label();
        if what.is_empty() || !self.is_labelled(spec) {
            return Ok(());
        }
        let pet = spec.name.clone();
        Err(LabelError::Unusable { pet, what })
    }

    /// `spec` with categories of its own if it needs some. The pet's lock is held.
    pub(super) fn with_categories(&self, spec: &PetSpec) -> Result<PetSpec, KennelError> {
        if spec.mcs.is_some() || !self.is_labelled(spec) {
            return Ok(spec.clone());
        }
        let _names = self.lock_names()?;
        let taken: Vec<McsPair> = self.pets()?.iter().filter_map(|pet| pet.mcs).collect();
        let mut spec = self.read_spec(&spec.id)?;
        // There are half a million pairs.
        while spec.mcs.is_none() {
            let mut bytes = [0; 4];
            rustix::rand::getrandom(&mut bytes, rustix::rand::GetRandomFlags::empty())
                .map_err(|error| KennelError::io("/dev/urandom")(error.into()))?;
            spec.mcs = McsPair::from_random(u32::from_ne_bytes(bytes))
                .filter(|pair| !taken.contains(pair));
        }
        write_spec(&self.paths.pet(&spec.id), &spec)?;
        Ok(spec)
    }

    /// Whether the policy lets the pet of `plan` have the label that `spec` wants.
    pub(super) fn check_policy(&self, spec: &PetSpec, plan: &RuntimePlan) -> Result<(), Refused> {
        if !self.is_labelled(spec) {
            return Ok(());
        }
        let (Some(own), Some(labels)) = (lsm::own_label(), &plan.labels) else {
            return Err(Refused::NoCategories);
        };
        match policy::permits(&own, labels) {
            // It would only be reported.
            Err(Refused::NoTransition { .. }) if lsm::selinux_enforcing() == Some(false) => Ok(()),
            other => other,
        }
    }

    /// Whether SELinux lets `spec` use its project folder.
    pub fn project_access(&self, spec: &PetSpec) -> ProjectAccess {
        let Some(project) = spec.project.as_deref().filter(|_| self.is_labelled(spec)) else {
            return ProjectAccess::Plain;
        };
        let label = lsm::files::label(project);
        match label {
            Some(label) if label.is_usable_by(spec.mcs) => ProjectAccess::Relabelled,
            _ => ProjectAccess::Kept,
        }
    }

    /// What whoever made, changed or started `spec` should know of its label.
    pub fn label_notice(&self, spec: &PetSpec) -> Option<Phrase> {
        let project = spec.project.as_deref()?;
        (self.project_access(spec) == ProjectAccess::Kept).then(|| {
            phrase(
                "SELinux keeps “{name}” from {folder}; relabel the folder with: kennel edit {name} --relabel-project",
            )
            .with("name", &spec.name)
            .with("folder", project.display())
        })
    }

    /// Whether the project folder of `spec` may be relabelled, if SELinux keeps the pet from it.
    ///
    /// # Errors
    ///
    /// For a home, or what the system needs as it is.
    pub fn check_relabel(&self, spec: &PetSpec) -> Result<(), LabelError> {
        let Some(project) = &spec.project else {
            return Ok(());
        };
        let canonical = project.canonicalize().unwrap_or_else(|_| project.clone());
        let passwd = std::fs::read_to_string("/etc/passwd").unwrap_or_default();
        let own = self.account.home.canonicalize();
        let own = own.unwrap_or_else(|_| self.account.home.clone());
        let homes = relabel::homes(&own, &passwd);
        relabel::judge(&canonical, &homes, &self.paths.data).map_err(|why| LabelError::Never {
            path: project.clone(),
            why,
        })
    }

    /// Gives the project folder of `spec`, with all that is in it, the label of the pet's files. The
    /// person has agreed. Nothing is done where SELinux makes no difference.
    pub fn relabel_project(&self, spec: &PetSpec) -> Result<PetSpec, KennelError> {
        let _lock = self.lock(spec)?;
        let spec = self.with_categories(spec)?;
        let (Some(project), Some(own), Some(pair)) = (&spec.project, lsm::own_label(), spec.mcs)
        else {
            return Ok(spec);
        };
        if self.is_labelled(&spec) {
            self.check_relabel(&spec)?;
            label_folder(project, &PetLabels::of(&own, pair))?;
            let text = phrase("{folder} for SELinux").with("folder", project.display());
            self.write_log(&spec.id, "relabelled", text);
        }
        Ok(spec)
    }
}

fn label_folder(folder: &Path, labels: &PetLabels) -> Result<(), KennelError> {
    let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC;
    let open = rustix::fs::open(folder, flags, Mode::empty());
    let open = open.map_err(|error| KennelError::io(folder)(error.into()))?;
    let failed = lsm::files::label_tree(open.as_fd(), &labels.files);
    match failed.map_err(KennelError::io(folder))? {
        None => Ok(()),
        Some((path, source)) => Err(LabelError::Incomplete {
            path: folder.join(path),
            folder: folder.to_owned(),
            source,
        }
        .into()),
    }
}

/// How the label of `folder` is taken back. `-F`, for without it neither the categories nor a type
/// of containers are touched (restorecon(8)).
pub fn way_back(folder: &Path) -> String {
    format!("restorecon -RF {}", folder.display())
}

/// The stable word of `error`, and what the person can do.
pub(super) fn advice(error: &LabelError) -> (&'static str, Phrase) {
    match error {
        LabelError::Unusable { .. } => (
            "selinux-label",
            phrase("take that away from it, or let it run with your own label: --selinux-label person"),
        ),
        LabelError::NeedsRelabel(folder) => (
            "needs-relabel",
            phrase(
                "accept that with --relabel-project (undone by: {command}), or let the pet run with your own label: --selinux-label person",
            )
            .with("command", way_back(folder)),
        ),
        LabelError::Never { .. } => (
            "never-relabelled",
            phrase("choose a folder that holds the project alone, or let the pet run with your own label: --selinux-label person"),
        ),
        LabelError::Incomplete { folder, .. } => (
            "relabel",
            phrase("take it back with: {command}").with("command", way_back(folder)),
        ),
    }
}
