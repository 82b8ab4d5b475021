//! The question before a terminal is closed in which a program runs.

use gettextrs::gettext;
use relm4::adw;
use relm4::adw::prelude::*;

use crate::words::gettext_f;

/// Asks over `parent` whether to close the tab in which `command` runs; `decided` hears the answer.
pub fn ask(
    parent: &impl IsA<relm4::gtk::Widget>,
    command: &str,
    decided: impl Fn(bool) + 'static,
) -> adw::AlertDialog {
    let dialog = adw::AlertDialog::builder()
        .heading(gettext("Close Terminal?"))
        .body(gettext_f(
            "{command} still runs in this terminal and ends with it.",
            &[("command", command)],
        ))
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
