//! A pet's terminals: a tab each, opened by the engine; what happens when their shells end.

mod tab;
mod vte;

use std::os::fd::OwnedFd;

use gettextrs::gettext;
use kennel_model::{PetSummary, UserError};
use relm4::adw::prelude::*;
use relm4::gtk::glib;
use relm4::{Component, ComponentParts, ComponentSender, adw, gtk};

use crate::engine::Engine;
use tab::{End, Tab};

/// The terminals.
#[derive(Debug)]
pub struct Terminals {
    engine: Option<Engine>,
    pet: PetSummary,
    tabs: Vec<Tab>,
}

/// What the terminals are told.
#[derive(Debug)]
pub enum TerminalsInput {
    /// There is another engine, or none.
    Engine(Option<Engine>),
    /// The pet as it is now.
    Pet(Box<PetSummary>),
    /// Open another one.
    Open,
    /// Give the selected one the keyboard.
    Focus,
    /// This shell ended with this status; another pet's perhaps.
    Exited(u32, i32),
    /// Nothing more will come from this tab's shell.
    Silent(adw::TabPage),
    /// Close this ended tab and open a new one.
    Renew(adw::TabPage),
    /// A tab was closed.
    Closed(adw::TabPage),
    /// Close the selected tab.
    CloseSelected,
}

/// What the terminals say.
#[derive(Debug)]
pub enum TerminalsOutput {
    /// One is being opened, or no longer.
    Opening(bool),
    /// One was opened.
    Opened,
    /// One could not be opened.
    Failed(UserError),
}

#[relm4::component(pub)]
impl Component for Terminals {
    type Init = (Engine, PetSummary);
    type Input = TerminalsInput;
    type Output = TerminalsOutput;
    type CommandOutput = Result<(OwnedFd, u32), UserError>;

    view! {
        #[root]
        gtk::Stack {
            add_named[Some("tabs")] = &gtk::Box {
                set_orientation: gtk::Orientation::Vertical,
                adw::TabBar {
                    set_view: Some(&tab_view),
                    set_autohide: false,
                    #[wrap(Some)]
                    set_end_action_widget = &gtk::Button {
                        set_icon_name: "tab-new-symbolic",
                        add_css_class: "flat",
                        set_tooltip_text: Some(&gettext("New Terminal")),
                        update_property: &[gtk::accessible::Property::Label(&gettext("New Terminal"))],
                        connect_clicked => TerminalsInput::Open,
                    },
                },
                #[local_ref]
                tab_view -> adw::TabView {
                    set_vexpand: true,
                    connect_close_page[sender] => move |view, page| {
                        view.close_page_finish(page, true);
                        sender.input(TerminalsInput::Closed(page.clone()));
                        glib::Propagation::Stop
                    },
                },
            },
            add_named[Some("none")] = &adw::StatusPage {
                set_icon_name: Some("utilities-terminal-symbolic"),
                set_title: &gettext("No Terminal Open"),
                set_description: Some(&gettext("Opening one starts the pet if it is stopped.")),
                gtk::Button {
                    set_label: &gettext("Open Terminal"),
                    set_halign: gtk::Align::Center,
                    add_css_class: "pill",
                    #[watch]
                    set_sensitive: model.engine.is_some(),
                    connect_clicked => TerminalsInput::Open,
                },
            },
            #[watch]
            set_visible_child_name: if model.tabs.is_empty() { "none" } else { "tabs" },
        }
    }

    fn init(
        (engine, pet): Self::Init,
        root: Self::Root,
        sender: ComponentSender<Self>,
    ) -> ComponentParts<Self> {
        let model = Self {
            engine: Some(engine),
            pet,
            tabs: Vec::new(),
        };
        let tab_view = adw::TabView::new();
        let widgets = view_output!();
        ComponentParts { model, widgets }
    }

    fn update_with_view(
        &mut self,
        widgets: &mut Self::Widgets,
        message: TerminalsInput,
        sender: ComponentSender<Self>,
        _root: &Self::Root,
    ) {
        let view = &widgets.tab_view;
        match message {
            TerminalsInput::Engine(engine) => {
                // Another engine counts its terminals anew, and tells of its own only.
                self.tabs.iter_mut().for_each(Tab::forget_number);
                self.engine = engine;
            }
            TerminalsInput::Pet(pet) => {
                self.pet = *pet;
                self.tabs.iter().for_each(|tab| tab.explain(&self.pet));
            }
            TerminalsInput::Open => self.open(&sender),
            TerminalsInput::Focus => {
                let selected = view.selected_page();
                if let Some(tab) = self
                    .tabs
                    .iter()
                    .find(|tab| Some(&tab.page) == selected.as_ref())
                {
                    tab.focus();
                }
            }
            TerminalsInput::Exited(number, status) => {
                if let Some(tab) = self.tabs.iter_mut().find(|tab| tab.is(number)) {
                    tab.forget_number();
                    match tab::end_of(status) {
                        End::ByItself => view.close_page(&tab.page.clone()),
                        end => tab.show_end(end, &self.pet),
                    }
                }
            }
            TerminalsInput::Silent(page) => {
                // The engine says how a shell ended; one that outlived its engine only falls silent.
                let tab = self.tabs.iter_mut().find(|tab| tab.page == page);
                if let Some(tab) = tab.filter(|tab| !tab.has_number()) {
                    tab.show_end(End::Unknown, &self.pet);
                }
            }
            TerminalsInput::Renew(page) => {
                view.close_page(&page);
                self.open(&sender);
            }
            TerminalsInput::Closed(page) => self.closed(&page),
            TerminalsInput::CloseSelected => {
                if let Some(page) = view.selected_page() {
                    view.close_page(&page);
                }
            }
        }
        self.update_view(widgets, sender);
    }

    fn update_cmd_with_view(
        &mut self,
        widgets: &mut Self::Widgets,
        opened: Self::CommandOutput,
        sender: ComponentSender<Self>,
        _root: &Self::Root,
    ) {
        let _ = sender.output(TerminalsOutput::Opening(false));
        let name = self.pet.name.as_str();
        let added = opened.and_then(|(master, number)| {
            Tab::add(&widgets.tab_view, master, number, name, &sender)
        });
        match added {
            Ok(tab) => {
                self.tabs.push(tab);
                self.update_view(widgets, sender.clone());
                let _ = sender.output(TerminalsOutput::Opened);
            }
            Err(error) => {
                let _ = sender.output(TerminalsOutput::Failed(error));
            }
        }
    }
}

impl Terminals {
    fn open(&self, sender: &ComponentSender<Self>) {
        let Some(engine) = self.engine.clone() else {
            return;
        };
        let _ = sender.output(TerminalsOutput::Opening(true));
        let id = self.pet.id.clone();
        sender.oneshot_command(async move { engine.open_terminal(&id).await });
    }

    fn closed(&mut self, page: &adw::TabPage) {
        let Some(index) = self.tabs.iter().position(|tab| tab.page == *page) else {
            return;
        };
        let tab = self.tabs.remove(index);
        if let (Some(number), Some(engine)) = (tab.number(), self.engine.clone()) {
            relm4::spawn(async move { engine.close_terminal(number).await });
        }
    }
}
