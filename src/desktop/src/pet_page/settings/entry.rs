//! Rows for what is typed: a value that is changed, or another item of a list.

use std::cell::RefCell;
use std::rc::Rc;

use gettextrs::gettext;
use kennel_model::Choices;
use relm4::adw::prelude::*;
use relm4::{adw, gtk};

use super::Ask;
use crate::problem;

/// Reads what was typed: the choice it stands for, or what is wrong with it in a sentence.
pub type Read = fn(&str) -> Result<Choices, String>;

/// An entry, and the line that says what is wrong with its text.
#[derive(Debug, Clone)]
pub struct Entry {
    /// The entry.
    pub row: adw::EntryRow,
    /// What is wrong, to be placed below the entry's list; hidden while nothing is.
    pub problem: gtk::Label,
    /// What the entry showed or asked for last.
    known: Rc<RefCell<String>>,
}

impl Entry {
    /// An entry for a value; Enter or its button applies it.
    pub fn value(
        title: &str,
        ask: &Ask,
        read: impl Fn(&str) -> Result<Choices, String> + Clone + 'static,
    ) -> Self {
        let entry = Self::new(title);
        entry.row.set_show_apply_button(true);
        let judge = read.clone();
        entry.check(move |text| judge(text).err());
        let (ask, known) = (ask.clone(), Rc::clone(&entry.known));
        entry.row.connect_apply(move |row| {
            if let Ok(choices) = read(row.text().trim()) {
                known.replace(row.text().into());
                ask.choose(choices);
            }
        });
        entry
    }

    /// An entry for another item of a list; it is empty again when the item was asked for.
    pub fn adding(title: &str, ask: &Ask, read: Read) -> Self {
        let entry = Self::new(title);
        let add = gtk::Button::builder()
            .label(gettext("Add"))
            .valign(gtk::Align::Center)
            .sensitive(false)
            .build();
        let button = add.clone();
        entry.check(move |text| {
            let answer = read(text);
            button.set_sensitive(answer.is_ok());
            answer.err().filter(|_| !text.is_empty())
        });
        let ask = ask.clone();
        let send = move |row: &adw::EntryRow| {
            if let Ok(choices) = read(row.text().trim()) {
                row.set_text("");
                ask.choose(choices);
            }
        };
        let (pressed, row) = (send.clone(), entry.row.downgrade());
        add.connect_clicked(move |_| {
            if let Some(row) = row.upgrade() {
                pressed(&row);
            }
        });
        entry.row.connect_entry_activated(send);
        entry.row.add_suffix(&add);
        entry
    }

    fn new(title: &str) -> Self {
        let problem = problem::reason();
        let row = adw::EntryRow::builder()
            .title(title)
            .input_hints(gtk::InputHints::NO_SPELLCHECK)
            .build();
        Self {
            row,
            problem,
            known: Rc::default(),
        }
    }

    /// Says what `wrong` finds in the text, while it is typed.
    fn check(&self, wrong: impl Fn(&str) -> Option<String> + 'static) {
        let problem = self.problem.clone();
        self.row.connect_changed(move |row| {
            let found = wrong(row.text().trim());
            match &found {
                Some(_) => row.add_css_class("error"),
                None => row.remove_css_class("error"),
            }
            problem.set_visible(found.is_some());
            problem.set_label(&found.unwrap_or_default());
        });
    }

    /// Shows the value that holds; what the person types meanwhile stays.
    pub fn show(&self, value: &str) {
        if *self.known.borrow() != value {
            self.known.replace(value.to_owned());
            // What is set here needs no button to apply it.
            let applies = self.row.shows_apply_button();
            self.row.set_show_apply_button(false);
            self.row.set_text(value);
            self.row.set_show_apply_button(applies);
        }
    }
}
