//! Long operations for the app: events as JSON lines on standard output, the last one the outcome.

use std::io::Write;

use clap::Subcommand;
use kennel_engine::pets::{Kennel, KennelError, SetupSink};
use kennel_engine::store::ProgressSink;
use kennel_model::{ImageRef, JobEvent, JobOutcome, PetSpec, Progress, UserError};

use super::read;
use crate::cancel;

/// What the app wants done.
#[derive(Debug, Subcommand)]
pub enum Work {
    /// Create a pet; one with a setup is started and set up.
    Create {
        /// A `CreateRequest` as JSON.
        request: String,
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
}

impl Work {
    /// Does it to its end; the exit status.
    pub fn run(self) -> i32 {
        cancel::watch();
        // A job is `serve`'s: nobody would hear of it, or could cancel it, after that.
        kennel_engine::sys::process::end_with_parent(nix::libc::SIGTERM);
        let (event, status) = match self.outcome() {
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

    fn outcome(self) -> Result<JobOutcome, KennelError> {
        let kennel = Kennel::open()?;
        match self {
            Self::Create { request } => {
                let spec = kennel.create(read(&request)?, &JsonProgress)?;
                if let Some(text) = kennel.label_notice(&spec) {
                    say(&JobEvent::Notice { text });
                }
                if !spec.setup.is_empty() {
                    start(&kennel, &spec, false)?;
                }
                Ok(JobOutcome::Pet {
                    pet: Box::new(kennel.summary(&spec)),
                })
            }
            Self::Import { source } => {
                let source = kennel.image_source(&source)?;
                let image =
                    kennel
                        .store()?
                        .import(&source, None, &kennel.unpacker(), &JsonProgress)?;
                Ok(JobOutcome::Image {
                    image: Box::new(image),
                })
            }
            Self::Pull { image, trust } => {
                let report = kennel.pull(&image, trust, &JsonProgress)?;
                Ok(JobOutcome::Image {
                    image: Box::new(report.image),
                })
            }
            Self::Start { id } => {
                let spec = kennel.find(&id)?;
                start(&kennel, &spec, false)?;
                Ok(JobOutcome::Pet {
                    pet: Box::new(kennel.summary(&spec)),
                })
            }
            Self::Setup { id } => {
                let spec = kennel.find(&id)?;
                start(&kennel, &spec, true)?;
                Ok(JobOutcome::Pet {
                    pet: Box::new(kennel.summary(&spec)),
                })
            }
            Self::Stop { id } => {
                let spec = kennel.find(&id)?;
                say(&JobEvent::Progress {
                    progress: Progress::Stopping,
                });
                kennel.stop(&spec)?;
                Ok(JobOutcome::Pet {
                    pet: Box::new(kennel.summary(&spec)),
                })
            }
            Self::Remove { id } => {
                let spec = kennel.find(&id)?;
                say(&JobEvent::Progress {
                    progress: Progress::Removing,
                });
                kennel.remove(&spec, true)?;
                Ok(JobOutcome::Removed)
            }
            Self::RemoveImage { reference } => {
                let needed = kennel.layers_of_pets()?;
                let store = kennel.store()?;
                store.remove_image(&reference, &needed, &kennel.unpacker())?;
                Ok(JobOutcome::Removed)
            }
            Self::Prune => Ok(JobOutcome::Pruned {
                freed: kennel.prune()?,
            }),
        }
    }
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

/// Starts `spec` and runs what is left of its setup. A step that fails is a notice: the pet is
/// there, and runs.
fn start(kennel: &Kennel, spec: &PetSpec, again: bool) -> Result<(), KennelError> {
    say(&JobEvent::Progress {
        progress: Progress::Starting,
    });
    kennel.start(spec)?;
    match kennel.set_up(spec, again, &JsonProgress) {
        Err(error @ KennelError::Setup { .. }) => {
            let text = UserError::from(error).phrase();
            say(&JobEvent::Notice { text });
            Ok(())
        }
        done => done,
    }
}
