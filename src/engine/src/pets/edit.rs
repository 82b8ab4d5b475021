//! Changing what a pet is, and making another one after it. The spec is apart from the root file
//! system, so neither touches a file inside.

use std::time::SystemTime;

use kennel_model::{Change, Choices, Edited, HomeMode, PetName, PetSpec, Phrase, phrase};

use super::create::{check, random_id};
use super::registry::write_spec;
use super::{Kennel, KennelError, limits};
use crate::files;

impl Kennel {
    /// Makes `choices` about `spec`. A running pet is not stopped.
    pub fn edit(&self, spec: &PetSpec, choices: Choices) -> Result<Edited, KennelError> {
        check(&choices, &self.account.home)?;
        let forgets = choices.preset.is_some() || choices.host_commands.is_some();
        // Not while it starts: whoever asks next would hear of a pet that never was.
        let _lock = self.lock(spec)?;
        let before = self.read_spec(&spec.id)?;
        let after = before.clone().edited(choices)?;
        self.check_label(&after)?;
        if forgets {
            self.forget_allowed(&spec.id);
        }
        let change = after.change_since(&before);
        if change.is_some() {
            let directory = self.paths.pet(&spec.id);
            if after.home == HomeMode::Private {
                let home = directory.join("home");
                files::make_private(&home).map_err(KennelError::io(home))?;
            }
            write_spec(&directory, &after)?;
            self.write_log(&spec.id, "changed", Phrase::default());
            if after.home != before.home {
                // Whether files can be opened with its apps follows from it.
                self.repair_exports(&after)?;
            }
            if after.limits != before.limits {
                self.apply_limits(&after);
            }
        }
        let running = self.running(&after)?;
        Ok(Edited {
            notice: self.notice(&after),
            restart_needed: running.is_some() && self.waits_for_restart(&after),
            limits: Some(limits::status(after.limits, running.as_ref())),
            spec: after,
            change,
        })
    }

    /// What does not hold of what `spec` asks for.
    pub fn notice(&self, spec: &PetSpec) -> Option<Phrase> {
        match (self.limits_notice(spec), self.label_notice(spec)) {
            (Some(limits), Some(label)) => Some(
                phrase("{one}; {other}")
                    .saying("one", limits)
                    .saying("other", label),
            ),
            (one, other) => one.or(other),
        }
    }

    /// Writes down what `spec` is started as, in its running directory.
    pub(super) fn record_start(&self, spec: &PetSpec) -> Result<(), KennelError> {
        write_spec(&self.paths.running(&spec.id), spec)
    }

    /// Whether `spec`, which runs, is otherwise than what was started.
    pub(super) fn waits_for_restart(&self, spec: &PetSpec) -> bool {
        let started = std::fs::read(self.paths.running(&spec.id).join("pet.json"))
            .ok()
            .and_then(|text| serde_json::from_slice::<PetSpec>(&text).ok());
        // Of another version, or of before this was written down: nobody knows.
        started.and_then(|started| spec.change_since(&started)) == Some(Change::AtNextStart)
    }

    /// Makes a pet `name` with the image and all settings of `source`, but nothing of its files.
    pub fn clone_settings(&self, source: &PetSpec, name: PetName) -> Result<PetSpec, KennelError> {
        let store = self.store()?;
        let _held = store.hold()?;
        let _names = self.lock_names()?;
        if self.find(name.as_str()).is_ok() {
            return Err(KennelError::NameTaken(name.to_string()));
        }
        let spec = PetSpec {
            id: random_id()?,
            name,
            created: humantime::format_rfc3339_seconds(SystemTime::now()).to_string(),
            mcs: None,
            ..source.clone()
        };
        self.place(&store, &spec)?;
        self.write_log(
            &spec.id,
            "created",
            phrase("like {pet}").with("pet", &source.name),
        );
        Ok(spec)
    }
}
