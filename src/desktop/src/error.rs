//! How an error is shown: what happened, what to do, and the causes a click away.

use gettextrs::gettext;
use kennel_model::UserError;
use relm4::adw::prelude::*;
use relm4::{adw, gtk};

/// A sentence from the engine, which writes them without capital and full stop.
pub fn sentence(text: &str) -> String {
    let mut characters = text.chars();
    let Some(first) = characters.next() else {
        return String::new();
    };
    let mut sentence: String = first.to_uppercase().chain(characters).collect();
    if !sentence.ends_with(['.', '!', '?', '”', '»', '。', '！', '？', '؟']) {
        sentence.push('.');
    }
    sentence
}

/// An error where there is no dialog for it: what happened and what to do, after one another.
pub fn sentences(error: &UserError) -> String {
    let both = [sentence(&error.what), sentence(&error.todo)];
    both.join(" ").trim_end().to_owned()
}

/// Shows `error` over `parent`.
pub fn show(parent: &impl IsA<gtk::Widget>, error: &UserError) {
    dialog(error).present(Some(parent));
}

/// The same, with a button that does `again` what failed.
pub fn show_with_retry(
    parent: &impl IsA<gtk::Widget>,
    error: &UserError,
    again: impl Fn() + 'static,
) {
    let dialog = dialog(error);
    dialog.set_close_response("close");
    dialog.add_response("again", &gettext("_Try Again"));
    dialog.set_response_appearance("again", adw::ResponseAppearance::Suggested);
    dialog.connect_response(Some("again"), move |_, _| again());
    dialog.present(Some(parent));
}

fn dialog(error: &UserError) -> adw::AlertDialog {
    let heading = sentence(&error.what);
    let dialog = adw::AlertDialog::new(
        Some(heading.trim_end_matches(['.', '。'])),
        Some(&sentence(&error.todo)),
    );
    if !error.causes.is_empty() {
        let causes = gtk::Label::builder()
            .label(error.causes.join("\n"))
            .wrap(true)
            .selectable(true)
            .xalign(0.0)
            .css_classes(["caption", "monospace"])
            .build();
        let expander = gtk::Expander::new(Some(&gettext("Details")));
        expander.set_child(Some(&causes));
        dialog.set_extra_child(Some(&expander));
    }
    dialog.add_response("close", &gettext("_Close"));
    dialog
}
