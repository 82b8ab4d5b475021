//! Lists from the engine become rows and pages; which page is shown.

use gettextrs::gettext;
use kennel_model::{ImageSummary, PetId, PetSummary};
use relm4::adw::prelude::*;
use relm4::{Component as _, ComponentController as _, ComponentSender};

use super::{App, AppInput, AppWidgets};
use crate::activity::Look;
use crate::engine::{Doing, Job, Now};
use crate::images::ImagesInput;
use crate::pet_page::{PetPage, PetPageInput, Provenance};
use crate::sidebar::SidebarInput;
use crate::welcome::WelcomeInput;

impl App {
    /// Whether there is no pet and none is being made.
    pub(super) fn is_empty(&self) -> bool {
        let making = |(job, _): &(Job, String)| matches!(job, Job::Create(_));
        self.pets.is_empty() && !self.jobs.values().any(making)
    }

    /// Which part of the window is shown.
    pub(super) fn scene(&self) -> &'static str {
        if self.unreachable {
            "no-engine"
        } else if self.is_empty() {
            "welcome"
        } else {
            "pets"
        }
    }

    /// What the page says while no pet is shown: title and text.
    pub(super) fn waiting(&self) -> (String, String) {
        if self.pets.is_empty() {
            (
                gettext("Making Your Pet"),
                gettext("Its terminal opens by itself when it is ready."),
            )
        } else {
            (
                gettext("No Pet Chosen"),
                gettext("Choose one from the list."),
            )
        }
    }

    /// Shows the lists as they are now, keeping pages, selection and focus where it can.
    pub(super) fn show(
        &mut self,
        widgets: &AppWidgets,
        pets: Vec<PetSummary>,
        images: Vec<ImageSummary>,
        sender: &ComponentSender<Self>,
    ) {
        if let Some(dialog) = &self.images_dialog {
            dialog.emit(ImagesInput::Images(images.clone()));
        }
        if let Some(dialog) = &self.activity
            && dialog.widget().is_mapped()
        {
            dialog.emit(Look);
        }
        self.images = images;
        self.pets = pets;
        self.welcome.emit(WelcomeInput::Ready(true));
        self.keep_pages(widgets, sender);
        self.hear_all();
        self.refresh();
        self.greet();
        self.ask_all(widgets, sender);
        let first = || self.pets.first().map(|pet| pet.id.clone());
        let wanted = self.selected.clone();
        let wanted = wanted.filter(|id| self.pages.contains_key(id));
        match wanted.or_else(first) {
            Some(id) => self.select(widgets, &id),
            None => {
                self.selected = None;
                widgets.pages.set_visible_child_name("none");
            }
        }
    }

    /// A page for every pet and none for those that are gone.
    fn keep_pages(&mut self, widgets: &AppWidgets, sender: &ComponentSender<Self>) {
        self.pages.retain(|id, page| {
            let kept = self.pets.iter().any(|pet| pet.id == *id);
            if !kept {
                if self.selected.as_ref() == Some(id) {
                    widgets.split.set_show_content(false);
                }
                widgets.pages.remove(page.widget());
            }
            kept
        });
        let Some(engine) = &self.engine else { return };
        for pet in &self.pets {
            if !self.pages.contains_key(&pet.id) {
                let page = PetPage::builder()
                    .launch((
                        engine.clone(),
                        pet.clone(),
                        Provenance::of(pet, &self.images),
                        self.usage.clone(),
                    ))
                    .forward(sender.input_sender(), AppInput::Page);
                widgets
                    .pages
                    .add_named(page.widget(), Some(pet.id.as_str()));
                self.pages.insert(pet.id.clone(), page);
            }
        }
    }

    /// Tells rows and pages what the pets are and what is being done to them.
    pub(super) fn refresh(&self) {
        let now = |pet: &PetSummary| Now {
            doing: self.doing(&pet.id),
            step: self.step(pet),
        };
        let rows = self.pets.iter().map(|pet| (pet.clone(), now(pet)));
        self.sidebar.emit(SidebarInput::Pets(rows.collect()));
        for pet in &self.pets {
            if let Some(page) = self.pages.get(&pet.id) {
                let provenance = Box::new(Provenance::of(pet, &self.images));
                page.emit(PetPageInput::Update(
                    Box::new(pet.clone()),
                    now(pet),
                    provenance,
                ));
            }
        }
    }

    fn doing(&self, id: &PetId) -> Option<Doing> {
        self.jobs
            .values()
            .filter_map(|(job, _)| job.on_pet())
            .find_map(|(pet, doing)| (pet == id).then_some(doing))
    }

    /// Opens the terminal of a pet that was just made, if the person is looking at it.
    fn greet(&mut self) {
        if let Some(page) = self.greeting.as_ref().and_then(|id| self.pages.get(id)) {
            page.emit(PetPageInput::OpenTerminal);
            self.greeting = None;
        }
    }

    /// Shows this pet's page.
    pub(super) fn select(&mut self, widgets: &AppWidgets, id: &PetId) {
        let Some(pet) = self.pets.iter().find(|pet| pet.id == *id) else {
            return;
        };
        widgets.content.set_title(pet.name.as_str());
        widgets.pages.set_visible_child_name(id.as_str());
        self.sidebar.emit(SidebarInput::Mark(id.clone()));
        self.selected = Some(id.clone());
    }
}
