//! What can go wrong with pets, and what a person reads then.

use std::path::PathBuf;

use kennel_model::phrase::reason;
use kennel_model::{Conflict, PetName, Phrase, Ulimit, UserError, phrase};

use super::label::{self, LabelError};
use super::setup::SetupFailure;
use crate::account::AccountError;
use crate::config::ConfigError;
use crate::project::ProjectError;
use crate::registry::RegistryError;
use crate::runtime::RuntimeError;
use crate::stage::StageError;
use crate::store::StoreError;
use crate::terminals::NoTerminal;

/// Why something could not be done with a pet.
#[derive(Debug, thiserror::Error)]
#[error("{}", self.phrase())]
pub enum KennelError {
    /// The person cannot have pets.
    #[error(transparent)]
    Account(#[from] AccountError),
    /// The image store said no.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A configuration file or catalog does not read.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// The image could not be fetched.
    #[error(transparent)]
    Registry(#[from] RegistryError),
    /// The runtime said no.
    #[error(transparent)]
    Runtime(#[from] RuntimeError),
    /// No terminal to open.
    #[error(transparent)]
    Terminal(#[from] NoTerminal),
    /// A namespace stage said no.
    #[error(transparent)]
    Stage(#[from] StageError),
    /// No pet of that name or id.
    NoSuchPet(String),
    /// The name is in use.
    NameTaken(String),
    /// No pet was named, and there is not exactly one.
    WhichPet(Phrase),
    /// A command for a running pet.
    NotRunning(String),
    /// A process that has ended, or was never the pet's.
    NotItsProcess(String, i32),
    /// A command that waits for the person's word no more, or never did.
    NoSuchQuestion(String, u32),
    /// Removal of a running pet without `--force`.
    StillRunning(String),
    /// A folder or file that the spec names is not there.
    Missing(PathBuf),
    /// A folder or file that the person may not read.
    NotReadable(PathBuf),
    /// A file where a folder is needed.
    NotAFolder(PathBuf),
    /// A path in the pet that no mount may take.
    NotAPlace(PathBuf),
    /// A folder or file that a pet is given has gone since.
    Gone {
        /// What has gone.
        path: PathBuf,
        /// The pet.
        pet: PetName,
        /// What takes it from the pet, as `kennel edit` reads it.
        edit: String,
    },
    /// What was chosen does not go together.
    #[error(transparent)]
    Conflict(#[from] Conflict),
    /// What was chosen does not go together with SELinux here.
    #[error(transparent)]
    Label(#[from] LabelError),
    /// A limit above the session's own.
    BeyondReach {
        /// What was asked for.
        limit: Ulimit,
        /// The session's hard limit.
        allowed: u64,
    },
    /// A project file was not taken.
    #[error(transparent)]
    Project(#[from] ProjectError),
    /// A step of its setup did not end well.
    Setup {
        /// The pet, which runs.
        pet: PetName,
        /// The step.
        failure: SetupFailure,
    },
    /// No such app or command in the pet.
    NotInPet {
        /// The pet's name.
        pet: String,
        /// Such as “app xterm”.
        what: Phrase,
    },
    /// A file of the person's is where an export would go.
    InTheWay(PathBuf),
    /// Something this version cannot do.
    NotYet {
        /// What was asked for.
        what: Phrase,
        /// What works instead.
        todo: Phrase,
    },
    /// A spec of another version or one that does not read.
    BadSpec {
        /// The file.
        path: PathBuf,
        /// Why.
        reason: String,
    },
    /// The pet did not start; the keeper's error as the person reads it.
    #[error("{0}")]
    Start(UserError),
    /// The disk said no.
    Io {
        /// Where.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
}

impl KennelError {
    /// An I/O error at `path`.
    pub(crate) fn io(path: impl Into<PathBuf>) -> impl FnOnce(std::io::Error) -> Self {
        let path = path.into();
        move |source| Self::Io { path, source }
    }
}

impl KennelError {
    /// It in words.
    pub fn phrase(&self) -> Phrase {
        match self {
            Self::Account(error) => error.phrase(),
            Self::Store(error) => error.phrase(),
            Self::Config(error) => error.phrase(),
            Self::Registry(error) => error.phrase(),
            Self::Runtime(error) => error.phrase(),
            Self::Terminal(error) => error.phrase(),
            Self::Stage(error) => error.phrase(),
            Self::Conflict(error) => error.phrase(),
            Self::Label(error) => error.phrase(),
            Self::Project(error) => error.phrase(),
            Self::Start(error) => error.what.clone(),
            Self::NoSuchPet(name) => phrase("there is no pet “{name}”").with("name", name),
            Self::NameTaken(name) => phrase("there is already a pet “{name}”").with("name", name),
            Self::WhichPet(why) => why.clone(),
            Self::NotRunning(name) => phrase("“{name}” is not running").with("name", name),
            Self::NotItsProcess(name, process) => {
                phrase("“{name}” has no process {process} that could be ended")
                    .with("name", name)
                    .with("process", process)
            }
            Self::NoSuchQuestion(name, number) => {
                phrase("no command of “{name}” waits for your word under the number {number}")
                    .with("name", name)
                    .with("number", number)
            }
            Self::StillRunning(name) => phrase("“{name}” is running").with("name", name),
            Self::Missing(path) => phrase("{path} is not there").with("path", path.display()),
            Self::NotReadable(path) => {
                phrase("your account may not read {path}").with("path", path.display())
            }
            Self::NotAFolder(path) => phrase("{path} is not a folder").with("path", path.display()),
            Self::NotAPlace(path) => {
                phrase("nothing can be mounted at {path}: it is the pet's own")
                    .with("path", path.display())
            }
            Self::Gone { path, pet, .. } => phrase("{path}, which “{name}” is given, is not there")
                .with("path", path.display())
                .with("name", pet),
            Self::BeyondReach { limit, allowed } => {
                phrase("{limit}: your session may have at most {allowed}")
                    .with("limit", limit)
                    .with("allowed", allowed)
            }
            Self::Setup { pet, failure } => {
                phrase("setup step “{step}” of “{name}” failed ({how})")
                    .with("step", &failure.step)
                    .with("name", pet)
                    .saying("how", failure.how.clone())
            }
            Self::NotInPet { pet, what } => phrase("“{name}” has no {what}")
                .with("name", pet)
                .saying("what", what.clone()),
            Self::InTheWay(path) => phrase("{path} is not Kennel's").with("path", path.display()),
            Self::NotYet { what, .. } => what.clone(),
            Self::BadSpec { path, reason } => phrase("{path} cannot be read: {reason}")
                .with("path", path.display())
                .with("reason", reason),
            Self::Io { path, source } => phrase("{path}: {reason}")
                .with("path", path.display())
                .saying("reason", reason(source)),
        }
    }
}

impl From<KennelError> for UserError {
    fn from(error: KennelError) -> Self {
        match error {
            KennelError::Store(error) => error.into(),
            KennelError::Config(error) => error.into(),
            KennelError::Registry(error) => error.into(),
            KennelError::Project(error) => error.into(),
            KennelError::Start(error) => error,
            error => {
                let (kind, todo) = advice(&error);
                Self::new(kind, error.phrase(), todo).caused_by(&error)
            }
        }
    }
}

/// The stable word of `error`, and what the person can do.
fn advice(error: &KennelError) -> (&'static str, Phrase) {
    let (kind, todo) = match error {
        KennelError::Account(AccountError::Root) => (
            "root",
            phrase("pets belong to a person; run this as your own user"),
        ),
        KennelError::Account(AccountError::NoHome(_)) => {
            ("no-home", phrase("set HOME to a directory of yours"))
        }
        KennelError::Runtime(error) => return runtime_advice(error),
        KennelError::Stage(StageError::Mapping(_)) => mapping(),
        KennelError::Terminal(NoTerminal::Chosen(_)) => (
            "no-terminal",
            phrase("install it, or change the line “terminal” in ~/.config/kennel/config.toml"),
        ),
        KennelError::Terminal(NoTerminal::Any) => (
            "no-terminal",
            phrase("install one, such as ptyxis, kgx or xterm"),
        ),
        KennelError::NoSuchPet(_) => (
            "no-such-pet",
            phrase("kennel list shows the pets there are"),
        ),
        KennelError::NameTaken(_) => ("name-taken", phrase("choose another name")),
        KennelError::WhichPet(_) => (
            "which-pet",
            phrase("name one of those that kennel list shows"),
        ),
        KennelError::NotItsProcess(..) => (
            "not-its-process",
            phrase("look again at what runs: kennel top"),
        ),
        KennelError::NoSuchQuestion(..) => (
            "no-such-question",
            phrase("look what waits: kennel questions"),
        ),
        KennelError::NotRunning(name) => {
            let todo = phrase("start it with: kennel start {name}").with("name", name);
            return ("not-running", todo);
        }
        KennelError::StillRunning(name) => {
            let todo =
                phrase("stop it first with: kennel stop {name}, or use --force").with("name", name);
            return ("still-running", todo);
        }
        KennelError::NotInPet { pet, .. } => {
            let todo =
                phrase("see what there is with: kennel apps {name}, kennel export list {name}")
                    .with("name", pet);
            return ("not-in-pet", todo);
        }
        KennelError::InTheWay(_) => ("in-the-way", phrase("move that file away, or rename it")),
        KennelError::Missing(_) => ("missing", phrase("check the path")),
        KennelError::NotReadable(_) => (
            "not-readable",
            phrase("choose another one, or have its permissions changed"),
        ),
        KennelError::NotAFolder(_) => (
            "not-a-folder",
            phrase("choose a folder; a single file is given with --mount"),
        ),
        KennelError::NotAPlace(_) => (
            "not-a-place",
            phrase("choose another path in the pet, such as one in its home"),
        ),
        KennelError::Gone { pet, edit, .. } => {
            let todo = phrase("put it back, or take it from the pet: kennel edit {name} {flag}")
                .with("name", pet)
                .with("flag", edit);
            return ("gone", todo);
        }
        KennelError::Conflict(conflict) => ("conflict", conflict_advice(conflict)),
        KennelError::Label(error) => return label::advice(error),
        KennelError::BeyondReach { limit, allowed } => {
            let name = limit.resource.as_str();
            let todo = phrase(
                "ask for {name}={allowed}, or have the limit of your account raised (limits.conf(5))",
            )
            .with("name", name)
            .with("allowed", allowed);
            return ("beyond-reach", todo);
        }
        KennelError::Setup { pet, .. } => {
            let todo = phrase(
                "kennel logs {name} shows what it said; mend it with kennel enter {name}, then: kennel setup {name}",
            )
            .with("name", pet);
            return ("setup", todo);
        }
        KennelError::NotYet { todo, .. } => return ("not-yet", todo.clone()),
        KennelError::BadSpec { .. } => (
            "bad-spec",
            phrase("use the version of Kennel that wrote it; nothing was changed"),
        ),
        KennelError::Io { source, .. } if source.kind() == std::io::ErrorKind::StorageFull => {
            ("disk-full", phrase("free some space and try again"))
        }
        _ => ("io", phrase("check that you may read and write there")),
    };
    (kind, todo)
}

fn mapping() -> (&'static str, Phrase) {
    (
        "mapping",
        phrase(
            "check that newuidmap and newgidmap are installed and that /etc/subuid and /etc/subgid list you",
        ),
    )
}

fn runtime_advice(error: &RuntimeError) -> (&'static str, Phrase) {
    let (kind, todo) = match error {
        RuntimeError::Mapping(_) => mapping(),
        RuntimeError::NotRunning => ("not-running", phrase("start it with: kennel start NAME")),
        RuntimeError::NoRoot => ("no-root", phrase("kennel doctor names the fix")),
        RuntimeError::NoNamespaces(_) => {
            ("no-namespaces", phrase("kennel doctor names the setting"))
        }
        RuntimeError::NoDelegation(_) => (
            "no-delegation",
            phrase(
                "start it in a terminal of your desktop, or with “systemd-run --user --scope --property=Delegate=yes kennel start NAME”, or choose --init=kennel",
            ),
        ),
        RuntimeError::NoRangeForInit => (
            "no-range",
            phrase("kennel doctor names the fix; or choose --init=kennel"),
        ),
        RuntimeError::Label(_) | RuntimeError::LabelledExec { .. } => (
            "selinux-policy",
            phrase(
                "ask whoever looks after this computer for the policy of containers (on Fedora the package container-selinux), or let the pet run with your own label: kennel edit NAME --selinux-label person",
            ),
        ),
        RuntimeError::WrongLabel { .. } => (
            "selinux-label",
            phrase(
                "the pet was ended again; kennel edit NAME --selinux-label person lets it run with your own label",
            ),
        ),
        RuntimeError::OtherVersion(_) => (
            "other-version",
            phrase("use that version until the pet is stopped"),
        ),
        _ => ("runtime", phrase("the log says more: kennel logs NAME")),
    };
    (kind, todo)
}

fn conflict_advice(conflict: &Conflict) -> Phrase {
    match conflict {
        Conflict::PortsNeedPrivateNetwork(_) => {
            phrase("give it a network of its own (--network private), or take the port away")
        }
        Conflict::SudoNeedsCapabilities | Conflict::InitNeedsPrivilege => {
            phrase("choose a lower confinement with it (--confinement default)")
        }
    }
}
