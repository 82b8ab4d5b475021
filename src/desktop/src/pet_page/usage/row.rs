//! What the pet uses now, in a line on the overview.

use gettextrs::gettext;
use kennel_model::PetId;
use relm4::adw::prelude::*;
use relm4::{adw, gtk};

use crate::usage::{Curve, Feed, Graph, Known, Picture, Tint, words};

/// The group on the overview.
#[derive(Debug)]
pub struct UsageRow {
    /// The group.
    pub group: adw::PreferencesGroup,
}

impl UsageRow {
    /// The group about `pet`; `open` is where there is more.
    pub fn new(pet: PetId, feed: &Feed, open: impl Fn() + 'static) -> Self {
        let group = adw::PreferencesGroup::builder()
            .title(gettext("What It Uses"))
            .build();
        let row = adw::ActionRow::builder()
            .title(gettext("Usage"))
            .subtitle(gettext("Measuring"))
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
        let (weak, source) = (row.downgrade(), feed.clone());
        feed.attach(&row, move || {
            if let Some(row) = weak.upgrade() {
                show(&row, &graph, &source, &pet);
            }
        });
        Self { group }
    }
}

fn show(row: &adw::ActionRow, graph: &Graph, feed: &Feed, pet: &PetId) {
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
        None => row.set_subtitle(&match feed.knows(pet) {
            Known::Nothing => gettext("Not known while the engine does not run"),
            Known::NotYet | Known::Runs => gettext("Measuring"),
            Known::Stopped => gettext("Not running"),
        }),
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
