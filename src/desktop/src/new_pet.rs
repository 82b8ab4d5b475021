//! The New Pet dialog: a name, a system, a project folder and what it may reach.

use std::path::PathBuf;

use gettextrs::gettext;
use kennel_model::{CreateRequest, ImageSummary, Limits, PetName, Preset};
use relm4::adw::prelude::*;
use relm4::gtk::gio;
use relm4::{Component, ComponentParts, ComponentSender, adw, gtk};

use crate::{error, words};

/// The dialog.
#[derive(Debug)]
pub struct NewPet {
    images: Vec<ImageSummary>,
    taken: Vec<PetName>,
    name: String,
    image: usize,
    file: Option<PathBuf>,
    project: Option<PathBuf>,
    preset: Preset,
}

/// What the person did.
#[derive(Debug)]
pub enum NewPetInput {
    /// Typed a name.
    Name(String),
    /// Chose the nth image.
    Image(u32),
    /// Wants an image from a file.
    ChooseFile,
    /// Chose that file.
    File(PathBuf),
    /// Wants a project folder.
    ChooseProject,
    /// Chose that folder.
    Project(PathBuf),
    /// Wants no project folder after all.
    NoProject,
    /// Chose what it may reach.
    Preset(Preset),
    /// Create it.
    Create,
}

#[relm4::component(pub)]
impl Component for NewPet {
    type Init = (Vec<ImageSummary>, Vec<PetName>);
    type Input = NewPetInput;
    type Output = CreateRequest;
    type CommandOutput = ();

    view! {
        #[root]
        adw::Dialog {
            set_title: &gettext("New Pet"),
            set_content_width: 480,
            set_default_widget: Some(&create),
            set_focus: Some(&name_row),
            #[wrap(Some)]
            set_child = &adw::ToolbarView {
                add_top_bar = &adw::HeaderBar {
                    set_show_end_title_buttons: false,
                    set_show_start_title_buttons: false,
                    pack_start = &gtk::Button {
                        set_label: &gettext("Cancel"),
                        connect_clicked[root] => move |_| { root.close(); },
                    },
                    pack_end: &create,
                },
                #[wrap(Some)]
                set_content = &adw::PreferencesPage {
                    adw::PreferencesGroup {
                        #[watch]
                        set_description: Some(&model.name_problem().unwrap_or_default()),
                        #[local_ref]
                        name_row -> adw::EntryRow {
                            set_title: &gettext("Name"),
                            set_activates_default: true,
                            #[watch]
                            set_css_classes: if model.name_problem().is_some() { &["error"] } else { &[] },
                            connect_changed[sender] => move |row| {
                                sender.input(NewPetInput::Name(row.text().into()));
                            },
                        },
                        adw::ActionRow {
                            set_title: &gettext("Project Folder"),
                            set_use_markup: false,
                            #[watch]
                            set_subtitle: &model.project.as_deref().map_or_else(
                                || gettext("None: just a place to try things"),
                                words::folder,
                            ),
                            add_suffix = &gtk::Button {
                                set_icon_name: "edit-clear-symbolic",
                                set_valign: gtk::Align::Center,
                                add_css_class: "flat",
                                set_tooltip_text: Some(&gettext("No Project Folder")),
                                update_property: &[gtk::accessible::Property::Label(&gettext("No Project Folder"))],
                                #[watch]
                                set_visible: model.project.is_some(),
                                connect_clicked => NewPetInput::NoProject,
                            },
                            add_suffix = &gtk::Button {
                                set_label: &gettext("Choose Folder…"),
                                set_valign: gtk::Align::Center,
                                connect_clicked => NewPetInput::ChooseProject,
                            },
                        },
                    },
                    adw::PreferencesGroup {
                        set_title: &gettext("Which System?"),
                        #[name(image_row)]
                        adw::ComboRow {
                            set_title: &gettext("Image"),
                            set_subtitle: &gettext("On this computer"),
                            set_model: Some(&names(&model.images)),
                            #[watch]
                            set_visible: !model.images.is_empty() && model.file.is_none(),
                            connect_selected_notify[sender] => move |row| {
                                sender.input(NewPetInput::Image(row.selected()));
                            },
                        },
                        adw::ActionRow {
                            set_title: &gettext("Image File"),
                            set_use_markup: false,
                            #[watch]
                            set_subtitle: &model.file.as_deref().map_or_else(
                                || gettext("An archive of an image or of a root folder"),
                                words::folder,
                            ),
                            add_suffix = &gtk::Button {
                                set_label: &gettext("From a File…"),
                                set_valign: gtk::Align::Center,
                                connect_clicked => NewPetInput::ChooseFile,
                            },
                        },
                    },
                    #[name(presets)]
                    adw::PreferencesGroup {
                        set_title: &gettext("What May It Reach?"),
                    },
                },
            },
        },
        #[name(create)]
        gtk::Button {
            set_label: &gettext("Create"),
            add_css_class: "suggested-action",
            #[watch]
            set_sensitive: model.request().is_some(),
            connect_clicked => NewPetInput::Create,
        },
    }

    fn init(
        (images, taken): Self::Init,
        root: Self::Root,
        sender: ComponentSender<Self>,
    ) -> ComponentParts<Self> {
        let model = Self {
            images,
            taken,
            name: String::new(),
            image: 0,
            file: None,
            project: None,
            preset: Preset::default(),
        };
        let name_row = adw::EntryRow::new();
        let widgets = view_output!();
        add_presets(&widgets.presets, &sender);
        ComponentParts { model, widgets }
    }

    fn update_with_view(
        &mut self,
        widgets: &mut Self::Widgets,
        message: NewPetInput,
        sender: ComponentSender<Self>,
        root: &Self::Root,
    ) {
        match message {
            NewPetInput::Name(name) => self.name = name,
            NewPetInput::Image(index) => self.image = index as usize,
            NewPetInput::ChooseFile => choose_file(root, &sender),
            NewPetInput::File(path) => self.file = Some(path),
            NewPetInput::ChooseProject => choose_project(root, &sender),
            NewPetInput::Project(path) => {
                let named = path.file_name().map(|name| name.to_string_lossy());
                let suggested = named.and_then(|name| PetName::suggest(&name));
                if let Some(name) = suggested.filter(|_| self.name.is_empty()) {
                    widgets.name_row.set_text(name.as_str());
                }
                self.project = Some(path);
            }
            NewPetInput::NoProject => self.project = None,
            NewPetInput::Preset(preset) => self.preset = preset,
            NewPetInput::Create => {
                if let Some(request) = self.request() {
                    let _ = sender.output(request);
                    root.close();
                }
            }
        }
        self.update_view(widgets, sender);
    }
}

impl NewPet {
    /// What is wrong with the name, once one was typed.
    fn name_problem(&self) -> Option<String> {
        if self.name.is_empty() {
            return None;
        }
        match self.name.parse::<PetName>() {
            Err(problem) => Some(error::sentence(&problem.to_string())),
            Ok(name) if self.taken.contains(&name) => {
                Some(gettext("Another pet has this name already."))
            }
            Ok(_) => None,
        }
    }

    /// What would be created, if everything is valid.
    fn request(&self) -> Option<CreateRequest> {
        let name: PetName = self.name.parse().ok()?;
        let image = match &self.file {
            Some(file) => format!("file:{}", file.display()),
            None => self.images.get(self.image)?.reference.to_string(),
        };
        (!self.taken.contains(&name)).then(|| CreateRequest {
            name: Some(name),
            image,
            preset: self.preset,
            project: self.project.clone(),
            home: None,
            network: None,
            share: Vec::new(),
            no_share: Vec::new(),
            mounts: Vec::new(),
            limits: Limits::default(),
            env: std::collections::BTreeMap::new(),
        })
    }
}

/// What the list shows: the system's own name where known, and the reference.
fn names(images: &[ImageSummary]) -> gtk::StringList {
    let names: Vec<String> = images
        .iter()
        .map(|image| match &image.system {
            Some(system) => format!("{system} ({})", image.reference.short()),
            None => image.reference.to_string(),
        })
        .collect();
    gtk::StringList::new(&names.iter().map(String::as_str).collect::<Vec<_>>())
}

fn add_presets(group: &adw::PreferencesGroup, sender: &ComponentSender<NewPet>) {
    let mut first: Option<gtk::CheckButton> = None;
    for preset in Preset::ALL {
        let check = gtk::CheckButton::builder()
            .valign(gtk::Align::Center)
            .active(preset == Preset::default())
            .build();
        check.update_property(&[gtk::accessible::Property::Label(&words::preset(preset))]);
        check.set_group(first.as_ref());
        first.get_or_insert_with(|| check.clone());
        let sender = sender.clone();
        check.connect_toggled(move |check| {
            if check.is_active() {
                sender.input(NewPetInput::Preset(preset));
            }
        });
        let row = adw::ActionRow::builder()
            .title(words::preset(preset))
            .subtitle(words::preset_meaning(preset))
            .activatable_widget(&check)
            .build();
        row.add_prefix(&check);
        group.add(&row);
    }
}

fn window_of(root: &adw::Dialog) -> Option<gtk::Window> {
    root.root().and_downcast()
}

fn choose_file(root: &adw::Dialog, sender: &ComponentSender<NewPet>) {
    let dialog = gtk::FileDialog::builder()
        .title(gettext("Choose an Image File"))
        .build();
    let sender = sender.clone();
    dialog.open(
        window_of(root).as_ref(),
        gio::Cancellable::NONE,
        move |file| {
            // Closing the chooser is an answer too: nothing changes.
            if let Some(path) = file.ok().and_then(|file| file.path()) {
                sender.input(NewPetInput::File(path));
            }
        },
    );
}

fn choose_project(root: &adw::Dialog, sender: &ComponentSender<NewPet>) {
    let dialog = gtk::FileDialog::builder()
        .title(gettext("Choose a Project Folder"))
        .build();
    let sender = sender.clone();
    dialog.select_folder(
        window_of(root).as_ref(),
        gio::Cancellable::NONE,
        move |file| {
            if let Some(path) = file.ok().and_then(|file| file.path()) {
                sender.input(NewPetInput::Project(path));
            }
        },
    );
}
