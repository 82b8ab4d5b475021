//! What a person sees of the window, and what they do in it.
//!
//! Only what is mapped counts: a label behind another page, or in a banner that is folded away, is not
//! seen. What is not there yet is waited for, a bounded time.

use std::time::{Duration, Instant};

use kennel_model::PetSpec;
use relm4::adw::prelude::*;
use relm4::gtk::{gio, glib};
use relm4::{Component as _, ComponentController as _, Controller, adw, gtk};

use super::FakeEngine;
use super::examples;
use crate::app::{App, AppInput, Beginning};

/// How long something may take to appear, on a busy computer.
const PATIENCE: Duration = Duration::from_secs(20);
/// How long nothing may happen until all has happened.
const QUIET: Duration = Duration::from_millis(120);

/// The window, in front of an engine by script.
pub struct Window {
    app: Controller<App>,
}

impl Window {
    /// Opens it.
    pub fn open(engine: &FakeEngine) -> Self {
        adw::init().unwrap();
        if let Some(settings) = gtk::Settings::default() {
            settings.set_gtk_enable_animations(false);
        }
        let application = relm4::main_application();
        if !application.is_registered() {
            // No other window of the test's is looked for on the bus.
            application.set_flags(gio::ApplicationFlags::NON_UNIQUE);
            application.set_application_id(Some("io.github.kennel.Test"));
            application.register(gio::Cancellable::NONE).unwrap();
        }
        let app = App::builder()
            .launch(Beginning::with(engine.starter()))
            .detach();
        app.widget().present();
        Self { app }
    }

    /// Opens it and waits for the page of the example's pet.
    pub fn with_pet(engine: &FakeEngine) -> Self {
        let window = Self::open(engine);
        window.sees("Open Terminal");
        window.sees(examples::NAME);
        window
    }

    /// Opens it at the settings of the example's pet, about which `spec` was chosen.
    pub fn with_settings(engine: &FakeEngine, spec: &PetSpec) -> Self {
        engine.says("ShowPet", spec);
        let window = Self::with_pet(engine);
        window.turns_to("Settings");
        window.sees("Your Home Folder");
        Self::settles();
        window
    }

    fn root(&self) -> &gtk::Widget {
        self.app.widget().upcast_ref()
    }

    /// All that is on the screen.
    fn widgets(&self) -> Vec<gtk::Widget> {
        let mut all = Vec::new();
        gather(self.root(), &mut all);
        all
    }

    fn those<T: IsA<gtk::Widget>>(&self) -> Vec<T> {
        let all = self.widgets().into_iter();
        all.filter_map(|widget| widget.downcast().ok()).collect()
    }

    /// Every text on the screen.
    pub fn texts(&self) -> Vec<String> {
        let all = self.widgets();
        all.iter().filter_map(text).collect()
    }

    /// Whether a text on the screen has `part` in it.
    pub fn shows(&self, part: &str) -> bool {
        self.texts().iter().any(|text| text.contains(part))
    }

    /// Waits until `part` can be read.
    pub fn sees(&self, part: &str) {
        self.wait(&format!("“{part}” is seen"), || self.shows(part));
    }

    /// Waits until `part` can no longer be read.
    pub fn sees_no_more(&self, part: &str) {
        self.wait(&format!("“{part}” is gone"), || !self.shows(part));
    }

    /// Waits for `done`.
    pub fn wait(&self, what: &str, done: impl Fn() -> bool) {
        let deadline = Instant::now() + PATIENCE;
        while !done() {
            let texts = || self.texts().join("\n");
            assert!(
                Instant::now() < deadline,
                "not so: {what}; there is\n{}",
                texts()
            );
            turn();
        }
    }

    /// Waits until nothing happens any more.
    pub fn settles() {
        let mut since = Instant::now();
        let deadline = since + PATIENCE;
        while since.elapsed() < QUIET && Instant::now() < deadline {
            if turn() {
                since = Instant::now();
            }
        }
    }

    /// The headings of the dialogs that tell of an error or ask something, the last one on top.
    pub fn alerts(&self) -> Vec<String> {
        let dialogs = self.app.widget().dialogs();
        let dialogs = dialogs.iter::<glib::Object>().flatten();
        let alerts = dialogs.filter_map(|dialog| dialog.downcast::<adw::AlertDialog>().ok());
        alerts
            .filter_map(|alert| alert.heading().map(Into::into))
            .collect()
    }

    /// Waits until [`examples::trouble`] is told by one dialog, and closes that.
    pub fn is_told_of_trouble_once(&self) {
        self.sees(examples::TROUBLE.0);
        self.sees(examples::TROUBLE.1);
        Self::settles();
        assert_eq!(self.alerts(), [examples::TROUBLE.0]);
        self.press("Close");
        self.wait("the dialog is closed", || self.alerts().is_empty());
    }

    /// Waits until the trouble can be read on the page, with no dialog about it.
    pub fn page_tells_of_trouble(&self) {
        self.sees(&format!("{}.", examples::TROUBLE.0));
        Self::settles();
        assert_eq!(self.alerts(), [""; 0]);
    }

    /// The button with this label or tooltip; the last one is in front.
    fn button(&self, label: &str) -> Option<gtk::Button> {
        let buttons = self.those::<gtk::Button>().into_iter();
        let is_called = |button: &gtk::Button| {
            let mut inside = Vec::new();
            gather(button.upcast_ref(), &mut inside);
            button.tooltip_text().as_deref() == Some(label)
                || inside.iter().filter_map(text).any(|text| text == label)
        };
        buttons.filter(is_called).last()
    }

    /// Whether a button is there and can be pressed.
    pub fn can_press(&self, label: &str) -> bool {
        self.button(label)
            .is_some_and(|button| button.is_sensitive())
    }

    /// Waits until a button can be pressed.
    pub fn may_press(&self, label: &str) {
        self.wait(&format!("“{label}” can be pressed"), || {
            self.can_press(label)
        });
    }

    /// Presses a button as soon as that can be done.
    pub fn press(&self, label: &str) {
        self.may_press(label);
        if let Some(button) = self.button(label) {
            button.emit_clicked();
        }
    }

    /// Lets the toast go: its last button closes it.
    pub fn dismisses_toast(&self) {
        let all = self.widgets().into_iter();
        let toasts = all.filter(|widget| widget.type_().name() == "AdwToastWidget");
        let toast = toasts.last().unwrap();
        let mut inside = Vec::new();
        gather(&toast, &mut inside);
        let buttons = inside.into_iter();
        let buttons = buttons.filter_map(|widget| widget.downcast::<gtk::Button>().ok());
        buttons.last().unwrap().emit_clicked();
    }

    /// Shows the page of this title, as its button in a switcher does.
    pub fn turns_to(&self, page: &str) {
        self.wait(&format!("the page “{page}” is there"), || {
            self.turn(page)
        });
    }

    fn turn(&self, page: &str) -> bool {
        // A dialog is in front of the page behind it, which may have a page of the same title.
        let stacks = self.those::<adw::ViewStack>();
        for stack in stacks.into_iter().rev() {
            let pages = stack.pages();
            let pages = pages.iter::<glib::Object>().flatten();
            for one in pages.filter_map(|one| one.downcast::<adw::ViewStackPage>().ok()) {
                if one.title().as_deref() == Some(page) {
                    stack.set_visible_child(&one.child());
                    return true;
                }
            }
        }
        false
    }

    /// Chooses something in a menu, as `win.images`.
    pub fn chooses(&self, action: &str) {
        // A page's actions are below it.
        let all = self.widgets();
        let done = all
            .iter()
            .rev()
            .any(|widget| widget.activate_action(action, None).is_ok());
        assert!(done, "there is no action {action}");
    }

    /// Waits for the row of this title.
    pub fn row<T: IsA<gtk::Widget> + IsA<adw::PreferencesRow>>(&self, title: &str) -> T {
        let find = || {
            self.those::<T>()
                .into_iter()
                .find(|row| row.title() == title)
        };
        self.wait(&format!("the row “{title}” is there"), || {
            find().is_some()
        });
        find().unwrap()
    }

    /// Waits until the row can be used, and flips its switch.
    pub fn flips(&self, title: &str) {
        let row = self.row::<adw::SwitchRow>(title);
        self.wait(&format!("“{title}” can be switched"), || {
            row.is_sensitive()
        });
        row.set_active(!row.is_active());
    }

    /// Waits until the switch of this row is so.
    pub fn switch_is(&self, title: &str, on: bool) {
        let row = self.row::<adw::SwitchRow>(title);
        let state = if on { "on" } else { "off" };
        self.wait(&format!("“{title}” is {state}"), || {
            row.is_active() == on
        });
    }

    /// Whether a row's switch can be used.
    pub fn can_flip(&self, title: &str) -> bool {
        self.row::<adw::SwitchRow>(title).is_sensitive()
    }

    /// Whether a button that stays pressed is.
    pub fn is_pressed(&self, tooltip: &str) -> bool {
        let buttons = self.those::<gtk::ToggleButton>().into_iter();
        let mut these = buttons.filter(|it| it.tooltip_text().as_deref() == Some(tooltip));
        these.next().is_some_and(|button| button.is_active())
    }

    /// Presses a row that leads on.
    pub fn activates(&self, title: &str) {
        ActionRowExt::activate(&self.row::<adw::ActionRow>(title));
    }

    /// Presses Escape in the search entry in front.
    pub fn stops_search(&self) {
        let entries = self.those::<gtk::SearchEntry>();
        entries.last().unwrap().emit_stop_search();
    }

    /// Opens something with the app, as from a file manager.
    pub fn opens_file(&self, path: &str) {
        let file = gio::File::for_path(path);
        self.app.emit(AppInput::Opened(file));
    }

    /// Waits until this is written in a text that can be scrolled.
    pub fn reads(&self, part: &str) {
        let read = |view: gtk::TextView| {
            let buffer = view.buffer();
            let (start, end) = buffer.bounds();
            buffer.text(&start, &end, false)
        };
        let views = || self.those::<gtk::TextView>().into_iter();
        let has = || views().any(|view| read(view).contains(part));
        self.wait(&format!("“{part}” is read"), has);
    }

    /// Types into the entry of this title.
    pub fn types(&self, title: &str, text: &str) {
        self.row::<adw::EntryRow>(title).set_text(text);
    }
}

impl Drop for Window {
    fn drop(&mut self) {
        self.app.widget().destroy();
        turn();
    }
}

/// One turn of the main loop; whether something happened.
fn turn() -> bool {
    let happened = glib::MainContext::default().iteration(false);
    if !happened {
        std::thread::sleep(Duration::from_millis(2));
    }
    happened
}

fn gather(widget: &gtk::Widget, all: &mut Vec<gtk::Widget>) {
    if !widget.is_mapped() {
        return;
    }
    all.push(widget.clone());
    let mut child = widget.first_child();
    while let Some(one) = child {
        gather(&one, all);
        child = one.next_sibling();
    }
}

/// What can be read of a widget itself.
fn text(widget: &gtk::Widget) -> Option<String> {
    let label = widget.downcast_ref::<gtk::Label>().map(gtk::Label::text);
    let typed = || widget.downcast_ref::<gtk::Text>().map(EditableExt::text);
    label.or_else(typed).map(Into::into)
}
