//! Deleting a pet, which can be undone while its toast is shown: until then nothing is touched on
//! the disk, so a pet whose window was killed meanwhile is simply there again.

use gettextrs::gettext;
use kennel_model::{PetId, PetState, PetSummary};
use relm4::gtk::glib;
use relm4::gtk::prelude::*;
use relm4::{ComponentSender, adw};

use super::{App, AppInput, AppWidgets};
use crate::engine::Job;
use crate::words::gettext_f;

/// Time to read the toast and to change one's mind, in seconds.
const TOAST_SECONDS: u32 = 8;

/// A toast that has the keyboard does not end by itself, and gets it when what had it was the
/// deleted pet's: it ends after this many seconds at the latest.
const LONGEST_SECONDS: u32 = 20;

impl App {
    /// The pets but for those that are about to be deleted.
    pub(super) fn shown(&self) -> impl Iterator<Item = &PetSummary> {
        let stays = |pet: &&PetSummary| !self.leaving.contains_key(&pet.id);
        self.pets.iter().filter(stays)
    }

    /// Hides a pet, and deletes it when its toast is gone. What runs in it ends now, as the
    /// toast says.
    pub(super) fn hide(
        &mut self,
        widgets: &AppWidgets,
        id: &PetId,
        sender: &ComponentSender<Self>,
    ) {
        let Some(pet) = self.shown().find(|pet| pet.id == *id).cloned() else {
            return;
        };
        let name = pet.name.to_string();
        let text = if pet.state == PetState::Running {
            self.begin(Job::Stop(pet.id.clone()), name.clone(), sender);
            gettext_f("{name} was stopped and deleted", &[("name", &name)])
        } else {
            gettext_f("{name} was deleted", &[("name", &name)])
        };
        let toast = toast(&text, pet.id.clone(), sender);
        self.hidden_last = Some(pet.id.clone());
        self.leaving.insert(pet.id, toast.clone());
        self.show_pets(widgets, sender);
        widgets.toasts.add_toast(toast);
    }

    /// Shows a pet again that was to be deleted.
    pub(super) fn keep(&mut self, widgets: &AppWidgets, id: PetId, sender: &ComponentSender<Self>) {
        if let Some(toast) = self.leaving.remove(&id) {
            // It is kept already: the end of its toast deletes nothing.
            toast.dismiss();
            self.selected = Some(id);
            self.show_pets(widgets, sender);
        }
    }

    /// Deletes a hidden pet, unless the person took it back. It stays hidden until it is gone or
    /// could not be deleted.
    pub(super) fn delete(&mut self, id: &PetId, sender: &ComponentSender<Self>) {
        let pet = self.pets.iter().find(|pet| pet.id == *id);
        let pet = pet.filter(|pet| self.leaving.contains_key(&pet.id));
        if let Some(name) = pet.map(|pet| pet.name.to_string()) {
            self.begin(Job::Remove(id.clone()), name, sender);
        }
    }
}

fn toast(text: &str, id: PetId, sender: &ComponentSender<App>) -> adw::Toast {
    let toast = adw::Toast::builder()
        .title(text)
        .use_markup(false)
        .button_label(gettext("_Undo"))
        .timeout(TOAST_SECONDS)
        .build();
    // The button is heard before the end of the toast, which it brings about.
    let (undo, again) = (sender.clone(), id.clone());
    toast.connect_button_clicked(move |_| undo.input(AppInput::KeepPet(again.clone())));
    let ended = sender.clone();
    toast.connect_dismissed(move |_| ended.input(AppInput::DeletePet(id.clone())));
    let shown = toast.downgrade();
    glib::timeout_add_seconds_local_once(LONGEST_SECONDS, move || {
        if let Some(toast) = shown.upgrade() {
            toast.dismiss();
        }
    });
    toast
}
