//! Menus that are made when they are opened: their many widgets would take time of a window that opens.

use relm4::gtk;
use relm4::gtk::gio;

/// Gives `button` this menu.
pub fn give(button: &gtk::MenuButton, menu: gio::Menu) {
    button.set_create_popup_func(move |button| {
        if button.popover().is_none() {
            button.set_popover(Some(&gtk::PopoverMenu::from_model(Some(&menu))));
        }
    });
}
