//! One tab: a terminal, and above it a banner once its shell was ended.

use std::os::fd::OwnedFd;

use gettextrs::gettext;
use kennel_model::{PetState, PetSummary, UserError};
use relm4::adw::prelude::*;
use relm4::{ComponentSender, adw, gtk};
use vte4::TerminalExt as _;

use super::{Terminals, TerminalsInput, drop, vte};
use crate::words::gettext_f;

/// A terminal's tab.
#[derive(Debug)]
pub struct Tab {
    /// The tab itself.
    pub page: adw::TabPage,
    /// What is in it.
    pub terminal: vte4::Terminal,
    banner: adw::Banner,
    /// The engine's number, while it will tell how the shell ended.
    number: Option<u32>,
    end: Option<End>,
    /// Nothing more comes from its shell, of whose end the engine has not told yet.
    pub is_silent: bool,
    /// The question whether to close it.
    pub question: Option<adw::AlertDialog>,
}

/// How a shell came to its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// The person left it.
    ByItself,
    /// It was killed, with the pet as a rule.
    Killed,
    /// It could not be run.
    NotRun(i32),
    /// Nobody was there to see how.
    Unknown,
}

/// Reads a shell's exit status. `exit` hands on the status of the last command, so most of them
/// say nothing about the shell: only HUP, KILL and TERM (128 + 1, 9, 15) end one from outside,
/// and 125 to 127 are those of a shell that never was.
pub fn end_of(status: i32) -> End {
    match status {
        129 | 137 | 143 => End::Killed,
        125..=127 => End::NotRun(status),
        _ => End::ByItself,
    }
}

impl Tab {
    /// A new tab with a terminal on `master`, named after the pet until its shell names it.
    pub fn add(
        view: &adw::TabView,
        master: OwnedFd,
        number: u32,
        pet: &str,
        sender: &ComponentSender<Terminals>,
    ) -> Result<Self, UserError> {
        let terminal = vte::new(master, pet)?;
        // Hidden, not only folded away: it would still be read out.
        let banner = adw::Banner::builder().visible(false).build();
        let content = gtk::Box::new(gtk::Orientation::Vertical, 0);
        content.append(&banner);
        content.append(
            &gtk::ScrolledWindow::builder()
                .hscrollbar_policy(gtk::PolicyType::Never)
                .child(&terminal)
                .build(),
        );
        let page = view.append(&content);
        page.set_title(pet);
        name_after_shell(&terminal, &page);
        ring(&terminal, &page);
        let (dropped, of) = (sender.clone(), page.downgrade());
        drop::install(&terminal, move |files| {
            if let Some(page) = of.upgrade() {
                dropped
                    .input_sender()
                    .emit(TerminalsInput::Dropped(page, files));
            }
        });
        let (silent, of) = (sender.clone(), page.downgrade());
        terminal.connect_eof(move |_| {
            if let Some(page) = of.upgrade() {
                silent.input_sender().emit(TerminalsInput::Silent(page));
            }
        });
        let (renew, of) = (sender.clone(), page.downgrade());
        banner.connect_button_clicked(move |_| {
            if let Some(page) = of.upgrade() {
                renew.input_sender().emit(TerminalsInput::Renew(page));
            }
        });
        Ok(Self {
            page,
            terminal,
            banner,
            number: Some(number),
            end: None,
            is_silent: false,
            question: None,
        })
    }

    /// Whether the engine calls this terminal `number`.
    pub fn is(&self, number: u32) -> bool {
        self.number == Some(number)
    }

    /// The engine's number for it, if it will still tell of it.
    pub fn number(&self) -> Option<u32> {
        self.number
    }

    /// Whether the engine will still tell of it.
    pub fn has_number(&self) -> bool {
        self.number.is_some()
    }

    /// The engine will tell no more of it.
    pub fn forget_number(&mut self) {
        self.number = None;
    }

    /// Gives it the keyboard.
    pub fn focus(&self) {
        self.terminal.grab_focus();
    }

    /// Its shell has ended: what it wrote stays to read, and the banner says why no more comes.
    pub fn show_end(&mut self, end: End, pet: &PetSummary) {
        self.end = Some(end);
        self.terminal.set_input_enabled(false);
        self.explain(pet);
        self.banner.set_visible(true);
        self.banner.set_revealed(true);
    }

    /// Says why the shell ended and what the button does about it, which depends on the pet.
    pub fn explain(&self, pet: &PetSummary) {
        let name = pet.name.as_str();
        let (title, button) = match self.end {
            None | Some(End::ByItself) => return,
            Some(End::NotRun(status)) => (
                gettext_f(
                    "The shell could not be run (status {status})",
                    &[("status", &status.to_string())],
                ),
                gettext("Try Again"),
            ),
            Some(_) if pet.state == PetState::Running => {
                (gettext("This shell was ended"), gettext("Open Another"))
            }
            Some(_) => (
                gettext_f("{name} stopped", &[("name", name)]),
                gettext("Start It Again"),
            ),
        };
        self.banner.set_title(&title);
        self.banner.set_button_label(Some(&button));
    }
}

/// The terminal in a tab.
pub fn terminal(page: &adw::TabPage) -> Option<vte4::Terminal> {
    let scrolled = page.child().last_child();
    scrolled
        .and_downcast::<gtk::ScrolledWindow>()?
        .child()
        .and_downcast()
}

/// A bell marks a tab that is not in front, until it is.
fn ring(terminal: &vte4::Terminal, page: &adw::TabPage) {
    let of = page.downgrade();
    terminal.connect_bell(move |_| {
        if let Some(page) = of.upgrade().filter(|page| !page.is_selected()) {
            page.set_needs_attention(true);
        }
    });
    page.connect_selected_notify(|page| {
        if page.is_selected() {
            page.set_needs_attention(false);
        }
    });
}

/// The tab's title is the shell's.
fn name_after_shell(terminal: &vte4::Terminal, page: &adw::TabPage) {
    let page = page.downgrade();
    terminal.connect_termprop_changed(Some("xterm.title"), move |terminal, _| {
        let title = terminal
            .termprop_string("xterm.title")
            .0
            .unwrap_or_default();
        if let Some(page) = page.upgrade().filter(|_| !title.is_empty()) {
            page.set_title(&title);
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn leaving_a_shell_is_no_alarm() {
        for status in [0, 1, 2, 130] {
            assert_eq!(end_of(status), End::ByItself);
        }
    }

    #[test]
    fn a_shell_ended_from_outside_says_so() {
        assert_eq!(end_of(137), End::Killed);
        assert_eq!(end_of(127), End::NotRun(127));
    }
}
