//! Links in a terminal: what looks like an address, and what a program marks as one (OSC 8).
//!
//! What a program writes is foreign text. So only addresses of the web and of mail are opened, and
//! a marked link shows where it leads before anybody follows it.

use relm4::adw::prelude::*;
use relm4::gtk;
use relm4::gtk::{gdk, gio, glib};
use vte4::TerminalExt as _;

/// `PCRE2_MULTILINE`, which VTE asks for.
pub const MULTILINE: u32 = 0x0000_0400;

/// An address with a scheme that is opened, up to what ends a sentence or a bracket around it.
const ADDRESS: &str = concat!(
    r#"(?:https?://|ftps?://|mailto:)"#,
    r#"(?:[^\s<>"'`(){}\[\]|\\^]|\([^\s<>"'`(){}\[\]|\\^]*\))*"#,
    r#"(?:[^\s<>"'`(){}\[\]|\\^.,;:!?*_]|\([^\s<>"'`(){}\[\]|\\^]*\))"#,
);

/// Makes links of `terminal` known; Ctrl and a click open them.
pub fn install(terminal: &vte4::Terminal) {
    terminal.set_allow_hyperlink(true);
    if let Ok(regex) = vte4::Regex::for_match(ADDRESS, MULTILINE) {
        let tag = terminal.match_add_regex(&regex, 0);
        terminal.match_set_cursor_name(tag, "pointer");
    }
    terminal.connect_hyperlink_hover_uri_notify(|terminal| {
        terminal.set_tooltip_text(terminal.hyperlink_hover_uri().as_deref());
    });
    let click = gtk::GestureClick::builder()
        .button(gdk::BUTTON_PRIMARY)
        .propagation_phase(gtk::PropagationPhase::Capture)
        .build();
    click.connect_pressed(|click, _, x, y| {
        let with_control = click
            .current_event_state()
            .contains(gdk::ModifierType::CONTROL_MASK);
        let terminal = click.widget().and_downcast::<vte4::Terminal>();
        if let Some(terminal) = terminal.filter(|_| with_control)
            && let Some(link) = at(&terminal, x, y).filter(|link| may_open(link))
        {
            click.set_state(gtk::EventSequenceState::Claimed);
            open(&terminal, &link);
        }
    });
    terminal.add_controller(click);
}

/// The link at this place of the widget.
pub fn at(terminal: &vte4::Terminal, x: f64, y: f64) -> Option<String> {
    let marked = terminal.check_hyperlink_at(x, y);
    marked
        .or_else(|| terminal.check_match_at(x, y).0)
        .map(String::from)
}

/// Whether a link of a program may be opened: another scheme may start any app with any argument,
/// and a file's path is one of the pet's.
pub fn may_open(link: &str) -> bool {
    let scheme = link.split_once(':').map(|(scheme, _)| scheme);
    scheme.is_some_and(|scheme| {
        ["http", "https", "ftp", "ftps", "mailto"]
            .iter()
            .any(|known| scheme.eq_ignore_ascii_case(known))
    })
}

/// Opens it with the desktop's app for it.
pub fn open(terminal: &vte4::Terminal, link: &str) {
    let window = terminal.root().and_downcast::<gtk::Window>();
    // The desktop itself says what goes wrong.
    gtk::UriLauncher::new(link).launch(window.as_ref(), gio::Cancellable::NONE, |result| {
        if let Err(error) = result {
            glib::g_warning!("kennel", "a link was not opened: {error}");
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    /// VTE and GLib both use PCRE2.
    fn found(text: &str) -> Option<String> {
        let flags = glib::RegexCompileFlags::MULTILINE;
        let regex = glib::Regex::new(ADDRESS, flags, glib::RegexMatchFlags::DEFAULT);
        let regex = regex.unwrap().unwrap();
        let text = glib::GString::from(text);
        let found = regex
            .match_(text.as_ref(), glib::RegexMatchFlags::DEFAULT)
            .unwrap();
        found.fetch(0).map(String::from)
    }

    #[test]
    fn an_address_ends_where_a_reader_says() {
        for (text, link) in [
            (
                "see https://example.org/a?b=c#d.",
                "https://example.org/a?b=c#d",
            ),
            ("(http://example.org)", "http://example.org"),
            ("<https://example.org/x>", "https://example.org/x"),
            ("\"https://example.org/x\",", "https://example.org/x"),
            (
                "https://example.org/wiki/Kennel_(dogs), then",
                "https://example.org/wiki/Kennel_(dogs)",
            ),
            ("Local: http://localhost:5173/", "http://localhost:5173/"),
            ("mailto:ada@example.org!", "mailto:ada@example.org"),
        ] {
            assert_eq!(found(text).as_deref(), Some(link), "{text}");
        }
        assert_eq!(found("C:\\x and file.rs:12"), None);
    }

    #[test]
    fn only_the_web_and_mail_are_opened() {
        for link in ["https://example.org", "HTTP://example.org", "mailto:a@b"] {
            assert!(may_open(link), "{link}");
        }
        for link in [
            "file:///etc/passwd",
            "smb://x/y",
            "javascript:x",
            "example.org",
            "",
        ] {
            assert!(!may_open(link), "{link}");
        }
    }
}
