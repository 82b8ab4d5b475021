//! When the person is told about the pet.

use std::cell::Cell;
use std::rc::Rc;

use gettextrs::gettext;
use kennel_model::{AlertChoices, AlertMode, AlertSettings, AlertThresholds, Choices, PetSpec};
use relm4::adw;
use relm4::adw::prelude::*;

use super::rows::Selection;
use super::{Ask, Section};
use crate::thresholds::Thresholds;

const MODES: &[AlertMode] = &[AlertMode::Default, AlertMode::On, AlertMode::Off];

/// Whose word counts, and the pet's own thresholds.
#[derive(Debug)]
pub struct Alerts {
    mode: Selection<AlertMode>,
    thresholds: Thresholds,
    shown: Rc<Cell<AlertThresholds>>,
}

impl Alerts {
    /// Adds the group to `page`.
    pub fn new(page: &adw::PreferencesPage, ask: &Ask) -> Self {
        let group = adw::PreferencesGroup::builder()
            .title(gettext("Alerts"))
            .description(gettext(
                "You are alerted when it uses up the processor, its memory or the disk, or ends by itself. Without control groups, only when the disk is nearly full or it ends.",
            ))
            .build();
        let shown = Rc::new(Cell::new(AlertThresholds::default()));
        let begins_with = shown.clone();
        let mode = Selection::new(&gettext("When to Alert"), MODES, words, ask, move |mode| {
            let thresholds = begins_with.get();
            Choices {
                alerts: AlertChoices {
                    mode: Some(mode),
                    // What is shown then is what holds, whatever the preferences say.
                    own: match mode {
                        AlertMode::On => all_of(thresholds),
                        AlertMode::Default | AlertMode::Off => AlertSettings::default(),
                    },
                },
                ..Choices::default()
            }
        });
        group.add(&mode.row);
        let ask = ask.clone();
        let thresholds = Thresholds::add_to(&group, move |own| {
            ask.choose(Choices {
                alerts: AlertChoices { mode: None, own },
                ..Choices::default()
            });
        });
        page.add(&group);
        Self {
            mode,
            thresholds,
            shown,
        }
    }
}

impl Section for Alerts {
    fn show(&mut self, spec: &PetSpec) {
        let mode = match spec.alerts {
            AlertSettings {
                enabled: Some(false),
                ..
            } => AlertMode::Off,
            own if own.is_empty() => AlertMode::Default,
            _ => AlertMode::On,
        };
        let thresholds = spec.alerts.over(AlertThresholds::default());
        self.shown.set(thresholds);
        self.mode.show(mode);
        self.thresholds.show(thresholds);
        self.thresholds.set_visible(mode == AlertMode::On);
    }
}

fn words(mode: AlertMode) -> (String, String) {
    match mode {
        AlertMode::Default => (
            gettext("As for All Pets"),
            gettext("As set in Preferences."),
        ),
        AlertMode::On => (
            gettext("As Set Below"),
            gettext("Whatever is set in Preferences."),
        ),
        AlertMode::Off => (gettext("Never"), gettext("You are not alerted about it.")),
    }
}

fn all_of(thresholds: AlertThresholds) -> AlertSettings {
    AlertSettings {
        enabled: None,
        cpu_percent: Some(thresholds.cpu_percent),
        cpu_seconds: Some(thresholds.cpu_seconds),
        memory_percent: Some(thresholds.memory_percent),
        disk_free_percent: Some(thresholds.disk_free_percent),
    }
}
