//! A list whose items come and go, with a last row that adds one.

use relm4::adw::prelude::*;
use relm4::{adw, gtk};

/// The list. Items that are the same keep their rows, and with them the keyboard.
#[derive(Debug)]
pub struct List<T> {
    /// The list with its rows.
    pub list: gtk::ListBox,
    last: gtk::Widget,
    items: Vec<(T, adw::ActionRow)>,
}

impl<T: Clone + PartialEq> List<T> {
    /// A list that has only the `last` row yet; `name` is for who hears the screen.
    pub fn new(name: &str, last: &impl IsA<gtk::Widget>) -> Self {
        let list = gtk::ListBox::builder()
            .selection_mode(gtk::SelectionMode::None)
            .css_classes(["boxed-list"])
            .build();
        list.update_property(&[gtk::accessible::Property::Label(name)]);
        list.append(last);
        Self {
            list,
            last: last.clone().upcast(),
            items: Vec::new(),
        }
    }

    /// Lists `items`, each as `row` draws it.
    pub fn show(&mut self, items: impl Iterator<Item = T>, row: impl Fn(&T) -> adw::ActionRow) {
        let items: Vec<T> = items.collect();
        let had_keyboard = self.list.focus_child().is_some();
        self.items.retain(|(item, row)| {
            let stays = items.contains(item);
            if !stays {
                self.list.remove(row);
            }
            stays
        });
        for (index, item) in items.into_iter().enumerate() {
            if self.items.get(index).is_none_or(|(old, _)| *old != item) {
                let row = row(&item);
                self.list.insert(&row, i32::try_from(index).unwrap_or(-1));
                self.items.insert(index, (item, row));
            }
        }
        if had_keyboard && self.list.focus_child().is_none() {
            self.last.grab_focus();
        }
    }
}
