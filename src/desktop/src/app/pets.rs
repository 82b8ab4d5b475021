//! Lists from the engine become rows and pages; which page is shown.

use gettextrs::gettext;
use kennel_model::{ImageRef, ImageSummary, PetId, PetSummary, UserError};
use relm4::adw::prelude::*;
use relm4::{Component as _, ComponentController as _, ComponentSender, Controller};

use super::{App, AppInput, AppWidgets, Lists};
use crate::activity::ActivityInput;
use crate::engine::{Doing, Job, Now};
use crate::error;
use crate::images::ImagesInput;
use crate::pet_page::{PetPage, PetPageInput, Provenance};
use crate::settings;
use crate::sidebar::SidebarInput;
use crate::welcome::WelcomeInput;
use crate::words::gettext_f;

impl App {
    /// Whether there is no pet and none is being made.
    pub(super) fn is_empty(&self) -> bool {
        let making = |(job, _): &(Job, String)| matches!(job, Job::Create(_));
        self.shown().next().is_none() && !self.jobs.values().any(making)
    }

    /// Which part of the window is shown.
    pub(super) fn scene(&self) -> &'static str {
        let unknown = self.list_problem.is_some() && !self.listed;
        if self.unreachable || unknown {
            "no-engine"
        } else if self.is_empty() {
            "welcome"
        } else {
            "pets"
        }
    }

    /// Why the pets that are shown may no longer be so.
    pub(super) fn old_list(&self) -> Option<String> {
        let problem = self.list_problem.as_ref().filter(|_| self.listed)?;
        let problem = error::both(problem);
        Some(gettext_f(
            "The list may be out of date. {problem}",
            &[("problem", &problem)],
        ))
    }

    /// What the page says while no pet is shown: title and text.
    pub(super) fn waiting(&self) -> (String, String) {
        if self.shown().next().is_none() {
            (
                gettext("Making Your Pet"),
                gettext("Its terminal opens by itself when it is ready."),
            )
        } else {
            (
                gettext("No Pet Selected"),
                gettext("Select one from the list."),
            )
        }
    }

    /// Shows the lists as they are now, keeping pages, selection and focus where it can.
    pub(super) fn show(
        &mut self,
        widgets: &AppWidgets,
        (pets, images): Lists,
        sender: &ComponentSender<Self>,
    ) {
        self.listed = true;
        match images {
            Ok(images) => {
                self.images = images;
                self.images_problem = None;
                let there =
                    |image: &ImageRef| self.images.iter().any(|other| other.reference == *image);
                self.leaving_images.retain(|image, _| there(image));
            }
            // Those that are known serve the pages of their pets still.
            Err(problem) => self.images_problem = Some(problem),
        }
        self.show_images();
        if let Some(dialog) = &self.activity
            && dialog.widget().is_mapped()
        {
            dialog.emit(ActivityInput::Look);
        }
        self.leaving
            .retain(|id, _| pets.iter().any(|pet| pet.id == *id));
        self.pets = pets;
        self.welcome.emit(WelcomeInput::Ready(true));
        self.show_pets(widgets, sender);
        self.ask_all(widgets, sender);
    }

    /// Tells the Images dialog what the images are.
    pub(super) fn show_images(&self) {
        if let Some(dialog) = &self.images_dialog {
            dialog.emit(ImagesInput::Images(self.images_or_problem()));
        }
    }

    /// What the Images dialog shows.
    pub(super) fn images_or_problem(&self) -> Result<Vec<ImageSummary>, UserError> {
        match &self.images_problem {
            Some(problem) => Err(problem.clone()),
            None => Ok(self.shown_images()),
        }
    }

    /// Shows the pets that are known, keeping pages, selection and focus where it can.
    pub(super) fn show_pets(&mut self, widgets: &AppWidgets, sender: &ComponentSender<Self>) {
        self.keep_pages(widgets, sender);
        self.hear_all();
        self.refresh();
        let first = self.shown().next().map(|pet| pet.id.clone());
        let wanted = self.selected.clone();
        let wanted = wanted.filter(|id| self.shown().any(|pet| pet.id == *id));
        match wanted.or(first) {
            Some(id) if !self.is_drawn() => {
                self.sidebar.emit(SidebarInput::Mark(id.clone()));
                self.selected = Some(id);
            }
            Some(id) => {
                self.select(widgets, &id, sender);
                self.greet();
            }
            None => {
                self.selected = None;
                widgets.no_page.set_visible(true);
                widgets.pages.set_visible_child(&widgets.no_page);
            }
        }
    }

    /// No page for pets that are gone, and one for those whose setup has something to say; others
    /// get theirs when they are chosen, as many pets would take long to open.
    fn keep_pages(&mut self, widgets: &AppWidgets, sender: &ComponentSender<Self>) {
        self.pages.retain(|id, page| {
            let mut pets = self.pets.iter();
            let kept = pets.any(|pet| pet.id == *id && !self.leaving.contains_key(id));
            if !kept {
                if self.selected.as_ref() == Some(id) {
                    widgets.split.set_show_content(false);
                }
                widgets.pages.remove(page.widget());
            }
            kept
        });
        let set_up = self.shown().filter(|pet| self.step(pet).is_some());
        let set_up: Vec<PetSummary> = set_up.cloned().collect();
        for pet in &set_up {
            self.add_page(widgets, pet, sender);
        }
    }

    fn add_page(&mut self, widgets: &AppWidgets, pet: &PetSummary, sender: &ComponentSender<Self>) {
        let Some(engine) = &self.engine else { return };
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
            self.tell(&page, pet);
            self.pages.insert(pet.id.clone(), page);
        }
    }

    fn now(&self, pet: &PetSummary) -> Now {
        Now {
            doing: self.doing(&pet.id),
            step: self.step(pet),
        }
    }

    /// Tells rows and pages what the pets are and what is being done to them.
    pub(super) fn refresh(&self) {
        let rows = self.shown().map(|pet| (pet.clone(), self.now(pet)));
        self.sidebar.emit(SidebarInput::Pets(rows.collect()));
        for pet in &self.pets {
            if let Some(page) = self.pages.get(&pet.id) {
                self.tell(page, pet);
            }
        }
    }

    fn tell(&self, page: &Controller<PetPage>, pet: &PetSummary) {
        let provenance = Box::new(Provenance::of(pet, &self.images));
        let now = self.now(pet);
        page.emit(PetPageInput::Update(Box::new(pet.clone()), now, provenance));
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
    pub(super) fn select(
        &mut self,
        widgets: &AppWidgets,
        id: &PetId,
        sender: &ComponentSender<Self>,
    ) {
        let Some(pet) = self.shown().find(|pet| pet.id == *id).cloned() else {
            return;
        };
        self.add_page(widgets, &pet, sender);
        if !self.pages.contains_key(id) {
            return;
        }
        settings::remember_pet(id);
        widgets.content.set_title(pet.name.as_str());
        widgets.pages.set_visible_child_name(id.as_str());
        // Behind a page it would be styled and measured all the same.
        widgets.no_page.set_visible(false);
        self.sidebar.emit(SidebarInput::Mark(id.clone()));
        self.selected = Some(id.clone());
    }
}
