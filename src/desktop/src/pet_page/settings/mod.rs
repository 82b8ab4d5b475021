//! A pet's settings: everything that can be chosen about it, applied as soon as a row is changed.
//!
//! A section knows its rows and which choice a row stands for. What follows from a choice, and
//! which choices go together, only the model and the engine know: after each answer all rows are
//! set from the pet as it is then, so that a refused choice goes back by itself.

mod advanced;
mod alerts;
mod entry;
mod limits;
mod list;
mod mounts;
mod network;
mod preset;
mod rights;
mod rows;
mod sharing;
mod variables;

use std::cell::Cell;
use std::rc::Rc;

use kennel_model::{Choices, PetLimits, PetSpec};
use kennel_protocol::Capabilities;
use relm4::adw::prelude::*;
use relm4::{ComponentParts, ComponentSender, SimpleComponent, adw};

pub use preset::differs;

/// The page of settings.
#[derive(Debug)]
pub struct Settings {
    sections: Vec<Box<dyn Section>>,
    ask: Ask,
    known: bool,
}

/// What the settings are told.
#[derive(Debug)]
pub enum SettingsInput {
    /// The pet as it is now, and what of its limits holds.
    Show(Box<PetSpec>, Option<Box<PetLimits>>),
    /// What this computer lets pets do.
    Computer(Capabilities),
}

/// Some groups of rows that belong together.
trait Section: std::fmt::Debug {
    /// Sets the rows after the pet.
    fn show(&mut self, spec: &PetSpec);

    /// Says what of the pet's limits holds.
    fn hold(&mut self, _limits: &PetLimits) {}
    /// Shows the rows that make a difference on this computer.
    fn show_computer(&mut self, _: &Capabilities) {}
}

/// How a row asks for what it stands for. While rows are set from the pet, nothing is asked.
#[derive(Debug, Clone)]
struct Ask {
    wanted: relm4::Sender<Box<Choices>>,
    showing: Rc<Cell<bool>>,
}

impl Ask {
    /// Whether rows are set from the pet.
    fn is_showing(&self) -> bool {
        self.showing.get()
    }

    fn choose(&self, choices: Choices) {
        if !self.showing.get() {
            self.wanted.emit(Box::new(choices));
        }
    }
}

#[relm4::component(pub)]
impl SimpleComponent for Settings {
    type Init = ();
    type Input = SettingsInput;
    type Output = Box<Choices>;

    view! {
        #[root]
        adw::PreferencesPage {
            #[watch]
            set_sensitive: model.known,
        }
    }

    fn init((): (), root: Self::Root, sender: ComponentSender<Self>) -> ComponentParts<Self> {
        let ask = Ask {
            wanted: sender.output_sender().clone(),
            showing: Rc::default(),
        };
        let model = Self {
            sections: vec![
                Box::new(preset::StartingPoint::new(&root, &ask)),
                Box::new(sharing::Sharing::new(&root, &ask)),
                Box::new(mounts::Mounts::new(&root, &ask)),
                Box::new(network::Network::new(&root, &ask)),
                Box::new(rights::Rights::new(&root, &ask)),
                Box::new(variables::Variables::new(&root, &ask)),
                Box::new(limits::LimitRows::new(&root, &ask)),
                Box::new(alerts::Alerts::new(&root, &ask)),
                Box::new(advanced::Advanced::new(&root, &ask)),
            ],
            ask,
            known: false,
        };
        let widgets = view_output!();
        ComponentParts { model, widgets }
    }

    fn update(&mut self, message: SettingsInput, _: ComponentSender<Self>) {
        let sections = self.sections.iter_mut();
        match message {
            SettingsInput::Show(spec, limits) => {
                self.ask.showing.set(true);
                for section in sections {
                    // First the ends of the sliders, then their places.
                    if let Some(limits) = &limits {
                        section.hold(limits);
                    }
                    section.show(&spec);
                }
                self.ask.showing.set(false);
                self.known = true;
            }
            SettingsInput::Computer(computer) => {
                sections.for_each(|section| section.show_computer(&computer));
            }
        }
    }
}
