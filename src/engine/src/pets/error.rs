//! What can go wrong with pets, and what a person reads then.

use std::path::PathBuf;

use kennel_model::{Conflict, PetName, Ulimit, UserError};

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
    #[error("there is no pet “{0}”")]
    NoSuchPet(String),
    /// The name is in use.
    #[error("there is already a pet “{0}”")]
    NameTaken(String),
    /// No pet was named, and there is not exactly one.
    #[error("{0}")]
    WhichPet(String),
    /// A command for a running pet.
    #[error("“{0}” is not running")]
    NotRunning(String),
    /// A process that has ended, or was never the pet's.
    #[error("“{0}” has no process {1} that could be ended")]
    NotItsProcess(String, i32),
    /// A command that waits for the person's word no more, or never did.
    #[error("no command of “{0}” waits for your word under the number {1}")]
    NoSuchQuestion(String, u32),
    /// Removal of a running pet without `--force`.
    #[error("“{0}” is running")]
    StillRunning(String),
    /// A folder or file that the spec names is not there.
    #[error("{} is not there", .0.display())]
    Missing(PathBuf),
    /// What was chosen does not go together.
    #[error(transparent)]
    Conflict(#[from] Conflict),
    /// What was chosen does not go together with SELinux here.
    #[error(transparent)]
    Label(#[from] LabelError),
    /// A limit above the session's own.
    #[error("{limit}: your session may have at most {allowed}")]
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
    #[error("setup step “{}” of “{pet}” failed ({})", failure.step, failure.how)]
    Setup {
        /// The pet, which runs.
        pet: PetName,
        /// The step.
        failure: SetupFailure,
    },
    /// No such app or command in the pet.
    #[error("“{pet}” has no {what}")]
    NotInPet {
        /// The pet's name.
        pet: String,
        /// Such as “app xterm”.
        what: String,
    },
    /// A file of the person's is where an export would go.
    #[error("{} is not Kennel's", .0.display())]
    InTheWay(PathBuf),
    /// Something this version cannot do.
    #[error("{what}")]
    NotYet {
        /// What was asked for.
        what: String,
        /// What works instead.
        todo: String,
    },
    /// A spec of another version or one that does not read.
    #[error("{} cannot be read: {reason}", path.display())]
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
    #[error("{}: {source}", path.display())]
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
                Self::new(kind, error.to_string(), todo).caused_by(&error)
            }
        }
    }
}

/// The stable word of `error`, and what the person can do.
fn advice(error: &KennelError) -> (&'static str, String) {
    let (kind, todo) = match error {
        KennelError::Account(AccountError::Root) => {
            ("root", "pets belong to a person; run this as your own user")
        }
        KennelError::Account(AccountError::NoHome(_)) => {
            ("no-home", "set HOME to a directory of yours")
        }
        KennelError::Runtime(error) => return runtime_advice(error),
        KennelError::Stage(StageError::Mapping(_)) => MAPPING,
        KennelError::Terminal(NoTerminal::Chosen(_)) => (
            "no-terminal",
            "install it, or change the line “terminal” in ~/.config/kennel/config.toml",
        ),
        KennelError::Terminal(NoTerminal::Any) => {
            ("no-terminal", "install one, such as ptyxis, kgx or xterm")
        }
        KennelError::NoSuchPet(_) => ("no-such-pet", "kennel list shows the pets there are"),
        KennelError::NameTaken(_) => ("name-taken", "choose another name"),
        KennelError::WhichPet(_) => ("which-pet", "name one of those that kennel list shows"),
        KennelError::NotItsProcess(..) => {
            ("not-its-process", "look again at what runs: kennel top")
        }
        KennelError::NoSuchQuestion(..) => {
            ("no-such-question", "look what waits: kennel questions")
        }
        KennelError::NotRunning(name) => {
            return ("not-running", format!("start it with: kennel start {name}"));
        }
        KennelError::StillRunning(name) => {
            let todo = format!("stop it first with: kennel stop {name}, or use --force");
            return ("still-running", todo);
        }
        KennelError::NotInPet { pet, .. } => {
            let todo =
                format!("see what there is with: kennel apps {pet}, kennel export list {pet}");
            return ("not-in-pet", todo);
        }
        KennelError::InTheWay(_) => ("in-the-way", "move that file away, or rename it"),
        KennelError::Missing(_) => ("missing", "check the path"),
        KennelError::Conflict(conflict) => ("conflict", conflict_advice(conflict)),
        KennelError::Label(error) => return label::advice(error),
        KennelError::BeyondReach { limit, allowed } => {
            let name = limit.resource.as_str();
            let todo = format!(
                "ask for {name}={allowed}, or have the limit of your account raised (limits.conf(5))"
            );
            return ("beyond-reach", todo);
        }
        KennelError::Setup { pet, .. } => {
            let todo = format!(
                "kennel logs {pet} shows what it said; mend it with kennel enter {pet}, then: kennel setup {pet}"
            );
            return ("setup", todo);
        }
        KennelError::NotYet { todo, .. } => return ("not-yet", todo.clone()),
        KennelError::BadSpec { .. } => (
            "bad-spec",
            "use the version of Kennel that wrote it; nothing was changed",
        ),
        KennelError::Io { source, .. } if source.kind() == std::io::ErrorKind::StorageFull => {
            ("disk-full", "free some space and try again")
        }
        _ => ("io", "check that you may read and write there"),
    };
    (kind, todo.to_owned())
}

const MAPPING: (&str, &str) = (
    "mapping",
    "check that newuidmap and newgidmap are installed and that /etc/subuid and /etc/subgid list you",
);

fn runtime_advice(error: &RuntimeError) -> (&'static str, String) {
    let (kind, todo) = match error {
        RuntimeError::Mapping(_) => MAPPING,
        RuntimeError::NotRunning => ("not-running", "start it with: kennel start NAME"),
        RuntimeError::NoRoot => ("no-root", "kennel doctor names the fix"),
        RuntimeError::NoNamespaces(_) => ("no-namespaces", "kennel doctor names the setting"),
        RuntimeError::NoDelegation(_) => (
            "no-delegation",
            "start it in a terminal of your desktop, or with “systemd-run --user --scope --property=Delegate=yes kennel start NAME”, or choose --init=kennel",
        ),
        RuntimeError::NoRangeForInit => (
            "no-range",
            "kennel doctor names the fix; or choose --init=kennel",
        ),
        RuntimeError::Label(_) | RuntimeError::LabelledExec { .. } => (
            "selinux-policy",
            "ask whoever looks after this computer for the policy of containers (on Fedora the package container-selinux), or let the pet run with your own label: kennel edit NAME --selinux-label person",
        ),
        RuntimeError::WrongLabel { .. } => (
            "selinux-label",
            "the pet was ended again; kennel edit NAME --selinux-label person lets it run with your own label",
        ),
        RuntimeError::OtherVersion(_) => {
            ("other-version", "use that version until the pet is stopped")
        }
        _ => ("runtime", "the log says more: kennel logs NAME"),
    };
    (kind, todo.to_owned())
}

fn conflict_advice(conflict: &Conflict) -> &'static str {
    match conflict {
        Conflict::PortsNeedPrivateNetwork(_) => {
            "give it a network of its own (--network private), or take the port away"
        }
        Conflict::SudoNeedsCapabilities | Conflict::InitNeedsPrivilege => {
            "choose a lower confinement with it (--confinement default)"
        }
    }
}
