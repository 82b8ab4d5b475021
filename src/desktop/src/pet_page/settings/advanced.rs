//! What few people change: host name, first directory, services, and limits of each process.

use std::path::PathBuf;

use gettextrs::gettext;
use kennel_model::{Choices, InitMode, InvalidUlimit, PetSpec, Resource, Ulimit};
use relm4::adw;
use relm4::adw::prelude::*;

use super::entry::Entry;
use super::{Ask, Section, rows};
use crate::remove_button::remove_button;
use crate::words::{self, gettext_f};

/// The rows behind “Advanced”.
#[derive(Debug)]
pub struct Advanced {
    expander: adw::ExpanderRow,
    hostname: Entry,
    workdir: Entry,
    services: adw::SwitchRow,
    ulimit: Entry,
    ulimits: Vec<(Ulimit, adw::ActionRow)>,
    ask: Ask,
}

impl Advanced {
    /// Adds the group to `page`.
    pub fn new(page: &adw::PreferencesPage, ask: &Ask) -> Self {
        let group = adw::PreferencesGroup::new();
        let expander = adw::ExpanderRow::builder()
            .title(gettext("Advanced"))
            .subtitle(gettext("Host name, services, limits for each process"))
            .build();
        let hostname = Entry::value(&gettext("Host Name Inside"), ask, read_hostname);
        let workdir = Entry::value(&gettext("Folder Where Shells Start"), ask, read_workdir);
        let services = rows::switch(
            &gettext("Background Services"),
            &gettext("Starts with the image’s own init, such as systemd. Needs sudo."),
            ask,
            |image| Choices {
                init: Some(if image {
                    InitMode::Image
                } else {
                    InitMode::Kennel
                }),
                ..Choices::default()
            },
        );
        let ulimit = Entry::adding(&gettext("Add Limit for Each Process"), ask, read_ulimit);
        expander.add_row(&hostname.row);
        expander.add_row(&workdir.row);
        expander.add_row(&services);
        expander.add_row(&ulimit.row);
        group.add(&expander);
        for entry in [&hostname, &workdir, &ulimit] {
            group.add(&entry.problem);
        }
        page.add(&group);
        Self {
            expander,
            hostname,
            workdir,
            services,
            ulimit,
            ulimits: Vec::new(),
            ask: ask.clone(),
        }
    }

    fn show_ulimits(&mut self, ulimits: &[Ulimit]) {
        if self.ulimits.iter().map(|(limit, _)| limit).eq(ulimits) {
            return;
        }
        let mut had_keyboard = false;
        for (_, row) in self.ulimits.drain(..) {
            had_keyboard |= row.focus_child().is_some();
            self.expander.remove(&row);
        }
        if had_keyboard {
            self.ulimit.row.grab_focus();
        }
        for &limit in ulimits {
            let row = ulimit_row(limit, &self.ask);
            self.expander.add_row(&row);
            self.ulimits.push((limit, row));
        }
    }
}

impl Section for Advanced {
    fn show(&mut self, spec: &PetSpec) {
        self.hostname.show(spec.host_name().as_str());
        let workdir = spec
            .workdir
            .as_deref()
            .map(|path| path.display().to_string());
        self.workdir.show(&workdir.unwrap_or_default());
        self.services.set_active(spec.init == InitMode::Image);
        self.show_ulimits(&spec.ulimits);
    }
}

/// An empty name is the pet's own again.
fn read_hostname(text: &str) -> Result<Choices, String> {
    if text.is_empty() {
        return Ok(Choices {
            no_hostname: true,
            ..Choices::default()
        });
    }
    let name = text
        .parse()
        .map_err(|_| gettext("A host name has letters and digits, and “-” in between."))?;
    Ok(Choices {
        hostname: Some(name),
        ..Choices::default()
    })
}

/// Without a folder shells begin in the home.
fn read_workdir(text: &str) -> Result<Choices, String> {
    if text.is_empty() {
        return Ok(Choices {
            no_workdir: true,
            ..Choices::default()
        });
    }
    let path = PathBuf::from(text);
    if path.is_absolute() {
        Ok(Choices {
            workdir: Some(path),
            ..Choices::default()
        })
    } else {
        Err(gettext("Enter a full path, starting with “/”."))
    }
}

fn read_ulimit(text: &str) -> Result<Choices, String> {
    let limit = text.parse().map_err(|error| match error {
        InvalidUlimit::Form(_) => gettext(
            "Enter NAME=LIMIT or NAME=LIMIT:MOST, such as nofile=1024:4096 or core=unlimited.",
        ),
        InvalidUlimit::Name(_) => {
            let names: Vec<&str> = Resource::ALL.iter().map(|(_, word)| *word).collect();
            gettext_f("The names are {names}.", &[("names", &words::list(&names))])
        }
        InvalidUlimit::Order(_) => gettext("The first number cannot be greater than the second."),
    })?;
    Ok(Choices {
        ulimits: vec![limit],
        ..Choices::default()
    })
}

fn ulimit_row(limit: Ulimit, ask: &Ask) -> adw::ActionRow {
    let number =
        |value: Option<u64>| value.map_or_else(|| gettext("unlimited"), |value| value.to_string());
    let (soft, hard) = (number(limit.soft), number(limit.hard));
    let row = adw::ActionRow::builder()
        .use_markup(false)
        .title(limit.resource.as_str())
        .subtitle(if soft == hard {
            soft
        } else {
            gettext_f(
                "{soft}; a program may raise it to {hard}",
                &[("soft", &soft), ("hard", &hard)],
            )
        })
        .build();
    let label = gettext_f("Remove {name}", &[("name", limit.resource.as_str())]);
    let ask = ask.clone();
    row.add_suffix(&remove_button(&label, move || {
        ask.choose(Choices {
            no_ulimits: vec![limit.resource],
            ..Choices::default()
        });
    }));
    row
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_emptied_is_taken_away() {
        assert!(read_hostname("").is_ok_and(|choices| choices.no_hostname));
        assert!(read_workdir("").is_ok_and(|choices| choices.no_workdir));
        assert!(read_hostname("a").is_ok_and(|choices| !choices.no_hostname));
        assert!(read_workdir("/a").is_ok_and(|choices| !choices.no_workdir));
    }
}
