//! The terminal's keys. They come before the terminal takes them, and none is a plain Ctrl and a
//! letter: those are the shell's.

use relm4::adw::prelude::*;
use relm4::{adw, gtk};

/// Keys and the actions behind them. Those that walk between tabs and move them are the tab view's
/// ([`of_tabs`]).
const KEYS: [(&str, &str); 16] = [
    ("<Control><Shift>c", "terminal.copy"),
    ("<Control><Shift>v", "terminal.paste"),
    ("<Control><Shift>t", "terminals.new"),
    ("<Control><Shift>w", "win.close-tab"),
    ("<Control><Shift>f", "terminals.find"),
    ("<Control><Shift>l", "win.list"),
    ("<Control><Shift>o", "terminals.overview"),
    ("<Control>plus", "terminals.zoom-in"),
    ("<Control>equal", "terminals.zoom-in"),
    ("<Control>KP_Add", "terminals.zoom-in"),
    ("<Control>minus", "terminals.zoom-out"),
    ("<Control>KP_Subtract", "terminals.zoom-out"),
    ("<Control>0", "terminals.zoom-reset"),
    ("<Control>KP_0", "terminals.zoom-reset"),
    ("<Control>Insert", "terminal.copy"),
    ("<Shift>Insert", "terminal.paste"),
];

/// The controller of a terminal.
pub fn controller() -> gtk::ShortcutController {
    let controller = gtk::ShortcutController::new();
    controller.set_propagation_phase(gtk::PropagationPhase::Capture);
    for (keys, action) in KEYS {
        controller.add_shortcut(gtk::Shortcut::new(
            gtk::ShortcutTrigger::parse_string(keys),
            Some(gtk::NamedAction::new(action)),
        ));
    }
    controller
}

/// Those of the tab view: Ctrl+Home and Ctrl+End are left to programs.
pub fn of_tabs() -> adw::TabViewShortcuts {
    use adw::TabViewShortcuts as Keys;
    Keys::CONTROL_TAB
        | Keys::CONTROL_SHIFT_TAB
        | Keys::CONTROL_PAGE_UP
        | Keys::CONTROL_PAGE_DOWN
        | Keys::CONTROL_SHIFT_PAGE_UP
        | Keys::CONTROL_SHIFT_PAGE_DOWN
        | Keys::ALT_DIGITS
}

/// Whether a terminal takes this key.
#[cfg(test)]
pub fn has(key: &str) -> bool {
    KEYS.iter().any(|(one, _)| *one == key)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_key_of_a_shell_is_taken() {
        for letter in 'a'..='z' {
            let plain = format!("<Control>{letter}");
            assert!(!KEYS.iter().any(|(keys, _)| *keys == plain), "{plain}");
        }
    }
}
