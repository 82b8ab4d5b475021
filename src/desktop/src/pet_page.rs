//! One pet's page: its overview, its terminals, its apps and its settings, and the menu of what can be done
//! with it.

mod alert;
mod apps;
mod chosen;
mod lifecycle;
mod menu;
mod name_dialog;
mod narrow;
mod origin;
mod overview;
mod reach;
mod security;
mod settings;
mod setup;
mod terminals;
mod usage;

use gettextrs::gettext;
use kennel_model::{Choices, PetId, PetSummary, UserError};
use relm4::adw::prelude::*;
use relm4::{
    Component, ComponentController as _, ComponentParts, ComponentSender, Controller, adw, gtk,
};

use crate::engine::{self, Engine, Job, Now};
use crate::later::Later;
use crate::usage::Feed;
use apps::{Apps, AppsInput};
use chosen::{Answer, Chosen};
pub use name_dialog::Purpose;
use name_dialog::{NameDialog, NameDialogOutput};
pub use origin::Provenance;
use overview::{Overview, OverviewInput, OverviewOutput};
use settings::{Settings, SettingsInput, SettingsOutput};
pub use setup::LogEvent;
#[cfg(test)]
pub use terminals::has_key as has_terminal_key;
pub use terminals::restore;
use terminals::{Terminals, TerminalsInput, TerminalsOutput};
use usage::UsagePage;

/// A pet's page.
#[derive(Debug)]
pub struct PetPage {
    pet: PetSummary,
    now: Now,
    /// A terminal opens when it runs.
    opens_when_started: bool,
    /// Its content is being laid out for another width.
    rearranged: bool,
    engine: Option<Engine>,
    chosen: Chosen,
    overview: Controller<Overview>,
    terminals: Later<Terminals>,
    /// Those of the window before were opened again, or are not to be.
    restored: bool,
    apps: Later<Apps>,
    settings: Later<Settings>,
    name_dialog: Option<Controller<NameDialog>>,
    feed: Feed,
    usage: Option<Controller<UsagePage>>,
}

/// What the page is told.
#[derive(Debug)]
pub enum PetPageInput {
    /// The pet as it is now, what is being done to it, and where its image came from.
    Update(Box<PetSummary>, Now, Box<Provenance>),
    /// What its setup says.
    Log(LogEvent),
    /// Try again the step of its setup that failed.
    SetUp,
    /// Starting it failed.
    NotStarted,
    /// There is another engine, or none.
    Engine(Option<Engine>),
    /// A terminal's shell ended; another pet's perhaps.
    TerminalExited(u32, i32),
    /// The page is on the screen again.
    Shown,
    /// Open another terminal.
    OpenTerminal,
    /// Choose something else about it.
    Change(Box<Choices>),
    /// Read what was chosen about it.
    Read,
    /// Ask what this computer lets pets do.
    AskComputer,
    /// Stop and start it, so that what was chosen holds.
    Restart,
    /// Ask for a name.
    AskName(Purpose),
    /// The name was given, or not.
    Named(NameDialogOutput),
    /// Start it, or stop it.
    StartOrStop,
    /// Delete it; the window lets the person undo that.
    Delete,
    /// Close the selected terminal's tab.
    CloseTab,
    /// The page was laid out for another width, and loses the keyboard over it.
    Rearranged,
    /// The page's content is there again, as after it was laid out anew.
    Remapped,
    /// The overview wants something.
    Overview(OverviewOutput),
    /// The terminals say something.
    Terminals(TerminalsOutput),
    /// Something on one of its pages could not be done.
    Failed(UserError),
}

/// What the page asks of the window.
#[derive(Debug)]
pub enum PetPageOutput {
    /// Begin this job on the pet of this name.
    Begin(Job, String),
    /// Delete this pet.
    Delete(PetId),
    /// Another pet was made: show it.
    Made(PetId),
    /// The person works in its terminal: where there is place for one of both, show the page and
    /// not the list.
    AtWork,
    /// End the step of the setup of this pet that runs.
    CancelSetup(PetId),
    /// Show this error.
    Failed(UserError),
}

#[relm4::component(pub)]
impl Component for PetPage {
    type Init = (Engine, PetSummary, Provenance, Feed);
    type Input = PetPageInput;
    type Output = PetPageOutput;
    type CommandOutput = Answer;

    view! {
        #[root]
        adw::BreakpointBin {
            set_size_request: (300, 200),
            connect_map => PetPageInput::Shown,
            #[wrap(Some)]
            #[name(pages)]
            set_child = &adw::NavigationView {
                add = &adw::NavigationPage {
                    #[watch]
                    set_title: model.pet.name.as_str(),
                    #[wrap(Some)]
                    set_child = &adw::ToolbarView {
                        connect_map => PetPageInput::Remapped,
                        #[name(header)]
                        add_top_bar = &adw::HeaderBar {
                            #[wrap(Some)]
                            #[name(switcher)]
                            set_title_widget = &adw::ViewSwitcher {
                                set_stack: Some(&stack),
                                set_policy: adw::ViewSwitcherPolicy::Wide,
                            },
                            pack_end: &menu::button(),
                        },
                        add_top_bar = &adw::Banner {
                            #[watch]
                            set_title: &model.restart_reason(),
                            set_button_label: Some(&gettext("Restart")),
                            #[watch]
                            set_revealed: model.offers_restart(),
                            // A banner that is only folded away would still be read out.
                            #[watch]
                            set_visible: model.offers_restart(),
                            connect_button_clicked => PetPageInput::Restart,
                        },
                        add_top_bar = &adw::Banner {
                            #[watch]
                            set_title: &setup::failure(&model.pet),
                            set_use_markup: false,
                            set_button_label: Some(&gettext("Try Again")),
                            #[watch]
                            set_revealed: model.offers_setup(),
                            #[watch]
                            set_visible: model.offers_setup(),
                            connect_button_clicked => PetPageInput::SetUp,
                        },
                        add_top_bar = &adw::Banner {
                            #[watch]
                            set_title: &alert::text(&model.pet),
                            set_use_markup: false,
                            #[watch]
                            set_button_label: alert::button(&model.pet, model.chosen.settled()).as_deref(),
                            #[watch]
                            set_revealed: !model.pet.alerts.is_empty(),
                            #[watch]
                            set_visible: !model.pet.alerts.is_empty(),
                            connect_button_clicked => PetPageInput::Change(alert::one_core()),
                        },
                        #[name(bottom)]
                        add_bottom_bar = &adw::ViewSwitcherBar {},
                        #[name(icons_bar)]
                        add_bottom_bar = &gtk::Box {
                            add_css_class: "toolbar",
                            set_visible: false,
                            #[name(icons)]
                            adw::InlineViewSwitcher {
                                set_display_mode: adw::InlineViewSwitcherDisplayMode::Icons,
                                set_homogeneous: true,
                                set_hexpand: true,
                            },
                        },
                        #[local_ref]
                        stack -> adw::ViewStack {
                            #[local_ref]
                            add_titled_with_icon[Some("overview"), &gettext("Overview"), "view-list-symbolic"] = overview -> adw::PreferencesPage {},
                            #[local_ref]
                            add_titled_with_icon[Some("terminal"), &gettext("Terminal"), "utilities-terminal-symbolic"] = terminals -> adw::Bin {},
                            #[local_ref]
                            add_titled_with_icon[Some("apps"), &gettext("Apps"), "view-app-grid-symbolic"] = apps -> adw::Bin {},
                            #[local_ref]
                            add_titled_with_icon[Some("settings"), &gettext("Settings"), "preferences-system-symbolic"] = settings -> adw::Bin {},
                        },
                    },
                },
            },
        }
    }

    fn init(
        (engine, pet, provenance, feed): Self::Init,
        root: Self::Root,
        sender: ComponentSender<Self>,
    ) -> ComponentParts<Self> {
        let model = Self {
            overview: Overview::builder()
                .launch((engine.clone(), pet.clone(), provenance, feed.clone()))
                .forward(sender.input_sender(), PetPageInput::Overview),
            terminals: {
                let (sender, init) = (sender.clone(), (engine.clone(), pet.clone()));
                Later::new(move || {
                    Terminals::builder()
                        .launch(init.clone())
                        .forward(sender.input_sender(), PetPageInput::Terminals)
                })
            },
            restored: false,
            apps: {
                let (sender, init) = (sender.clone(), (engine.clone(), pet.id.clone()));
                Later::new(move || {
                    Apps::builder()
                        .launch(init.clone())
                        .forward(sender.input_sender(), PetPageInput::Failed)
                })
            },
            settings: {
                let sender = sender.clone();
                Later::new(move || {
                    Settings::builder()
                        .launch(())
                        .forward(sender.input_sender(), |wanted| match wanted {
                            SettingsOutput::Change(choices) => PetPageInput::Change(choices),
                            SettingsOutput::Read => PetPageInput::Read,
                            SettingsOutput::Computer => PetPageInput::AskComputer,
                        })
                })
            },
            chosen: Chosen::new(engine.clone(), &pet),
            engine: Some(engine),
            pet,
            now: Now::default(),
            opens_when_started: false,
            rearranged: false,
            name_dialog: None,
            feed,
            usage: None,
        };
        let stack = adw::ViewStack::new();
        let overview = model.overview.widget();
        let terminals = model.terminals.place();
        let apps = model.apps.place();
        let settings = model.settings.place();
        let widgets = view_output!();
        // The last one that fits counts.
        root.add_breakpoint(narrow::captions_below(&widgets));
        root.add_breakpoint(narrow::breakpoint(&widgets, &sender));
        root.add_breakpoint(narrow::icons_alone(&widgets, &sender));
        root.insert_action_group("pet", Some(&menu::actions(&sender)));
        ComponentParts { model, widgets }
    }

    fn update_with_view(
        &mut self,
        widgets: &mut Self::Widgets,
        message: PetPageInput,
        sender: ComponentSender<Self>,
        root: &Self::Root,
    ) {
        match message {
            PetPageInput::Update(pet, now, provenance) => {
                self.now.clone_from(&now);
                self.pet = (*pet).clone();
                self.chosen.observe(&pet);
                if root.is_mapped() {
                    self.chosen.read(&sender);
                }
                let overview = OverviewInput::Pet(pet.clone(), now, provenance);
                self.overview.emit(overview);
                self.terminals.emit(TerminalsInput::Pet(pet));
                if self.is_up() && std::mem::take(&mut self.opens_when_started) {
                    self.open_now();
                }
            }
            PetPageInput::Log(event) => self.overview.emit(OverviewInput::Log(event)),
            // It opens nothing later.
            PetPageInput::NotStarted => self.opens_when_started = false,
            PetPageInput::Overview(OverviewOutput::CancelSetup) => {
                let _ = sender.output(PetPageOutput::CancelSetup(self.pet.id.clone()));
            }
            PetPageInput::SetUp => self.begin(Job::SetUp(self.pet.id.clone()), &sender),
            PetPageInput::Engine(engine) => {
                self.engine.clone_from(&engine);
                self.chosen.set_engine(engine.clone());
                self.overview.emit(OverviewInput::Engine(engine.clone()));
                self.apps.emit(AppsInput::Engine(engine.clone()));
                self.terminals.emit(TerminalsInput::Engine(engine));
            }
            PetPageInput::TerminalExited(number, status) => {
                self.terminals.emit(TerminalsInput::Exited(number, status));
            }
            PetPageInput::OpenTerminal | PetPageInput::Overview(OverviewOutput::OpenTerminal) => {
                self.open_terminal(&sender);
            }
            PetPageInput::StartOrStop | PetPageInput::Overview(OverviewOutput::StartOrStop) => {
                self.start_or_stop(&sender);
            }
            PetPageInput::Overview(OverviewOutput::Settings) => {
                widgets.stack.set_visible_child_name("settings");
            }
            PetPageInput::Overview(OverviewOutput::Usage) => {
                let page = UsagePage::builder()
                    .launch((self.feed.clone(), self.pet.id.clone()))
                    .forward(sender.input_sender(), PetPageInput::Failed);
                widgets.pages.push(page.widget());
                self.usage = Some(page);
            }
            PetPageInput::Shown => {
                self.restore();
                self.chosen.read(&sender);
            }
            PetPageInput::AskComputer => {
                if let Some(engine) = self.engine.clone() {
                    sender.oneshot_command(async move {
                        Answer::Computer(engine.capabilities().await, engine.shares().await)
                    });
                }
            }
            PetPageInput::Read => self.chosen.read(&sender),
            PetPageInput::Change(choices) => {
                self.chosen.change(choices, &sender);
                self.show_chosen();
            }
            PetPageInput::Restart => self.begin(Job::Restart(self.pet.id.clone()), &sender),
            PetPageInput::AskName(purpose) => self.ask_name(purpose, root, &sender),
            PetPageInput::Named(NameDialogOutput::Made(id)) => {
                let _ = sender.output(PetPageOutput::Made(id));
            }
            PetPageInput::Failed(error)
            | PetPageInput::Named(NameDialogOutput::Failed(error))
            | PetPageInput::Terminals(TerminalsOutput::Failed(error)) => {
                let _ = sender.output(PetPageOutput::Failed(error));
            }
            PetPageInput::Delete => {
                if self.now.doing.is_none() {
                    let _ = sender.output(PetPageOutput::Delete(self.pet.id.clone()));
                }
            }
            PetPageInput::CloseTab => self.terminals.emit(TerminalsInput::CloseSelected),
            PetPageInput::Terminals(TerminalsOutput::Opening(opening)) => {
                self.overview.emit(OverviewInput::Opening(opening));
            }
            PetPageInput::Terminals(TerminalsOutput::Opened) => {
                widgets.stack.set_visible_child_name("terminal");
                self.terminals.emit(TerminalsInput::Focus);
                let _ = sender.output(PetPageOutput::AtWork);
            }
            PetPageInput::Rearranged => {
                self.rearranged = true;
                self.focus_terminal(widgets);
            }
            PetPageInput::Remapped => {
                // Not when the person walks through the list, which keeps the keyboard then.
                if std::mem::take(&mut self.rearranged) {
                    self.focus_terminal(widgets);
                }
            }
        }
        self.update_view(widgets, sender);
    }

    fn update_cmd(&mut self, answer: Answer, sender: ComponentSender<Self>, _: &Self::Root) {
        if let Answer::Computer(computer, shares) = &answer {
            // Where it is not known what there is, all is offered.
            let computer = computer.iter().cloned().map(SettingsInput::Computer);
            let shares = shares.iter().cloned().map(SettingsInput::Shares);
            computer
                .chain(shares)
                .for_each(|told| self.settings.emit(told));
        }
        if let Some(error) = self.chosen.answered(answer, &sender) {
            let _ = sender.output(PetPageOutput::Failed(error));
        }
        self.show_chosen();
    }
}

impl PetPage {
    /// Gives the selected terminal the keyboard, if terminals are shown.
    fn focus_terminal(&self, widgets: &PetPageWidgets) {
        if widgets.stack.visible_child_name().as_deref() == Some("terminal") {
            self.terminals.emit(TerminalsInput::Focus);
        }
    }

    /// Sets settings and overview after what was chosen; a refused choice goes back by it.
    fn show_chosen(&self) {
        if let Some(spec) = self.chosen.settled() {
            let spec = Box::new(spec.clone());
            self.overview.emit(OverviewInput::Chosen(spec.clone()));
            let limits = self.chosen.limits().cloned().map(Box::new);
            self.settings.emit(SettingsInput::Show(spec, limits));
        } else if let Some(problem) = self.chosen.problem() {
            self.settings.emit(SettingsInput::Fail(problem.clone()));
        }
    }

    fn ask_name(
        &mut self,
        purpose: Purpose,
        root: &adw::BreakpointBin,
        sender: &ComponentSender<Self>,
    ) {
        let Some(engine) = self.engine.clone() else {
            let _ = sender.output(PetPageOutput::Failed(engine::gone()));
            return;
        };
        let dialog = NameDialog::builder()
            .launch((engine, self.pet.clone(), purpose))
            .forward(sender.input_sender(), PetPageInput::Named);
        dialog.widget().present(Some(root));
        self.name_dialog = Some(dialog);
    }
}
