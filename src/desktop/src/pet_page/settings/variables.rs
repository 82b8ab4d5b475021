//! Environment variables of every command in the pet.

use gettextrs::gettext;
use kennel_model::{Choices, OWN_VARIABLES, PetSpec};
use relm4::adw;
use relm4::adw::prelude::*;

use super::entry::Entry;
use super::list::List;
use super::{Ask, Section};
use crate::remove_button::remove_button;
use crate::words::gettext_f;

/// The variables, as name and value.
#[derive(Debug)]
pub struct Variables {
    list: List<(String, String)>,
    ask: Ask,
}

impl Variables {
    /// Adds the group to `page`.
    pub fn new(page: &adw::PreferencesPage, ask: &Ask) -> Self {
        let group = adw::PreferencesGroup::builder()
            .title(gettext("Environment Variables"))
            .description(gettext("Every command in the pet sees them."))
            .build();
        let entry = Entry::adding(&gettext("Add Variable"), ask, read_variable);
        let list = List::new(&group.title(), &entry.row);
        group.add(&list.list);
        group.add(&entry.problem);
        page.add(&group);
        Self {
            list,
            ask: ask.clone(),
        }
    }
}

impl Section for Variables {
    fn show(&mut self, spec: &PetSpec) {
        let variables = spec.env.iter();
        let variables = variables.map(|(name, value)| (name.clone(), value.clone()));
        let ask = &self.ask;
        self.list
            .show(variables, |(name, value)| row(name, value, ask));
    }
}

fn read_variable(text: &str) -> Result<Choices, String> {
    match text.split_once('=') {
        Some((name, _)) if OWN_VARIABLES.contains(&name) => Err(gettext_f(
            "Kennel sets {name} in every pet. Choose another variable.",
            &[("name", name)],
        )),
        Some((name, value)) if is_name(name) => Ok(Choices {
            env: [(name.to_owned(), value.to_owned())].into(),
            ..Choices::default()
        }),
        _ => Err(gettext(
            "Enter its name, “=” and its value, such as EDITOR=nano.",
        )),
    }
}

fn is_name(name: &str) -> bool {
    !name.is_empty() && !name.contains(|c: char| c.is_whitespace() || c.is_control())
}

fn row(name: &str, value: &str, ask: &Ask) -> adw::ActionRow {
    let row = adw::ActionRow::builder()
        .use_markup(false)
        .title(name)
        .subtitle(value)
        .subtitle_selectable(true)
        .build();
    let label = gettext_f("Remove {name}", &[("name", name)]);
    let (ask, name) = (ask.clone(), name.to_owned());
    row.add_suffix(&remove_button(&label, move || {
        ask.choose(Choices {
            no_env: vec![name.clone()],
            ..Choices::default()
        });
    }));
    row
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_would_not_hold_is_refused() {
        for text in ["", "word", "=x", "A B=x", "HOME=/x", "container=x"] {
            assert!(read_variable(text).is_err(), "{text}");
        }
        for text in ["A=", "A=b=c", "http_proxy=http://x y"] {
            assert!(read_variable(text).is_ok(), "{text}");
        }
    }
}
