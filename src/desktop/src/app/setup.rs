//! Setups that run: which step each is at, and their lines on the way to the pets' pages.

use kennel_model::{PetId, PetSummary, Progress};
use relm4::{ComponentController as _, ComponentSender};

use super::{App, AppCommand};
use crate::engine::Job;
use crate::pet_page::{LogEvent, PetPageInput};
use crate::words;

/// One that runs.
#[derive(Debug)]
pub struct Setup {
    /// What its step is called and which one of how many it is.
    step: String,
    /// What it said while its pet had no page yet.
    unheard: Vec<LogEvent>,
}

impl App {
    /// A job got to another step of a setup.
    pub(super) fn begin_step(&mut self, job: u32, progress: &Progress) {
        let step = words::progress(progress).0;
        let line = LogEvent::Line(step.clone());
        if let Some(setup) = self.setups.get_mut(&job) {
            setup.step = step;
        } else {
            let unheard = vec![LogEvent::Began];
            self.setups.insert(job, Setup { step, unheard });
        }
        self.log(job, line);
        self.refresh();
    }

    /// A job said something. Whether it belongs to a setup.
    pub(super) fn log(&mut self, job: u32, event: LogEvent) -> bool {
        let Some(setup) = self.setups.get_mut(&job) else {
            return false;
        };
        setup.unheard.push(event);
        self.hear(job);
        true
    }

    /// Hands on what pages could not hear before they were there.
    pub(super) fn hear_all(&mut self) {
        let jobs: Vec<u32> = self.setups.keys().copied().collect();
        for job in jobs {
            self.hear(job);
        }
    }

    /// The job that sets up the pet `id`.
    pub(super) fn setup_of(&self, id: &PetId) -> Option<u32> {
        let pet = self.pets.iter().find(|pet| pet.id == *id)?;
        let mut jobs = self.jobs.keys().copied();
        // A first step may not be known yet, so `setups` does not have every one.
        jobs.find(|job| self.is_about(*job, pet) && self.sets_up(*job))
    }

    fn sets_up(&self, job: u32) -> bool {
        let is_one = |job: &Job| matches!(job, Job::SetUp(_));
        self.setups.contains_key(&job) || self.jobs.get(&job).is_some_and(|(job, _)| is_one(job))
    }

    /// Asks for the end of `job`.
    pub(super) fn cancel(&self, job: u32, sender: &ComponentSender<Self>) {
        if let Some(engine) = self.engine.clone() {
            sender.oneshot_command(
                async move { AppCommand::Cancelled(job, engine.cancel(job).await) },
            );
        }
    }

    /// The step of the setup of `pet` that runs.
    pub(super) fn step(&self, pet: &PetSummary) -> Option<String> {
        let mut setups = self.setups.iter();
        let (_, setup) = setups.find(|(job, _)| self.is_about(**job, pet))?;
        Some(setup.step.clone())
    }

    fn hear(&mut self, job: u32) {
        let pet = self.pets.iter().find(|pet| self.is_about(job, pet));
        let page = pet.and_then(|pet| self.pages.get(&pet.id));
        if let (Some(page), Some(setup)) = (page, self.setups.get_mut(&job)) {
            for event in setup.unheard.drain(..) {
                page.emit(PetPageInput::Log(event));
            }
        }
    }

    fn is_about(&self, job: u32, pet: &PetSummary) -> bool {
        match self.jobs.get(&job) {
            // It has no id before it is there.
            Some((Job::Create(_), name)) => pet.name.as_str() == name,
            Some((job, _)) => job.on_pet().is_some_and(|(id, _)| *id == pet.id),
            None => false,
        }
    }
}
