//! How tabs end: by the person, after a question where a program runs in them, or with their shell.

use std::time::Duration;

use gettextrs::gettext;
use relm4::adw::prelude::*;
use relm4::{ComponentSender, adw, gtk};

use super::tab::{self, End, Tab};
use super::{Answer, Terminals, TerminalsInput};
use crate::close_question;
use crate::words::gettext_f;

/// How long the engine may take to say what runs in a tab that is to be closed.
const PATIENCE: Duration = Duration::from_secs(2);

impl Terminals {
    /// Closes a tab; where its shell still runs, the engine is asked first what runs in it.
    pub(super) fn close(
        &mut self,
        view: &adw::TabView,
        page: &adw::TabPage,
        sender: &ComponentSender<Self>,
    ) {
        let number = self.tabs.iter().find(|tab| tab.page == *page);
        match (number.and_then(Tab::number), self.engine.clone()) {
            (Some(number), Some(engine)) => sender.oneshot_command(async move {
                // A tab does not stay open for an engine that hangs.
                let asked = tokio::time::timeout(PATIENCE, engine.shell(number)).await;
                Answer::Runs(number, asked.ok().and_then(|shell| shell.command))
            }),
            _ => self.decided(view, page, true),
        }
    }

    /// Closes a tab, or leaves it open.
    pub(super) fn decided(&mut self, view: &adw::TabView, page: &adw::TabPage, close: bool) {
        let Some(index) = self.tabs.iter().position(|tab| tab.page == *page) else {
            return;
        };
        let question = self.tabs[index].question.take();
        view.close_page_finish(page, close);
        if !close {
            self.tabs[index].focus();
            return;
        }
        let tab = self.tabs.remove(index);
        if let (Some(number), Some(engine)) = (tab.number(), self.engine.clone()) {
            relm4::spawn(async move { engine.close_terminal(number).await });
        }
        if let Some(question) = question {
            question.force_close();
        }
    }

    /// Asks before a tab is closed in which `command` runs; another is closed at once.
    pub(super) fn ask_or_close(
        &mut self,
        view: &adw::TabView,
        parent: &gtk::Stack,
        number: u32,
        command: Option<String>,
        sender: &ComponentSender<Self>,
    ) {
        let Some(tab) = self.tabs.iter_mut().find(|tab| tab.is(number)) else {
            return;
        };
        let page = tab.page.clone();
        let Some(command) = command else {
            self.decided(view, &page, true);
            return;
        };
        let sender = sender.clone();
        tab.question = Some(ask(parent, &command, move |close| {
            sender.input(TerminalsInput::Decided(page.clone(), close));
        }));
    }

    /// A shell ended; another pet's perhaps.
    pub(super) fn exited(&mut self, view: &adw::TabView, number: u32, status: i32) {
        let Some(tab) = self.tabs.iter_mut().find(|tab| tab.is(number)) else {
            return;
        };
        tab.forget_number();
        match tab::end_of(status) {
            // The question whether to close it is answered.
            End::ByItself if tab.question.is_some() => {
                let page = tab.page.clone();
                self.decided(view, &page, true);
            }
            End::ByItself => view.close_page(&tab.page.clone()),
            end => tab.show_end(end, &self.pet),
        }
    }

    /// Nothing more comes from a tab's shell. The engine says how a shell ended; one that outlived
    /// its engine only falls silent.
    pub(super) fn silent(&mut self, page: &adw::TabPage) {
        let tab = self.tabs.iter_mut().find(|tab| tab.page == *page);
        if let Some(tab) = tab {
            tab.is_silent = true;
            if !tab.has_number() {
                tab.show_end(End::Unknown, &self.pet);
            }
        }
    }

    /// Another engine counts its terminals anew, and tells of its own only.
    pub(super) fn forget_numbers(&mut self) {
        for tab in &mut self.tabs {
            // Its shell ended with the engine that would have told of it.
            if tab.has_number() && tab.is_silent {
                tab.show_end(End::Unknown, &self.pet);
            }
            tab.forget_number();
        }
    }
}

/// Asks over `parent` whether to close the tab in which `command` runs; `decided` hears the answer.
fn ask(
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
