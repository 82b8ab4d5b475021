//! What happens before the window closes: terminals are remembered, and the person is asked where
//! something still runs in one.

use std::time::Duration;

use gettextrs::gettext;
use kennel_model::TerminalState;
use relm4::adw::prelude::*;
use relm4::gtk::glib;
use relm4::{ComponentSender, adw};

use super::{App, AppCommand, AppInput};
use crate::close_question;
use crate::pet_page::restore;
use crate::words::{self, gettext_f};

/// How long the engine may take to say what runs; the window does not stay open for one that hangs.
const PATIENCE: Duration = Duration::from_secs(2);

/// Lets the window close only by [`AppInput::Closed`].
pub fn ask_first(window: &adw::ApplicationWindow, sender: &ComponentSender<App>) {
    let sender = sender.clone();
    window.connect_close_request(move |_| {
        sender.input(AppInput::Leave);
        glib::Propagation::Stop
    });
}

impl App {
    /// Asks the engine what runs in terminals.
    pub(super) fn close(&self, sender: &ComponentSender<Self>, root: &adw::ApplicationWindow) {
        let Some(engine) = self.engine.clone() else {
            root.destroy();
            return;
        };
        sender.oneshot_command(async move {
            let asked = tokio::time::timeout(PATIENCE, engine.terminals()).await;
            AppCommand::Closing(asked.ok().and_then(Result::ok).unwrap_or_default())
        });
    }

    /// Closes the window, after a question where something runs in a terminal.
    pub(super) fn close_with(
        &self,
        open: &[TerminalState],
        sender: &ComponentSender<Self>,
        root: &adw::ApplicationWindow,
    ) {
        let pets: Vec<_> = self.pets.iter().map(|pet| pet.id.clone()).collect();
        let busy: Vec<String> = open.iter().filter_map(|state| self.busy(state)).collect();
        if busy.is_empty() {
            restore::remember(open, &pets);
            sender.input(AppInput::Closed);
            return;
        }
        let (open, sender) = (open.to_vec(), sender.clone());
        close_question::ask(
            root,
            &gettext("Close Window?"),
            &gettext_f(
                "Your pets keep running, but what is running in their terminals ends: {programs}.",
                &[("programs", &words::list(&busy))],
            ),
            move |close| {
                if close {
                    restore::remember(&open, &pets);
                    sender.input(AppInput::Closed);
                }
            },
        );
    }

    /// The program in a terminal, with its pet.
    fn busy(&self, state: &TerminalState) -> Option<String> {
        let program = state.shell.command.as_deref()?;
        let pet = self.pets.iter().find(|pet| pet.id == state.pet);
        let name = pet.map_or("", |pet| pet.name.as_str());
        Some(gettext_f(
            "{program} in {name}",
            &[("program", program), ("name", name)],
        ))
    }
}
