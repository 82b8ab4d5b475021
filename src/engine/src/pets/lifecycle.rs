//! Starting, stopping and removing a pet, from the side of whoever asks; [`Kennel::keep`] is the
//! keeper's side of a start.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use kennel_model::{PetId, PetSpec, Phrase, UserError, phrase, quoted};
use nix::fcntl::Flock;

use super::log::{LogLine, write_line};
use super::registry::lock_exclusively;
use super::{Kennel, KennelError, bridge};
use crate::files;
use crate::runtime::facts::HostFacts;
use crate::runtime::keeper::{self, Entry, KeeperInput};
use crate::runtime::plan::{self, RuntimePlan};
use crate::runtime::state::{RunningState, name_link};
use crate::runtime::{RuntimeError, oci, stop};
use crate::session;

impl Kennel {
    /// Starts `spec` unless it runs, through a keeper of its own; on return it can be entered.
    pub fn start(&self, spec: &PetSpec) -> Result<RunningState, KennelError> {
        let running = self.paths.running(&spec.id);
        files::make_private(&running).map_err(KennelError::io(&running))?;
        let lock = self.lock(spec)?;
        if let Some(state) = self.running(spec)? {
            return Ok(state);
        }
        self.check_label(spec)?;
        self.with_categories(spec)?;
        let _ = session::remember(&self.paths, std::env::vars_os());
        // The keeper holds the lock too: a start goes on when its starter is killed.
        let held = lock.try_clone().map_err(KennelError::io(&running))?;
        let answer = Command::new("/proc/self/exe")
            .args(["keeper", spec.id.as_str()])
            .stdin(held)
            .stdout(Stdio::piped())
            .spawn()
            .and_then(|mut keeper| {
                let mut answer = String::new();
                if let Some(stdout) = &mut keeper.stdout {
                    std::io::Read::read_to_string(stdout, &mut answer)?;
                }
                Ok(answer)
            })
            .map_err(KennelError::io("/proc/self/exe"))?;
        drop(lock);
        let problem = running.join("problem");
        if let Some(state) = self.running(spec)? {
            let _ = fs::remove_file(problem);
            self.write_log(&spec.id, "started", Phrase::default());
            return Ok(state);
        }
        let error = serde_json::from_str(&answer).unwrap_or_else(|_| {
            UserError::new(
                "start",
                phrase("“{name}” ended as soon as it started").with("name", &spec.name),
                phrase("try again; kennel logs says more"),
            )
        });
        let error = self.with_obstacle(error);
        let _ = files::replace(&problem, &serde_json::to_vec(&error).unwrap_or_default());
        self.write_log(&spec.id, "failed", error.phrase());
        Err(KennelError::Start(error))
    }

    /// `error` with what the doctor advises, if the computer is why no pet can start.
    fn with_obstacle(&self, error: UserError) -> UserError {
        let advice = self.obstacles().into_iter().find_map(|worst| worst.advice);
        match advice {
            Some(advice) => UserError {
                todo: phrase("{advice} “kennel doctor” has the commands").saying("advice", advice),
                ..error
            },
            None => error,
        }
    }

    /// The keeper: starts the pet, says so by closing `answer` (an error is written there first),
    /// and stays until the pet ends. Standard input is the pet's lock, held until it runs; after
    /// that its own standard streams are the log.
    pub fn keep(&self, spec: &PetSpec, answer: File) -> Result<(), KennelError> {
        let lock = rustix::io::fcntl_dupfd_cloexec(rustix::stdio::stdin(), 3)
            .map_err(|errno| KennelError::io("the pet's lock")(errno.into()))?;
        let path = self.paths.log(&spec.id);
        let log = File::options()
            .create(true)
            .append(true)
            .open(&path)
            .map_err(KennelError::io(path))?;
        keeper::detach(&log)?;
        match self.start_kept(spec) {
            Ok(kept) => {
                drop((lock, answer));
                let end = kept.wait(|entry| self.log_entry(&spec.id, entry));
                self.write_log(&spec.id, "ended", end);
                Ok(())
            }
            Err(error) => {
                let error = UserError::from(error);
                // The starter reads until the end of the file; if it is gone, nobody waits.
                let _ = serde_json::to_writer(&answer, &error);
                Err(KennelError::Start(error))
            }
        }
    }

    fn log_entry(&self, id: &PetId, entry: Entry<'_>) {
        let (event, kind, text) = match entry {
            Entry::Console(text) => ("console", None, Phrase::verbatim(text)),
            Entry::OutOfMemory(text) => ("out-of-memory", None, text.clone()),
            Entry::Alert(kind, text) => ("alert", Some(kind), text.clone()),
            Entry::AlertOver(kind, text) => ("alert-over", Some(kind), text.clone()),
            Entry::AlertSettings(text) => ("alert-settings", None, text.clone()),
        };
        let line = LogLine {
            kind,
            ..LogLine::now(event, text)
        };
        write_line(&self.paths, id, &line);
    }

    fn start_kept(&self, spec: &PetSpec) -> Result<keeper::Kept, KennelError> {
        let directory = self.paths.pet(&spec.id);
        let store = crate::store::Store::open(self.paths.data.clone())?;
        let key = self.mapping.key();
        let layers: Vec<PathBuf> = spec
            .image
            .layers
            .iter()
            .rev()
            .map(|layer| store.layer_path(&key, layer))
            .collect();
        if let Some(missing) = layers.iter().find(|layer| !layer.is_dir()) {
            return Err(KennelError::Missing(missing.clone()));
        }
        let running = self.paths.running(&spec.id);
        let host = HostFacts::gather(&spec.shares, &self.account);
        let plan = plan::plan(spec, &host, &self.account, &directory, &running);
        let mut needed = plan.binds.iter().filter(|bind| !bind.optional);
        if let Some(missing) = needed.find(|bind| !bind.source.exists()) {
            return Err(gone(spec, &missing.source, &missing.target));
        }
        self.check_policy(spec, &plan).map_err(RuntimeError::from)?;
        self.write_oci_config(&directory, &plan)?;
        bridge::record_places(&running, &plan).map_err(KennelError::io(&running))?;
        self.record_start(spec)?;
        self.mark_setup(spec)?;
        let executable =
            fs::read_link("/proc/self/exe").map_err(KennelError::io("/proc/self/exe"))?;
        Ok(keeper::start(&KeeperInput {
            spec,
            plan: &plan,
            account: &self.account,
            mapping: &self.mapping,
            layers,
            directory,
            runtime: self.paths.runtime.clone(),
            running,
            config: self.places(),
            executable,
        })?)
    }

    /// What the pet is, in the OCI runtimes' own format.
    fn write_oci_config(&self, directory: &Path, plan: &RuntimePlan) -> Result<(), KennelError> {
        let path = directory.join("config.json");
        let text = oci::config(plan, &self.mapping)
            .map_err(std::io::Error::other)
            .and_then(|spec| Ok(serde_json::to_vec_pretty(&spec)?))
            .map_err(KennelError::io(&path))?;
        files::replace(&path, &text).map_err(KennelError::io(path))
    }

    /// Stops `spec`; fine when it is not running.
    pub fn stop(&self, spec: &PetSpec) -> Result<(), KennelError> {
        let _lock = self.lock(spec)?;
        self.stop_locked(spec)
    }

    fn stop_locked(&self, spec: &PetSpec) -> Result<(), KennelError> {
        let running = self.paths.running(&spec.id);
        match self.running(spec)? {
            Some(state) => match stop::stop(&state, &running) {
                Ok(()) => self.write_log(&spec.id, "stopped", Phrase::default()),
                // It ended by itself in between.
                Err(RuntimeError::NotRunning) => {}
                Err(error) => return Err(error.into()),
            },
            // A start that failed is over, too.
            None => drop(fs::remove_file(running.join("problem"))),
        }
        Ok(())
    }

    /// Deletes `spec` and everything in it, but nothing of what it shared.
    pub fn remove(&self, spec: &PetSpec, force: bool) -> Result<(), KennelError> {
        // Not in the middle of a start, whose keeper would go on with what is no pet any more.
        let _lock = self.lock(spec)?;
        if !force && self.running(spec)?.is_some() {
            return Err(KennelError::StillRunning(spec.name.to_string()));
        }
        self.stop_locked(spec)?;
        self.remove_exports(spec);
        self.store()?
            .discard(&self.paths.pet(&spec.id), &self.unpacker())?;
        let _ = fs::remove_file(name_link(&self.paths.runtime, &spec.name));
        let _ = fs::remove_dir_all(self.paths.running(&spec.id));
        let log = self.paths.log(&spec.id);
        let _ = fs::remove_file(log.with_extension("jsonl.1"));
        let _ = fs::remove_file(log);
        Ok(())
    }

    /// Held by whatever starts, stops or removes `spec`. An error when the pet is gone meanwhile.
    pub(super) fn lock(&self, spec: &PetSpec) -> Result<Flock<File>, KennelError> {
        let directory = self.paths.pet(&spec.id);
        let lock = lock_exclusively(&directory.join("lock"));
        if directory.join("pet.json").exists() {
            lock
        } else {
            Err(KennelError::NoSuchPet(spec.name.to_string()))
        }
    }
}

/// What of `spec` has gone: a mount, the project folder, or the home, which nobody takes from a pet.
fn gone(spec: &PetSpec, source: &Path, target: &Path) -> KennelError {
    let edit = if spec.mounts.iter().any(|mount| mount.target == target) {
        format!("--no-mount {}", quoted_if_needed(target))
    } else if spec.project.as_deref() == Some(source) {
        "--no-project".to_owned()
    } else {
        return KennelError::Missing(source.to_owned());
    };
    KennelError::Gone {
        path: source.to_owned(),
        pet: spec.name.clone(),
        edit,
    }
}

/// A path as a shell reads it.
fn quoted_if_needed(path: &Path) -> String {
    let text = path.to_string_lossy();
    let is_plain = |c: char| c.is_alphanumeric() || matches!(c, '/' | '.' | '-' | '_');
    if text.chars().all(is_plain) {
        text.into_owned()
    } else {
        quoted(&text)
    }
}
