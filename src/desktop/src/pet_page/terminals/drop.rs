//! What is dropped on a terminal: files as their paths in the pet, text as it is.

use std::path::PathBuf;
use std::rc::Rc;

use gettextrs::gettext;
use kennel_model::{UserError, quoted};
use relm4::adw::prelude::*;
use relm4::gtk::{gdk, glib};
use relm4::{ComponentSender, adw, gtk};
use vte4::TerminalExt as _;

use super::tab::Tab;
use super::{Answer, Terminals, fail, paste};
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

impl Terminals {
    /// Files were dropped on the tab of `page`: the engine is asked where they are in the pet.
    pub(super) fn dropped(
        &self,
        page: &adw::TabPage,
        files: Vec<String>,
        sender: &ComponentSender<Self>,
    ) {
        let tab = self.tabs.iter().find(|tab| tab.page == *page);
        if let (Some(number), Some(engine)) = (tab.and_then(Tab::number), self.engine.clone()) {
            let id = self.pet.id.clone();
            sender.oneshot_command(async move {
                Answer::Places(number, engine.in_pet(&id, &files).await)
            });
        }
    }

    /// Types what was dropped, by its `places` in the pet.
    pub(super) fn paste_places(
        &self,
        number: u32,
        places: &[Option<String>],
        sender: &ComponentSender<Self>,
    ) {
        let Some(tab) = self.tabs.iter().find(|tab| tab.is(number)) else {
            return;
        };
        let known: Vec<String> = places.iter().flatten().cloned().collect();
        tab.terminal.paste_text(&words(&known));
        tab.focus();
        if known.len() < places.len() {
            fail(not_in_pet(self.pet.name.as_str()), sender);
        }
    }
}

/// What is typed for files at these places of the pet: words of a shell, and a space to go on after.
fn words(places: &[String]) -> String {
    places.iter().map(|place| quoted(place) + " ").collect()
}

/// Some of what was dropped the pet cannot reach.
fn not_in_pet(pet: &str) -> UserError {
    UserError::verbatim(
        "not-in-pet",
        gettext_f(
            "{name} does not reach all of these files.",
            &[("name", pet)],
        ),
        gettext(
            "Add their folder in the pet’s settings, or copy them into a folder that it reaches.",
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
