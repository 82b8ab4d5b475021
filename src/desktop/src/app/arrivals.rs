//! What comes from outside the window and begins a new pet: files dropped on it or opened with
//! it, and what is pasted. Nothing is made before the person says so in the dialog.

use relm4::adw::prelude::*;
use relm4::gtk::{gdk, gio, glib};
use relm4::{ComponentSender, adw, gtk};

use super::{App, AppInput};
use crate::new_pet::Start;

/// Takes a folder or file that is dropped on the window; a terminal takes its own.
pub fn accept_drops(window: &adw::ApplicationWindow, sender: &ComponentSender<App>) {
    let target = gtk::DropTarget::new(gdk::FileList::static_type(), gdk::DragAction::COPY);
    let sender = sender.clone();
    target.connect_drop(move |_, dropped, _, _| {
        let files = dropped.get::<gdk::FileList>().ok();
        let path = files.and_then(|files| files.files().first()?.path());
        let begins = path.map(|path| Start::at(&path));
        begins
            .inspect(|start| sender.input(AppInput::NewPet(start.clone())))
            .is_some()
    });
    window.add_controller(target);
}

/// Reads the clipboard, and begins a new pet with what it has, if that is of use.
pub fn paste(window: &adw::ApplicationWindow, sender: &ComponentSender<App>) {
    let sender = sender.clone();
    let read = move |text: Result<Option<glib::GString>, glib::Error>| {
        if let Some(start) = text.ok().flatten().and_then(|text| Start::of_text(&text)) {
            sender.input(AppInput::NewPet(start));
        }
    };
    let clipboard = window.clipboard();
    clipboard.read_text_async(gio::Cancellable::NONE, read);
}

/// `kennel-desktop FILE`: shows the window with a new pet begun from it. `app.new-pet-at` is the
/// window's part of it, as a window may be there already.
pub fn accept_files(application: &gtk::Application) {
    application.set_flags(application.flags() | gio::ApplicationFlags::HANDLES_OPEN);
    application.connect_open(|application, files, _| {
        application.activate();
        if let Some(path) = files.first().and_then(FileExt::path) {
            let path = path.to_string_lossy().to_variant();
            application.activate_action("new-pet-at", Some(&path));
        }
    });
}

/// The action behind [`accept_files`].
pub fn install(sender: &ComponentSender<App>) {
    let action = gio::SimpleAction::new("new-pet-at", Some(glib::VariantTy::STRING));
    let sender = sender.clone();
    action.connect_activate(move |_, path| {
        if let Some(path) = path.and_then(|path| path.str()) {
            sender.input(AppInput::NewPetWhenReady(Start::at(path.as_ref())));
        }
    });
    relm4::main_application().add_action(&action);
}
