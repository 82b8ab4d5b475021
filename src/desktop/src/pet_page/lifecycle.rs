//! What the page has done with its pet: start, stop, restart, and a terminal in one that does not run yet.

use kennel_model::{PetSpec, PetState};
use relm4::ComponentSender;

use super::terminals::{TerminalsInput, restore};
use super::{PetPage, PetPageOutput};
use crate::engine::{Job, Now};
use crate::words::gettext_f;

impl PetPage {
    /// Has `job` done, if nothing else is.
    pub(super) fn begin(&self, job: Job, sender: &ComponentSender<Self>) {
        // One thing at a time: the page says what is being done until it is.
        if self.now.doing.is_none() {
            let name = self.pet.name.to_string();
            let _ = sender.output(PetPageOutput::Begin(job, name));
        }
    }

    /// Starts it, or stops it.
    pub(super) fn start_or_stop(&mut self, sender: &ComponentSender<Self>) {
        self.opens_when_started = false;
        let id = self.pet.id.clone();
        let job = match self.pet.state {
            PetState::Running => Job::Stop(id),
            _ => Job::Start(id),
        };
        self.begin(job, sender);
    }

    /// Opens a terminal; before, a stopped pet that has a setup is started with it.
    pub(super) fn open_terminal(&mut self, sender: &ComponentSender<Self>) {
        let is_set_up = |spec: &PetSpec| spec.setup.is_empty();
        if self.pet.state == PetState::Running || self.chosen.settled().is_none_or(is_set_up) {
            self.open_now();
        } else {
            self.opens_when_started = true;
            self.begin(Job::Start(self.pet.id.clone()), sender);
        }
    }

    pub(super) fn open_now(&self) {
        self.terminals.make();
        self.terminals.emit(TerminalsInput::Open);
    }

    /// Opens again what was open in the window before, once, if the pet still runs.
    pub(super) fn restore(&mut self) {
        if std::mem::replace(&mut self.restored, true) {
            return;
        }
        let directories = restore::take(&self.pet.id);
        if self.pet.state == PetState::Running && !directories.is_empty() {
            self.terminals.make();
            self.terminals.emit(TerminalsInput::Restore(directories));
        }
    }

    pub(super) fn is_up(&self) -> bool {
        self.pet.state == PetState::Running && self.now == Now::default()
    }

    pub(super) fn offers_setup(&self) -> bool {
        self.pet.setup_failed.is_some() && self.now == Now::default()
    }

    pub(super) fn offers_restart(&self) -> bool {
        self.chosen.needs_restart() && self.now.doing.is_none()
    }

    pub(super) fn restart_reason(&self) -> String {
        gettext_f(
            "{name} keeps its old settings until it is restarted, which ends what is running in it",
            &[("name", self.pet.name.as_str())],
        )
    }
}
