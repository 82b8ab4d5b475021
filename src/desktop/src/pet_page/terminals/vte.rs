//! One terminal: VTE on a PTY that the engine opened, in the desktop's colours and letters.

use std::cell::RefCell;
use std::os::fd::OwnedFd;

use gettextrs::gettext;
use kennel_model::UserError;
use relm4::adw::prelude::*;
use relm4::gtk::{gio, pango};
use relm4::{adw, gtk};
use vte4::TerminalExt as _;

use super::{keys, links, menu, palette};

/// Lines that can be scrolled back to.
const SCROLLBACK: u32 = 10_000;

/// A terminal on `master`, named for assistive technology after the pet. A program's bell sounds or
/// flashes as the desktop has it.
pub fn new(master: OwnedFd, pet: &str) -> Result<vte4::Terminal, UserError> {
    let pty = vte4::Pty::foreign_sync(master, gio::Cancellable::NONE).map_err(|error| {
        UserError::verbatim(
            "terminal",
            gettext("The terminal could not be opened."),
            gettext("Try again."),
        )
        .caused_by(&error)
    })?;
    let terminal = vte4::Terminal::builder()
        .hexpand(true)
        .vexpand(true)
        .scrollback_lines(SCROLLBACK)
        .build();
    terminal.update_property(&[gtk::accessible::Property::Label(pet)]);
    terminal.set_pty(Some(&pty));
    palette::follow_style(&terminal);
    follow_font(&terminal);
    links::install(&terminal);
    menu::install(&terminal);
    terminal.add_controller(keys::controller());
    Ok(terminal)
}

/// Forgets what was scrolled away.
pub fn clear_scrollback(terminal: &vte4::Terminal) {
    // To nothing and back: VTE has no call that leaves the screen as it is.
    terminal.set_scrollback_lines(0);
    terminal.set_scrollback_lines(SCROLLBACK.into());
}

/// The desktop's letters of one width, now and whenever they change.
fn follow_font(terminal: &vte4::Terminal) {
    let style = adw::StyleManager::default();
    let font = |style: &adw::StyleManager| {
        pango::FontDescription::from_string(&style.monospace_font_name())
    };
    terminal.set_font(Some(&font(&style)));
    let weak = terminal.downgrade();
    let handler = RefCell::new(Some(style.connect_monospace_font_name_notify(
        move |style| {
            if let Some(terminal) = weak.upgrade() {
                terminal.set_font(Some(&font(style)));
            }
        },
    )));
    terminal.connect_destroy(move |_| {
        if let Some(handler) = handler.take() {
            style.disconnect(handler);
        }
    });
}
