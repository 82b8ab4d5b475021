//! What the dialogs about terminals share.

use relm4::gtk;

/// Text of a stranger in the letters of a terminal, cut where it is long.
pub fn excerpt(text: &str) -> gtk::Label {
    gtk::Label::builder()
        .label(text.trim_end())
        .use_markup(false)
        .wrap(true)
        .wrap_mode(gtk::pango::WrapMode::WordChar)
        .lines(8)
        .ellipsize(gtk::pango::EllipsizeMode::End)
        .xalign(0.0)
        .css_classes(["monospace", "card", "question"])
        .build()
}
