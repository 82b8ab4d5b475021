//! A pet in the sidebar: its shape, name, state word and project, or what is wrong with it.

use kennel_model::PetSummary;
use relm4::adw::prelude::*;
use relm4::factory::{DynamicIndex, FactoryComponent, FactorySender};
use relm4::{adw, gtk};

use crate::engine::Now;
use crate::error;
use crate::words;

/// One row.
#[derive(Debug)]
pub struct PetRow {
    /// What it shows.
    pub pet: PetSummary,
    /// What is being done to it.
    pub now: Now,
}

impl PetRow {
    fn subtitle(&self) -> String {
        match (&self.now.step, &self.pet.error) {
            (Some(step), _) => step.clone(),
            (None, Some(error)) => error::shortened(&error::what(error)),
            (None, None) => match words::worst_alert(&self.pet) {
                Some(kind) => words::alert_title(kind),
                None => words::project(&self.pet),
            },
        }
    }
}

#[relm4::factory(pub)]
impl FactoryComponent for PetRow {
    type Init = (PetSummary, Now);
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
            #[watch]
            set_subtitle_lines: if self.pet.error.is_some() { 3 } else { 1 },
            #[watch]
            set_title: self.pet.name.as_str(),
            #[watch]
            set_subtitle: &self.subtitle(),
            #[watch]
            set_tooltip_text: self.pet.error.as_ref().map(error::both).as_deref(),
            add_prefix = &gtk::Label {
                set_accessible_role: gtk::AccessibleRole::Presentation,
                #[watch]
                set_css_classes: &["pet-state", self.pet.state.as_str()],
                #[watch]
                set_label: words::shape(self.pet.state),
            },
            add_suffix = &gtk::Image {
                set_icon_name: Some("dialog-warning-symbolic"),
                add_css_class: "warning",
                // The subtitle says it in words.
                set_accessible_role: gtk::AccessibleRole::Presentation,
                #[watch]
                set_visible: !self.pet.alerts.is_empty(),
            },
            add_suffix = &gtk::Label {
                add_css_class: "dim-label",
                add_css_class: "caption",
                #[watch]
                set_label: &words::status(self.pet.state, self.now.doing),
            },
        }
    }

    fn init_model(
        (pet, now): Self::Init,
        _index: &DynamicIndex,
        _sender: FactorySender<Self>,
    ) -> Self {
        Self { pet, now }
    }
}
