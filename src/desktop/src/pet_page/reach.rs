//! What the pet can reach, in words: one line, and behind it every single thing.

use std::cell::RefCell;
use std::rc::Rc;

use gettextrs::gettext;
use kennel_model::{PetSpec, PetSummary};
use relm4::adw::prelude::*;
use relm4::{adw, gtk};

use super::settings;
use crate::reachable::{self, Thing};
use crate::words::{self, gettext_f, ngettext_f};

/// How many things the summary names before it counts the rest.
const NAMED: usize = 4;

/// The group on the overview.
#[derive(Debug)]
pub struct Reach {
    /// The group.
    pub group: adw::PreferencesGroup,
    expander: adw::ExpanderRow,
    things: Things,
}

/// Every single thing, and the rows of those that are unfolded: they are made when that is done first.
type Things = Rc<RefCell<(Vec<Thing>, Vec<adw::ActionRow>)>>;

impl Reach {
    /// The group as far as the pet's summary tells; `open_settings` is where it can be changed.
    pub fn new(pet: &PetSummary, open_settings: impl Fn() + 'static) -> Self {
        let group = adw::PreferencesGroup::builder()
            .title(gettext("What It Can Reach"))
            .build();
        let expander = adw::ExpanderRow::builder()
            .use_markup(false)
            .title(words::preset(pet.preset))
            .subtitle(words::preset_meaning(pet.preset))
            .build();
        let settings = adw::ActionRow::builder()
            .title(gettext("Settings"))
            .subtitle(gettext("Change what it can reach, and what it may do"))
            .activatable(true)
            .build();
        let arrow = gtk::Image::builder()
            .icon_name("go-next-symbolic")
            .accessible_role(gtk::AccessibleRole::Presentation)
            .build();
        settings.add_suffix(&arrow);
        settings.connect_activated(move |_| open_settings());
        group.add(&expander);
        group.add(&settings);
        let things = Things::default();
        let unfolded = things.clone();
        expander.connect_expanded_notify(move |expander| {
            if expander.is_expanded() && unfolded.borrow().1.is_empty() {
                fill(expander, &unfolded);
            }
        });
        Self {
            group,
            expander,
            things,
        }
    }

    /// Lists what this pet can reach.
    pub fn show(&mut self, spec: &PetSpec) {
        let mut things = reachable::places(spec);
        things.extend(reachable::shares(&spec.shares));
        let preset = words::preset(spec.preset);
        let title = if settings::differs(spec) {
            gettext_f("{preset}, With Changes", &[("preset", &preset)])
        } else {
            preset
        };
        self.expander.set_title(&title);
        self.expander.set_subtitle(&summary(&things));
        self.expander.set_enable_expansion(!things.is_empty());
        let rows = {
            let mut known = self.things.borrow_mut();
            known.0 = things;
            std::mem::take(&mut known.1)
        };
        for row in &rows {
            self.expander.remove(row);
        }
        if self.expander.is_expanded() {
            fill(&self.expander, &self.things);
        }
    }
}

/// Adds the row of each thing.
fn fill(expander: &adw::ExpanderRow, things: &Things) {
    let (things, rows) = &mut *things.borrow_mut();
    for (title, meaning) in things {
        let row = adw::ActionRow::builder()
            .use_markup(false)
            .title(&*title)
            .subtitle(&*meaning)
            .build();
        expander.add_row(&row);
        rows.push(row);
    }
}

/// The first few, and how many more.
fn summary(things: &[(String, String)]) -> String {
    if things.is_empty() {
        return gettext("Nothing of yours, and no network.");
    }
    let mut words: Vec<String> = things.iter().map(|(title, _)| title.clone()).collect();
    let more = words.len().saturating_sub(NAMED);
    if more > 1 {
        words.truncate(NAMED);
        words.push(ngettext_f("{n} more", "{n} more", more as u64));
    }
    words.join(" · ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(count: usize) -> Vec<(String, String)> {
        (1..=count)
            .map(|n| (format!("T{n}"), String::new()))
            .collect()
    }

    #[test]
    fn a_summary_names_four_and_counts_the_rest() {
        assert_eq!(summary(&named(2)), "T1 · T2");
        // “1 more” would take the place of the name itself.
        assert_eq!(summary(&named(5)), "T1 · T2 · T3 · T4 · T5");
        assert_eq!(summary(&named(7)), "T1 · T2 · T3 · T4 · 3 more");
        assert_eq!(summary(&[]), "Nothing of yours, and no network.");
    }
}
