//! Rows for one choice: on or off, or one of a few.

use kennel_model::Choices;
use relm4::adw::prelude::*;
use relm4::{adw, gtk};

use super::Ask;

/// A row that is on or off.
pub fn switch(
    title: &str,
    subtitle: &str,
    ask: &Ask,
    choices: impl Fn(bool) -> Choices + 'static,
) -> adw::SwitchRow {
    let row = adw::SwitchRow::builder()
        .title(title)
        .subtitle(subtitle)
        .build();
    let ask = ask.clone();
    row.connect_active_notify(move |row| ask.choose(choices(row.is_active())));
    row
}

/// A row with one of a few values, whose subtitle says what the chosen one means.
#[derive(Debug)]
pub struct Selection<T: 'static> {
    /// The row.
    pub row: adw::ComboRow,
    values: &'static [T],
}

impl<T: Copy + PartialEq> Selection<T> {
    /// A row of these values, each with its title and what it means.
    pub fn new(
        title: &str,
        values: &'static [T],
        words: fn(T) -> (String, String),
        ask: &Ask,
        choices: impl Fn(T) -> Choices + 'static,
    ) -> Self {
        let titles: Vec<String> = values.iter().map(|&value| words(value).0).collect();
        let titles: Vec<&str> = titles.iter().map(String::as_str).collect();
        let row = adw::ComboRow::builder()
            .title(title)
            .model(&gtk::StringList::new(&titles))
            .build();
        let explain = move |row: &adw::ComboRow| {
            let value = values.get(row.selected() as usize).copied();
            row.set_subtitle(&value.map(|value| words(value).1).unwrap_or_default());
            value
        };
        explain(&row);
        let ask = ask.clone();
        row.connect_selected_notify(move |row| {
            if let Some(value) = explain(row) {
                ask.choose(choices(value));
            }
        });
        Self { row, values }
    }

    /// Selects `value`.
    pub fn show(&self, value: T) {
        let index = self.values.iter().position(|&other| other == value);
        if let Some(index) = index.and_then(|index| u32::try_from(index).ok()) {
            self.row.set_selected(index);
        }
    }
}
