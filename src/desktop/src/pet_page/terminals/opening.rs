//! How tabs begin: one that the person opens, those of the window before, and a terminal of the desktop's.

use std::os::fd::OwnedFd;

use kennel_model::UserError;
use relm4::{ComponentSender, adw};
use vte4::TerminalExt as _;

use super::tab::Tab;
use super::{Answer, Terminals, TerminalsOutput, TerminalsWidgets, directory, fail};
use crate::engine;

impl Terminals {
    /// Opens a terminal, where the shell of the tab `here` is if there is one.
    pub(super) fn open(&self, here: Option<&Tab>, sender: &ComponentSender<Self>) {
        let Some(engine) = self.engine.clone() else {
            fail(engine::gone(), sender);
            return;
        };
        let _ = sender.output(TerminalsOutput::Opening(true));
        let id = self.pet.id.clone();
        let told = here.and_then(|tab| directory::told(&tab.terminal, self.pet.name.as_str()));
        let number = here.and_then(Tab::number);
        sender.oneshot_command(async move {
            let directory = match (told, number) {
                (None, Some(number)) => engine.shell(number).await.directory,
                (told, _) => told,
            };
            Answer::Opened(engine.open_terminal(&id, directory.as_deref()).await)
        });
    }

    /// Opens again what was open in the window before.
    pub(super) fn restore(&self, directories: Vec<String>, sender: &ComponentSender<Self>) {
        let Some(engine) = self.engine.clone() else {
            return;
        };
        let id = self.pet.id.clone();
        // One after the other: in the order in which they were.
        sender.command(move |out, shutdown| {
            shutdown
                .register(async move {
                    for directory in directories {
                        let opened = engine.open_terminal(&id, Some(&directory)).await;
                        if out.send(Answer::Restored(opened)).is_err() {
                            return;
                        }
                    }
                })
                .drop_on_shutdown()
        });
    }

    /// Adds the tab of a terminal that was opened.
    pub(super) fn add(
        &mut self,
        widgets: &TerminalsWidgets,
        opened: Result<(OwnedFd, u32), UserError>,
        sender: &ComponentSender<Self>,
    ) -> Result<adw::TabPage, UserError> {
        let (master, number) = opened?;
        let name = self.pet.name.as_str();
        let tab = Tab::add(&widgets.tab_view, master, number, name, sender)?;
        tab.terminal.set_font_scale(self.size.scale());
        let page = tab.page.clone();
        self.tabs.push(tab);
        Ok(page)
    }

    /// Opens a terminal of the desktop's.
    pub(super) fn open_external(&self, sender: &ComponentSender<Self>) {
        let (engine, id) = (self.engine.clone(), self.pet.id.clone());
        sender.oneshot_command(async move {
            Answer::External(match engine {
                Some(engine) => engine.open_external_terminal(&id).await,
                None => Err(engine::gone()),
            })
        });
    }
}
