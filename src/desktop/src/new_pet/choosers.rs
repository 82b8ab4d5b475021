//! The file choosers of the New Pet dialog.

use gettextrs::gettext;
use relm4::adw::prelude::*;
use relm4::gtk::{gio, glib};
use relm4::{ComponentSender, adw, gtk};

use super::{NewPet, NewPetInput};
use crate::chosen_file;

/// Lets the person choose an image file.
pub fn choose_file(root: &adw::Dialog, sender: &ComponentSender<NewPet>) {
    let chooser = gtk::FileDialog::builder()
        .title(gettext("Choose Image File"))
        .accept_label(gettext("Choose"))
        .build();
    let sender = sender.input_sender().clone();
    let answer = move |file: Result<gio::File, glib::Error>| {
        // Closing the chooser is an answer too: nothing changes.
        if let Ok(file) = file {
            chosen_file::to_read(&file, move |path| sender.emit(NewPetInput::File(path)));
        }
    };
    chooser.open(window_of(root).as_ref(), gio::Cancellable::NONE, answer);
}

/// Lets the person choose a project folder.
pub fn choose_project(root: &adw::Dialog, sender: &ComponentSender<NewPet>) {
    let sender = sender.input_sender().clone();
    chosen_file::choose_folder(&gettext("Choose Project Folder"), root, move |path| {
        sender.emit(NewPetInput::Project(path));
    });
}

fn window_of(root: &adw::Dialog) -> Option<gtk::Window> {
    root.root().and_downcast()
}
