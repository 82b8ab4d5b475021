//! What comes from outside the window and begins a new pet: files dropped on it, and what is pasted. Nothing is made before the person says so in the dialog.

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
