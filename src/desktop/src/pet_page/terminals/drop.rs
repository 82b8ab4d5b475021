//! What is dropped on a terminal: files as their paths in the pet, text as it is.

use std::path::PathBuf;
use std::rc::Rc;

use gettextrs::gettext;
use kennel_model::{UserError, quoted};
use relm4::adw::prelude::*;
use relm4::gtk;
use relm4::gtk::{gdk, glib};

use super::paste;
use crate::chosen_file;
use crate::words::gettext_f;

/// Lets `terminal` take files and text; `files` gets the paths of files on this computer.
pub fn install(terminal: &vte4::Terminal, files: impl Fn(Vec<String>) + 'static) {
    let target = gtk::DropTarget::new(glib::Type::INVALID, gdk::DragAction::COPY);
    target.set_types(&[gdk::FileList::static_type(), String::static_type()]);
    let files = Rc::new(files);
    target.connect_drop(move |target, value, _, _| {
        let Some(terminal) = target.widget().and_downcast::<vte4::Terminal>() else {
            return false;
        };
        if let Ok(list) = value.get::<gdk::FileList>() {
            let files = Rc::clone(&files);
            let then = move |paths: Vec<PathBuf>| files(as_text(paths));
            chosen_file::all_on_host(list.files(), &terminal, then);
        } else if let Ok(text) = value.get::<String>() {
            paste::paste(&terminal, &text);
        }
        true
    });
    terminal.add_controller(target);
}

fn as_text(paths: Vec<PathBuf>) -> Vec<String> {
    let text = |path: PathBuf| path.into_os_string().into_string().ok();
    paths.into_iter().filter_map(text).collect()
}

/// What is typed for files at these places of the pet: words of a shell, and a space to go on after.
pub fn words(places: &[String]) -> String {
    places.iter().map(|place| quoted(place) + " ").collect()
}

/// Some of what was dropped the pet cannot reach.
pub fn not_in_pet(pet: &str) -> UserError {
    UserError::new(
        "not-in-pet",
        gettext_f("{name} does not reach all of these files", &[("name", pet)]),
        gettext(
            "add their folder in the pet's Settings, or copy them into a folder that it reaches",
        ),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_path_is_one_word() {
        let places = ["/srv/a b", "/srv/it's", "/srv/$(x)"].map(str::to_owned);
        assert_eq!(words(&places), "'/srv/a b' '/srv/it'\\''s' '/srv/$(x)' ");
    }
}
