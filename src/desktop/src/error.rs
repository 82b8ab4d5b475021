//! How an error is shown: what happened, what to do, and the causes a click away.

use gettextrs::{gettext, pgettext};
use kennel_model::UserError;
use relm4::adw::prelude::*;
use relm4::gtk::glib;
use relm4::{adw, gtk};

use crate::phrase;

/// What happened, as a sentence in the person's language.
pub fn what(error: &UserError) -> String {
    phrase::sentence(&error.what)
}

/// What to do about it, as a sentence; perhaps empty.
pub fn todo(error: &UserError) -> String {
    phrase::sentence(&error.todo)
}

/// Both.
pub fn both(error: &UserError) -> String {
    let (what, todo) = (what(error), todo(error));
    format!("{what} {todo}").trim_end().to_owned()
}

/// `text` with paths as a person writes them.
pub fn shortened(text: &str) -> String {
    text.replace(&format!("{}/", glib::home_dir().display()), "~/")
}

/// `sentence` as a heading.
pub fn heading(sentence: &str) -> &str {
    sentence.trim_end_matches(['.', '。'])
}

/// A text of the engine, which writes them without capital and full stop, as a sentence.
pub fn sentence(text: &str) -> String {
    let mut characters = text.chars();
    let Some(first) = characters.next() else {
        return String::new();
    };
    let mut sentence: String = first.to_uppercase().chain(characters).collect();
    if !sentence.ends_with(['.', '!', '?', '”', '»', '。', '！', '？', '؟']) {
        sentence.push_str(&pgettext("At the end of a sentence", "."));
    }
    sentence
}

/// Shows `error` over `parent`.
pub fn show(parent: &impl IsA<gtk::Widget>, error: &UserError) {
    dialog(error).present(Some(parent));
}

/// The same; when it is closed, `then` is done.
pub fn show_and_then(parent: &impl IsA<gtk::Widget>, error: &UserError, then: impl Fn() + 'static) {
    let dialog = dialog(error);
    dialog.connect_response(None, move |_, _| then());
    dialog.present(Some(parent));
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
    let dialog = adw::AlertDialog::new(Some(heading(&what(error))), Some(&todo(error)));
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_problem_is_what_happened_and_what_to_do() {
        let gone = format!("{}/x is not there", glib::home_dir().display());
        let error = UserError::verbatim("gone", &gone, "put it back");
        assert_eq!(heading(&what(&error)), gone);
        assert_eq!(shortened(&both(&error)), "~/x is not there. Put it back.");
        let ended = UserError::verbatim("start", "it ended", "");
        assert_eq!(both(&ended), "It ended.");
    }
}
