//! The folders of the person that the pet sees: its project folder and further ones.

use std::path::PathBuf;

use gettextrs::gettext;
use kennel_model::{Choices, Mount, PetSpec};
use relm4::adw::prelude::*;
use relm4::{adw, gtk};

use super::list::List;
use super::project::ProjectRow;
use super::{Ask, Section};
use crate::chosen_file;
use crate::remove_button::remove_button;
use crate::words::{self, gettext_f};

/// The project folder and the mounts.
#[derive(Debug)]
pub struct Mounts {
    project: ProjectRow,
    list: List<Mount>,
    ask: Ask,
}

impl Mounts {
    /// Adds the group to `page`.
    pub fn new(page: &adw::PreferencesPage, ask: &Ask) -> Self {
        let group = adw::PreferencesGroup::builder()
            .title(gettext("Folders"))
            .description(gettext("More folders that it can see, beside its home."))
            .build();
        let add = adw::ButtonRow::builder()
            .title(gettext("Add Folder…"))
            .start_icon_name("list-add-symbolic")
            .build();
        let asking = ask.clone();
        add.connect_activated(move |row| choose_folder(row, &asking));
        let project = ProjectRow::new(ask);
        group.add(&project.row);
        let list = List::new(&group.title(), &add);
        list.list.set_margin_top(12);
        group.add(&list.list);
        page.add(&group);
        Self {
            project,
            list,
            ask: ask.clone(),
        }
    }
}

impl Section for Mounts {
    fn show(&mut self, spec: &PetSpec) {
        self.project.show(spec.project.as_deref());
        let ask = &self.ask;
        self.list
            .show(spec.mounts.iter().cloned(), |mount| row(mount, ask));
    }
}

/// Lets the person choose a folder. The pet may read it, until they allow more.
fn choose_folder(row: &adw::ButtonRow, ask: &Ask) {
    let ask = ask.clone();
    chosen_file::choose_folder(&gettext("Choose Folder"), row, move |path| {
        ask.choose(mount(path));
    });
}

fn mount(path: PathBuf) -> Choices {
    Choices {
        mounts: vec![Mount {
            source: path.clone(),
            target: path,
            read_only: true,
        }],
        ..Choices::default()
    }
}

fn row(mount: &Mount, ask: &Ask) -> adw::ActionRow {
    let folder = words::folder(&mount.source);
    let row = adw::ActionRow::builder()
        .use_markup(false)
        .title(&folder)
        .subtitle(words::mount(mount))
        .build();
    row.add_suffix(&read_only_button(mount, &folder, ask));
    let label = gettext_f("Remove {folder}", &[("folder", &folder)]);
    let (ask, target) = (ask.clone(), mount.target.clone());
    row.add_suffix(&remove_button(&label, move || {
        ask.choose(Choices {
            no_mounts: vec![target.clone()],
            ..Choices::default()
        });
    }));
    row
}

/// A lock: while it is closed, the pet may only read.
fn read_only_button(mount: &Mount, folder: &str, ask: &Ask) -> gtk::ToggleButton {
    let button = gtk::ToggleButton::builder()
        .icon_name(if mount.read_only {
            "changes-prevent-symbolic"
        } else {
            "changes-allow-symbolic"
        })
        .active(mount.read_only)
        .valign(gtk::Align::Center)
        .tooltip_text(gettext("Read Only"))
        .css_classes(["flat"])
        .build();
    let label = gettext_f("{folder}: read only", &[("folder", folder)]);
    button.update_property(&[gtk::accessible::Property::Label(&label)]);
    let (ask, mount) = (ask.clone(), mount.clone());
    button.connect_toggled(move |button| {
        let read_only = button.is_active();
        if read_only != mount.read_only {
            // It shows what holds: what comes of this gets a row of its own.
            button.set_active(mount.read_only);
            ask.choose(Choices {
                mounts: vec![Mount {
                    read_only,
                    ..mount.clone()
                }],
                ..Choices::default()
            });
        }
    });
    button
}
