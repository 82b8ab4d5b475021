//! What is filled in so far, and whether a pet can be made of it.

use std::path::PathBuf;

use gettextrs::gettext;
use kennel_model::{CatalogEntry, Choices, CreateRequest, PetName, SetupPlan};
use relm4::adw::prelude::*;
use relm4::{ComponentController as _, ComponentSender, adw};

use super::approval::ApprovalInput;
use super::choice::Choice;
use super::picker::PickerInput;
use super::project_file::ProjectFileInput;
use super::reference::ReferenceInput;
use super::{FORM, NewPet, NewPetAnswer, NewPetWidgets, name, offers, trust};
use crate::{mark, pet_name};

impl NewPet {
    pub(super) fn name_problem(&self) -> Option<String> {
        pet_name::problem(&self.name, &self.taken)
    }

    /// Proposes a better name after what was just chosen, unless the person typed their own.
    /// Returns whether it did.
    pub(super) fn propose_name(&mut self) -> bool {
        let proposed = self.proposal.as_ref().and_then(|pet| pet.name.as_ref());
        let suggested = match proposed {
            Some(name) => pet_name::free(name.to_string(), &self.taken),
            None => name::suggest(self.project.as_deref(), self.choice.image(), &self.taken),
        };
        let is_own = self.name != self.suggested;
        if is_own || suggested == self.suggested {
            return false;
        }
        self.name.clone_from(&suggested);
        self.suggested = suggested;
        true
    }

    pub(super) fn offers(&self) -> Vec<CatalogEntry> {
        offers::offers(&self.setting.images, &self.setting.pets, &self.catalog)
    }

    /// The catalog is there: it is offered, and its first image chosen where nothing was.
    pub(super) fn list(
        &mut self,
        catalog: Vec<CatalogEntry>,
        widgets: &NewPetWidgets,
        sender: &ComponentSender<Self>,
    ) {
        self.reference
            .emit(ReferenceInput::Catalog(catalog.clone()));
        self.approval.emit(ApprovalInput::Catalog(catalog.clone()));
        self.catalog = catalog;
        let offers = self.offers();
        self.choice = match &self.choice {
            Choice::None => self
                .catalog
                .first()
                .cloned()
                .map_or(Choice::None, Choice::Image),
            // The same image, with the mark that the catalog has for it.
            Choice::Image(chosen) => {
                let same = offers
                    .iter()
                    .find(|entry| entry.reference == chosen.reference);
                Choice::Image(same.unwrap_or(chosen).clone())
            }
            Choice::File(path) => Choice::File(path.clone()),
        };
        self.picker.emit(PickerInput::Offers(offers));
        self.show_choice(widgets, sender);
    }

    pub(super) fn choose(
        &mut self,
        choice: Choice,
        widgets: &NewPetWidgets,
        sender: &ComponentSender<Self>,
    ) {
        self.choice = choice;
        self.judgement = None;
        widgets.pages.pop_to_tag(FORM);
        self.show_choice(widgets, sender);
    }

    /// Draws the mark of what is chosen and asks the engine about it.
    pub(super) fn show_choice(&self, widgets: &NewPetWidgets, sender: &ComponentSender<Self>) {
        let Some(entry) = self.choice.image() else {
            return;
        };
        mark::show(&widgets.mark, entry);
        let (engine, reference) = (self.setting.engine.clone(), entry.reference.clone());
        sender.oneshot_command(async move {
            let judgement = engine.judge(&reference).await;
            NewPetAnswer::Judged(reference, judgement)
        });
    }

    /// What the line under the choice says.
    pub(super) fn source_line(&self) -> Option<String> {
        let entry = self.choice.image()?;
        Some(trust::line(&entry.reference, self.judgement.as_ref()?))
    }

    /// Whether a pet can be made from what is chosen: of a file, its content tells.
    pub(super) fn may_be_used(&self) -> bool {
        match &self.choice {
            Choice::None => false,
            Choice::Image(_) => self.judgement.as_ref().is_some_and(trust::allows),
            Choice::File(_) => true,
        }
    }

    pub(super) fn choose_project(&mut self, folder: Option<PathBuf>) {
        self.proposal = None;
        self.project.clone_from(&folder);
        self.project_file.emit(ProjectFileInput::Folder(folder));
    }

    /// Shows what the project file asks for, under the name that is typed.
    pub(super) fn ask_approval(&self, pages: &adw::NavigationView) {
        if let (Some(proposal), Ok(name)) = (&self.proposal, self.name.parse()) {
            let mut proposal = proposal.clone();
            proposal.name = Some(name);
            self.approval.emit(ApprovalInput::Show(proposal));
            pages.push(self.approval.widget());
        }
    }

    /// What the button does.
    pub(super) fn verb(&self) -> String {
        match self.proposal {
            Some(_) => gettext("_Review…"),
            None => gettext("C_reate"),
        }
    }

    /// Whether the button can be pressed. Of a project file's image its page tells.
    pub(super) fn is_complete(&self) -> bool {
        match self.proposal {
            Some(_) => self.name_problem().is_none(),
            None => self.may_be_used() && self.request(false).is_some(),
        }
    }

    pub(super) fn create(&self, trust: bool, root: &adw::Dialog, sender: &ComponentSender<Self>) {
        if let Some(request) = self.request(trust) {
            let _ = sender.output(request);
            root.close();
        }
    }

    /// What would be created, if everything is valid.
    pub(super) fn request(&self, trust: bool) -> Option<CreateRequest> {
        let name: PetName = self.name.parse().ok()?;
        let image = self.choice.source()?;
        (!self.taken.contains(&name)).then(|| CreateRequest {
            name: Some(name),
            image,
            choices: Choices {
                preset: Some(self.preset),
                project: self.project.clone(),
                ..Choices::default()
            },
            setup: SetupPlan::default(),
            trust,
        })
    }
}
