//! How a problem looks: the line below what was typed, the sign before a row, and what stands in
//! the place of something that could not be read.

use gettextrs::gettext;
use kennel_model::UserError;
use relm4::adw::prelude::*;
use relm4::gtk::glib;
use relm4::{adw, gtk};

use crate::error;

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

/// A page in the place of one that cannot be shown: why, and a button that tries again.
#[derive(Debug)]
pub struct Page {
    /// The page.
    pub page: adw::StatusPage,
}

impl Page {
    /// One that calls what cannot be shown `title`.
    pub fn new(title: &str, again: impl Fn() + 'static) -> Self {
        let button = try_again(again);
        button.set_halign(gtk::Align::Center);
        button.add_css_class("pill");
        let page = adw::StatusPage::builder()
            .icon_name("dialog-warning-symbolic")
            .title(title)
            .child(&button)
            .build();
        Self { page }
    }

    /// Says why.
    pub fn say(&self, error: &UserError) {
        let text = error::both(error);
        let text = glib::markup_escape_text(&text);
        self.page.set_description(Some(&text));
    }
}

/// The same at the head of a page of which some can be shown; hidden until there is something to say.
#[derive(Debug)]
pub struct Group {
    /// The group.
    pub group: adw::PreferencesGroup,
    row: adw::ActionRow,
}

impl Group {
    /// One that calls what cannot be shown `title`.
    pub fn new(title: &str, again: impl Fn() + 'static) -> Self {
        let row = adw::ActionRow::builder()
            .use_markup(false)
            .title(title)
            .subtitle_selectable(true)
            .build();
        row.add_prefix(&sign());
        let button = try_again(again);
        button.set_valign(gtk::Align::Center);
        row.add_suffix(&button);
        let group = adw::PreferencesGroup::builder().visible(false).build();
        group.add(&row);
        Self { group, row }
    }

    /// Says why, or that all is well.
    pub fn say(&self, error: Option<&UserError>) {
        self.group.set_visible(error.is_some());
        self.row
            .set_subtitle(&error.map(error::both).unwrap_or_default());
    }
}

fn try_again(again: impl Fn() + 'static) -> gtk::Button {
    let button = gtk::Button::with_label(&gettext("Try Again"));
    button.connect_clicked(move |_| again());
    button
}
