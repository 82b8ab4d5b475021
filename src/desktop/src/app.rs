//! The window: the list of pets, the page of the chosen one, and the jobs that run.

mod actions;
mod update;

use std::collections::HashMap;

use gettextrs::gettext;
use kennel_model::{CreateRequest, ImageSummary, PetId, PetSummary, UserError};
use relm4::adw::prelude::*;
use relm4::factory::FactoryVecDeque;
use relm4::{Component, ComponentParts, ComponentSender, Controller, adw, gtk};

use crate::engine::{Engine, EngineEvent, Job};
use crate::jobs::{CancelJob, JobRow};
use crate::new_pet::NewPet;
use crate::pet_page::{PetPage, PetPageOutput};
use crate::sidebar::PetRow;

/// The window's state.
#[derive(Debug)]
pub struct App {
    engine: Option<Engine>,
    lost: bool,
    listed: bool,
    images: Vec<ImageSummary>,
    pets: FactoryVecDeque<PetRow>,
    jobs: FactoryVecDeque<JobRow>,
    /// What a job works on, for its page's buttons and for what follows it.
    works_on: HashMap<u32, Job>,
    pages: HashMap<PetId, Controller<PetPage>>,
    selected: Option<PetId>,
    /// A pet that was just made: its terminal opens when its page is there.
    welcome: Option<PetId>,
    dialog: Option<Controller<NewPet>>,
}

/// What the person or a part of the window asks.
#[derive(Debug)]
pub enum AppInput {
    /// Show the page of the nth pet.
    Select(i32),
    /// Open the New Pet dialog.
    NewPet,
    /// Create this pet.
    Create(CreateRequest),
    /// A page asks for something.
    Page(PetPageOutput),
    /// End a job.
    Cancel(u32),
    /// Close the terminal's tab, or the window where there is none.
    CloseTab,
    /// Show who made this.
    About,
    /// Start the engine again.
    Reconnect,
}

/// What the engine answered or said.
#[derive(Debug)]
pub enum AppCommand {
    /// The engine runs, or not.
    Connected(Result<Engine, UserError>),
    /// The lists were read again.
    Listed(Result<(Vec<PetSummary>, Vec<ImageSummary>), UserError>),
    /// A job began, or not.
    Began(Job, String, Result<u32, UserError>),
    /// The engine said something.
    Event(EngineEvent),
}

#[relm4::component(pub)]
impl Component for App {
    type Init = ();
    type Input = AppInput;
    type Output = ();
    type CommandOutput = AppCommand;

    view! {
        #[root]
        adw::ApplicationWindow {
            set_title: Some("Kennel"),
            set_default_size: (980, 640),
            set_size_request: (360, 400),

            #[local_ref]
            toasts -> adw::ToastOverlay {
                gtk::Box {
                    set_orientation: gtk::Orientation::Vertical,
                    adw::Banner {
                        set_title: &gettext("The engine stopped. Your pets keep running."),
                        set_button_label: Some(&gettext("Start It Again")),
                        #[watch]
                        set_revealed: model.lost,
                        connect_button_clicked => AppInput::Reconnect,
                    },
                    #[transition = "Crossfade"]
                    if model.is_empty() {
                        adw::ToolbarView {
                            set_vexpand: true,
                            add_top_bar = &adw::HeaderBar {
                                pack_end = &gtk::MenuButton {
                                    set_icon_name: "open-menu-symbolic",
                                    set_primary: true,
                                    set_menu_model: Some(&actions::menu()),
                                    set_tooltip_text: Some(&gettext("Main Menu")),
                                    update_property: &[gtk::accessible::Property::Label(&gettext("Main Menu"))],
                                },
                            },
                            adw::StatusPage {
                                #[watch]
                                set_visible: model.listed || model.lost,
                                set_icon_name: Some("utilities-terminal-symbolic"),
                                set_title: &gettext("No Pets Yet"),
                                set_description: Some(&gettext("A pet is your own Linux environment for a project. Break it, keep it, throw it away: your system stays clean.")),
                                gtk::Button {
                                    set_label: &gettext("New Pet…"),
                                    set_halign: gtk::Align::Center,
                                    add_css_class: "pill",
                                    add_css_class: "suggested-action",
                                    #[watch]
                                    set_sensitive: model.engine.is_some(),
                                    connect_clicked => AppInput::NewPet,
                                },
                            },
                        }
                    } else {
                        #[local_ref]
                        split -> adw::NavigationSplitView {
                            set_vexpand: true,
                            set_min_sidebar_width: 280.0,
                            #[wrap(Some)]
                            set_sidebar = &adw::NavigationPage {
                                set_title: "Kennel",
                                #[wrap(Some)]
                                set_child = &adw::ToolbarView {
                                    add_top_bar = &adw::HeaderBar {
                                        pack_start = &gtk::Button {
                                            set_icon_name: "list-add-symbolic",
                                            set_tooltip_text: Some(&gettext("New Pet")),
                                            update_property: &[gtk::accessible::Property::Label(&gettext("New Pet"))],
                                            connect_clicked => AppInput::NewPet,
                                        },
                                        pack_end = &gtk::MenuButton {
                                            set_icon_name: "open-menu-symbolic",
                                            set_primary: true,
                                            set_menu_model: Some(&actions::menu()),
                                            set_tooltip_text: Some(&gettext("Main Menu")),
                                            update_property: &[gtk::accessible::Property::Label(&gettext("Main Menu"))],
                                        },
                                    },
                                    #[wrap(Some)]
                                    set_content = &gtk::ScrolledWindow {
                                        set_hscrollbar_policy: gtk::PolicyType::Never,
                                        #[local_ref]
                                        pet_list -> gtk::ListBox {
                                            add_css_class: "navigation-sidebar",
                                            update_property: &[gtk::accessible::Property::Label(&gettext("Pets"))],
                                            connect_row_activated[sender] => move |_, row| {
                                                sender.input(AppInput::Select(row.index()));
                                            },
                                        },
                                    },
                                    #[local_ref]
                                    add_bottom_bar = job_list -> gtk::Box {
                                        set_orientation: gtk::Orientation::Vertical,
                                    },
                                },
                            },
                            #[wrap(Some)]
                            #[name(content)]
                            set_content = &adw::NavigationPage {
                                set_title: &gettext("Pet"),
                                #[wrap(Some)]
                                #[name(pages)]
                                set_child = &gtk::Stack {
                                    add_named[Some("none")] = &adw::ToolbarView {
                                        add_top_bar = &adw::HeaderBar {},
                                        adw::StatusPage {
                                            #[watch]
                                            set_title: &model.waiting_title(),
                                            #[watch]
                                            set_description: Some(&model.waiting_text()),
                                        },
                                    },
                                },
                            },
                        }
                    },
                },
            },
        }
    }

    fn init(_init: (), root: Self::Root, sender: ComponentSender<Self>) -> ComponentParts<Self> {
        let model = Self {
            engine: None,
            lost: false,
            listed: false,
            images: Vec::new(),
            pets: FactoryVecDeque::builder()
                .launch(gtk::ListBox::default())
                .detach(),
            jobs: FactoryVecDeque::builder()
                .launch(gtk::Box::default())
                .forward(sender.input_sender(), |CancelJob(job)| {
                    AppInput::Cancel(job)
                }),
            works_on: HashMap::new(),
            pages: HashMap::new(),
            selected: None,
            welcome: None,
            dialog: None,
        };
        let toasts = adw::ToastOverlay::new();
        let split = adw::NavigationSplitView::new();
        let pet_list = model.pets.widget();
        let job_list = model.jobs.widget();
        let widgets = view_output!();
        actions::collapse_when_narrow(&root, &split);
        actions::install(&root, &sender);
        sender.oneshot_command(async { AppCommand::Connected(Engine::connect().await) });
        ComponentParts { model, widgets }
    }

    fn update_with_view(
        &mut self,
        widgets: &mut Self::Widgets,
        message: AppInput,
        sender: ComponentSender<Self>,
        root: &Self::Root,
    ) {
        self.handle(widgets, message, &sender, root);
        self.update_view(widgets, sender);
    }

    fn update_cmd_with_view(
        &mut self,
        widgets: &mut Self::Widgets,
        message: AppCommand,
        sender: ComponentSender<Self>,
        root: &Self::Root,
    ) {
        self.handle_command(widgets, message, &sender, root);
        self.update_view(widgets, sender);
    }
}
