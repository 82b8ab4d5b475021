//! One terminal: VTE on a PTY that the engine opened, in the desktop's light or dark colours.

use std::os::fd::OwnedFd;

use gettextrs::gettext;
use kennel_model::UserError;
use relm4::adw::prelude::*;
use relm4::gtk::{gdk, gio, glib};
use relm4::{adw, gtk};
use vte4::TerminalExt as _;
use vte4::TerminalExtManual as _;

const LIGHT: (&str, &str) = ("#1e1e1e", "#ffffff");
const DARK: (&str, &str) = ("#ffffff", "#1d1d20");

/// GNOME's terminal palette; it reads well on both backgrounds.
const PALETTE: [&str; 16] = [
    "#241f31", "#c01c28", "#2ec27e", "#e5a50a", "#1e78e4", "#9841bb", "#0ab9dc", "#c0bfbc",
    "#5e5c64", "#ed333b", "#57e389", "#f8e45c", "#51a1ff", "#c061cb", "#4fd2fd", "#f6f5f4",
];

/// A terminal on `master`, named for assistive technology after the pet.
pub fn new(master: OwnedFd, pet: &str) -> Result<vte4::Terminal, UserError> {
    let pty = vte4::Pty::foreign_sync(master, gio::Cancellable::NONE).map_err(|error| {
        UserError::new(
            "terminal",
            gettext("the terminal could not be opened"),
            gettext("try again"),
        )
        .caused_by(&error)
    })?;
    let terminal = vte4::Terminal::builder()
        .hexpand(true)
        .vexpand(true)
        .scrollback_lines(10_000)
        .build();
    terminal.update_property(&[gtk::accessible::Property::Label(pet)]);
    terminal.set_pty(Some(&pty));
    follow_style(&terminal);
    terminal.add_controller(shortcuts());
    Ok(terminal)
}

fn follow_style(terminal: &vte4::Terminal) {
    let style = adw::StyleManager::default();
    paint(terminal, style.is_dark());
    let weak = terminal.downgrade();
    let handler = std::cell::RefCell::new(None);
    let id = style.connect_dark_notify(move |style| {
        if let Some(terminal) = weak.upgrade() {
            paint(&terminal, style.is_dark());
        }
    });
    handler.replace(Some(id));
    terminal.connect_destroy(move |_| {
        if let Some(id) = handler.take() {
            style.disconnect(id);
        }
    });
}

fn paint(terminal: &vte4::Terminal, dark: bool) {
    let colour = |text: &str| gdk::RGBA::parse(text).unwrap_or(gdk::RGBA::BLACK);
    let (foreground, background) = if dark { DARK } else { LIGHT };
    let palette = PALETTE.map(colour);
    let palette: Vec<&gdk::RGBA> = palette.iter().collect();
    terminal.set_colors(
        Some(&colour(foreground)),
        Some(&colour(background)),
        &palette,
    );
}

/// Copy, paste, and tabs; they come before the terminal takes the keys.
fn shortcuts() -> gtk::ShortcutController {
    let controller = gtk::ShortcutController::new();
    controller.set_propagation_phase(gtk::PropagationPhase::Capture);
    let add = |keys: &str, act: fn(&vte4::Terminal)| {
        let action = gtk::CallbackAction::new(move |widget, _| {
            if let Some(terminal) = widget.downcast_ref::<vte4::Terminal>() {
                act(terminal);
            }
            glib::Propagation::Stop
        });
        controller.add_shortcut(gtk::Shortcut::new(
            gtk::ShortcutTrigger::parse_string(keys),
            Some(action),
        ));
    };
    add("<Control><Shift>c", |terminal| {
        terminal.copy_clipboard_format(vte4::Format::Text);
    });
    add("<Control><Shift>v", vte4::TerminalExt::paste_clipboard);
    for (keys, action) in [
        ("<Control><Shift>t", "pet.terminal"),
        ("<Control><Shift>w", "win.close-tab"),
    ] {
        controller.add_shortcut(gtk::Shortcut::new(
            gtk::ShortcutTrigger::parse_string(keys),
            Some(gtk::NamedAction::new(action)),
        ));
    }
    controller
}
