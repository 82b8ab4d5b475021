//! A pet in the sidebar: its shape, name, state word and project.

use kennel_model::PetSummary;
use relm4::adw::prelude::*;
use relm4::factory::{DynamicIndex, FactoryComponent, FactorySender};
use relm4::{adw, gtk};

use crate::words;

/// One row.
#[derive(Debug)]
pub struct PetRow {
    /// What it shows.
    pub pet: PetSummary,
}

impl PetRow {
    fn subtitle(&self) -> String {
        self.pet
            .problem
            .clone()
            .unwrap_or_else(|| words::project(&self.pet))
    }
}

#[relm4::factory(pub)]
impl FactoryComponent for PetRow {
    type Init = PetSummary;
    type Input = ();
    type Output = ();
    type CommandOutput = ();
    type ParentWidget = gtk::ListBox;

    view! {
        #[root]
        adw::ActionRow {
            set_activatable: true,
            set_use_markup: false,
            set_title_lines: 1,
            set_subtitle_lines: 1,
            #[watch]
            set_title: self.pet.name.as_str(),
            #[watch]
            set_subtitle: &self.subtitle(),
            add_prefix = &gtk::Label {
                set_accessible_role: gtk::AccessibleRole::Presentation,
                #[watch]
                set_css_classes: &["pet-state", self.pet.state.as_str()],
                #[watch]
                set_label: words::shape(self.pet.state),
            },
            add_suffix = &gtk::Label {
                add_css_class: "dim-label",
                add_css_class: "caption",
                #[watch]
                set_label: &words::state(self.pet.state),
            },
        }
    }

    fn init_model(pet: PetSummary, _index: &DynamicIndex, _sender: FactorySender<Self>) -> Self {
        Self { pet }
    }
}
