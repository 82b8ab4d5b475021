//! The preset: where the rows below start from.

use gettextrs::gettext;
use kennel_model::{Choices, PetSpec, Preset};
use relm4::adw::prelude::*;
use relm4::{adw, gtk};

use super::{Ask, Section};
use crate::preset_rows::PresetRows;

/// The presets, and a way back to the chosen one.
#[derive(Debug)]
pub struct StartingPoint {
    rows: PresetRows,
    reset: gtk::Button,
}

impl StartingPoint {
    /// Adds the group to `page`.
    pub fn new(page: &adw::PreferencesPage, ask: &Ask) -> Self {
        let group = adw::PreferencesGroup::builder()
            .title(gettext("Starting Point"))
            .description(gettext(
                "Choosing one sets home, network, sharing and rights below.",
            ))
            .build();
        let reset = gtk::Button::builder()
            .label(gettext("Reset"))
            .tooltip_text(gettext("Set the rows below as the preset has them"))
            .valign(gtk::Align::Center)
            .css_classes(["flat"])
            .build();
        group.set_header_suffix(Some(&reset));
        let choose = {
            let ask = ask.clone();
            move |preset: Preset| {
                ask.choose(Choices {
                    preset: Some(preset),
                    ..Choices::default()
                });
            }
        };
        let rows = PresetRows::add_to(&group, choose.clone());
        let chosen = rows.clone();
        reset.connect_clicked(move |_| {
            if let Some(preset) = chosen.chosen() {
                choose(preset);
            }
        });
        page.add(&group);
        Self { rows, reset }
    }
}

impl Section for StartingPoint {
    fn show(&mut self, spec: &PetSpec) {
        self.rows.show(spec.preset);
        self.reset.set_visible(differs(spec));
    }
}

/// Whether the pet is otherwise than its preset says.
pub fn differs(spec: &PetSpec) -> bool {
    let preset = Choices {
        preset: Some(spec.preset),
        ..Choices::default()
    };
    spec.clone().edited(preset).as_ref() != Ok(spec)
}
