//! The row of the project folder: another one, or none.

use std::path::Path;

use gettextrs::gettext;
use kennel_model::Choices;
use relm4::adw::prelude::*;
use relm4::{adw, gtk};

use super::Ask;
use crate::chosen_file;
use crate::remove_button::remove_button;
use crate::words;

/// The row, with its folder as subtitle.
#[derive(Debug)]
pub struct ProjectRow {
    /// The row.
    pub row: adw::ActionRow,
    choose: gtk::Button,
    remove: gtk::Button,
}

impl ProjectRow {
    /// The row of a pet that is not known yet.
    pub fn new(ask: &Ask) -> Self {
        let row = adw::ActionRow::builder()
            .use_markup(false)
            .title(gettext("Project Folder"))
            .build();
        let choose = gtk::Button::builder()
            .icon_name("document-open-symbolic")
            .valign(gtk::Align::Center)
            .tooltip_text(gettext("Choose Project Folder"))
            .css_classes(["flat"])
            .build();
        let label = gettext("Choose Project Folder");
        choose.update_property(&[gtk::accessible::Property::Label(&label)]);
        let asking = ask.clone();
        choose.connect_clicked(move |button| choose_folder(button, &asking));
        let asking = ask.clone();
        let remove = remove_button(&gettext("No Project Folder"), move || {
            asking.choose(Choices {
                no_project: true,
                ..Choices::default()
            });
        });
        row.add_suffix(&choose);
        row.add_suffix(&remove);
        Self {
            row,
            choose,
            remove,
        }
    }

    /// Shows the folder that the pet has.
    pub fn show(&self, project: Option<&Path>) {
        let folder = project.map_or_else(|| gettext("No project folder"), words::folder);
        self.row.set_subtitle(&folder);
        if project.is_none() && self.remove.has_focus() {
            self.choose.grab_focus();
        }
        self.remove.set_visible(project.is_some());
    }
}

fn choose_folder(button: &gtk::Button, ask: &Ask) {
    let ask = ask.clone();
    chosen_file::choose_folder(&gettext("Choose Project Folder"), button, move |path| {
        ask.choose(Choices {
            project: Some(path),
            ..Choices::default()
        });
    });
}
