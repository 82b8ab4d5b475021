//! Questions of the app, and changes that are done at once: one answer as JSON on standard output.

use std::path::PathBuf;

use clap::Subcommand;
use kennel_engine::config::TrustEdit;
use kennel_engine::foreground;
use kennel_engine::pets::{Kennel, KennelError};
use kennel_model::{ExportKind, ImageRef, PetName, Scope};
use kennel_protocol::{Capabilities, Mapping, encode};

use super::read;
use crate::cli::locale;

/// What the app wants to know, or to have done at once.
#[derive(Debug, Subcommand)]
pub enum Question {
    /// The pets that a project file asks for, or the folder that has one.
    Propose {
        /// The file or the folder.
        path: PathBuf,
    },
    /// What would come of making a pet from an image.
    Judge {
        /// The image.
        reference: ImageRef,
    },
    /// Whether the registry of an image on this computer has a newer one.
    Check {
        /// The image.
        reference: ImageRef,
    },
    /// What the person and their company trust.
    TrustList,
    /// Trust a registry or namespace.
    TrustAdd {
        /// Such as quay.io/team.
        scope: Scope,
    },
    /// Trust it no more.
    TrustRemove {
        /// Such as quay.io/team.
        scope: Scope,
    },
    /// Refuse what is not trusted, or ask.
    TrustOnly {
        /// true or false.
        #[arg(action = clap::ArgAction::Set)]
        only: bool,
    },
    /// Whether the person can type `kennel`.
    CommandLine,
    /// Let them, or no more.
    SetCommandLine {
        /// true or false.
        #[arg(action = clap::ArgAction::Set)]
        linked: bool,
    },
    /// The `PetSpec` of a pet.
    Show {
        /// Its id.
        id: String,
    },
    /// What holds a pet now.
    Status {
        /// Its id.
        id: String,
    },
    /// Change a pet.
    Edit {
        /// Its id.
        id: String,
        /// `Choices` as JSON.
        choices: String,
    },
    /// The `PetLimits` of a pet.
    Limits {
        /// Its id.
        id: String,
    },
    /// The `PetProcesses` of a running pet.
    Processes {
        /// Its id.
        id: String,
    },
    /// Ask a process of a pet to end.
    EndProcess {
        /// The pet's id.
        id: String,
        /// The process, as this computer numbers it.
        pid: i32,
        /// When it started, as `processes` tells.
        start_time: u64,
        /// End it without asking.
        #[arg(long)]
        force: bool,
    },
    /// The `PetDisk` of a pet.
    Disk {
        /// Its id.
        id: String,
    },
    /// Give a pet another name.
    Rename {
        /// Its id.
        id: String,
        /// Its new name.
        name: PetName,
    },
    /// Make a pet with the settings of another.
    Clone {
        /// The id of the other.
        id: String,
        /// The new pet's name.
        name: PetName,
    },
    /// When the person is told about their pets: the `AlertDefaults`.
    AlertDefaults,
    /// Set that; the `AlertDefaults` then.
    SetAlerts {
        /// `AlertSettings` as JSON.
        settings: String,
    },
    /// What happened to all pets lately.
    Activity,
    /// What this computer lacks.
    Doctor,
    /// The apps of a pet.
    Apps {
        /// Its id.
        id: String,
    },
    /// Put an app of a pet among the host's, or take it back.
    ExportApp {
        /// Its id.
        id: String,
        /// The app's.
        app: String,
        /// true or false.
        #[arg(action = clap::ArgAction::Set)]
        exported: bool,
    },
    /// What shells are at: a `ShellState` each.
    Shells {
        /// Their pids.
        pids: Vec<i32>,
    },
    /// Where files of the host are in a running pet: a path or null each.
    InPet {
        /// Its id.
        id: String,
        /// The files' paths.
        files: Vec<PathBuf>,
    },
    /// What this computer lets pets do.
    Capabilities,
}

impl Question {
    /// Answers it; the exit status.
    pub fn answer(self) -> i32 {
        match self {
            Self::Capabilities => answer(|kennel| Ok(capabilities(kennel))),
            Self::Shells { pids } => answer(|_| {
                let shells = pids.into_iter().map(foreground::of);
                Ok(shells.collect::<Vec<_>>())
            }),
            Self::InPet { id, files } => answer(|kennel| kennel.in_pet(&kennel.find(&id)?, &files)),
            Self::Propose { path } => answer(|kennel| kennel.propose_if_any(&path)),
            Self::Judge { reference } => answer(|kennel| kennel.judge(&reference)),
            Self::Check { reference } => answer(|kennel| Ok(kennel.freshness(&reference))),
            Self::TrustList => answer(Kennel::trust_list),
            Self::TrustAdd { scope } => change_trust(&TrustEdit::Add(scope)),
            Self::TrustRemove { scope } => change_trust(&TrustEdit::Remove(scope)),
            Self::TrustOnly { only } => change_trust(&TrustEdit::Only(only)),
            Self::CommandLine => answer(Kennel::command_line),
            Self::SetCommandLine { linked } => answer(|kennel| kennel.set_command_line(linked)),
            Self::AlertDefaults => answer(Kennel::alert_defaults),
            Self::SetAlerts { settings } => answer(|kennel| kennel.set_alerts(&read(&settings)?)),
            Self::Activity => answer(Kennel::recent_events),
            Self::Doctor => answer(|kennel| Ok(kennel.doctor())),
            Self::Show { id } => answer(|kennel| kennel.find(&id)),
            Self::Status { id } => answer(|kennel| kennel.status(&kennel.find(&id)?)),
            Self::Edit { id, choices } => {
                answer(|kennel| kennel.edit(&kennel.find(&id)?, read(&choices)?))
            }
            Self::Limits { id } => answer(|kennel| kennel.limits(&kennel.find(&id)?)),
            Self::Processes { id } => answer(|kennel| kennel.processes(&kennel.find(&id)?)),
            Self::EndProcess {
                id,
                pid,
                start_time,
                force,
            } => answer(|kennel| kennel.end_process(&kennel.find(&id)?, pid, start_time, force)),
            Self::Disk { id } => answer(|kennel| kennel.disk(&kennel.find(&id)?)),
            Self::Rename { id, name } => answer(|kennel| kennel.rename(kennel.find(&id)?, name)),
            Self::Clone { id, name } => {
                answer(|kennel| kennel.clone_settings(&kennel.find(&id)?, name))
            }
            Self::Apps { id } => answer(|kennel| kennel.apps(&kennel.find(&id)?, &locale(), true)),
            Self::ExportApp { id, app, exported } => answer(|kennel| {
                let spec = kennel.find(&id)?;
                if exported {
                    kennel.export_app(&spec, &app)?;
                } else {
                    kennel.unexport(&spec, ExportKind::App, &app)?;
                }
                kennel.apps(&spec, &locale(), true)
            }),
        }
    }
}

fn change_trust(edit: &TrustEdit) -> i32 {
    answer(|kennel| kennel.change_trust(edit))
}

/// Prints what `ask` answers.
fn answer<T: serde::Serialize>(ask: impl FnOnce(&Kennel) -> Result<T, KennelError>) -> i32 {
    match Kennel::open().and_then(|kennel| ask(&kennel)) {
        Ok(said) => {
            println!("{}", encode(&said));
            0
        }
        Err(error) => super::failed(&error.into()),
    }
}

fn capabilities(kennel: &Kennel) -> Capabilities {
    let mapping = if kennel.mapping.is_full() {
        Mapping::Full
    } else {
        Mapping::SingleUid
    };
    Capabilities {
        mapping,
        notices: kennel.notices(),
        selinux: kennel_engine::lsm::selinux_enforcing().is_some(),
        no_private_network: kennel_engine::runtime::network::unavailable(),
    }
}
