//! The process of the app: it may begin without a window, for a search of the desktop's or for what
//! a notification asks. The window is made when there is something to show in it.

use std::cell::RefCell;
use std::rc::Rc;

use kennel_model::PetId;
use relm4::adw::prelude::*;
use relm4::gtk::{gio, glib};
use relm4::{Component as _, ComponentController as _, RelmApp, adw, gtk};

use crate::app::{App, AppInput, Beginning};
use crate::config;
use crate::engine::Starter;
use crate::new_pet::Start;
use crate::search;

/// Runs the app until its window is closed or, without one, until nothing is asked of it any more.
pub fn run(beginning: Beginning) {
    // It initialises GTK and makes the application; to run, it would make the window at once.
    drop(RelmApp::<AppInput>::new(config::APP_ID));
    let application = relm4::main_application();
    let launcher = Launcher::new(application.clone(), beginning);
    launcher.take_calls();
    // Before the app has its name on the bus: a search may be what starts it.
    search::offer(&launcher);
    relm4::set_global_css(include_str!("style.css"));
    application.run();
}

/// Makes the window when it is wanted.
#[derive(Debug)]
pub struct Launcher {
    application: gtk::Application,
    /// The engine of the first window, which starts while GTK does.
    beginning: RefCell<Option<Beginning>>,
    window: RefCell<Option<Shown>>,
}

/// The window that was made last.
#[derive(Debug)]
struct Shown {
    window: glib::WeakRef<adw::ApplicationWindow>,
    input: relm4::Sender<AppInput>,
}

impl Launcher {
    fn new(application: gtk::Application, beginning: Beginning) -> Rc<Self> {
        Rc::new(Self {
            application,
            beginning: RefCell::new(Some(beginning)),
            window: RefCell::default(),
        })
    }

    /// The application, to hold it while something is answered without a window.
    pub fn application(&self) -> &gtk::Application {
        &self.application
    }

    /// Shows the window, which is then asked for this.
    pub fn show(&self, wish: AppInput) {
        self.present().emit(wish);
    }

    /// Shows the window, in front of others.
    fn present(&self) -> relm4::Sender<AppInput> {
        let mut last = self.window.borrow_mut();
        let there = last.as_ref().and_then(|shown| {
            // One that is destroyed belongs to no application.
            shown.window.upgrade()?.application()?;
            Some(shown.input.clone())
        });
        let input = there.unwrap_or_else(|| {
            let (window, input) = self.open();
            *last = Some(Shown {
                window: window.downgrade(),
                input: input.clone(),
            });
            input
        });
        input.emit(AppInput::Activated);
        input
    }

    fn open(&self) -> (adw::ApplicationWindow, relm4::Sender<AppInput>) {
        let begun = self.beginning.take();
        let begun = begun.unwrap_or_else(|| Beginning::with(Starter::default()));
        let mut app = App::builder().launch(begun).detach();
        app.detach_runtime();
        let window = app.widget().clone();
        self.application.add_window(&window);
        (window, app.sender().clone())
    }

    /// The ways here from outside: the app is started once more, with files or without, and the
    /// actions that the desktop's menu of the app and notifications have.
    fn take_calls(self: &Rc<Self>) {
        let application = &self.application;
        application.set_flags(application.flags() | gio::ApplicationFlags::HANDLES_OPEN);
        let launcher = self.clone();
        application.connect_activate(move |_| drop(launcher.present()));
        let launcher = self.clone();
        application.connect_open(move |_, files, _| match files.first() {
            Some(file) => launcher.show(AppInput::Opened(file.clone())),
            None => drop(launcher.present()),
        });
        self.add_action("new-pet", None, |_| {
            Some(AppInput::NewPetWhenReady(Start::Usual))
        });
        self.add_action("show-pet", Some(glib::VariantTy::STRING), |id| {
            Some(AppInput::ShowPet(id?.str()?.parse::<PetId>().ok()?))
        });
    }

    /// An action that shows the window, unless `wish` makes nothing of what came with it.
    fn add_action(
        self: &Rc<Self>,
        name: &str,
        with: Option<&glib::VariantTy>,
        wish: fn(Option<&glib::Variant>) -> Option<AppInput>,
    ) {
        let action = gio::SimpleAction::new(name, with);
        let launcher = self.clone();
        action.connect_activate(move |_, with| {
            if let Some(wish) = wish(with) {
                launcher.show(wish);
            }
        });
        self.application.add_action(&action);
    }
}
