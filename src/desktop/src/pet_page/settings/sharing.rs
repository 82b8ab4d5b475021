//! What of the person's computer the pet is given: their home, and a switch for every share.

use gettextrs::gettext;
use kennel_model::{Choices, HomeMode, PetSpec, Share, ShareSummary};
use relm4::adw;
use relm4::adw::prelude::*;

use super::{Ask, Section, rows};
use crate::shares::{self, Kind};

/// The home and the shares.
#[derive(Debug)]
pub struct Sharing {
    home: adw::SwitchRow,
    kinds: Vec<(adw::ExpanderRow, Vec<(Share, adw::SwitchRow)>)>,
    /// What this computer has nothing of.
    missing: Vec<Share>,
}

impl Sharing {
    /// Adds the group to `page`.
    pub fn new(page: &adw::PreferencesPage, ask: &Ask) -> Self {
        let group = adw::PreferencesGroup::builder()
            .title(gettext("Sharing"))
            .description(gettext("What it gets from this computer, where available."))
            .build();
        let home = rows::switch(
            &gettext("Your Home Folder"),
            &gettext("When off, it has a home of its own and your files stay out of reach."),
            ask,
            |shared| Choices {
                home: Some(if shared {
                    HomeMode::Shared
                } else {
                    HomeMode::Private
                }),
                ..Choices::default()
            },
        );
        group.add(&home);
        let kinds = Kind::ALL.into_iter().map(|kind| {
            let expander = adw::ExpanderRow::builder().title(kind.title()).build();
            let switches: Vec<_> = kind
                .shares()
                .map(|share| (share, switch(share, ask)))
                .collect();
            for (_, row) in &switches {
                expander.add_row(row);
            }
            expander.set_visible(!switches.is_empty());
            group.add(&expander);
            (expander, switches)
        });
        let kinds = kinds.collect();
        page.add(&group);
        Self {
            home,
            kinds,
            missing: Vec::new(),
        }
    }

    /// What is not here is not offered, and its row says so; what the pet has can be taken away.
    fn offer(&self) {
        for (share, row) in self.kinds.iter().flat_map(|(_, switches)| switches) {
            let is_missing = self.missing.contains(share);
            row.set_sensitive(!is_missing || row.is_active());
            let mut words = shares::meaning(*share);
            if is_missing {
                words = format!("{words} {}", gettext("This computer has none of it."));
            }
            row.set_subtitle(&words);
        }
    }
}

impl Section for Sharing {
    fn show(&mut self, spec: &PetSpec) {
        self.home.set_active(spec.home == HomeMode::Shared);
        for (expander, switches) in &self.kinds {
            for (share, row) in switches {
                row.set_active(spec.shares.contains(share));
            }
            let given = switches.iter().map(|(share, _)| *share);
            let given = given.filter(|share| spec.shares.contains(share));
            let titles: Vec<String> = given.map(shares::title).collect();
            let subtitle = if titles.is_empty() {
                gettext("Nothing")
            } else {
                titles.join(" · ")
            };
            expander.set_subtitle(&subtitle);
        }
        self.offer();
    }

    fn show_shares(&mut self, shares: &[ShareSummary]) {
        let missing = shares.iter().filter(|share| !share.here);
        self.missing = missing.map(|share| share.word).collect();
        self.offer();
    }
}

fn switch(share: Share, ask: &Ask) -> adw::SwitchRow {
    rows::switch(
        &shares::title(share),
        &shares::meaning(share),
        ask,
        move |given| {
            let (share, no_share) = if given {
                (vec![share], Vec::new())
            } else {
                (Vec::new(), vec![share])
            };
            Choices {
                share,
                no_share,
                ..Choices::default()
            }
        },
    )
}
