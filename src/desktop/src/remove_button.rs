//! The button at the end of a row that takes away what the row stands for.

use relm4::adw::prelude::*;
use relm4::gtk;

/// The button; `label` names what goes, for the tooltip and for who hears the screen.
pub fn remove_button(label: &str, remove: impl Fn() + 'static) -> gtk::Button {
    let button = gtk::Button::builder()
        .icon_name("user-trash-symbolic")
        .valign(gtk::Align::Center)
        .tooltip_text(label)
        .css_classes(["flat"])
        .build();
    button.update_property(&[gtk::accessible::Property::Label(label)]);
    button.connect_clicked(move |_| remove());
    button
}
