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

fn groups() -> [(String, Keys); 3] {
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
    ]
}
