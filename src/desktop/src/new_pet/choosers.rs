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
    let answer = answer(sender, NewPetInput::File);
    chooser.open(window_of(root).as_ref(), gio::Cancellable::NONE, answer);
}

/// Lets the person choose a project folder.
pub fn choose_project(root: &adw::Dialog, sender: &ComponentSender<NewPet>) {
    let chooser = gtk::FileDialog::builder()
        .title(gettext("Choose Project Folder"))
        .accept_label(gettext("Choose"))
        .build();
    let answer = answer(sender, NewPetInput::Project);
    chooser.select_folder(window_of(root).as_ref(), gio::Cancellable::NONE, answer);
}

/// Hands on the chosen path. Closing the chooser is an answer too: nothing changes.
fn answer(
    sender: &ComponentSender<NewPet>,
    message: fn(std::path::PathBuf) -> NewPetInput,
) -> impl FnOnce(Result<gio::File, glib::Error>) + use<> {
    let sender = sender.input_sender().clone();
    move |file| {
        chosen_file::on_host(file.ok().as_ref(), move |path| sender.emit(message(path)));
    }
}

fn window_of(root: &adw::Dialog) -> Option<gtk::Window> {
    root.root().and_downcast()
}
