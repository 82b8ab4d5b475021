//! The question before a terminal is closed in which a program runs.

use gettextrs::gettext;
use relm4::adw::prelude::*;
use relm4::{adw, gtk};

use crate::close_question;
use crate::words::gettext_f;

/// Asks over `parent` whether to close the tab in which `command` runs; `decided` hears the answer.
pub fn ask(
    parent: &impl IsA<gtk::Widget>,
    command: &str,
    decided: impl Fn(bool) + 'static,
) -> adw::AlertDialog {
    close_question::ask(
        parent,
        &gettext("Close Terminal?"),
        &gettext_f(
            "{command} is still running in this terminal and ends with it.",
            &[("command", command)],
        ),
        decided,
    )
}
