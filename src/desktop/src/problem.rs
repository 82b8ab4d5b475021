//! How a problem looks: the line below what was typed, and the sign before a row.

use relm4::adw::prelude::*;
use relm4::gtk;

/// A line below a group, for what there is to say about it; hidden until there is something.
pub fn remark() -> gtk::Label {
    gtk::Label::builder()
        .xalign(0.0)
        .wrap(true)
        .wrap_mode(gtk::pango::WrapMode::WordChar)
        .css_classes(["caption"])
        .margin_top(6)
        .margin_start(12)
        .margin_end(12)
        .visible(false)
        .build()
}

/// A remark that says what is wrong.
pub fn reason() -> gtk::Label {
    let reason = remark();
    reason.add_css_class("error");
    reason
}

/// The sign before a row that warns. Its text says the same.
pub fn sign() -> gtk::Image {
    gtk::Image::builder()
        .icon_name("dialog-warning-symbolic")
        .accessible_role(gtk::AccessibleRole::Presentation)
        .css_classes(["warning"])
        .build()
}
