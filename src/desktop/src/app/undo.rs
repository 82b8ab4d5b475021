//! Deleting a pet and removing an image, which can be undone while their toast is shown: until then
//! nothing is touched on the disk, so what a killed window had hidden is simply there again.

use gettextrs::gettext;
use kennel_model::{ImageRef, ImageSummary, PetId, PetState, PetSummary};
use relm4::gtk::glib;
use relm4::gtk::prelude::*;
use relm4::{ComponentController as _, ComponentSender, adw};

use super::{App, AppInput, AppWidgets};
use crate::engine::Job;
use crate::images::ImagesInput;
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
        let (keep, delete) = (pet.id.clone(), pet.id.clone());
        let toast = toast(
            &text,
            sender,
            move || AppInput::KeepPet(keep.clone()),
            move |_| AppInput::DeletePet(delete.clone()),
        );
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

    /// The images but for those that are about to be removed.
    pub(super) fn shown_images(&self) -> Vec<ImageSummary> {
        let leaves = |image: &&ImageSummary| self.leaving_images.contains_key(&image.reference);
        let stay = self.images.iter().filter(|image| !leaves(image));
        stay.cloned().collect()
    }

    /// Hides an image of the Images dialog, and removes it when its toast is gone.
    pub(super) fn hide_image(&mut self, image: ImageRef, sender: &ComponentSender<Self>) {
        if self.leaving_images.contains_key(&image) {
            return;
        }
        let toast = image_toast(&image, sender);
        self.leaving_images.insert(image, Some(toast.clone()));
        self.show_images();
        if let Some(dialog) = &self.images_dialog {
            dialog.emit(ImagesInput::Toast(toast));
        }
    }

    /// Shows an image again that was to be removed.
    pub(super) fn keep_image(&mut self, image: &ImageRef) {
        self.leaving_images.remove(image);
        self.show_images();
    }

    /// Removes a hidden image, as its toast has ended. It stays hidden until it is gone or could
    /// not be removed.
    pub(super) fn remove_image(
        &mut self,
        image: ImageRef,
        toast: &adw::Toast,
        sender: &ComponentSender<Self>,
    ) {
        match self.leaving_images.get_mut(&image) {
            // Not one that another took the place of.
            Some(shown) if shown.as_ref() == Some(toast) => *shown = None,
            _ => return,
        }
        let name = image.to_string();
        self.begin(Job::RemoveImage(image), name, sender);
    }

    /// The Images dialog was closed: what it offered to undo, the window offers.
    pub(super) fn take_over_toasts(
        &mut self,
        widgets: &AppWidgets,
        sender: &ComponentSender<Self>,
    ) {
        for (image, shown) in &mut self.leaving_images {
            let Some(toast) = shown else { continue };
            let new = image_toast(image, sender);
            let old = std::mem::replace(toast, new.clone());
            old.dismiss();
            widgets.toasts.add_toast(new);
        }
    }

    /// Nothing can be undone any more: toasts end, and with them what they spoke of.
    pub(super) fn end_toasts(&self) {
        let images = self.leaving_images.values().flatten();
        for toast in self.leaving.values().chain(images) {
            toast.dismiss();
        }
    }
}

fn image_toast(image: &ImageRef, sender: &ComponentSender<App>) -> adw::Toast {
    let text = gettext_f("{name} was removed", &[("name", image.as_str())]);
    let (keep, remove) = (image.clone(), image.clone());
    toast(
        &text,
        sender,
        move || AppInput::KeepImage(keep.clone()),
        move |toast| AppInput::RemoveImage(remove.clone(), toast.clone()),
    )
}

/// A toast with Undo; `undo` and `end` are what the window is to be asked for then.
fn toast(
    text: &str,
    sender: &ComponentSender<App>,
    undo: impl Fn() -> AppInput + 'static,
    end: impl Fn(&adw::Toast) -> AppInput + 'static,
) -> adw::Toast {
    let toast = adw::Toast::builder()
        .title(text)
        .use_markup(false)
        .button_label(gettext("_Undo"))
        .timeout(TOAST_SECONDS)
        .build();
    // The button is heard before the end of the toast, which it brings about.
    let (undone, ended) = (sender.clone(), sender.clone());
    toast.connect_button_clicked(move |_| undone.input(undo()));
    toast.connect_dismissed(move |toast| ended.input(end(toast)));
    let shown = toast.downgrade();
    glib::timeout_add_seconds_local_once(LONGEST_SECONDS, move || {
        if let Some(toast) = shown.upgrade() {
            toast.dismiss();
        }
    });
    toast
}
