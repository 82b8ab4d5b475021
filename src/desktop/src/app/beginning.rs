//! How the window opens: the engine starts and reads its lists while GTK starts, and the window is
//! shown when there is something to see in it.

use std::cell::Cell;
use std::time::Duration;

use kennel_model::UserError;
use kennel_protocol::client::StartError;
use relm4::adw::prelude::*;
use relm4::gtk::glib;
use relm4::{ComponentSender, JoinHandle, adw};

use super::{App, AppCommand, AppInput, AppWidgets};
use crate::alone;
use crate::engine::{Engine, Lists, Signals, Starter};
use crate::later;

/// How long the window waits for the lists; after that an empty one says at least that Kennel starts.
const PATIENCE: Duration = Duration::from_millis(400);

/// An engine, what it says, and its lists as they were after it began to say it.
#[derive(Debug)]
pub struct Connected {
    pub(super) engine: Engine,
    pub(super) signals: Signals,
    pub(super) lists: Result<Lists, UserError>,
}

/// Whether there is an engine.
pub type Begun = Result<Connected, StartError>;

/// An engine that is being started, and its lists that are being read.
#[derive(Debug)]
pub struct Beginning {
    starter: Starter,
    /// Nothing where this was left to another process.
    begun: Option<JoinHandle<Begun>>,
}

impl Beginning {
    /// Starts an engine and reads its lists.
    pub fn with(starter: Starter) -> Self {
        let begun = Some(relm4::spawn(begin(starter.clone())));
        Self { starter, begun }
    }

    /// The same for the first window of this process; but where the app runs already, that is asked
    /// to show its window, and an engine of this process would serve nobody.
    pub fn of_app(starter: Starter) -> Self {
        if alone::claim() {
            return Self::with(starter);
        }
        Self {
            starter,
            begun: None,
        }
    }

    /// What starts another one.
    pub(super) fn starter(&self) -> Starter {
        self.starter.clone()
    }

    /// Lets the window hear what becomes of it, as [`AppCommand::Connected`].
    pub(super) fn follow(self, sender: &ComponentSender<App>) {
        sender.oneshot_command(async {
            let begun = match self.begun {
                Some(begun) => begun.await.ok(),
                None => None,
            };
            let begun = match begun {
                Some(begun) => begun,
                // It was not run to its end, or the app that ran has ended: once more.
                None => begin(self.starter).await,
            };
            AppCommand::Connected(Box::new(begun))
        });
    }
}

async fn begin(starter: Starter) -> Begun {
    let engine = starter.start().await?;
    let signals = Signals::of(&engine).await.map_err(StartError::Connection)?;
    let lists = engine.lists().await;
    Ok(Connected {
        engine,
        signals,
        lists,
    })
}

/// What the window waits for before it is shown.
#[derive(Debug, Default)]
pub struct Opening {
    activated: bool,
    ready: bool,
    drawn: bool,
}

/// Shows the window after a while, whatever there is to see in it then.
pub fn open_in_time(sender: &ComponentSender<App>) {
    // The window may be closed before: then nobody hears this.
    let input = sender.input_sender().clone();
    glib::timeout_add_local_once(PATIENCE, move || drop(input.send(AppInput::Open)));
}

/// Tells when the window is on the screen for the first time.
pub fn tell_when_drawn(window: &adw::ApplicationWindow, sender: &ComponentSender<App>) {
    let input = Cell::new(Some(sender.input_sender().clone()));
    window.connect_map(move |window| {
        if let Some(input) = input.take() {
            later::after_next_picture(window, move || drop(input.send(AppInput::Drawn)));
        }
    });
}

impl App {
    pub(super) fn activated(&mut self, root: &adw::ApplicationWindow) {
        self.opening.activated = true;
        self.open(root);
    }

    /// There is something to see.
    pub(super) fn ready(&mut self, root: &adw::ApplicationWindow) {
        if !std::mem::replace(&mut self.opening.ready, true) {
            self.open(root);
        }
    }

    /// The list is seen: now the page beside it is made, in the time of the next picture.
    pub(super) fn drawn(&mut self, widgets: &AppWidgets, sender: &ComponentSender<Self>) {
        self.opening.drawn = true;
        if self.listed {
            self.show_pets(widgets, sender);
        }
    }

    /// Whether the window has been on the screen.
    pub(super) fn is_drawn(&self) -> bool {
        self.opening.drawn
    }

    fn open(&self, root: &adw::ApplicationWindow) {
        if self.opening.activated && self.opening.ready {
            root.present();
        }
    }
}
