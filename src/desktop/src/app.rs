//! The window: the list of pets, the page of the chosen one, and the jobs that run.
//!
//! Where to look: [`actions`] menu and keys · [`update`] what the person asks · [`events`] what
//! the engine says · [`pets`] lists becoming rows and pages ·
//! [`setup`] what runs in pets to set them up · [`undo`] deleting, which can be taken back · [`closing`] and
//! [`background`] what happens when the window closes · [`beginning`] what happens before it opens ·
//! [`arrivals`] what is dropped and pasted.

pub mod actions;
pub mod arrivals;
mod background;
mod beginning;
mod closing;
mod debug_info;
mod events;
mod pets;
mod questions;
mod setup;
mod shortcuts;
mod undo;
mod update;

use std::collections::HashMap;

use gettextrs::gettext;
use kennel_model::{
    CreateRequest, HostAnswer, ImageRef, ImageSummary, JobEvent, PetId, PetSummary, TerminalState,
    UserError,
};
use relm4::adw::prelude::*;
use relm4::gtk::gio;
use relm4::{
    Component, ComponentController as _, ComponentParts, ComponentSender, Controller, adw, gtk,
};

use crate::activity::Activity;
use crate::doctor::Doctor;
use crate::engine::{Engine, EngineEvent, Job, Lists, Starter};
use crate::images::{Images, ImagesOutput};
use crate::later::Later;
use crate::new_pet::{NewPet, Start};
use crate::no_engine::{NoEngine, NoEngineInput, Way};
use crate::pet_page::{PetPage, PetPageOutput};
use crate::preferences::Preferences;
use crate::sidebar::{Sidebar, SidebarOutput};
use crate::usage::Feed;
use crate::welcome::Welcome;
pub use beginning::Beginning;
use beginning::{Begun, Opening};
use setup::Setup;

/// The window's state.
#[derive(Debug)]
pub struct App {
    starter: Starter,
    /// An engine is being started: one at a time.
    connecting: bool,
    engine: Option<Engine>,
    /// The engine ended and no other took its place.
    lost: bool,
    opening: Opening,
    pets: Vec<PetSummary>,
    /// The pets were listed since the window is there.
    listed: bool,
    /// Why they could not be listed the last time.
    list_problem: Option<UserError>,
    /// Those that are hidden and will be deleted when their toast is gone.
    leaving: HashMap<PetId, adw::Toast>,
    /// The one of them that was hidden last.
    hidden_last: Option<PetId>,
    /// Images likewise, without a toast once it is gone.
    leaving_images: HashMap<ImageRef, Option<adw::Toast>>,
    /// A new pet that was begun before the engine was there.
    arrival: Option<Start>,
    images: Vec<ImageSummary>,
    /// Why they could not be listed the last time.
    images_problem: Option<UserError>,
    /// The lists are being read.
    listing: bool,
    /// Something changed meanwhile: read them once more.
    list_again: bool,
    /// The jobs that run, and the names they are about.
    jobs: HashMap<u32, (Job, String)>,
    /// How many more the engine was asked for and has not begun.
    beginning: usize,
    /// The person closed the window: while it stays so, the app ends with its last job.
    closed: bool,
    /// What the desktop was told of the work behind the closed window.
    told: Option<String>,
    /// Events of jobs whose number the engine has not told yet: its reply may come after them.
    early: HashMap<u32, Vec<JobEvent>>,
    /// The setups that run, by job.
    setups: HashMap<u32, Setup>,
    /// Why the engine could not be started, while no pet is known.
    unreachable: bool,
    no_engine: Later<NoEngine>,
    welcome: Later<Welcome>,
    sidebar: Controller<Sidebar>,
    pages: HashMap<PetId, Controller<PetPage>>,
    selected: Option<PetId>,
    /// A pet that was just made: its terminal opens when its page is there.
    greeting: Option<PetId>,
    dialog: Option<Controller<NewPet>>,
    images_dialog: Option<Controller<Images>>,
    preferences: Option<Controller<Preferences>>,
    doctor: Option<Controller<Doctor>>,
    usage: Feed,
    /// What pets were asked to wait for, and the dialog that asks.
    questions: HashMap<(PetId, u32), adw::AlertDialog>,
    activity: Option<Controller<Activity>>,
}

/// What the person or a part of the window asks.
#[derive(Debug)]
pub enum AppInput {
    /// The sidebar asks for something.
    Sidebar(SidebarOutput),
    /// A page asks for something.
    Page(PetPageOutput),
    /// Open the New Pet dialog with this filled in.
    NewPet(Start),
    /// The same, as soon as the engine is there.
    NewPetWhenReady(Start),
    /// Begin a new pet with this file that was opened with the app.
    Opened(gio::File),
    /// Begin a new pet with what is in the clipboard.
    Paste,
    /// Let the person search the list.
    Search,
    /// Show what is found in the list by this.
    SearchFor(String),
    /// Show or hide the list.
    ToggleList,
    /// Give the list the keyboard, also out of a terminal, which keeps the Tab key.
    FocusList,
    /// Start the shown pet, or stop it.
    StartOrStop,
    /// Ask for another name of the shown pet.
    Rename,
    /// Show the pet again that was to be deleted last.
    Undo,
    /// Show a pet again that was to be deleted.
    KeepPet(PetId),
    /// Delete a hidden pet.
    DeletePet(PetId),
    /// Show an image again that was to be removed.
    KeepImage(ImageRef),
    /// Remove a hidden image: this toast of it has ended.
    RemoveImage(ImageRef, adw::Toast),
    /// Show the keys.
    Shortcuts,
    /// Create this pet.
    Create(Box<CreateRequest>),
    /// Show the images.
    Images,
    /// The Images dialog asks for something.
    ImagesAsked(ImagesOutput),
    /// Show the preferences.
    Preferences,
    /// Show what this computer lacks.
    Doctor,
    /// Show what all pets use.
    Usage,
    /// Show what happened to all pets lately.
    Activity,
    /// The person's word on a command that a pet wants to run on this computer.
    Answer(PetId, u32, HostAnswer),
    /// The word on that question did not arrive, which the person knows by now.
    AskAgain(PetId, u32),
    /// Show this pet, in front of other windows.
    ShowPet(PetId),
    /// Close the terminal's tab.
    CloseTab,
    /// The window was laid out for another width.
    Rearranged,
    /// Show who made this.
    About,
    /// The window is wanted: show it in front of others, as soon as there is something to see in it.
    Activated,
    /// The person has waited long enough for a window.
    Open,
    /// The first picture of the window is on the screen.
    Drawn,
    /// Start the engine again.
    Reconnect,
    /// Read the lists again.
    List,
    /// Close the window.
    Close,
    /// The window is to be closed: see first what runs in terminals.
    Leave,
    /// Nothing speaks against it any more: close the window.
    Closed,
    /// What was closed may have nothing left to do.
    EndIfIdle,
}

/// What the engine answered or said.
#[derive(Debug)]
pub enum AppCommand {
    /// The engine runs, or not.
    Connected(Box<Begun>),
    /// The lists were read again.
    Listed(Result<Lists, UserError>),
    /// A job was asked to end, or could not be.
    Cancelled(u32, Result<(), UserError>),
    /// A job about the pet of this name began, or not.
    Began(Job, String, Result<u32, UserError>),
    /// What runs in terminals, as the window is to be closed.
    Closing(Vec<TerminalState>),
    /// The person's word on a question was passed on, or not.
    Answered(PetId, u32, Result<(), UserError>),
    /// Whether the desktop lets the app go on without its window.
    MayGoOn(bool),
    /// The engine said something.
    Event(EngineEvent),
}

#[relm4::component(pub)]
impl Component for App {
    type Init = Beginning;
    type Input = AppInput;
    type Output = ();
    type CommandOutput = AppCommand;

    view! {
        #[root]
        adw::ApplicationWindow {
            set_title: Some("Kennel"),
            set_default_size: (980, 640),
            set_size_request: (360, 400),

            #[name(toasts)]
            adw::ToastOverlay {
                gtk::Box {
                    set_orientation: gtk::Orientation::Vertical,
                    adw::Banner {
                        set_title: &gettext("The engine stopped. Your pets keep running."),
                        #[watch]
                        set_button_label: model.start_label().as_deref(),
                        #[watch]
                        set_revealed: model.lost && !model.unreachable,
                        // A banner that is only folded away would still be read out.
                        #[watch]
                        set_visible: model.lost && !model.unreachable,
                        connect_button_clicked => AppInput::Reconnect,
                    },
                    adw::Banner {
                        set_use_markup: false,
                        set_button_label: Some(&gettext("Try Again")),
                        #[watch]
                        set_title: &model.old_list().unwrap_or_default(),
                        #[watch]
                        set_revealed: model.old_list().is_some(),
                        #[watch]
                        set_visible: model.old_list().is_some(),
                        connect_button_clicked => AppInput::List,
                    },
                    gtk::Stack {
                        set_vexpand: true,
                        set_transition_type: gtk::StackTransitionType::Crossfade,
                        #[local_ref]
                        add_named[Some("welcome")] = welcome -> adw::Bin {},
                        #[local_ref]
                        add_named[Some("pets")] = split -> adw::NavigationSplitView {
                            set_min_sidebar_width: 280.0,
                            set_sidebar: Some(sidebar),
                            #[wrap(Some)]
                            #[name(content)]
                            set_content = &adw::NavigationPage {
                                set_title: &gettext("Pet"),
                                #[wrap(Some)]
                                #[name(pages)]
                                set_child = &gtk::Stack {
                                    #[name(no_page)]
                                    add_named[Some("none")] = &adw::ToolbarView {
                                        add_top_bar = &adw::HeaderBar {
                                            set_show_title: false,
                                        },
                                        adw::StatusPage {
                                            // The page of the one that is selected is about to come.
                                            #[watch]
                                            set_visible: model.selected.is_none(),
                                            #[watch]
                                            set_title: &model.waiting().0,
                                            #[watch]
                                            set_description: Some(&model.waiting().1),
                                        },
                                    },
                                },
                            },
                        },
                        #[local_ref]
                        add_named[Some("no-engine")] = no_engine -> adw::Bin {},
                        #[watch]
                        set_visible_child_name: model.scene(),
                    },
                },
            },
        }
    }

    fn init(
        beginning: Self::Init,
        root: Self::Root,
        sender: ComponentSender<Self>,
    ) -> ComponentParts<Self> {
        let model = Self {
            starter: beginning.starter(),
            connecting: true,
            engine: None,
            lost: false,
            opening: Opening::default(),
            pets: Vec::new(),
            listed: false,
            list_problem: None,
            leaving: HashMap::new(),
            hidden_last: None,
            leaving_images: HashMap::new(),
            arrival: None,
            images: Vec::new(),
            images_problem: None,
            listing: false,
            list_again: false,
            jobs: HashMap::new(),
            beginning: 0,
            closed: false,
            told: None,
            early: HashMap::new(),
            setups: HashMap::new(),
            unreachable: false,
            no_engine: {
                let sender = sender.clone();
                Later::new(move || {
                    NoEngine::builder()
                        .launch(())
                        .forward(sender.input_sender(), |way| match way {
                            Way::TryAgain => AppInput::Reconnect,
                            Way::Close => AppInput::Close,
                        })
                })
            },
            welcome: {
                let sender = sender.clone();
                Later::new(move || {
                    Welcome::builder()
                        .launch(())
                        .forward(sender.input_sender(), |_| AppInput::NewPet(Start::Usual))
                })
            },
            sidebar: Sidebar::builder()
                .launch(())
                .forward(sender.input_sender(), AppInput::Sidebar),
            pages: HashMap::new(),
            selected: None,
            greeting: None,
            dialog: None,
            images_dialog: None,
            preferences: None,
            doctor: None,
            usage: Feed::default(),
            questions: HashMap::new(),
            activity: None,
        };
        let no_engine = model.no_engine.place();
        let welcome = model.welcome.place();
        let sidebar = model.sidebar.widget();
        let split = &adw::NavigationSplitView::new();
        let widgets = view_output!();
        actions::collapse_when_narrow(&root, split, &sender);
        actions::install(&root, &sender);
        arrivals::accept_drops(&root, &sender);
        closing::ask_first(&root, &sender);
        crate::settings::remember_size(&root);
        model.usage.follow(&root);
        beginning::open_in_time(&sender);
        beginning::tell_when_drawn(&root, &sender);
        beginning.follow(&sender);
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
        self.end_if_idle(root);
        self.tell_work(root);
        self.update_view(widgets, sender);
    }
}

impl App {
    /// Starts the engine; the answer comes as [`AppCommand::Connected`].
    fn connect(&mut self, sender: &ComponentSender<Self>) {
        if !std::mem::replace(&mut self.connecting, true) {
            self.no_engine.emit(NoEngineInput::Wait(true));
            Beginning::with(self.starter.clone()).follow(sender);
        }
    }

    /// The button that does, unless it is done already.
    fn start_label(&self) -> Option<String> {
        (!self.connecting).then(|| gettext("Start It Again"))
    }
}
