//! What a pet may reach: one row for every preset, of which one is chosen.

use kennel_model::Preset;
use relm4::adw::prelude::*;
use relm4::{adw, gtk};

use crate::words;

/// The rows.
#[derive(Debug, Clone)]
pub struct PresetRows(Vec<(Preset, gtk::CheckButton)>);

impl PresetRows {
    /// Adds the rows to `group`, with the default preset chosen; `choose` hears of another.
    pub fn add_to(
        group: &adw::PreferencesGroup,
        choose: impl Fn(Preset) + Clone + 'static,
    ) -> Self {
        let mut rows: Vec<(Preset, gtk::CheckButton)> = Vec::new();
        for preset in Preset::ALL {
            let check = gtk::CheckButton::builder()
                .valign(gtk::Align::Center)
                .active(preset == Preset::default())
                .build();
            check.update_property(&[gtk::accessible::Property::Label(&words::preset(preset))]);
            check.set_group(rows.first().map(|(_, first)| first));
            let choose = choose.clone();
            check.connect_toggled(move |check| {
                if check.is_active() {
                    choose(preset);
                }
            });
            let row = adw::ActionRow::builder()
                .title(words::preset(preset))
                .subtitle(words::preset_meaning(preset))
                .activatable_widget(&check)
                .build();
            row.add_prefix(&check);
            group.add(&row);
            rows.push((preset, check));
        }
        Self(rows)
    }

    /// Marks `preset` as the chosen one.
    pub fn show(&self, preset: Preset) {
        for (of, check) in &self.0 {
            if *of == preset {
                check.set_active(true);
            }
        }
    }

    /// The chosen one.
    pub fn chosen(&self) -> Option<Preset> {
        let chosen = self.0.iter().find(|(_, check)| check.is_active());
        chosen.map(|(preset, _)| *preset)
    }
}
