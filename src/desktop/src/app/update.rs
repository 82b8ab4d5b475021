//! What the window does about what the person asks.

use std::cell::Cell;

use kennel_model::CreateRequest;
use relm4::adw::prelude::*;
use relm4::gtk::glib;
use relm4::{Component as _, ComponentController as _, ComponentSender, adw, gtk};

use super::events::tell_failure;
use super::{App, AppCommand, AppInput, AppWidgets, actions, arrivals, shortcuts};
use crate::activity::Activity;
use crate::doctor::Doctor;
use crate::engine::{self, Engine, Job};
use crate::error;
use crate::images::{Images, ImagesOutput};
use crate::new_pet::{NewPet, NewPetInit, Start};
use crate::pet_page::{PetPageInput, PetPageOutput, Purpose};
use crate::preferences::Preferences;
use crate::sidebar::{SidebarInput, SidebarOutput};
use crate::usage::AllPets;

/// Frames until a new layout is made and GTK has given the keyboard back to what it moved.
const FRAMES_OF_LAYOUT: u8 = 3;

impl App {
    pub(super) fn handle(
        &mut self,
        widgets: &AppWidgets,
        message: AppInput,
        sender: &ComponentSender<Self>,
        root: &adw::ApplicationWindow,
    ) {
        match message {
            AppInput::Sidebar(SidebarOutput::Chosen(id)) => {
                self.select(widgets, &id, sender);
                widgets.split.set_show_content(true);
            }
            AppInput::Sidebar(SidebarOutput::NewPet) => {
                self.open_new_pet(Start::Usual, sender, root);
            }
            AppInput::NewPet(start) => self.open_new_pet(start, sender, root),
            AppInput::Opened(file) => {
                arrivals::begin_from(file, root, sender, AppInput::NewPetWhenReady);
            }
            AppInput::NewPetWhenReady(start) if self.engine.is_none() => {
                self.arrival = Some(start);
            }
            AppInput::NewPetWhenReady(start) => self.open_new_pet(start, sender, root),
            AppInput::Paste => arrivals::paste(root, sender),
            AppInput::Search => {
                show_list(&widgets.split, root);
                self.sidebar.emit(SidebarInput::Search);
            }
            AppInput::SearchFor(text) => {
                show_list(&widgets.split, root);
                self.sidebar.emit(SidebarInput::ShowFound(text));
            }
            AppInput::ToggleList => toggle_list(&widgets.split, root),
            AppInput::FocusList => {
                show_list(&widgets.split, root);
                self.sidebar.emit(SidebarInput::Focus);
            }
            AppInput::StartOrStop => self.tell_page(PetPageInput::StartOrStop),
            AppInput::Rename => self.tell_page(PetPageInput::AskName(Purpose::Rename)),
            AppInput::Sidebar(SidebarOutput::Delete(id))
            | AppInput::Page(PetPageOutput::Delete(id)) => self.hide(widgets, &id, sender),
            AppInput::Undo => {
                if let Some(id) = self.hidden_last.take() {
                    self.keep(widgets, id, sender);
                }
            }
            AppInput::KeepPet(id) => self.keep(widgets, id, sender),
            AppInput::DeletePet(id) => self.delete(&id, sender),
            AppInput::KeepImage(image) => self.keep_image(&image),
            AppInput::RemoveImage(image, toast) => self.remove_image(image, &toast, sender),
            AppInput::Shortcuts => shortcuts::show(root),
            AppInput::Sidebar(SidebarOutput::Cancel(job)) => self.cancel(job, sender),
            AppInput::Page(PetPageOutput::CancelSetup(id)) => {
                if let Some(job) = self.setup_of(&id) {
                    self.cancel(job, sender);
                }
            }
            AppInput::Create(request) => self.create(request, sender),
            AppInput::Page(PetPageOutput::Begin(job, name)) => self.begin(job, name, sender),
            AppInput::Page(PetPageOutput::Made(id)) => {
                self.selected = Some(id);
                self.list(sender);
            }
            AppInput::Page(PetPageOutput::AtWork) => widgets.split.set_show_content(true),
            AppInput::Page(PetPageOutput::Failed(problem)) => {
                tell_failure(None, &problem, sender, root);
            }
            AppInput::Images => self.open_images(sender, root),
            AppInput::ImagesAsked(ImagesOutput::Remove(image)) => self.hide_image(image, sender),
            AppInput::ImagesAsked(ImagesOutput::Closed) => {
                self.images_dialog = None;
                self.take_over_toasts(widgets, sender);
            }
            AppInput::List | AppInput::ImagesAsked(ImagesOutput::List) => self.list(sender),
            AppInput::ImagesAsked(ImagesOutput::RemoveUnused) => {
                self.begin(Job::PruneImages, String::new(), sender);
            }
            AppInput::Preferences => self.open_preferences(root),
            AppInput::Doctor => self.open_doctor(root),
            AppInput::Usage => {
                let names = self
                    .pets
                    .iter()
                    .map(|pet| (pet.id.clone(), pet.name.to_string()));
                AllPets::open(root, &self.usage, names.collect());
            }
            AppInput::Answer(id, number, answer) => self.answer(id, number, answer, sender),
            AppInput::AskAgain(id, number) => self.ask_again(id, number, sender),
            AppInput::Activity => self.open_activity(root),
            AppInput::ShowPet(id) => {
                // It may not be listed yet: then it is shown as soon as it is.
                self.selected = Some(id.clone());
                self.select(widgets, &id, sender);
                widgets.split.set_show_content(true);
                root.present();
            }
            AppInput::CloseTab => self.tell_page(PetPageInput::CloseTab),
            AppInput::Rearranged => {
                self.tell_page(PetPageInput::Rearranged);
                keep_keyboard(root, &widgets.split);
            }
            AppInput::About => actions::about(root),
            AppInput::Activated => self.activated(root),
            AppInput::Open => self.ready(root),
            AppInput::Drawn => self.drawn(widgets, sender),
            // It may run, and only not know the pets.
            AppInput::Reconnect if self.engine.is_some() => self.list(sender),
            AppInput::Reconnect => self.connect(sender),
            AppInput::Close => root.close(),
            AppInput::Leave => self.close(sender, root),
            AppInput::Closed => self.ask_to_go_on(sender, root),
            AppInput::EndIfIdle => self.end_if_idle(root),
        }
    }

    fn tell_page(&self, message: PetPageInput) {
        if let Some(page) = self.selected.as_ref().and_then(|id| self.pages.get(id)) {
            page.emit(message);
        }
    }

    pub(super) fn open_new_pet(
        &mut self,
        start: Start,
        sender: &ComponentSender<Self>,
        root: &adw::ApplicationWindow,
    ) {
        let Some(engine) = self.engine_or_say(root) else {
            return;
        };
        let dialog = NewPet::builder()
            .launch(NewPetInit {
                engine,
                images: self.shown_images(),
                pets: self.pets.clone(),
                start,
            })
            .forward(sender.input_sender(), |request| {
                AppInput::Create(Box::new(request))
            });
        dialog.widget().present(Some(root));
        self.dialog = Some(dialog);
    }

    fn open_images(&mut self, sender: &ComponentSender<Self>, root: &adw::ApplicationWindow) {
        let dialog = Images::builder()
            .launch(self.images_or_problem())
            .forward(sender.input_sender(), AppInput::ImagesAsked);
        dialog.widget().present(Some(root));
        self.images_dialog = Some(dialog);
    }

    fn open_preferences(&mut self, root: &adw::ApplicationWindow) {
        let Some(engine) = self.engine_or_say(root) else {
            return;
        };
        let dialog = Preferences::builder().launch(engine).detach();
        dialog.widget().present(Some(root));
        self.preferences = Some(dialog);
    }

    fn open_doctor(&mut self, root: &adw::ApplicationWindow) {
        let Some(engine) = self.engine_or_say(root) else {
            return;
        };
        let dialog = Doctor::builder().launch(engine).detach();
        dialog.widget().present(Some(root));
        self.doctor = Some(dialog);
    }

    fn open_activity(&mut self, root: &adw::ApplicationWindow) {
        let Some(engine) = self.engine_or_say(root) else {
            return;
        };
        let dialog = Activity::builder().launch(engine).detach();
        dialog.widget().present(Some(root));
        self.activity = Some(dialog);
    }

    fn create(&mut self, request: Box<CreateRequest>, sender: &ComponentSender<Self>) {
        let name = request
            .name
            .as_ref()
            .map_or_else(String::new, ToString::to_string);
        self.begin(Job::Create(request), name, sender);
    }

    pub(super) fn begin(&mut self, job: Job, name: String, sender: &ComponentSender<Self>) {
        self.beginning += 1;
        let engine = self.engine.clone();
        sender.oneshot_command(async move {
            let number = match engine {
                Some(engine) => engine.begin(&job).await,
                None => Err(engine::gone()),
            };
            AppCommand::Began(job, name, number)
        });
    }

    /// The engine; where there is none, the person is told.
    fn engine_or_say(&self, root: &adw::ApplicationWindow) -> Option<Engine> {
        if self.engine.is_none() {
            error::show(root, &engine::gone());
        }
        self.engine.clone()
    }
}

/// Where both are shown the page remains what the person looks at: a window that gets narrow later
/// shows it.
fn show_list(split: &adw::NavigationSplitView, window: &adw::ApplicationWindow) {
    if window.current_breakpoint().is_some() {
        split.set_show_content(false);
    } else {
        split.set_show_content(true);
        split.set_collapsed(false);
    }
}

/// Wide windows show both and can hide the list; in narrow ones list and page take turns.
fn toggle_list(split: &adw::NavigationSplitView, window: &adw::ApplicationWindow) {
    if window.current_breakpoint().is_some() {
        split.set_show_content(!split.shows_content());
    } else {
        split.set_show_content(true);
        split.set_collapsed(!split.is_collapsed());
    }
}

/// What had the keyboard may not be shown in the new layout: then the page gets it, or else the
/// list. Keys would reach nothing.
fn keep_keyboard(window: &adw::ApplicationWindow, split: &adw::NavigationSplitView) {
    let split = split.clone();
    let frames = Cell::new(FRAMES_OF_LAYOUT);
    window.add_tick_callback(move |window, _| {
        frames.set(frames.get() - 1);
        if frames.get() > 0 {
            return glib::ControlFlow::Continue;
        }
        if GtkWindowExt::focus(window).is_none_or(|focus| !focus.is_mapped()) {
            let page = split.content().filter(WidgetExt::is_mapped);
            let shown = page.map_or_else(|| window.clone().upcast::<gtk::Widget>(), Cast::upcast);
            shown.child_focus(gtk::DirectionType::TabForward);
        }
        glib::ControlFlow::Break
    });
}
