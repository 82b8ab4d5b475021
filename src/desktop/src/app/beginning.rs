//! How the window opens: the engine starts and reads its lists while GTK starts, and the window is
//! shown when there is something to see in it.

use std::time::Duration;

use kennel_model::UserError;
use kennel_protocol::client::StartError;
use relm4::adw::prelude::*;
use relm4::gtk::glib;
use relm4::{ComponentSender, JoinHandle, adw};

use super::{App, AppCommand, AppInput};
use crate::engine::{Engine, Lists, Signals};

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

/// What the app begins with.
#[derive(Debug)]
pub struct Beginning(Begun);

impl Beginning {
    /// Starts the engine and reads its lists.
    pub async fn new() -> Self {
        Self(begin().await)
    }
}

async fn begin() -> Begun {
    let engine = Engine::connect().await?;
    let signals = engine.signals().await.map_err(StartError::Connection)?;
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
}

/// Hears of the engine's start as [`AppCommand::Connected`].
pub fn follow(beginning: JoinHandle<Beginning>, sender: &ComponentSender<App>) {
    sender.oneshot_command(async {
        let begun = match beginning.await {
            Ok(Beginning(begun)) => begun,
            // It was not run to its end: once more.
            Err(_) => begin().await,
        };
        AppCommand::Connected(Box::new(begun))
    });
}

/// Starts an engine; the answer comes as [`AppCommand::Connected`].
pub fn connect(sender: &ComponentSender<App>) {
    sender.oneshot_command(async { AppCommand::Connected(Box::new(begin().await)) });
}

/// Shows the window when the app is started and whenever it is once more.
pub fn open_when_activated(sender: &ComponentSender<App>) {
    let activated = sender.clone();
    relm4::main_application().connect_activate(move |_| activated.input(AppInput::Activated));
    let sender = sender.clone();
    glib::timeout_add_local_once(PATIENCE, move || sender.input(AppInput::Open));
}

impl App {
    pub(super) fn activated(&mut self, root: &adw::ApplicationWindow) {
        self.opening.activated = true;
        self.open(root);
    }

    /// There is something to see.
    pub(super) fn ready(&mut self, root: &adw::ApplicationWindow) {
        self.opening.ready = true;
        self.open(root);
    }

    fn open(&self, root: &adw::ApplicationWindow) {
        if self.opening.activated && self.opening.ready {
            root.set_visible(true);
        }
    }
}
