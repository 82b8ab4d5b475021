//! The question before something is closed in which a program runs.

use gettextrs::gettext;
use relm4::adw::prelude::*;
use relm4::{adw, gtk};

/// Asks over `parent`; `decided` hears whether to close it.
pub fn ask(
    parent: &impl IsA<gtk::Widget>,
    heading: &str,
    body: &str,
    decided: impl Fn(bool) + 'static,
) -> adw::AlertDialog {
    let dialog = adw::AlertDialog::builder()
        .heading(heading)
        .body(body)
        .default_response("cancel")
        .close_response("cancel")
        .build();
    dialog.add_responses(&[
        ("cancel", &gettext("_Cancel")),
        ("close", &gettext("_Close")),
    ]);
    dialog.set_response_appearance("close", adw::ResponseAppearance::Destructive);
    dialog.connect_response(None, move |_, response| decided(response == "close"));
    dialog.present(Some(parent));
    dialog
}
