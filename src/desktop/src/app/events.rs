//! What the window does about what the engine answers and says.

use kennel_model::{JobEvent, JobOutcome, Progress, UserError};
use kennel_protocol::client::StartError;
use relm4::gtk::glib::format_size;
use relm4::gtk::prelude::*;
use relm4::{Component as _, ComponentController as _, ComponentSender, adw};

use super::beginning::Connected;
use super::{App, AppCommand, AppInput, AppWidgets, background};
use crate::engine::{self, EngineEvent, Job, Lists, Signals, is_loss};
use crate::images::ImagesInput;
use crate::no_engine::NoEngineInput;
use crate::pet_page::{LogEvent, PetPageInput};
use crate::sidebar::SidebarInput;
use crate::welcome::WelcomeInput;
use crate::words::gettext_f;
use crate::{error, phrase};

type Window = adw::ApplicationWindow;

impl App {
    pub(super) fn handle_command(
        &mut self,
        widgets: &mut AppWidgets,
        message: AppCommand,
        sender: &ComponentSender<Self>,
        root: &Window,
    ) {
        match message {
            AppCommand::Connected(begun) => {
                self.connecting = false;
                self.no_engine.emit(NoEngineInput::Wait(false));
                match *begun {
                    Ok(connected) => self.connected(widgets, connected, sender, root),
                    Err(problem) => self.not_connected(problem, root),
                }
                // What is shown first is what there is to see, and not how it comes about.
                self.update_view(widgets, sender.clone());
                self.ready(root);
            }
            AppCommand::Closing(open) => self.close_with(&open, sender, root),
            AppCommand::MayGoOn(true) => self.hide_window(sender, root),
            AppCommand::MayGoOn(false) => self.ask_to_end(sender, root),
            AppCommand::Listed(lists) => {
                self.listing = false;
                self.listed(widgets, lists, sender, root);
                if std::mem::take(&mut self.list_again) {
                    self.list(sender);
                }
            }
            // It went with the engine that began it.
            AppCommand::Began(job, name, Ok(_)) if self.engine.is_none() => {
                let lost = Err(engine::gone());
                self.handle_command(widgets, AppCommand::Began(job, name, lost), sender, root);
            }
            AppCommand::Began(job, name, Ok(number)) => {
                self.beginning -= 1;
                if matches!(job, Job::Create(_)) {
                    let row = SidebarInput::JobBegan(number, name.clone());
                    self.sidebar.emit(row);
                }
                self.jobs.insert(number, (job, name));
                self.refresh();
                for event in self.early.remove(&number).unwrap_or_default() {
                    self.handle_job(widgets, number, event, sender, root);
                }
            }
            AppCommand::Began(job, _, Err(problem)) => {
                self.beginning -= 1;
                match &job {
                    // Nothing else shows it again: no list is read.
                    Job::Remove(id) => self.keep(widgets, id.clone(), sender),
                    Job::RemoveImage(image) => self.keep_image(image),
                    job => self.not_done(job),
                }
                tell_failure(Some(&job), &problem, sender, root);
            }
            AppCommand::Cancelled(_, Ok(())) => {}
            AppCommand::Cancelled(job, Err(problem)) => {
                self.sidebar.emit(SidebarInput::CancelFailed(job));
                tell_failure(None, &problem, sender, root);
            }
            AppCommand::Answered(id, number, told) => {
                Self::answered((id, number), told, sender, root);
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
            EngineEvent::Usage(sample) => self.usage.take(sample),
            EngineEvent::Lost => self.lose_engine(),
            EngineEvent::TerminalExited(terminal, status) => {
                for page in self.pages.values() {
                    page.emit(PetPageInput::TerminalExited(terminal, status));
                }
            }
            EngineEvent::Job(number, event) => {
                if self.jobs.contains_key(&number) {
                    self.handle_job(widgets, number, event, sender, root);
                } else {
                    self.early.entry(number).or_default().push(event);
                }
            }
        }
    }

    fn say_about_images(&self, text: String) {
        if let Some(dialog) = &self.images_dialog {
            dialog.emit(ImagesInput::Say(text));
        }
    }

    fn handle_job(
        &mut self,
        widgets: &AppWidgets,
        number: u32,
        event: JobEvent,
        sender: &ComponentSender<Self>,
        root: &Window,
    ) {
        let toast = |text: &str| widgets.toasts.add_toast(adw::Toast::new(text));
        match event {
            JobEvent::Progress { progress } => {
                if matches!(progress, Progress::SettingUp { .. }) {
                    self.begin_step(number, &progress);
                }
                self.sidebar
                    .emit(SidebarInput::JobProgress(number, progress));
            }
            JobEvent::Output { text } => {
                self.log(number, LogEvent::Line(text));
            }
            JobEvent::Notice { text } => {
                // What a setup says is in its log, and its page says what failed.
                if !self.log(number, LogEvent::Line(phrase::said(&text))) {
                    toast(&phrase::sentence(&text));
                }
            }
            JobEvent::Done { outcome } => {
                self.job_done(number, outcome, sender, root);
                self.list(sender);
            }
            JobEvent::Failed { error: problem } => {
                self.log(number, LogEvent::Stopped);
                let job = self.end(number).map(|(job, _)| job);
                if let Some(job) = &job {
                    self.not_done(job);
                }
                if problem.is_cancelled() {
                    toast(&gettext_f(
                        "Canceled. {note}",
                        &[("note", &error::todo(&problem))],
                    ));
                } else {
                    tell_failure(job.as_ref(), &problem, sender, root);
                }
                self.list(sender);
            }
        }
    }

    /// What follows from a job that is done.
    fn job_done(
        &mut self,
        number: u32,
        outcome: JobOutcome,
        sender: &ComponentSender<Self>,
        root: &Window,
    ) {
        match (self.end(number), outcome) {
            (Some((Job::Create(_), _)), JobOutcome::Pet { pet }) => {
                background::tell_ready(&pet, root);
                self.selected = Some(pet.id.clone());
                self.greeting = Some(pet.id);
            }
            (Some((Job::PruneImages, _)), JobOutcome::Pruned { freed }) => {
                let size = format_size(freed);
                self.say_about_images(gettext_f("{size} freed", &[("size", &size)]));
            }
            (Some((Job::Restart(id), name)), _) => {
                self.begin(Job::Start(id), name, sender);
            }
            _ => {}
        }
    }

    /// Takes back what was expected of a job that failed.
    fn not_done(&mut self, job: &Job) {
        match job {
            // It is there still.
            Job::Remove(id) => drop(self.leaving.remove(id)),
            Job::RemoveImage(image) => drop(self.leaving_images.remove(image)),
            Job::Start(id) => {
                if let Some(page) = self.pages.get(id) {
                    page.emit(PetPageInput::NotStarted);
                }
            }
            _ => {}
        }
    }

    fn end(&mut self, number: u32) -> Option<(Job, String)> {
        self.hear_all();
        let ended = self.jobs.remove(&number);
        self.setups.remove(&number);
        self.sidebar.emit(SidebarInput::JobEnded(number));
        self.refresh();
        ended
    }

    fn connected(
        &mut self,
        widgets: &AppWidgets,
        connected: Connected,
        sender: &ComponentSender<Self>,
        root: &Window,
    ) {
        self.lost = false;
        self.unreachable = false;
        self.engine = Some(connected.engine);
        self.welcome.emit(WelcomeInput::Connected(true));
        self.give_engine();
        watch(connected.signals, sender);
        self.listed(widgets, connected.lists, sender, root);
    }

    fn not_connected(&mut self, problem: StartError, root: &Window) {
        self.lose_engine();
        if self.pets.is_empty() {
            self.unreachable = true;
            self.no_engine.emit(NoEngineInput::Explain(problem));
        } else {
            error::show(root, &problem.into());
        }
    }

    fn listed(
        &mut self,
        widgets: &AppWidgets,
        lists: Result<Lists, UserError>,
        sender: &ComponentSender<Self>,
        root: &Window,
    ) {
        match lists {
            Ok(lists) => {
                self.list_problem = None;
                self.show(widgets, lists, sender);
            }
            // The banner says already that the engine is gone.
            Err(problem) if self.engine.is_none() || is_loss(&problem) => {}
            Err(problem) => {
                self.no_engine.emit(NoEngineInput::Tell(problem.clone()));
                self.list_problem = Some(problem);
            }
        }
        if let Some(start) = self.arrival.take() {
            self.open_new_pet(start, sender, root);
        }
    }

    fn lose_engine(&mut self) {
        self.lost = true;
        self.engine = None;
        for (job, _) in std::mem::take(&mut self.jobs).into_values() {
            self.not_done(&job);
        }
        self.early.clear();
        self.setups.clear();
        self.sidebar.emit(SidebarInput::JobsLost);
        self.welcome.emit(WelcomeInput::Connected(false));
        self.welcome.emit(WelcomeInput::Ready(true));
        self.give_engine();
        self.refresh();
    }

    fn give_engine(&self) {
        self.usage.set_engine(self.engine.clone());
        for page in self.pages.values() {
            page.emit(PetPageInput::Engine(self.engine.clone()));
        }
    }

    /// Reads the lists. One reading at a time, so that an old answer never follows a newer one.
    pub(super) fn list(&mut self, sender: &ComponentSender<Self>) {
        if self.listing {
            self.list_again = true;
        } else if let Some(engine) = self.engine.clone() {
            self.listing = true;
            sender.oneshot_command(async move { AppCommand::Listed(engine.lists().await) });
        }
    }
}

/// Says why a job failed; where nobody would see it in the window, to the desktop. Making a pet
/// can be tried again as it was asked for. That the engine is gone, the banner says.
pub(super) fn tell_failure(
    job: Option<&Job>,
    problem: &UserError,
    sender: &ComponentSender<App>,
    root: &Window,
) {
    match job {
        _ if !root.is_visible() => background::tell_failure(problem),
        Some(Job::Create(request)) => {
            let (request, sender) = (request.clone(), sender.clone());
            error::show_with_retry(root, problem, move || {
                sender.input(AppInput::Create(request.clone()));
            });
        }
        _ if is_loss(problem) => {}
        _ => error::show(root, problem),
    }
}

/// Forwards what the engine says until it ends or the window closes.
fn watch(signals: Signals, sender: &ComponentSender<App>) {
    let (events, received) = relm4::channel();
    sender.command(move |out, shutdown| {
        shutdown
            .register(async move {
                let forward = received.forward(out, AppCommand::Event);
                futures_util::future::join(signals.forward(events), forward).await;
            })
            .drop_on_shutdown()
    });
}
