//! The New Pet dialog: a name, a project folder, a system and what it may reach.

mod choosers;
mod name;
mod presets;

use std::path::PathBuf;

use gettextrs::gettext;
use kennel_model::{CreateRequest, ImageSummary, Limits, PetName, Preset};
use relm4::adw::prelude::*;
use relm4::{Component, ComponentParts, ComponentSender, RelmWidgetExt as _, adw, gtk};

use crate::words;

/// The dialog.
#[derive(Debug)]
pub struct NewPet {
    images: Vec<ImageSummary>,
    taken: Vec<PetName>,
    name: String,
    /// The name that was proposed last; it follows the person's choices until they type another.
    suggested: String,
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
    /// Wants an image of this computer after all.
    NoFile,
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
            set_content_width: 500,
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
                        #[local_ref]
                        name_row -> adw::EntryRow {
                            set_title: &gettext("Name"),
                            set_activates_default: true,
                            #[watch]
                            set_class_active: ("error", model.name_problem().is_some()),
                            connect_changed[sender] => move |row| {
                                sender.input(NewPetInput::Name(row.text().into()));
                            },
                        },
                        #[name(reason)]
                        gtk::Label {
                            set_xalign: 0.0,
                            set_wrap: true,
                            set_margin_top: 6,
                            set_margin_start: 12,
                            set_margin_end: 12,
                            add_css_class: "caption",
                            add_css_class: "error",
                            #[watch]
                            set_visible: model.name_problem().is_some(),
                            #[watch]
                            set_label: &model.name_problem().unwrap_or_default(),
                        },
                    },
                    adw::PreferencesGroup {
                        set_title: &gettext("For What?"),
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
                        set_description: model.no_image().as_deref(),
                        adw::ComboRow {
                            set_title: &gettext("On This Computer"),
                            set_use_subtitle: true,
                            set_model: Some(&names(&model.images)),
                            #[watch]
                            set_visible: !model.images.is_empty() && model.file.is_none(),
                            connect_selected_notify[sender] => move |row| {
                                sender.input(NewPetInput::Image(row.selected()));
                            },
                        },
                        adw::ActionRow {
                            set_title: &gettext("From a File"),
                            set_use_markup: false,
                            #[watch]
                            set_subtitle: &model.file.as_deref().map_or_else(
                                || gettext("An archive of an image or of a root file system"),
                                words::folder,
                            ),
                            add_suffix = &gtk::Button {
                                set_icon_name: "edit-clear-symbolic",
                                set_valign: gtk::Align::Center,
                                add_css_class: "flat",
                                set_tooltip_text: Some(&gettext("No Image File")),
                                update_property: &[gtk::accessible::Property::Label(&gettext("No Image File"))],
                                #[watch]
                                set_visible: model.file.is_some(),
                                connect_clicked => NewPetInput::NoFile,
                            },
                            add_suffix = &gtk::Button {
                                set_label: &gettext("Choose File…"),
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
        let suggested = name::suggest(None, images.first(), &taken);
        let model = Self {
            images,
            taken,
            name: suggested.clone(),
            suggested,
            image: 0,
            file: None,
            project: None,
            preset: Preset::default(),
        };
        let name_row = adw::EntryRow::builder().text(&model.name).build();
        let widgets = view_output!();
        let reason = gtk::accessible::Relation::DescribedBy(&[widgets.reason.upcast_ref()]);
        let entry: &gtk::Widget = widgets.name_row.upcast_ref();
        entry.update_relation(&[reason]);
        presets::add_to(&widgets.presets, &sender);
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
            NewPetInput::ChooseFile => choosers::choose_file(root, &sender),
            NewPetInput::File(path) => self.file = Some(path),
            NewPetInput::NoFile => self.file = None,
            NewPetInput::ChooseProject => choosers::choose_project(root, &sender),
            NewPetInput::Project(path) => self.project = Some(path),
            NewPetInput::NoProject => self.project = None,
            NewPetInput::Preset(preset) => self.preset = preset,
            NewPetInput::Create => {
                if let Some(request) = self.request() {
                    let _ = sender.output(request);
                    root.close();
                }
            }
        }
        if let Some(name) = self.other_suggestion() {
            widgets.name_row.set_text(&name);
        }
        self.update_view(widgets, sender);
    }
}

impl NewPet {
    fn name_problem(&self) -> Option<String> {
        name::problem(&self.name, &self.taken)
    }

    /// A better name to propose after what was just chosen, unless the person typed their own.
    fn other_suggestion(&mut self) -> Option<String> {
        let image = self.images.get(self.image);
        let image = image.filter(|_| self.file.is_none());
        let suggested = name::suggest(self.project.as_deref(), image, &self.taken);
        let is_own = self.name != self.suggested;
        if is_own || suggested == self.suggested {
            return None;
        }
        self.name.clone_from(&suggested);
        self.suggested.clone_from(&suggested);
        Some(suggested)
    }

    /// Why a file is needed, when it is.
    fn no_image(&self) -> Option<String> {
        self.images
            .is_empty()
            .then(|| gettext("There is no image on this computer yet: choose one from a file."))
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
            trust: false,
        })
    }
}

/// What the list shows: the system's own name where known, and the reference.
fn names(images: &[ImageSummary]) -> gtk::StringList {
    let names: Vec<String> = images
        .iter()
        .map(|image| match &image.system {
            Some(system) => format!("{system} · {}", image.reference.short()),
            None => image.reference.to_string(),
        })
        .collect();
    gtk::StringList::new(&names.iter().map(String::as_str).collect::<Vec<_>>())
}
