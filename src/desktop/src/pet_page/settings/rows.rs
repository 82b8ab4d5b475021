//! Rows for one choice: on or off, or one of a few.

use std::cell::RefCell;
use std::rc::Rc;

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

/// Shows the chosen value whole: as it is by default, a long subtitle leaves of it an ellipsis alone.
fn show_value_whole(row: &adw::ComboRow) {
    let value = gtk::SignalListItemFactory::new();
    value.connect_setup(|_, item| {
        let label = gtk::Label::builder()
            .wrap(true)
            .natural_wrap_mode(gtk::NaturalWrapMode::None)
            .justify(gtk::Justification::Right)
            .build();
        if let Some(item) = item.downcast_ref::<gtk::ListItem>() {
            item.set_child(Some(&label));
        }
    });
    value.connect_bind(|_, item| {
        let item = item.downcast_ref::<gtk::ListItem>();
        let text = item.and_then(|item| item.item().and_downcast::<gtk::StringObject>());
        let label = item.and_then(|item| item.child().and_downcast::<gtk::Label>());
        if let (Some(text), Some(label)) = (text, label) {
            label.set_label(&text.string());
        }
    });
    // The list marks the chosen one as before.
    row.set_list_factory(row.factory().as_ref());
    row.set_factory(Some(&value));
}

/// A row with one of a few values, whose subtitle says what the chosen one means.
#[derive(Debug)]
pub struct Selection<T: 'static> {
    /// The row.
    pub row: adw::ComboRow,
    values: Rc<RefCell<Vec<T>>>,
    words: fn(T) -> (String, String),
}

fn titles<T: Copy>(values: &[T], words: fn(T) -> (String, String)) -> gtk::StringList {
    let titles: Vec<String> = values.iter().map(|&value| words(value).0).collect();
    let titles: Vec<&str> = titles.iter().map(String::as_str).collect();
    gtk::StringList::new(&titles)
}

/// A value that takes more room than this is not beside the title: in the smallest window an ellipsis
/// would be all that is left of it. Only large text is as wide.
const BESIDE: i32 = 170;

/// Whether one of `values` has no room beside the title.
fn is_wide<T: Copy>(row: &adw::ComboRow, values: &[T], words: fn(T) -> (String, String)) -> bool {
    values.iter().any(|&value| {
        let layout = row.create_pango_layout(Some(&words(value).0));
        layout.pixel_size().0 > BESIDE
    })
}

impl<T: Copy + PartialEq + 'static> Selection<T> {
    /// A row of these values, each with its title and what it means.
    pub fn new(
        title: &str,
        values: &[T],
        words: fn(T) -> (String, String),
        ask: &Ask,
        choices: impl Fn(T) -> Choices + 'static,
    ) -> Self {
        let row = adw::ComboRow::builder()
            .title(title)
            .model(&titles(values, words))
            .build();
        let below = is_wide(&row, values, words);
        if below {
            // Not in the row, but in the list that opens.
            row.set_list_factory(row.factory().as_ref());
            row.set_factory(Some(&gtk::SignalListItemFactory::new()));
        } else {
            show_value_whole(&row);
        }
        let values = Rc::new(RefCell::new(values.to_vec()));
        let offered = Rc::clone(&values);
        let explain = move |row: &adw::ComboRow| {
            let value = offered.borrow().get(row.selected() as usize).copied();
            let (title, meaning) = value.map(words).unwrap_or_default();
            if below {
                row.set_subtitle(&format!("{title}\n{meaning}"));
            } else {
                row.set_subtitle(&meaning);
            }
            value
        };
        explain(&row);
        let ask = ask.clone();
        row.connect_selected_notify(move |row| {
            if let Some(value) = explain(row) {
                ask.choose(choices(value));
            }
        });
        Self { row, values, words }
    }

    /// Offers these values from now on; while rows are set from the pet.
    pub fn offer(&self, values: &[T]) {
        if *self.values.borrow() != values {
            self.values.replace(values.to_vec());
            self.row.set_model(Some(&titles(values, self.words)));
        }
    }

    /// Selects `value`.
    pub fn show(&self, value: T) {
        let index = self
            .values
            .borrow()
            .iter()
            .position(|&other| other == value);
        if let Some(index) = index.and_then(|index| u32::try_from(index).ok()) {
            self.row.set_selected(index);
        }
    }
}
