//! Pasting, with a question before what would at once run as root.

use gettextrs::gettext;
use relm4::adw;
use relm4::adw::prelude::*;
use relm4::gtk::{gio, glib};
use vte4::TerminalExt as _;

/// What makes root of what follows.
const ROOT: [&str; 5] = ["sudo", "doas", "su", "pkexec", "run0"];

/// Pastes the clipboard's text.
pub fn clipboard(terminal: &vte4::Terminal) {
    let clipboard = terminal.clipboard();
    let terminal = terminal.downgrade();
    clipboard.read_text_async(gio::Cancellable::NONE, move |text| {
        if let (Some(terminal), Ok(Some(text))) = (terminal.upgrade(), text) {
            paste(&terminal, &text);
        }
    });
}

/// Pastes `text`; programs that can tell what is pasted from what is typed are told (bracketed
/// paste), and control characters in it do not reach them.
pub fn paste(terminal: &vte4::Terminal, text: &str) {
    if runs_as_root(text) {
        ask(terminal, text);
    } else {
        terminal.paste_text(text);
    }
}

/// Whether `text` holds a line that a shell might run without waiting for Enter, and that makes it
/// root: in a pet that takes no password.
fn runs_as_root(text: &str) -> bool {
    let words = text.split(|c: char| c.is_whitespace() || "|&;()`$".contains(c));
    text.contains(['\n', '\r']) && words.into_iter().any(|word| ROOT.contains(&word))
}

fn ask(terminal: &vte4::Terminal, text: &str) {
    let dialog = adw::AlertDialog::builder()
        .heading(gettext("Paste a Command That Runs as Root?"))
        .body(gettext(
            "The text has several lines, which may run at once, and one of them becomes root in the pet. Paste it only if you trust where it is from.",
        ))
        .extra_child(&super::dialogs::excerpt(text))
        .default_response("cancel")
        .close_response("cancel")
        .build();
    dialog.add_responses(&[
        ("cancel", &gettext("_Cancel")),
        ("paste", &gettext("_Paste")),
    ]);
    dialog.set_response_appearance("paste", adw::ResponseAppearance::Destructive);
    let (weak, text) = (terminal.downgrade(), text.to_owned());
    dialog.connect_response(None, move |_, response| {
        let Some(terminal) = weak.upgrade() else {
            return;
        };
        if response == "paste" {
            terminal.paste_text(&text);
        }
        glib::idle_add_local_once(move || {
            terminal.grab_focus();
        });
    });
    dialog.present(Some(terminal));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_that_runs_as_root_is_asked_about() {
        for text in [
            "sudo rm -rf x\n",
            "cd /\nsudo true",
            "a\necho x|sudo tee y",
            "su\r",
        ] {
            assert!(runs_as_root(text), "{text:?}");
        }
    }

    #[test]
    fn what_waits_for_enter_or_stays_a_person_is_not() {
        for text in [
            "sudo apt install git",
            "cd /srv\nmake\n",
            "pseudo\n",
            "issue\n",
            "",
        ] {
            assert!(!runs_as_root(text), "{text:?}");
        }
    }
}
