//! The pet's menu and its actions.

use gettextrs::gettext;
use relm4::ComponentSender;
use relm4::adw::prelude::*;
use relm4::gtk;
use relm4::gtk::gio;

use super::name_dialog::Purpose;
use super::{PetPage, PetPageInput};
use crate::menu;

/// The menu's button.
pub fn button() -> gtk::MenuButton {
    let name = gettext("Pet Menu");
    let button = gtk::MenuButton::builder()
        .icon_name("view-more-symbolic")
        .tooltip_text(&name)
        .build();
    menu::give(&button, model());
    button.update_property(&[gtk::accessible::Property::Label(&name)]);
    button
}

fn model() -> gio::Menu {
    let menu = gio::Menu::new();
    menu.append(Some(&gettext("New Terminal")), Some("pet.terminal"));
    menu.append(Some(&gettext("Rename…")), Some("pet.rename"));
    menu.append(
        Some(&gettext("Make Another Like It…")),
        Some("pet.make-another"),
    );
    menu.append(Some(&gettext("Delete")), Some("pet.delete"));
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
    add("delete", || PetPageInput::Delete);
    group
}
