//! A pet at a glance: what it is, what is wrong with it, what it can reach, and its two buttons.

use gettextrs::gettext;
use kennel_model::{PetSpec, PetState, PetSummary};
use relm4::adw::prelude::*;
use relm4::{Component as _, ComponentParts, ComponentSender, SimpleComponent, adw, gtk};

use super::origin::{Origin, OriginInput, Provenance};
use super::reach::Reach;
use super::security::{Security, SecurityInput, SecurityOutput};
use super::setup::{LogEvent, Setup};
use super::usage::UsageRow;
use crate::engine::{Engine, Now};
use crate::error;
use crate::later::Later;
use crate::usage::Feed;
use crate::words;
use crate::wrapping_button;

/// The overview.
#[derive(Debug)]
pub struct Overview {
    pet: PetSummary,
    now: Now,
    /// An engine runs, so that something can be begun.
    connected: bool,
    opening: bool,
    origin: Later<Origin, adw::PreferencesPage>,
    reach: Reach,
    security: Later<Security, adw::PreferencesPage>,
    setup: Setup,
    usage: UsageRow,
}

/// What the overview is told.
#[derive(Debug)]
pub enum OverviewInput {
    /// The pet as it is now, what is being done to it, and where its image came from.
    Pet(Box<PetSummary>, Now, Box<Provenance>),
    /// What its setup says.
    Log(LogEvent),
    /// What was chosen about it.
    Chosen(Box<PetSpec>),
    /// There is another engine, or none.
    Engine(Option<Engine>),
    /// A terminal is being opened, or no longer.
    Opening(bool),
}

/// What the person wants.
#[derive(Debug)]
pub enum OverviewOutput {
    /// A terminal.
    OpenTerminal,
    /// A stopped pet started, a running one stopped.
    StartOrStop,
    /// To change what it can reach.
    Settings,
    /// To see what it uses.
    Usage,
    /// The step of its setup that runs ended.
    CancelSetup,
}

#[relm4::component(pub)]
impl SimpleComponent for Overview {
    type Init = (Engine, PetSummary, Provenance, Feed);
    type Input = OverviewInput;
    type Output = OverviewOutput;

    view! {
        #[root]
        adw::PreferencesPage {
            adw::PreferencesGroup {
                gtk::Box {
                    set_orientation: gtk::Orientation::Vertical,
                    set_spacing: 6,
                    gtk::Label {
                        set_xalign: 0.0,
                        set_wrap: true,
                        set_wrap_mode: gtk::pango::WrapMode::WordChar,
                        add_css_class: "title-1",
                        #[watch]
                        set_label: model.pet.name.as_str(),
                    },
                    gtk::Label {
                        set_xalign: 0.0,
                        set_wrap: true,
                        set_wrap_mode: gtk::pango::WrapMode::WordChar,
                        add_css_class: "dim-label",
                        #[watch]
                        set_label: &model.summary(),
                    },
                    adw::WrapBox {
                        set_child_spacing: 12,
                        set_line_spacing: 12,
                        set_margin_top: 12,
                        wrapping_button::new() -> gtk::Button {
                            set_label: &gettext("Open Terminal"),
                            add_css_class: "suggested-action",
                            add_css_class: "pill",
                            #[watch]
                            set_sensitive: !model.opening && model.is_at_rest(),
                            connect_clicked[sender] => move |_| {
                                let _ = sender.output(OverviewOutput::OpenTerminal);
                            },
                        },
                        gtk::Button {
                            add_css_class: "pill",
                            #[watch]
                            set_label: &model.verb(),
                            #[watch]
                            set_sensitive: model.is_at_rest(),
                            connect_clicked[sender] => move |_| {
                                let _ = sender.output(OverviewOutput::StartOrStop);
                            },
                        },
                    },
                },
            },
            adw::PreferencesGroup {
                set_title: &gettext("Could Not Start"),
                #[watch]
                set_visible: model.pet.state == PetState::Failed,
                adw::ActionRow {
                    set_use_markup: false,
                    set_subtitle_selectable: true,
                    #[watch]
                    set_title: &model.problem().0,
                    #[watch]
                    set_subtitle: &model.problem().1,
                    add_prefix = &gtk::Image {
                        set_icon_name: Some("dialog-warning-symbolic"),
                        set_accessible_role: gtk::AccessibleRole::Presentation,
                        add_css_class: "error",
                    },
                },
            },
            add: setup,
            adw::PreferencesGroup {
                set_title: &gettext("What It Is"),
                adw::ActionRow {
                    set_title: &gettext("State"),
                    add_css_class: "property",
                    #[watch]
                    set_subtitle: &words::status(model.pet.state, model.now.doing),
                },
                adw::ActionRow {
                    set_title: &gettext("Project Folder"),
                    add_css_class: "property",
                    set_use_markup: false,
                    set_subtitle_selectable: true,
                    #[watch]
                    set_subtitle: &words::project(&model.pet),
                },
            },
            add: usage,
            add: reach,
        }
    }

    fn init(
        (engine, pet, provenance, feed): Self::Init,
        root: Self::Root,
        sender: ComponentSender<Self>,
    ) -> ComponentParts<Self> {
        let settings = sender.output_sender().clone();
        let (more, cancel) = (settings.clone(), settings.clone());
        let model = Self {
            usage: UsageRow::new(&pet, &feed, move || {
                more.emit(OverviewOutput::Usage);
            }),
            security: {
                let (sender, init) = (sender.clone(), (engine.clone(), pet.clone()));
                Later::below(&root, move || {
                    Security::builder()
                        .launch(init.clone())
                        .forward(sender.output_sender(), |SecurityOutput::Settings| {
                            OverviewOutput::Settings
                        })
                })
            },
            reach: Reach::new(&pet, move || settings.emit(OverviewOutput::Settings)),
            pet,
            now: Now::default(),
            connected: true,
            setup: Setup::new(move || cancel.emit(OverviewOutput::CancelSetup)),
            opening: false,
            origin: Later::below(&root, move || {
                Origin::builder()
                    .launch((engine.clone(), provenance.clone()))
                    .detach()
            }),
        };
        let reach = &model.reach.group;
        let setup = &model.setup.group;
        let usage = &model.usage.group;
        let widgets = view_output!();
        ComponentParts { model, widgets }
    }

    fn update(&mut self, message: OverviewInput, _sender: ComponentSender<Self>) {
        match message {
            OverviewInput::Pet(pet, now, provenance) => {
                self.origin.emit(OriginInput::Provenance(provenance));
                self.security.emit(SecurityInput::Pet(pet.clone()));
                self.pet = *pet;
                self.now = now;
                self.usage.listed(&self.pet);
                self.setup.show(&self.pet, &self.now);
            }
            OverviewInput::Log(event) => {
                self.setup.log(&event);
                self.setup.show(&self.pet, &self.now);
            }
            OverviewInput::Chosen(spec) => self.reach.show(&spec),
            OverviewInput::Engine(engine) => {
                self.connected = engine.is_some();
                self.security.emit(SecurityInput::Engine(engine.clone()));
                self.origin.emit(OriginInput::Engine(engine));
            }
            OverviewInput::Opening(opening) => self.opening = opening,
        }
    }
}

impl Overview {
    /// Whether there is an engine and nothing is being done to the pet, so that something can be begun.
    fn is_at_rest(&self) -> bool {
        let idle = self.now.doing.is_none() && self.pet.state != PetState::Creating;
        self.connected && idle
    }

    fn summary(&self) -> String {
        format!("{} · {}", words::project(&self.pet), self.pet.image.short())
    }

    fn problem(&self) -> (String, String) {
        let error = self.pet.error.as_ref();
        error.map_or_else(Default::default, |error| {
            (
                error::shortened(&error::what(error)),
                error::shortened(&error::todo(error)),
            )
        })
    }

    fn verb(&self) -> String {
        match self.pet.state {
            PetState::Running => gettext("Stop"),
            _ => gettext("Start"),
        }
    }
}
