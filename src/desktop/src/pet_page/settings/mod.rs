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
mod project;
mod rights;
mod rows;
mod sharing;
mod variables;

use std::cell::Cell;
use std::rc::Rc;

use gettextrs::gettext;
use kennel_model::{Choices, PetLimits, PetSpec, ShareSummary, UserError};
use kennel_protocol::Capabilities;
use relm4::adw::prelude::*;
use relm4::{ComponentParts, ComponentSender, SimpleComponent, adw, gtk};

use crate::problem;

pub use preset::differs;

/// The page of settings.
#[derive(Debug)]
pub struct Settings {
    sections: Vec<Box<dyn Section>>,
    ask: Ask,
    known: bool,
    /// What there is instead, when the pet could not be read even once.
    problem: problem::Page,
    failed: bool,
}

/// What the settings are told.
#[derive(Debug)]
pub enum SettingsInput {
    /// The pet as it is now, and what of its limits holds.
    Show(Box<PetSpec>, Option<Box<PetLimits>>),
    /// The pet could not be read.
    Fail(UserError),
    /// What this computer lets pets do.
    Computer(Capabilities),
    /// What this computer has of what pets can be given.
    Shares(Vec<ShareSummary>),
}

/// Some groups of rows that belong together.
trait Section: std::fmt::Debug {
    /// Sets the rows after the pet.
    fn show(&mut self, spec: &PetSpec);

    /// Says what of the pet's limits holds.
    fn hold(&mut self, _limits: &PetLimits) {}
    /// Shows the rows that make a difference on this computer.
    fn show_computer(&mut self, _: &Capabilities) {}
    /// Shows what can be had on this computer.
    fn show_shares(&mut self, _: &[ShareSummary]) {}
}

/// How a row asks for what it stands for. While rows are set from the pet, nothing is asked.
#[derive(Debug, Clone)]
struct Ask {
    wanted: relm4::Sender<SettingsOutput>,
    showing: Rc<Cell<bool>>,
}

impl Ask {
    /// Whether rows are set from the pet.
    fn is_showing(&self) -> bool {
        self.showing.get()
    }

    fn choose(&self, choices: Choices) {
        if !self.showing.get() {
            self.wanted.emit(SettingsOutput::Change(Box::new(choices)));
        }
    }
}

/// What the person wants.
#[derive(Debug)]
pub enum SettingsOutput {
    /// This otherwise.
    Change(Box<Choices>),
    /// The pet read again.
    Read,
    /// To be told what this computer lets pets do, as they look at the page.
    Computer,
}

#[relm4::component(pub)]
impl SimpleComponent for Settings {
    type Init = ();
    type Input = SettingsInput;
    type Output = SettingsOutput;

    view! {
        #[root]
        gtk::Stack {
            connect_map[sender] => move |_| {
                let _ = sender.output(SettingsOutput::Computer);
            },
            #[local_ref]
            add_named[Some("settings")] = page -> adw::PreferencesPage {
                #[watch]
                set_sensitive: model.known,
            },
            #[local_ref]
            add_named[Some("problem")] = problem -> adw::StatusPage {},
            #[watch]
            set_visible_child_name: if model.failed { "problem" } else { "settings" },
        }
    }

    fn init((): (), root: Self::Root, sender: ComponentSender<Self>) -> ComponentParts<Self> {
        let ask = Ask {
            wanted: sender.output_sender().clone(),
            showing: Rc::default(),
        };
        let page = &adw::PreferencesPage::new();
        let again = sender.output_sender().clone();
        let again = move || again.emit(SettingsOutput::Read);
        let model = Self {
            sections: vec![
                Box::new(preset::StartingPoint::new(page, &ask)),
                Box::new(sharing::Sharing::new(page, &ask)),
                Box::new(mounts::Mounts::new(page, &ask)),
                Box::new(network::Network::new(page, &ask)),
                Box::new(rights::Rights::new(page, &ask)),
                Box::new(variables::Variables::new(page, &ask)),
                Box::new(limits::LimitRows::new(page, &ask)),
                Box::new(alerts::Alerts::new(page, &ask)),
                Box::new(advanced::Advanced::new(page, &ask)),
            ],
            ask,
            known: false,
            problem: problem::Page::new(&gettext("The Settings Cannot Be Shown"), again),
            failed: false,
        };
        let problem = &model.problem.page.clone();
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
                self.failed = false;
            }
            SettingsInput::Fail(problem) => {
                self.problem.say(&problem);
                // What is known stays.
                self.failed = !self.known;
            }
            SettingsInput::Computer(computer) => {
                self.ask.showing.set(true);
                sections.for_each(|section| section.show_computer(&computer));
                self.ask.showing.set(false);
            }
            SettingsInput::Shares(shares) => {
                sections.for_each(|section| section.show_shares(&shares));
            }
        }
    }
}
