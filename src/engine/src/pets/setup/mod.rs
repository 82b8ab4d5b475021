//! Setting a pet up: its packages and commands, once and at each start, where everybody can see
//! it. Each step is a process of its own that enters the pet; what it prints goes to the pet's log
//! and to whoever asked.
//!
//! A mark in the running directory says that something is left to do or has failed, so that
//! entering a pet that is set up costs nothing. `setup.json` in the pet's directory says what is
//! done, so that no step that is done is ever repeated, whatever is killed when.

mod lines;
mod record;
mod run;
mod steps;

use std::fs::{self, File};
use std::path::{Path, PathBuf};

use kennel_model::{PetId, PetSpec, Phrase, Progress, phrase};
use nix::fcntl::{Flock, FlockArg};

use super::{Kennel, KennelError};
use crate::files;
use crate::paths::Paths;
use crate::runtime::state::RunningState;
use crate::store::{ProgressSink, StoreError};

use record::Record;
pub use record::SetupFailure;
use run::{End, Runner};
use steps::{Step, steps};

/// How often somebody who waits for another setup looks whether they are still wanted.
const TURN: std::time::Duration = std::time::Duration::from_millis(100);

/// Who hears of a setup.
pub trait SetupSink: ProgressSink {
    /// A step printed a line, without control characters.
    fn output(&self, line: &str);
}

/// The mark that a running pet is not set up: something is left to do, or has failed.
fn mark(running: &Path) -> PathBuf {
    running.join("setup")
}

/// Whether the running pet `id` has a setup that is left to do or has failed.
pub fn is_unfinished(paths: &Paths, id: &PetId) -> bool {
    mark(&paths.running(id)).exists()
}

impl Kennel {
    /// Runs what is left of the setup of `spec`, which runs; at once done when nothing is. A step
    /// that failed before is tried again only when `again` is said. Waits while another process
    /// does the same.
    ///
    /// # Errors
    ///
    /// The step that failed, now or before. The pet runs on.
    pub fn set_up(
        &self,
        spec: &PetSpec,
        again: bool,
        sink: &dyn SetupSink,
    ) -> Result<(), KennelError> {
        if !is_unfinished(&self.paths, &spec.id) {
            return Ok(());
        }
        let lock = self.lock_setup(spec, sink)?;
        let running = self.paths.running(&spec.id);
        let state = self.running(spec)?;
        let state = state.ok_or_else(|| KennelError::NotRunning(spec.name.to_string()))?;
        // Another process may have finished it meanwhile.
        if !mark(&running).exists() {
            return Ok(());
        }
        let directory = self.paths.pet(&spec.id);
        let mut record = Record::read(&directory)?;
        let before = record.failed.take();
        if let Some(failure) = before.clone().filter(|_| !again) {
            return Err(failed(spec, failure));
        }
        let runner = Runner {
            spec,
            state: &state,
            session: running.join("setup-session"),
        };
        runner.end_leftovers();
        let left: Vec<Step> = record.left(steps(&spec.setup));
        for (index, step) in left.iter().enumerate() {
            sink.report(Progress::SettingUp {
                name: step.name.clone(),
                index: index + 1,
                count: left.len(),
            });
            self.run_one(&runner, step, &mut record, sink)?;
        }
        if before.is_some() {
            record.write(&directory)?;
        }
        fs::remove_file(mark(&running)).map_err(KennelError::io(mark(&running)))?;
        self.write_log(&spec.id, "setup", phrase("all done"));
        drop(lock);
        Ok(())
    }

    fn run_one(
        &self,
        runner: &Runner<'_>,
        step: &Step,
        record: &mut Record,
        sink: &dyn SetupSink,
    ) -> Result<(), KennelError> {
        let spec = runner.spec;
        let directory = self.paths.pet(&spec.id);
        let log = |text: Phrase| self.write_log(&spec.id, "setup", text);
        let of_step = |text: Phrase| {
            phrase("{step}: {text}")
                .with("step", &step.name)
                .saying("text", text)
        };
        log(of_step(phrase("begins")));
        let said = |line: &str| log(Phrase::verbatim(format!("{}: {line}", step.name)));
        let end = runner.run(step, sink, said)?;
        if end == End::Done {
            log(of_step(phrase("done")));
            if step.once {
                record.done.push(step.key.clone());
                record.write(&directory)?;
            }
            return Ok(());
        }
        log(of_step(end.phrase()));
        // Stopped in the middle: no fault of the step's, which is tried at the next start. Who
        // stops it holds its lock until nothing of it runs.
        let stopped = {
            let _lock = self.lock(spec)?;
            self.running(spec)?.is_none()
        };
        if stopped {
            return Err(KennelError::NotRunning(spec.name.to_string()));
        }
        let failure = SetupFailure {
            key: step.key.clone(),
            step: step.name.clone(),
            how: end.phrase(),
        };
        record.failed = Some(failure.clone());
        record.write(&directory)?;
        Err(failed(spec, failure))
    }

    /// Which step of the setup of `spec` failed, if one did.
    pub fn setup_failure(&self, spec: &PetSpec) -> Option<SetupFailure> {
        Record::read(&self.paths.pet(&spec.id)).ok()?.failed
    }

    /// Before the pet runs: marks whether something of its setup is to be done.
    pub(super) fn mark_setup(&self, spec: &PetSpec) -> Result<(), KennelError> {
        let mark = mark(&self.paths.running(&spec.id));
        let all = steps(&spec.setup);
        if all.is_empty() {
            let _ = fs::remove_file(&mark);
            return Ok(());
        }
        let directory = self.paths.pet(&spec.id);
        let mut record = Record::read(&directory)?;
        // What is done at each start is tried at each.
        let of_each_start = |failure: &SetupFailure| {
            let step = all.iter().find(|step| step.key == failure.key);
            step.is_none_or(|step| !step.once)
        };
        if record.failed.as_ref().is_some_and(of_each_start) {
            record.failed = None;
            record.write(&directory)?;
        }
        if record.failed.is_some() || !record.left(all).is_empty() {
            File::create(&mark).map_err(KennelError::io(mark))?;
        } else {
            let _ = fs::remove_file(mark);
        }
        Ok(())
    }

    /// Held by whoever sets `spec` up.
    fn lock_setup(&self, spec: &PetSpec, sink: &dyn SetupSink) -> Result<Flock<File>, KennelError> {
        let path = self.paths.pet(&spec.id).join("setup.lock");
        let mut file = File::options()
            .create(true)
            .append(true)
            .open(&path)
            .map_err(KennelError::io(&path))?;
        let mut said = false;
        loop {
            file = match Flock::lock(file, FlockArg::LockExclusiveNonblock) {
                Ok(lock) => return Ok(lock),
                Err((file, nix::errno::Errno::EWOULDBLOCK)) => file,
                Err((_, errno)) => return Err(KennelError::io(path)(errno.into())),
            };
            if sink.is_cancelled() {
                return Err(StoreError::Cancelled.into());
            }
            if !said {
                sink.output("it is being set up already; waiting for that");
                said = true;
            }
            std::thread::sleep(TURN);
        }
    }

    /// In the process of one step ([`run`]): enters the pet of `id` and starts the step `key`. The
    /// calling process must have one thread.
    pub fn enter_for_step(
        &self,
        id: &str,
        key: &str,
    ) -> Result<crate::runtime::enter::Entered, KennelError> {
        let spec = self.find(id)?;
        let state: RunningState = self
            .running(&spec)?
            .ok_or_else(|| KennelError::NotRunning(spec.name.to_string()))?;
        let step = steps(&spec.setup).into_iter().find(|step| step.key == key);
        let step = step.ok_or_else(|| KennelError::Missing(key.into()))?;
        Ok(run::enter_step(&spec, &state, &step)?)
    }
}

fn failed(spec: &PetSpec, failure: SetupFailure) -> KennelError {
    KennelError::Setup {
        pet: spec.name.clone(),
        failure,
    }
}

/// Replaces `path` by a number.
fn write_number(path: &Path, number: i32) -> std::io::Result<()> {
    files::replace(path, number.to_string().as_bytes())
}
