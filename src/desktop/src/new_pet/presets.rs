//! What the pet may reach: one row for every preset, of which one is chosen.

use kennel_model::Preset;
use relm4::adw::prelude::*;
use relm4::{ComponentSender, adw, gtk};

use super::{NewPet, NewPetInput};
use crate::words;

/// Adds the rows to `group`; the default preset is chosen.
pub fn add_to(group: &adw::PreferencesGroup, sender: &ComponentSender<NewPet>) {
    let mut first: Option<gtk::CheckButton> = None;
    for preset in Preset::ALL {
        let check = gtk::CheckButton::builder()
            .valign(gtk::Align::Center)
            .active(preset == Preset::default())
            .build();
        check.update_property(&[gtk::accessible::Property::Label(&words::preset(preset))]);
        check.set_group(first.as_ref());
        first.get_or_insert_with(|| check.clone());
        let sender = sender.clone();
        check.connect_toggled(move |check| {
            if check.is_active() {
                sender.input(NewPetInput::Preset(preset));
            }
        });
        let row = adw::ActionRow::builder()
            .title(words::preset(preset))
            .subtitle(words::preset_meaning(preset))
            .activatable_widget(&check)
            .build();
        row.add_prefix(&check);
        group.add(&row);
    }
}
