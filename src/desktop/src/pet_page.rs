//! One pet's page: its overview and its terminals, and the menu of what can be done with it.

mod menu;
mod origin;
mod overview;
mod terminals;

use gettextrs::gettext;
use kennel_model::{PetState, PetSummary, UserError};
use relm4::adw::prelude::*;
use relm4::{
    Component, ComponentController as _, ComponentParts, ComponentSender, Controller, adw, gtk,
};

use crate::engine::{Doing, Engine, Job};
pub use origin::Provenance;
use overview::{Overview, OverviewInput, OverviewOutput};
use terminals::{Terminals, TerminalsInput, TerminalsOutput};

/// A pet's page.
#[derive(Debug)]
pub struct PetPage {
    pet: PetSummary,
    doing: Option<Doing>,
    overview: Controller<Overview>,
    terminals: Controller<Terminals>,
}

/// What the page is told.
#[derive(Debug)]
pub enum PetPageInput {
    /// The pet as it is now, what is being done to it, and where its image came from.
    Update(PetSummary, Option<Doing>, Box<Provenance>),
    /// There is another engine, or none.
    Engine(Option<Engine>),
    /// A terminal's shell ended; another pet's perhaps.
    TerminalExited(u32, i32),
    /// Open another terminal.
    OpenTerminal,
    /// Ask whether to delete it.
    AskDelete,
    /// Delete it.
    Delete,
    /// Close the selected terminal's tab.
    CloseTab,
    /// The page was laid out for another width, and lost the keyboard over it.
    Rearranged,
    /// The overview wants something.
    Overview(OverviewOutput),
    /// The terminals say something.
    Terminals(TerminalsOutput),
}

/// What the page asks of the window.
#[derive(Debug)]
pub enum PetPageOutput {
    /// Begin this job on the pet of this name.
    Begin(Job, String),
    /// Show this error.
    Failed(UserError),
}

#[relm4::component(pub)]
impl Component for PetPage {
    type Init = (Engine, PetSummary, Provenance);
    type Input = PetPageInput;
    type Output = PetPageOutput;
    type CommandOutput = ();

    view! {
        #[root]
        adw::BreakpointBin {
            set_size_request: (300, 200),
            #[wrap(Some)]
            set_child = &adw::ToolbarView {
                add_top_bar = &adw::HeaderBar {
                    #[wrap(Some)]
                    #[name(switcher)]
                    set_title_widget = &adw::ViewSwitcher {
                        set_stack: Some(&stack),
                        set_policy: adw::ViewSwitcherPolicy::Wide,
                    },
                    pack_end = &gtk::MenuButton {
                        set_icon_name: "view-more-symbolic",
                        set_menu_model: Some(&menu::model()),
                        set_tooltip_text: Some(&gettext("Pet Menu")),
                        update_property: &[gtk::accessible::Property::Label(&gettext("Pet Menu"))],
                    },
                },
                #[local_ref]
                stack -> adw::ViewStack {
                    #[local_ref]
                    add_titled_with_icon[Some("overview"), &gettext("Overview"), "view-list-symbolic"] = overview -> adw::PreferencesPage {},
                    #[local_ref]
                    add_titled_with_icon[Some("terminal"), &gettext("Terminal"), "utilities-terminal-symbolic"] = terminals -> gtk::Stack {},
                },
            },
        }
    }

    fn init(
        (engine, pet, provenance): Self::Init,
        root: Self::Root,
        sender: ComponentSender<Self>,
    ) -> ComponentParts<Self> {
        let model = Self {
            overview: Overview::builder()
                .launch((engine.clone(), pet.clone(), provenance))
                .forward(sender.input_sender(), PetPageInput::Overview),
            terminals: Terminals::builder()
                .launch((engine, pet.clone()))
                .forward(sender.input_sender(), PetPageInput::Terminals),
            pet,
            doing: None,
        };
        let stack = adw::ViewStack::new();
        let overview = model.overview.widget();
        let terminals = model.terminals.widget();
        let widgets = view_output!();
        root.add_breakpoint(narrow(&widgets.switcher, &sender));
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
            PetPageInput::Update(pet, doing, provenance) => {
                self.doing = doing;
                self.pet = pet.clone();
                let overview = OverviewInput::Pet(pet.clone(), doing, provenance);
                self.overview.emit(overview);
                self.terminals.emit(TerminalsInput::Pet(pet));
            }
            PetPageInput::Engine(engine) => {
                self.overview.emit(OverviewInput::Engine(engine.clone()));
                self.terminals.emit(TerminalsInput::Engine(engine));
            }
            PetPageInput::TerminalExited(number, status) => {
                self.terminals.emit(TerminalsInput::Exited(number, status));
            }
            PetPageInput::OpenTerminal | PetPageInput::Overview(OverviewOutput::OpenTerminal) => {
                self.terminals.emit(TerminalsInput::Open);
            }
            PetPageInput::Overview(OverviewOutput::StartOrStop) => {
                let id = self.pet.id.clone();
                let job = match self.pet.state {
                    PetState::Running => Job::Stop(id),
                    _ => Job::Start(id),
                };
                self.begin(job, &sender);
            }
            PetPageInput::AskDelete => menu::ask_delete(self.pet.name.as_str(), root, &sender),
            PetPageInput::Delete => self.begin(Job::Remove(self.pet.id.clone()), &sender),
            PetPageInput::CloseTab => self.terminals.emit(TerminalsInput::CloseSelected),
            PetPageInput::Terminals(TerminalsOutput::Opening(opening)) => {
                self.overview.emit(OverviewInput::Opening(opening));
            }
            PetPageInput::Terminals(TerminalsOutput::Opened) => {
                widgets.stack.set_visible_child_name("terminal");
                self.terminals.emit(TerminalsInput::Focus);
            }
            PetPageInput::Rearranged => {
                if widgets.stack.visible_child_name().as_deref() == Some("terminal") {
                    self.terminals.emit(TerminalsInput::Focus);
                }
            }
            PetPageInput::Terminals(TerminalsOutput::Failed(error)) => {
                let _ = sender.output(PetPageOutput::Failed(error));
            }
        }
        self.update_view(widgets, sender);
    }
}

impl PetPage {
    fn begin(&self, job: Job, sender: &ComponentSender<Self>) {
        // One thing at a time: the page says what is being done until it is.
        if self.doing.is_none() {
            let name = self.pet.name.to_string();
            let _ = sender.output(PetPageOutput::Begin(job, name));
        }
    }
}

/// On a narrow page the switcher's labels go below its icons, where they fit.
fn narrow(switcher: &adw::ViewSwitcher, sender: &ComponentSender<PetPage>) -> adw::Breakpoint {
    let breakpoint = adw::Breakpoint::new(adw::BreakpointCondition::new_length(
        adw::BreakpointConditionLengthType::MaxWidth,
        500.0,
        adw::LengthUnit::Sp,
    ));
    let policy = adw::ViewSwitcherPolicy::Narrow;
    breakpoint.add_setter(switcher, "policy", Some(&policy.to_value()));
    let (applied, unapplied) = (sender.clone(), sender.clone());
    breakpoint.connect_apply(move |_| applied.input(PetPageInput::Rearranged));
    breakpoint.connect_unapply(move |_| unapplied.input(PetPageInput::Rearranged));
    breakpoint
}
