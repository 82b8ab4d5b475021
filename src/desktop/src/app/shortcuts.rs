//! The window that lists the keys.

// AdwShortcutsDialog, which follows it, needs libadwaita 1.8.
#![expect(deprecated)]

use gettextrs::gettext;
use relm4::adw::prelude::*;
use relm4::{adw, gtk};

/// Shows the keys over `parent`.
pub fn show(parent: &adw::ApplicationWindow) {
    let section = gtk::ShortcutsSection::builder()
        .section_name("keys")
        .max_height(12)
        .visible(true)
        .build();
    for (title, keys) in groups() {
        let group = gtk::ShortcutsGroup::builder().title(title).build();
        for (key, title) in keys {
            let shortcut = gtk::ShortcutsShortcut::builder()
                .accelerator(key)
                .title(title)
                .build();
            group.add_shortcut(&shortcut);
        }
        section.add_group(&group);
    }
    let window = gtk::ShortcutsWindow::builder()
        .modal(true)
        .transient_for(parent)
        .build();
    window.add_section(&section);
    window.present();
}

type Keys = Vec<(&'static str, String)>;

fn groups() -> [(String, Keys); 4] {
    [
        (
            gettext("General"),
            vec![
                ("<Control>n", gettext("New Pet")),
                ("<Control>v", gettext("New Pet From Clipboard")),
                ("<Control>i", gettext("Images")),
                ("<Control>d", gettext("This Computer")),
                ("<Control>h", gettext("Activity")),
                ("<Control>u", gettext("Usage of All Pets")),
                ("<Control>comma", gettext("Preferences")),
                ("F10", gettext("Main Menu")),
                ("<Control>question", gettext("Keyboard Shortcuts")),
                ("<Control>q", gettext("Quit")),
            ],
        ),
        (
            gettext("List of Pets"),
            vec![
                ("<Control>f", gettext("Search")),
                ("<Control><Shift>l", gettext("Go to the List")),
                ("F9", gettext("Show or Hide the List")),
                ("Delete", gettext("Delete Pet")),
                ("<Control>z", gettext("Take the Deleted Pet Back")),
            ],
        ),
        (
            gettext("Pet"),
            vec![
                ("<Control>Return", gettext("Start or Stop")),
                ("F2", gettext("Rename")),
                ("<Control>w", gettext("Close Tab")),
            ],
        ),
        (gettext("Terminal"), terminal()),
    ]
}

/// Those that a terminal with the keyboard has beside, or instead of, the others.
fn terminal() -> Keys {
    vec![
        ("<Control><Shift>t", gettext("New Terminal")),
        ("<Control><Shift>o", gettext("Show All Tabs")),
        ("<Control><Shift>w", gettext("Close Tab")),
        ("<Control><Shift>c", gettext("Copy")),
        ("<Control><Shift>v", gettext("Paste")),
        ("<Control><Shift>f", gettext("Find in Terminal")),
        ("<Control>plus", gettext("Larger Text")),
        ("<Control>minus", gettext("Smaller Text")),
        ("<Control>0", gettext("Normal Size")),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pet_page::has_terminal_key;

    #[gtk::test]
    fn every_key_can_be_pressed() {
        for (key, title) in groups().into_iter().flat_map(|(_, keys)| keys) {
            assert!(gtk::accelerator_parse(key).is_some(), "{title}: {key}");
        }
    }

    #[test]
    fn a_terminal_takes_the_keys_that_are_listed_for_it() {
        for (key, title) in terminal() {
            assert!(has_terminal_key(key), "{title}: {key}");
        }
    }
}
