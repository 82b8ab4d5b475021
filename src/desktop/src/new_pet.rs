//! The New Pet dialog: a name, a project folder, a system and what it may reach.
//!
//! Its pages: the form; [`picker`], where an image is picked; [`reference`], for one not listed;
//! [`approval`], where the person agrees to what a [`project_file`] asks for.

mod approval;
mod asked;
mod choice;
mod choosers;
mod form;
mod message;
mod name;
mod narrow;
mod offers;
mod picker;
mod project_file;
mod reference;
mod start;
mod trust;

use std::path::PathBuf;

use gettextrs::gettext;
use kennel_model::{
    CatalogEntry, CreateRequest, ImageSummary, PetName, PetSummary, Preset, ProjectProposal,
    Verdict,
};
use relm4::adw::prelude::*;
use relm4::{
    Component, ComponentController as _, ComponentParts, ComponentSender, Controller,
    RelmWidgetExt as _, adw, gtk,
};

use crate::engine::Engine;
use crate::preset_rows::PresetRows;
use crate::wrapping_button;
use crate::{mark, problem, words};
use approval::Approval;
use choice::Choice;
pub use message::{NewPetAnswer, NewPetInput};
use picker::{Picker, PickerInput, PickerOutput};
use project_file::ProjectFile;
use reference::Reference;
pub use start::Start;
use trust::Judgement;

/// The dialog.
#[derive(Debug)]
pub struct NewPet {
    setting: NewPetInit,
    /// The catalog, once it was read.
    catalog: Vec<CatalogEntry>,
    taken: Vec<PetName>,
    name: String,
    /// The name that was proposed last; it follows the person's choices until they type another.
    suggested: String,
    choice: Choice,
    /// What the engine says about the chosen image, once it has answered.
    judgement: Option<Judgement>,
    project: Option<PathBuf>,
    /// The pet that the project file asks for, while it is to be used.
    proposal: Option<Box<ProjectProposal>>,
    preset: Preset,
    project_file: Controller<ProjectFile>,
    approval: Controller<Approval>,
    picker: Controller<Picker>,
    reference: Controller<Reference>,
}

/// What the dialog starts from.
#[derive(Debug)]
pub struct NewPetInit {
    /// To ask about images.
    pub engine: Engine,
    /// Those of this computer.
    pub images: Vec<ImageSummary>,
    /// The pets there are.
    pub pets: Vec<PetSummary>,
    /// What is filled in.
    pub start: Start,
}

/// The form among the pages.
const FORM: &str = "form";

#[relm4::component(pub)]
impl Component for NewPet {
    type Init = NewPetInit;
    type Input = NewPetInput;
    type Output = CreateRequest;
    type CommandOutput = NewPetAnswer;

    view! {
        #[root]
        adw::Dialog {
            set_title: &gettext("New Pet"),
            set_content_width: 540,
            set_size_request: (300, 200),
            set_default_widget: Some(&create),
            set_focus: Some(&name_row),
            #[wrap(Some)]
            #[name(pages)]
            set_child = &adw::NavigationView {
                add = &adw::NavigationPage {
                    set_title: &gettext("New Pet"),
                    set_tag: Some(FORM),
                    #[wrap(Some)]
                    set_child = &adw::ToolbarView {
                        #[name(header)]
                        add_top_bar = &adw::HeaderBar {
                            set_show_end_title_buttons: false,
                            set_show_start_title_buttons: false,
                            pack_start = &gtk::Button {
                                set_label: &gettext("_Cancel"),
                                set_use_underline: true,
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
                                problem::reason() -> gtk::Label {
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
                                    add_suffix = &wrapping_button::new() -> gtk::Button {
                                        set_label: &gettext("Choose _Folder…"),
                                        set_use_underline: true,
                                        set_valign: gtk::Align::Center,
                                        connect_clicked => NewPetInput::ChooseProject,
                                    },
                                },
                            },
                            add: project_file,
                            adw::PreferencesGroup {
                                set_title: &gettext("Which System?"),
                                #[watch]
                                set_visible: model.proposal.is_none(),
                                adw::ActionRow {
                                    set_use_markup: false,
                                    #[watch]
                                    set_visible: model.choice.file().is_none(),
                                    #[watch]
                                    set_title: &model.choice.title(),
                                    #[watch]
                                    set_subtitle: &model.choice.subtitle(),
                                    #[local_ref]
                                    add_prefix = mark -> gtk::DrawingArea {
                                        #[watch]
                                        set_visible: model.choice.image().is_some(),
                                    },
                                    add_suffix = &wrapping_button::new() -> gtk::Button {
                                        set_label: &gettext("Choose _Image…"),
                                        set_use_underline: true,
                                        set_valign: gtk::Align::Center,
                                        connect_clicked => NewPetInput::ChooseImage,
                                    },
                                },
                                adw::ActionRow {
                                    set_title: &gettext("From a File"),
                                    set_use_markup: false,
                                    #[watch]
                                    set_subtitle: &model.choice.file().map_or_else(
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
                                        set_visible: model.choice.file().is_some(),
                                        connect_clicked => NewPetInput::NoFile,
                                    },
                                    add_suffix = &wrapping_button::new() -> gtk::Button {
                                        set_label: &gettext("Choose Fi_le…"),
                                        set_use_underline: true,
                                        set_valign: gtk::Align::Center,
                                        connect_clicked => NewPetInput::ChooseFile,
                                    },
                                },
                                problem::remark() -> gtk::Label {
                                    #[watch]
                                    set_class_active: ("error", !model.may_be_used()),
                                    #[watch]
                                    set_visible: model.source_line().is_some(),
                                    #[watch]
                                    set_label: &model.source_line().unwrap_or_default(),
                                },
                            },
                            #[name(presets)]
                            adw::PreferencesGroup {
                                set_title: &gettext("What May It Reach?"),
                                #[watch]
                                set_visible: model.proposal.is_none(),
                            },
                        },
                    },
                },
            },
        },
        #[name(create)]
        gtk::Button {
            #[watch]
            set_label: &model.verb(),
            set_use_underline: true,
            add_css_class: "suggested-action",
            #[watch]
            set_sensitive: model.is_complete(),
            connect_clicked => NewPetInput::Create,
        },
    }

    fn init(
        setting: NewPetInit,
        root: Self::Root,
        sender: ComponentSender<Self>,
    ) -> ComponentParts<Self> {
        let offers = offers::offers(&setting.images, &setting.pets, &[]);
        let mut model = Self {
            catalog: Vec::new(),
            taken: setting.pets.iter().map(|pet| pet.name.clone()).collect(),
            name: String::new(),
            suggested: String::new(),
            choice: offers.first().cloned().map_or(Choice::None, Choice::Image),
            judgement: None,
            project: None,
            proposal: None,
            preset: Preset::default(),
            project_file: ProjectFile::builder()
                .launch(setting.engine.clone())
                .forward(sender.input_sender(), NewPetInput::Proposal),
            approval: Approval::builder()
                .launch(setting.engine.clone())
                .forward(sender.input_sender(), NewPetInput::Approved),
            picker: Picker::builder()
                .launch(())
                .forward(sender.input_sender(), |wanted| match wanted {
                    PickerOutput::Picked(entry) => NewPetInput::Image(entry),
                    PickerOutput::Another => NewPetInput::AnotherImage,
                }),
            reference: Reference::builder()
                .launch(())
                .forward(sender.input_sender(), NewPetInput::Reference),
            setting,
        };
        model.propose_name();
        let name_row = adw::EntryRow::builder().text(&model.name).build();
        let mark = &mark::empty();
        let project_file = model.project_file.widget();
        let widgets = view_output!();
        root.add_breakpoint(narrow::without_title(&widgets.header));
        let reason = gtk::accessible::Relation::DescribedBy(&[widgets.reason.upcast_ref()]);
        let entry: &gtk::Widget = widgets.name_row.upcast_ref();
        entry.update_relation(&[reason]);
        let chosen = sender.input_sender().clone();
        PresetRows::add_to(&widgets.presets, move |preset| {
            chosen.emit(NewPetInput::Preset(preset));
        });
        model.picker.emit(PickerInput::Offers(offers));
        model.show_choice(&widgets, &sender);
        match std::mem::take(&mut model.setting.start) {
            Start::Usual => {}
            Start::Folder(path) => sender.input(NewPetInput::Project(path)),
            Start::File(path) => sender.input(NewPetInput::File(path)),
            Start::Reference(reference) => sender.input(NewPetInput::Reference(reference)),
        }
        let engine = model.setting.engine.clone();
        sender.oneshot_command(async move { NewPetAnswer::Catalog(engine.catalog().await) });
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
            NewPetInput::ChooseImage => widgets.pages.push(self.picker.widget()),
            NewPetInput::AnotherImage => widgets.pages.push(self.reference.widget()),
            NewPetInput::Image(entry) => self.choose(Choice::Image(entry), widgets, &sender),
            NewPetInput::Reference(reference) => {
                let entry = self
                    .offers()
                    .into_iter()
                    .find(|entry| entry.reference == reference);
                let entry = entry.unwrap_or_else(|| offers::by_reference(reference, &self.catalog));
                self.choose(Choice::Image(entry), widgets, &sender);
            }
            NewPetInput::ChooseFile => choosers::choose_file(root, &sender),
            NewPetInput::File(path) => self.choose(Choice::File(path), widgets, &sender),
            NewPetInput::NoFile => {
                let first = self.offers().into_iter().next();
                self.choose(first.map_or(Choice::None, Choice::Image), widgets, &sender);
            }
            NewPetInput::ChooseProject => choosers::choose_project(root, &sender),
            NewPetInput::Project(path) => self.choose_project(Some(path)),
            NewPetInput::NoProject => self.choose_project(None),
            NewPetInput::Proposal(proposal) => self.proposal = proposal,
            NewPetInput::Approved(request) => {
                let _ = sender.output(*request);
                root.close();
            }
            NewPetInput::Preset(preset) => self.preset = preset,
            NewPetInput::Create if self.proposal.is_some() => self.ask_approval(&widgets.pages),
            NewPetInput::Create => match (&self.choice, &self.judgement) {
                (Choice::Image(entry), Some(Ok(Verdict::Ask))) => {
                    let sender = sender.clone();
                    let agreed = move || sender.input(NewPetInput::Trust);
                    trust::ask(&entry.reference, self.preset, root, agreed);
                }
                _ => self.create(false, root, &sender),
            },
            NewPetInput::Trust => self.create(true, root, &sender),
        }
        if self.propose_name() {
            widgets.name_row.set_text(&self.name);
        }
        self.update_view(widgets, sender);
    }

    fn update_cmd_with_view(
        &mut self,
        widgets: &mut Self::Widgets,
        answer: NewPetAnswer,
        sender: ComponentSender<Self>,
        _root: &Self::Root,
    ) {
        match answer {
            NewPetAnswer::Catalog(Ok(catalog)) => self.list(catalog, widgets, &sender),
            NewPetAnswer::Catalog(Err(problem)) => {
                self.picker.emit(PickerInput::NoCatalog(problem));
            }
            NewPetAnswer::Judged(reference, judgement) => {
                // The person may have chosen another one meanwhile.
                if self
                    .choice
                    .image()
                    .is_some_and(|entry| entry.reference == reference)
                {
                    self.judgement = Some(judgement);
                }
            }
        }
        if self.propose_name() {
            widgets.name_row.set_text(&self.name);
        }
        self.update_view(widgets, sender);
    }
}
