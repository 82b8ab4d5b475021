//! What the pet uses now, in a line on the overview.

use std::cell::Cell;
use std::rc::Rc;

use gettextrs::gettext;
use kennel_model::{PetId, PetState, PetSummary};
use relm4::adw::prelude::*;
use relm4::{adw, gtk};

use crate::usage::{Curve, Feed, Graph, Known, Picture, Tint, words};

/// The group on the overview.
#[derive(Debug)]
pub struct UsageRow {
    /// The group.
    pub group: adw::PreferencesGroup,
    runs: Rc<Cell<bool>>,
}

impl UsageRow {
    /// The group about `pet`; `open` is where there is more.
    pub fn new(pet: &PetSummary, feed: &Feed, open: impl Fn() + 'static) -> Self {
        let runs = Rc::new(Cell::new(runs(pet)));
        let group = adw::PreferencesGroup::builder()
            .title(gettext("What It Uses"))
            .build();
        let row = adw::ActionRow::builder()
            .title(gettext("Usage"))
            .activatable(true)
            .build();
        let graph = Graph::new(&gettext("Processor"), 72, 28);
        graph.set_valign(gtk::Align::Center);
        graph.set_visible(false);
        let arrow = gtk::Image::builder()
            .icon_name("go-next-symbolic")
            .accessible_role(gtk::AccessibleRole::Presentation)
            .build();
        row.add_suffix(&graph);
        row.add_suffix(&arrow);
        row.connect_activated(move |_| open());
        group.add(&row);
        row.set_subtitle(&unmeasured(Known::NotYet, runs.get()));
        let (weak, source, id) = (row.downgrade(), feed.clone(), pet.id.clone());
        let told = Rc::clone(&runs);
        feed.attach(&row, move || {
            if let Some(row) = weak.upgrade() {
                show(&row, &graph, &source, &id, told.get());
            }
        });
        Self { group, runs }
    }

    /// What the list says of the pet: all that is known before the first sample.
    pub fn listed(&self, pet: &PetSummary) {
        self.runs.set(runs(pet));
    }
}

fn runs(pet: &PetSummary) -> bool {
    pet.state != PetState::Stopped
}

/// What is said where there is nothing measured.
fn unmeasured(known: Known, runs: bool) -> String {
    match known {
        Known::Nothing => gettext("Not known while the engine does not run"),
        Known::NotYet if !runs => gettext("Not running"),
        Known::NotYet | Known::Runs => gettext("Measuring"),
        Known::Stopped => gettext("Not running"),
    }
}

fn show(row: &adw::ActionRow, graph: &Graph, feed: &Feed, pet: &PetId, runs: bool) {
    let shown = feed.computer().and_then(|computer| {
        let read = feed.read(pet, |history| {
            let cores = history.series(|moment| moment.rate.map(|rate| rate.cores));
            let moment = history.last()?;
            let text = words::summary(moment, computer);
            Some((text, cores, words::may_use(moment, computer)))
        });
        read.flatten()
    });
    graph.set_visible(shown.is_some());
    match shown {
        None => row.set_subtitle(&unmeasured(feed.knows(pet), runs)),
        Some((text, series, most)) => {
            row.set_subtitle(&text);
            let picture = Picture {
                curves: vec![Curve {
                    series,
                    tint: Tint::First,
                }],
                top: most as f64 / 1000.0,
                limit: None,
            };
            graph.show_picture(picture, &text);
        }
    }
}
