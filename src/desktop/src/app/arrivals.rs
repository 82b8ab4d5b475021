//! What comes from outside the window and begins a new pet: files dropped on it, and what is pasted. Nothing is made before the person says so in the dialog.

use relm4::adw::prelude::*;
use relm4::gtk::{gdk, gio, glib};
use relm4::{ComponentSender, adw, gtk};

use super::{App, AppInput};
use crate::new_pet::Start;
use crate::{chosen_file, error};

/// Takes a folder or file that is dropped on the window; a terminal takes its own.
pub fn accept_drops(window: &adw::ApplicationWindow, sender: &ComponentSender<App>) {
    let target = gtk::DropTarget::new(gdk::FileList::static_type(), gdk::DragAction::COPY);
    let sender = sender.clone();
    target.connect_drop(move |target, dropped, _, _| {
        let files = dropped.get::<gdk::FileList>().ok();
        let (file, window) = (
            files.and_then(|files| files.files().into_iter().next()),
            target.widget(),
        );
        let (Some(file), Some(window)) = (file, window) else {
            return false;
        };
        begin_from(file, &window, &sender, AppInput::NewPet);
        true
    });
    window.add_controller(target);
}

/// Begins a new pet from `file`, once it is known where that is on the host.
pub(super) fn begin_from(
    file: gio::File,
    near: &impl IsA<gtk::Widget>,
    sender: &ComponentSender<App>,
    message: fn(Start) -> AppInput,
) {
    let (near, input) = (near.clone(), sender.input_sender().clone());
    glib::spawn_future_local(async move {
        let chosen = chosen_file::look_up(&file).await;
        match chosen.and_then(Start::of_chosen) {
            // The window may be closed meanwhile.
            Ok(start) => drop(input.send(message(start))),
            Err(error) => error::show(&near, &error),
        }
    });
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
