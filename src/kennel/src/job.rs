//! `kennel job …`: one long operation for the app; events as JSON lines on standard output.

use std::io::Write;
use std::path::PathBuf;

use clap::Subcommand;
use kennel_engine::config::TrustEdit;
use kennel_engine::pets::{Kennel, KennelError, SetupSink};
use kennel_engine::store::ProgressSink;
use kennel_model::{
    ExportKind, ImageRef, JobEvent, JobOutcome, PetName, PetSpec, Progress, Scope, UserError,
};
use kennel_protocol::{Capabilities, Mapping, encode};

use crate::cli::locale;
use crate::{cancel, enter};

/// What the app asks for.
#[derive(Debug, Subcommand)]
pub enum JobVerb {
    /// Create a pet; one with a setup is started and set up.
    Create {
        /// A `CreateRequest` as JSON.
        request: String,
    },
    /// The pets that a project file asks for, or the folder that has one.
    Propose {
        /// The file or the folder.
        path: PathBuf,
    },
    /// Run what is left of a pet's setup, and try again what failed.
    Setup {
        /// Its id.
        id: String,
    },
    /// Import an image.
    Import {
        /// Such as file:PATH, whose content tells what it is, or oci-archive:FILE.
        source: String,
    },
    /// Fetch an image.
    Pull {
        /// A reference, or a short name of the catalog.
        image: String,
        /// The person has agreed to a source that is not trusted.
        #[arg(long)]
        trust: bool,
    },
    /// Start a pet.
    Start {
        /// Its id.
        id: String,
    },
    /// Stop a pet.
    Stop {
        /// Its id.
        id: String,
    },
    /// Delete a pet.
    Remove {
        /// Its id.
        id: String,
    },
    /// Delete an image.
    RemoveImage {
        /// The image.
        reference: ImageRef,
    },
    /// Delete what no image and no pet needs.
    Prune,
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
    /// The `PetSpec` of a pet.
    Show {
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
    /// What this computer lets pets do.
    Capabilities,
    /// Open a terminal; the pty goes over standard input.
    Terminal {
        /// Its id.
        id: String,
        /// Width in cells.
        #[arg(long, default_value_t = 80)]
        columns: u16,
        /// Height in cells.
        #[arg(long, default_value_t = 24)]
        rows: u16,
    },
}

/// Progress as JSON lines.
struct JsonProgress;

impl ProgressSink for JsonProgress {
    fn report(&self, progress: Progress) {
        say(&JobEvent::Progress { progress });
    }

    fn is_cancelled(&self) -> bool {
        cancel::is_wanted()
    }
}

impl SetupSink for JsonProgress {
    fn output(&self, line: &str) {
        say(&JobEvent::Output {
            text: line.to_owned(),
        });
    }
}

fn say(event: &JobEvent) {
    let mut stdout = std::io::stdout().lock();
    let _ = serde_json::to_writer(&mut stdout, event);
    let _ = stdout.write_all(b"\n");
}

/// Runs the job to its end.
pub fn run(verb: JobVerb) -> i32 {
    if let JobVerb::Terminal { id, columns, rows } = verb {
        return terminal(&id, columns, rows).unwrap_or_else(|error| {
            eprintln!("kennel: {error}");
            125
        });
    }
    match verb {
        JobVerb::Capabilities => return capabilities(),
        JobVerb::Propose { path } => return answer(|kennel| kennel.propose_if_any(&path)),
        JobVerb::Judge { reference } => return answer(|kennel| kennel.judge(&reference)),
        JobVerb::Check { reference } => return answer(|kennel| Ok(kennel.freshness(&reference))),
        JobVerb::TrustList => return answer(Kennel::trust_list),
        JobVerb::TrustAdd { scope } => return change_trust(TrustEdit::Add(scope)),
        JobVerb::TrustRemove { scope } => return change_trust(TrustEdit::Remove(scope)),
        JobVerb::Doctor => return answer(|kennel| Ok(kennel.doctor())),
        JobVerb::Show { id } => return answer(|kennel| kennel.find(&id)),
        JobVerb::Edit { id, choices } => {
            return answer(|kennel| kennel.edit(&kennel.find(&id)?, read(&choices)?));
        }
        JobVerb::Rename { id, name } => {
            return answer(|kennel| kennel.rename(kennel.find(&id)?, name));
        }
        JobVerb::Clone { id, name } => {
            return answer(|kennel| kennel.clone_settings(&kennel.find(&id)?, name));
        }
        JobVerb::Apps { id } => return answer(|kennel| kennel.apps(&kennel.find(&id)?, &locale())),
        JobVerb::ExportApp { id, app, exported } => {
            return answer(|kennel| {
                let spec = kennel.find(&id)?;
                if exported {
                    kennel.export_app(&spec, &app)?;
                } else {
                    kennel.unexport(&spec, ExportKind::App, &app)?;
                }
                kennel.apps(&spec, &locale())
            });
        }
        JobVerb::TrustOnly { only } => return change_trust(TrustEdit::Only(only)),
        _ => {}
    }
    cancel::watch();
    // A job is `serve`'s: nobody would hear of it, or could cancel it, after that.
    kennel_engine::sys::process::end_with_parent(nix::libc::SIGTERM);
    let (event, status) = match work(verb) {
        Ok(outcome) => (JobEvent::Done { outcome }, 0),
        Err(error) => (
            JobEvent::Failed {
                error: error.into(),
            },
            125,
        ),
    };
    say(&event);
    status
}

fn terminal(id: &str, columns: u16, rows: u16) -> Result<i32, UserError> {
    let kennel = Kennel::open()?;
    let spec = kennel.find(id)?;
    let state = kennel.start(&spec)?;
    enter::run_for_app(&state, spec.project, columns, rows)
}

fn work(verb: JobVerb) -> Result<JobOutcome, KennelError> {
    let kennel = Kennel::open()?;
    match verb {
        JobVerb::Create { request } => {
            let spec = kennel.create(read(&request)?, &JsonProgress)?;
            if !spec.setup.is_empty() {
                start(&kennel, &spec, false)?;
            }
            Ok(JobOutcome::Pet {
                pet: Box::new(kennel.summary(&spec)),
            })
        }
        JobVerb::Import { source } => {
            let source = kennel.image_source(&source)?;
            let image = kennel
                .store()?
                .import(&source, None, &kennel.unpacker(), &JsonProgress)?;
            Ok(JobOutcome::Image {
                image: Box::new(image),
            })
        }
        JobVerb::Pull { image, trust } => {
            let report = kennel.pull(&image, trust, &JsonProgress)?;
            Ok(JobOutcome::Image {
                image: Box::new(report.image),
            })
        }
        JobVerb::Start { id } => {
            let spec = kennel.find(&id)?;
            start(&kennel, &spec, false)?;
            Ok(JobOutcome::Pet {
                pet: Box::new(kennel.summary(&spec)),
            })
        }
        JobVerb::Setup { id } => {
            let spec = kennel.find(&id)?;
            start(&kennel, &spec, true)?;
            Ok(JobOutcome::Pet {
                pet: Box::new(kennel.summary(&spec)),
            })
        }
        JobVerb::Stop { id } => {
            let spec = kennel.find(&id)?;
            say(&JobEvent::Progress {
                progress: Progress::Stopping,
            });
            kennel.stop(&spec)?;
            Ok(JobOutcome::Pet {
                pet: Box::new(kennel.summary(&spec)),
            })
        }
        JobVerb::Remove { id } => {
            let spec = kennel.find(&id)?;
            say(&JobEvent::Progress {
                progress: Progress::Removing,
            });
            kennel.remove(&spec, true)?;
            Ok(JobOutcome::Removed)
        }
        JobVerb::RemoveImage { reference } => {
            let needed = kennel.layers_of_pets()?;
            let store = kennel.store()?;
            store.remove_image(&reference, &needed, &kennel.unpacker())?;
            Ok(JobOutcome::Removed)
        }
        JobVerb::Prune => Ok(JobOutcome::Pruned {
            freed: kennel.prune()?,
        }),
        JobVerb::Terminal { .. }
        | JobVerb::Doctor
        | JobVerb::Show { .. }
        | JobVerb::Propose { .. }
        | JobVerb::Edit { .. }
        | JobVerb::Rename { .. }
        | JobVerb::Clone { .. }
        | JobVerb::Apps { .. }
        | JobVerb::ExportApp { .. }
        | JobVerb::Capabilities
        | JobVerb::Judge { .. }
        | JobVerb::Check { .. }
        | JobVerb::TrustList
        | JobVerb::TrustAdd { .. }
        | JobVerb::TrustRemove { .. }
        | JobVerb::TrustOnly { .. } => Ok(JobOutcome::Removed),
    }
}

/// Starts `spec` and runs what is left of its setup. A step that fails is a notice: the pet is
/// there, and runs.
fn start(kennel: &Kennel, spec: &PetSpec, again: bool) -> Result<(), KennelError> {
    say(&JobEvent::Progress {
        progress: Progress::Starting,
    });
    kennel.start(spec)?;
    match kennel.set_up(spec, again, &JsonProgress) {
        Err(error @ KennelError::Setup { .. }) => {
            let text = UserError::from(error).to_string();
            say(&JobEvent::Notice { text });
            Ok(())
        }
        done => done,
    }
}

/// What the app asks for.
fn read<T: serde::de::DeserializeOwned>(request: &str) -> Result<T, KennelError> {
    serde_json::from_str(request).map_err(|error| KennelError::BadSpec {
        path: "the request".into(),
        reason: error.to_string(),
    })
}

fn change_trust(edit: TrustEdit) -> i32 {
    answer(|kennel| kennel.change_trust(&edit))
}

/// Prints what `ask` answers.
fn answer<T: serde::Serialize>(ask: impl FnOnce(&Kennel) -> Result<T, KennelError>) -> i32 {
    match Kennel::open().and_then(|kennel| ask(&kennel)) {
        Ok(said) => {
            println!("{}", encode(&said));
            0
        }
        Err(error) => {
            eprintln!("kennel: {}", UserError::from(error));
            125
        }
    }
}

fn capabilities() -> i32 {
    let Ok(kennel) = Kennel::open() else {
        return 125;
    };
    let notices = kennel.notices();
    let mapping = if kennel.mapping.is_full() {
        Mapping::Full
    } else {
        Mapping::SingleUid
    };
    println!("{}", encode(&Capabilities { mapping, notices }));
    0
}
