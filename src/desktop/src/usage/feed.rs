//! Samples for whatever shows them. Pets are looked at only while a widget that shows usage is on
//! the screen and the window is not hidden behind others.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::rc::Rc;

use kennel_model::{Computer, PetId, UsageSample};
use relm4::gtk::glib;
use relm4::gtk::prelude::*;
use relm4::{adw, gtk};

use super::History;
use crate::engine::Engine;

/// A handle on the one feed of the window.
#[derive(Debug, Clone, Default)]
pub struct Feed(Rc<Inner>);

#[derive(Debug, Default)]
struct Inner {
    engine: RefCell<Option<Engine>>,
    /// Tells the engine to look or not, in this order.
    switch: RefCell<Option<relm4::Sender<bool>>>,
    on: Cell<bool>,
    suspended: Cell<bool>,
    viewers: RefCell<Vec<Viewer>>,
    pets: RefCell<HashMap<PetId, History>>,
    computer: Cell<Option<Computer>>,
}

/// What is known of a pet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Known {
    /// No engine looks.
    Nothing,
    /// It has not been looked at yet.
    NotYet,
    /// It runs.
    Runs,
    /// It does not.
    Stopped,
}

/// Something that shows usage.
#[derive(Clone)]
struct Viewer {
    widget: glib::WeakRef<gtk::Widget>,
    show: Rc<dyn Fn()>,
}

impl std::fmt::Debug for Viewer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Viewer").field(&self.widget).finish()
    }
}

impl Viewer {
    fn is_seen(&self) -> bool {
        self.widget
            .upgrade()
            .is_some_and(|widget| widget.is_mapped())
    }
}

impl Feed {
    /// The engine that looks, if one runs.
    pub fn engine(&self) -> Option<Engine> {
        self.0.engine.borrow().clone()
    }

    /// There is another engine, or none.
    pub fn set_engine(&self, engine: Option<Engine>) {
        self.0.engine.replace(engine.clone());
        self.0.on.set(false);
        // What was is not shown as if it were still, and a gap in time is none of the pets'.
        self.0.computer.set(None);
        self.0.pets.borrow_mut().clear();
        let switch = engine.map(|engine| {
            let (sender, receiver) = relm4::channel();
            relm4::spawn(async move {
                while let Some(on) = receiver.recv().await {
                    engine.watch_usage(on).await;
                }
            });
            sender
        });
        self.0.switch.replace(switch);
        self.show();
        self.settle();
    }

    /// Does not look while `window` cannot be seen at all.
    pub fn follow(&self, window: &adw::ApplicationWindow) {
        let feed = self.clone();
        window.connect_suspended_notify(move |window| {
            feed.0.suspended.set(window.is_suspended());
            feed.settle();
        });
    }

    /// Calls `show` when `widget` appears, and after each sample while it is on the screen.
    pub fn attach(&self, widget: &impl IsA<gtk::Widget>, show: impl Fn() + 'static) {
        let show: Rc<dyn Fn()> = Rc::new(show);
        self.0.viewers.borrow_mut().push(Viewer {
            widget: widget.upcast_ref::<gtk::Widget>().downgrade(),
            show: Rc::clone(&show),
        });
        let feed = self.clone();
        widget.connect_map(move |_| {
            show();
            feed.settle();
        });
        let feed = self.clone();
        widget.connect_unmap(move |_| feed.settle());
    }

    /// Begins or ends to look, after what is on the screen.
    fn settle(&self) {
        let inner = Rc::downgrade(&self.0);
        // Not while widgets change: one page goes as another comes.
        glib::idle_add_local_once(move || {
            if let Some(inner) = inner.upgrade() {
                Self(inner).switch();
            }
        });
    }

    fn switch(&self) {
        let seen = self.0.viewers.borrow().iter().any(Viewer::is_seen);
        let wanted = seen && !self.0.suspended.get();
        if let Some(switch) = &*self.0.switch.borrow()
            && self.0.on.replace(wanted) != wanted
        {
            switch.emit(wanted);
        }
    }

    /// Takes a sample and shows it. A pet that is not in it does not run.
    pub fn take(&self, sample: UsageSample) {
        self.0.computer.set(Some(sample.computer));
        let mut pets = self.0.pets.borrow_mut();
        pets.retain(|id, _| sample.pets.iter().any(|pet| pet.id == *id));
        for pet in sample.pets {
            let history = pets.entry(pet.id.clone()).or_default();
            history.push(sample.at_micros, pet);
        }
        drop(pets);
        self.show();
    }

    /// Lets everything that is seen show what is known.
    fn show(&self) {
        let mut viewers = self.0.viewers.borrow_mut();
        viewers.retain(|viewer| viewer.widget.upgrade().is_some());
        let seen: Vec<Viewer> = viewers.iter().filter(|it| it.is_seen()).cloned().collect();
        // What is shown may attach more.
        drop(viewers);
        for viewer in seen {
            (viewer.show)();
        }
    }

    /// Whether `pet` is seen to run, as far as that is known.
    pub fn knows(&self, pet: &PetId) -> Known {
        if self.0.engine.borrow().is_none() {
            Known::Nothing
        } else if self.computer().is_none() {
            Known::NotYet
        } else if self.0.pets.borrow().contains_key(pet) {
            Known::Runs
        } else {
            Known::Stopped
        }
    }

    /// What this computer has; `None` before the first sample.
    pub fn computer(&self) -> Option<Computer> {
        self.0.computer.get()
    }

    /// Reads the history of a pet that runs.
    pub fn read<T>(&self, pet: &PetId, read: impl FnOnce(&History) -> T) -> Option<T> {
        self.0.pets.borrow().get(pet).map(read)
    }
}
