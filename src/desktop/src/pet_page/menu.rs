//! The pet's menu, its actions, and the question before it is deleted.

use gettextrs::gettext;
use relm4::adw::prelude::*;
use relm4::gtk::gio;
use relm4::{ComponentSender, adw, gtk};

use super::name_dialog::Purpose;
use super::{PetPage, PetPageInput};
use crate::words::gettext_f;

/// The menu.
pub fn model() -> gio::Menu {
    let menu = gio::Menu::new();
    menu.append(Some(&gettext("New Terminal")), Some("pet.terminal"));
    menu.append(Some(&gettext("Rename…")), Some("pet.rename"));
    menu.append(
        Some(&gettext("Make Another Like It…")),
        Some("pet.make-another"),
    );
    menu.append(Some(&gettext("Delete…")), Some("pet.delete"));
    menu
}

/// The actions behind it, for the page as group `pet`.
pub fn actions(sender: &ComponentSender<PetPage>) -> gio::SimpleActionGroup {
    let group = gio::SimpleActionGroup::new();
    let add = |name: &str, message: fn() -> PetPageInput| {
        let action = gio::SimpleAction::new(name, None);
        let sender = sender.clone();
        action.connect_activate(move |_, _| sender.input(message()));
        group.add_action(&action);
    };
    add("terminal", || PetPageInput::OpenTerminal);
    add("rename", || PetPageInput::AskName(Purpose::Rename));
    add("make-another", || PetPageInput::AskName(Purpose::Another));
    add("delete", || PetPageInput::AskDelete);
    group
}

/// The keys of its actions, which act after the focused widget.
pub fn keys() -> gtk::ShortcutController {
    let keys = gtk::ShortcutController::new();
    keys.add_shortcut(gtk::Shortcut::new(
        gtk::ShortcutTrigger::parse_string("F2"),
        Some(gtk::NamedAction::new("pet.rename")),
    ));
    keys
}

/// Asks before what cannot be undone.
pub fn ask_delete(name: &str, root: &adw::BreakpointBin, sender: &ComponentSender<PetPage>) {
    let dialog = adw::AlertDialog::new(
        Some(&gettext_f("Delete {name}?", &[("name", name)])),
        Some(&gettext(
            "What you installed and changed in it will be gone. Your own files and its project folder stay.",
        )),
    );
    dialog.add_responses(&[
        ("cancel", &gettext("Cancel")),
        ("delete", &gettext("Delete")),
    ]);
    dialog.set_response_appearance("delete", adw::ResponseAppearance::Destructive);
    dialog.set_default_response(Some("cancel"));
    dialog.set_close_response("cancel");
    let sender = sender.clone();
    dialog.connect_response(Some("delete"), move |_, _| {
        sender.input(PetPageInput::Delete);
    });
    dialog.present(Some(root));
}
