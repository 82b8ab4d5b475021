//! A row that says what to do, with the commands for it and a button that copies them.

use gettextrs::gettext;
use relm4::adw::prelude::*;
use relm4::{adw, gtk};

/// The row; `toasts` says that they were copied. Without commands it only says what to do.
pub fn new(how: &str, commands: &[String], toasts: &adw::ToastOverlay) -> adw::ActionRow {
    let row = adw::ActionRow::builder()
        .use_markup(false)
        .title(how)
        .subtitle(commands.join("\n"))
        .subtitle_selectable(true)
        .build();
    if commands.is_empty() {
        return row;
    }
    let label = gettext("Copy Commands");
    let copy = gtk::Button::builder()
        .icon_name("edit-copy-symbolic")
        .valign(gtk::Align::Center)
        .tooltip_text(&label)
        .css_classes(["flat"])
        .build();
    copy.update_property(&[gtk::accessible::Property::Label(&label)]);
    let (text, toasts) = (commands.join("\n"), toasts.clone());
    copy.connect_clicked(move |copy| {
        copy.clipboard().set_text(&text);
        toasts.add_toast(adw::Toast::new(&gettext(
            "Copied. Paste it into a terminal.",
        )));
    });
    row.add_suffix(&copy);
    row
}
