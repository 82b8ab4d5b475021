//! How much of the computer the whole pet may use, and what of that holds.

mod enforced;
mod measure;
mod slider;

use gettextrs::gettext;
use kennel_model::{LimitStatus, PetLimits, PetSpec};
use relm4::adw;
use relm4::adw::prelude::*;

use super::{Ask, Section};
use crate::phrase::sentence;
use crate::problem;
use measure::Measure;
use slider::Slider;

/// The limits.
#[derive(Debug)]
pub struct LimitRows {
    group: adw::PreferencesGroup,
    sliders: Vec<Slider>,
    /// Why none holds on this computer, and what to do.
    unavailable: adw::ActionRow,
}

impl LimitRows {
    /// Adds the group to `page`.
    pub fn new(page: &adw::PreferencesPage, ask: &Ask) -> Self {
        let group = adw::PreferencesGroup::builder()
            .title(gettext("Limits"))
            .description(gettext("How much of this computer it may use."))
            .build();
        let unavailable = adw::ActionRow::builder()
            .use_markup(false)
            .title(gettext("Limits Cannot Be Enforced"))
            .subtitle_selectable(true)
            .visible(false)
            .build();
        unavailable.add_prefix(&problem::sign());
        group.add(&unavailable);
        let sliders: Vec<Slider> = Measure::ALL
            .into_iter()
            .map(|measure| Slider::new(measure, ask))
            .collect();
        for slider in &sliders {
            group.add(&slider.row);
        }
        for slider in &sliders {
            group.add(&slider.problem);
        }
        page.add(&group);
        Self {
            group,
            sliders,
            unavailable,
        }
    }
}

impl Section for LimitRows {
    fn show(&mut self, spec: &PetSpec) {
        for slider in &self.sliders {
            slider.show(spec);
        }
    }

    fn hold(&mut self, limits: &PetLimits) {
        for slider in &self.sliders {
            slider.hold(&limits.status, limits.computer);
        }
        let reason = limits.status.unavailable.as_ref();
        let holds = match reason {
            None => gettext("How much of this computer it may use. Changes apply at once."),
            Some(_) => gettext("How much of this computer it may use, when that can be enforced."),
        };
        self.group.set_description(Some(&holds));
        self.unavailable.set_visible(reason.is_some());
        for slider in &self.sliders {
            slider.offer(reason.is_none());
        }
        // The title says the rest.
        let why = reason.map(|reason| reason.part(LimitStatus::WHY).unwrap_or(reason));
        self.unavailable
            .set_subtitle(&why.map(sentence).unwrap_or_default());
    }
}
