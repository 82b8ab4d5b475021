//! What the window does about what it is told.

use gettextrs::gettext;
use kennel_model::{ImageSummary, JobEvent, JobOutcome, PetId, PetSummary};
use relm4::adw::prelude::*;
use relm4::{Component as _, ComponentController as _, ComponentSender, adw};

use super::{App, AppCommand, AppInput, AppWidgets, actions};
use crate::engine::{Engine, EngineEvent, Job};
use crate::error;
use crate::jobs::JobRow;
use crate::new_pet::NewPet;
use crate::pet_page::{PetPage, PetPageInput, PetPageOutput};
use crate::words;

type Window = adw::ApplicationWindow;

impl App {
    pub(super) fn is_empty(&self) -> bool {
        self.pets.is_empty() && self.jobs.is_empty()
    }

    /// What the page says while no pet is shown.
    pub(super) fn waiting_title(&self) -> String {
        if self.pets.is_empty() {
            gettext("Making Your Pet")
        } else {
            gettext("No Pet Chosen")
        }
    }

    pub(super) fn waiting_text(&self) -> String {
        if self.pets.is_empty() {
            gettext("Its terminal opens by itself when it is ready.")
        } else {
            gettext("Choose one from the list.")
        }
    }

    pub(super) fn handle(
        &mut self,
        widgets: &AppWidgets,
        message: AppInput,
        sender: &ComponentSender<Self>,
        root: &Window,
    ) {
        match message {
            AppInput::Select(index) => {
                let row = usize::try_from(index)
                    .ok()
                    .and_then(|index| self.pets.get(index));
                if let Some(id) = row.map(|row| row.pet.id.clone()) {
                    self.select(widgets, &id);
                    widgets.split.set_show_content(true);
                }
            }
            AppInput::NewPet => self.open_new_pet(sender, root),
            AppInput::Create(request) => {
                let name = request
                    .name
                    .as_ref()
                    .map_or_else(String::new, ToString::to_string);
                self.begin(Job::Create(Box::new(request)), name, sender);
            }
            AppInput::Page(PetPageOutput::Begin(job, name)) => self.begin(job, name, sender),
            AppInput::Page(PetPageOutput::Failed(problem)) => error::show(root, &problem),
            AppInput::Page(PetPageOutput::Toast(text)) => {
                widgets.toasts.add_toast(adw::Toast::new(&text));
            }
            AppInput::Cancel(job) => self.cancel(job),
            AppInput::CloseTab => {
                if let Some(page) = self.selected.as_ref().and_then(|id| self.pages.get(id)) {
                    page.emit(PetPageInput::CloseTab);
                }
            }
            AppInput::About => actions::about(root),
            AppInput::Reconnect => {
                sender.oneshot_command(async { AppCommand::Connected(Engine::connect().await) });
            }
        }
    }

    pub(super) fn handle_command(
        &mut self,
        widgets: &AppWidgets,
        message: AppCommand,
        sender: &ComponentSender<Self>,
        root: &Window,
    ) {
        match message {
            AppCommand::Connected(Ok(engine)) => {
                self.lost = false;
                self.engine = Some(engine.clone());
                Self::watch(engine, sender);
                self.list(sender);
            }
            AppCommand::Connected(Err(problem)) => {
                self.lost = true;
                error::show(root, &problem);
            }
            AppCommand::Listed(Ok((pets, images))) => self.show(widgets, pets, images, sender),
            AppCommand::Listed(Err(problem)) => error::show(root, &problem),
            AppCommand::Began(job, name, Ok(number)) => {
                self.works_on.insert(number, job);
                self.job_row(number, &name);
                self.refresh_pages();
            }
            AppCommand::Began(_, _, Err(problem)) => {
                error::show(root, &problem);
                self.refresh_pages();
            }
            AppCommand::Event(event) => self.handle_event(widgets, event, sender, root),
        }
    }

    fn handle_event(
        &mut self,
        widgets: &AppWidgets,
        event: EngineEvent,
        sender: &ComponentSender<Self>,
        root: &Window,
    ) {
        match event {
            EngineEvent::Changed => self.list(sender),
            EngineEvent::Lost => {
                self.lost = true;
                self.engine = None;
                self.jobs.guard().clear();
                self.works_on.clear();
            }
            EngineEvent::TerminalExited(terminal, status) => {
                for page in self.pages.values() {
                    page.emit(PetPageInput::TerminalExited(terminal, status));
                }
            }
            EngineEvent::Job(job, JobEvent::Progress { progress }) => {
                let (step, fraction) = words::progress(&progress);
                let index = self.job_row(job, "");
                if let Some(row) = self.jobs.guard().get_mut(index) {
                    row.step = step;
                    row.fraction = fraction;
                }
            }
            EngineEvent::Job(_, JobEvent::Notice { text }) => {
                widgets
                    .toasts
                    .add_toast(adw::Toast::new(&error::sentence(&text)));
            }
            EngineEvent::Job(job, JobEvent::Done { outcome }) => {
                let created = matches!(self.end(job), Some(Job::Create(_)));
                if let (JobOutcome::Pet { pet }, true) = (outcome, created) {
                    self.selected = Some(pet.id.clone());
                    self.welcome = Some(pet.id);
                }
                self.list(sender);
            }
            EngineEvent::Job(job, JobEvent::Failed { error: problem }) => {
                self.end(job);
                if problem.is_cancelled() {
                    widgets
                        .toasts
                        .add_toast(adw::Toast::new(&gettext("Cancelled")));
                } else {
                    error::show(root, &problem);
                }
                self.list(sender);
            }
        }
    }

    fn watch(engine: Engine, sender: &ComponentSender<Self>) {
        let (events, received) = relm4::channel();
        sender.command(move |out, shutdown| {
            shutdown
                .register(async move {
                    let forward = received.forward(out, AppCommand::Event);
                    futures_util::future::join(engine.watch(events), forward).await;
                })
                .drop_on_shutdown()
        });
    }

    fn list(&self, sender: &ComponentSender<Self>) {
        if let Some(engine) = self.engine.clone() {
            sender.oneshot_command(async move {
                let both = async { Ok((engine.pets().await?, engine.images().await?)) };
                AppCommand::Listed(both.await)
            });
        }
    }

    fn begin(&self, job: Job, name: String, sender: &ComponentSender<Self>) {
        if let Some(engine) = self.engine.clone() {
            sender.oneshot_command(async move {
                let number = engine.begin(&job).await;
                AppCommand::Began(job, name, number)
            });
        }
    }

    fn cancel(&mut self, job: u32) {
        if let Some(engine) = self.engine.clone() {
            relm4::spawn(async move { engine.cancel(job).await });
        }
        let mut jobs = self.jobs.guard();
        let index = jobs.iter().position(|row: &JobRow| row.job == job);
        if let Some(row) = index.and_then(|index| jobs.get_mut(index)) {
            row.cancelling = true;
        }
    }

    /// The index of a job's row, made when the job is new: its first event may come before the
    /// reply that names it.
    fn job_row(&mut self, job: u32, subject: &str) -> usize {
        let mut jobs = self.jobs.guard();
        let index = jobs.iter().position(|row: &JobRow| row.job == job);
        let index = index.unwrap_or_else(|| {
            jobs.push_back((job, subject.to_owned()));
            jobs.len() - 1
        });
        if let Some(row) = jobs.get_mut(index).filter(|_| !subject.is_empty()) {
            subject.clone_into(&mut row.subject);
        }
        index
    }

    fn end(&mut self, job: u32) -> Option<Job> {
        let mut jobs = self.jobs.guard();
        let index = jobs.iter().position(|row: &JobRow| row.job == job);
        if let Some(index) = index {
            jobs.remove(index);
        }
        drop(jobs);
        self.works_on.remove(&job)
    }

    fn is_busy(&self, id: &PetId) -> bool {
        self.works_on.values().any(|job| match job {
            Job::Create(_) => false,
            Job::Start(pet) | Job::Stop(pet) | Job::Remove(pet) => pet == id,
        })
    }

    fn refresh_pages(&self) {
        for row in self.pets.iter() {
            if let Some(page) = self.pages.get(&row.pet.id) {
                page.emit(PetPageInput::Update(
                    row.pet.clone(),
                    self.is_busy(&row.pet.id),
                ));
            }
        }
    }

    /// Shows the lists as they are now, keeping pages, selection and focus where it can.
    fn show(
        &mut self,
        widgets: &AppWidgets,
        pets: Vec<PetSummary>,
        images: Vec<ImageSummary>,
        sender: &ComponentSender<Self>,
    ) {
        self.listed = true;
        self.images = images;
        self.pages.retain(|id, page| {
            let kept = pets.iter().any(|pet| pet.id == *id);
            if !kept {
                widgets.pages.remove(page.widget());
            }
            kept
        });
        for pet in &pets {
            if !self.pages.contains_key(&pet.id) {
                let engine = self.engine.clone();
                let Some(engine) = engine else { return };
                let page = PetPage::builder()
                    .launch((engine, pet.clone()))
                    .forward(sender.input_sender(), AppInput::Page);
                widgets
                    .pages
                    .add_named(page.widget(), Some(pet.id.as_str()));
                self.pages.insert(pet.id.clone(), page);
            }
        }
        self.show_rows(pets);
        self.refresh_pages();
        self.greet();
        let wanted = self
            .selected
            .clone()
            .filter(|id| self.pages.contains_key(id));
        let first = || self.pets.iter().next().map(|row| row.pet.id.clone());
        match wanted.or_else(first) {
            Some(id) => self.select(widgets, &id),
            None => {
                self.selected = None;
                widgets.pages.set_visible_child_name("none");
                widgets.split.set_show_content(false);
            }
        }
    }

    /// Opens the terminal of a pet that was just made.
    fn greet(&mut self) {
        if let Some(page) = self.welcome.as_ref().and_then(|id| self.pages.get(id)) {
            page.emit(PetPageInput::OpenTerminal);
            self.welcome = None;
        }
    }

    fn show_rows(&mut self, pets: Vec<PetSummary>) {
        let mut rows = self.pets.guard();
        let same = rows.len() == pets.len()
            && rows
                .iter()
                .zip(&pets)
                .all(|(row, pet)| row.pet.id == pet.id);
        if same {
            for (index, pet) in pets.into_iter().enumerate() {
                if let Some(row) = rows.get_mut(index) {
                    row.pet = pet;
                }
            }
        } else {
            rows.clear();
            for pet in pets {
                rows.push_back(pet);
            }
        }
    }

    fn select(&mut self, widgets: &AppWidgets, id: &PetId) {
        let Some(index) = self.pets.iter().position(|row| row.pet.id == *id) else {
            return;
        };
        if let Some(pet) = self.pets.get(index).map(|row| &row.pet) {
            widgets.content.set_title(pet.name.as_str());
        }
        let list = self.pets.widget();
        list.select_row(list.row_at_index(index as i32).as_ref());
        widgets.pages.set_visible_child_name(id.as_str());
        self.selected = Some(id.clone());
    }

    fn open_new_pet(&mut self, sender: &ComponentSender<Self>, root: &Window) {
        let taken = self.pets.iter().map(|row| row.pet.name.clone()).collect();
        let dialog = NewPet::builder()
            .launch((self.images.clone(), taken))
            .forward(sender.input_sender(), AppInput::Create);
        dialog.widget().present(Some(root));
        self.dialog = Some(dialog);
    }
}
