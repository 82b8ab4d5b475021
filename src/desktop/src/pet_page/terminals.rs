//! A pet's terminals: a tab each, opened by the engine; what happens when their shells end.
//!
//! Where to look: [`tab`] and [`vte`] one terminal · [`keys`] and [`menu`] what the person can do ·
//! [`find`], [`zoom`], [`links`], [`paste`], [`drop`], [`palette`] what it says ·
//! [`opening`] and [`closing`] a tab's beginning and end · [`restore`] what is there again in the next window.

mod closing;
mod dialogs;
mod directory;
mod drop;
mod find;
mod keys;
mod links;
mod menu;
mod opening;
mod palette;
mod paste;
pub mod restore;
mod tab;
mod vte;
mod zoom;

use std::os::fd::OwnedFd;

use gettextrs::gettext;
use kennel_model::{PetSummary, UserError};
use relm4::adw::prelude::*;
use relm4::gtk::glib;
use relm4::{Component, ComponentParts, ComponentSender, adw, gtk};

use crate::engine::Engine;
use crate::wrapping_button;
use find::Find;
#[cfg(test)]
pub use keys::has as has_key;
use tab::Tab;
use vte4::TerminalExt as _;
use zoom::{Size, Zoom};

/// The terminals.
#[derive(Debug)]
pub struct Terminals {
    engine: Option<Engine>,
    pet: PetSummary,
    tabs: Vec<Tab>,
    size: Size,
    find: Find,
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
    /// Open another one where the selected one is.
    OpenHere,
    /// Open again those of the window before, which were in these directories.
    Restore(Vec<String>),
    /// Find text in the selected one.
    Find,
    /// Show all tabs, or no longer.
    Overview,
    /// Make the text larger or smaller.
    Zoom(Zoom),
    /// Another size was chosen elsewhere.
    Zoomed,
    /// Forget what was scrolled away in the selected one.
    Clear,
    /// Open a terminal of the desktop's.
    External,
    /// Files were dropped on this tab.
    Dropped(adw::TabPage, Vec<String>),
    /// Close this tab, perhaps after a question.
    Close(adw::TabPage),
    /// The person's answer to that question.
    Decided(adw::TabPage, bool),
    /// Give the selected one the keyboard.
    Focus,
    /// This shell ended with this status; another pet's perhaps.
    Exited(u32, i32),
    /// Nothing more will come from this tab's shell.
    Silent(adw::TabPage),
    /// Close this ended tab and open a new one.
    Renew(adw::TabPage),
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

/// What the engine answers.
#[derive(Debug)]
pub enum Answer {
    /// A terminal that the person opened.
    Opened(Result<(OwnedFd, u32), UserError>),
    /// One of the window before.
    Restored(Result<(OwnedFd, u32), UserError>),
    /// What runs in the terminal of this number, which is to be closed.
    Runs(u32, Option<String>),
    /// Where files are in the pet, which were dropped on the terminal of this number.
    Places(u32, Result<Vec<Option<String>>, UserError>),
    /// A terminal of the desktop's was opened, or not.
    External(Result<(), UserError>),
}

#[relm4::component(pub)]
impl Component for Terminals {
    type Init = (Engine, PetSummary);
    type Input = TerminalsInput;
    type Output = TerminalsOutput;
    type CommandOutput = Answer;

    view! {
        #[root]
        gtk::Stack {
            set_hhomogeneous: false,
            #[name(overview)]
            add_named[Some("tabs")] = &adw::TabOverview {
                set_view: Some(&tab_view),
                // The page's own header stays above.
                set_show_start_title_buttons: false,
                set_show_end_title_buttons: false,
                #[wrap(Some)]
                set_child = &gtk::Box {
                    set_orientation: gtk::Orientation::Vertical,
                    adw::TabBar {
                        set_view: Some(&tab_view),
                        set_autohide: false,
                        #[wrap(Some)]
                        set_start_action_widget = &adw::TabButton {
                            set_view: Some(&tab_view),
                            set_action_name: Some("overview.open"),
                            set_tooltip_text: Some(&gettext("Show All Tabs")),
                        },
                        #[wrap(Some)]
                        set_end_action_widget = &gtk::Box {
                            gtk::Button {
                                set_icon_name: "tab-new-symbolic",
                                add_css_class: "flat",
                                set_tooltip_text: Some(&gettext("New Terminal")),
                                update_property: &[gtk::accessible::Property::Label(&gettext("New Terminal"))],
                                connect_clicked => TerminalsInput::OpenHere,
                            },
                            append: &menu::button(),
                        },
                    },
                    append: model.find.widget(),
                    #[local_ref]
                    tab_view -> adw::TabView {
                        set_vexpand: true,
                        set_shortcuts: keys::of_tabs(),
                        connect_close_page[sender] => move |_, page| {
                            sender.input(TerminalsInput::Close(page.clone()));
                            glib::Propagation::Stop
                        },
                    },
                },
            },
            add_named[Some("none")] = &adw::StatusPage {
                set_icon_name: Some("utilities-terminal-symbolic"),
                set_title: &gettext("No Terminal Open"),
                set_description: Some(&gettext("Opening one starts the pet if it is stopped.")),
                gtk::Box {
                    set_orientation: gtk::Orientation::Vertical,
                    set_spacing: 12,
                    set_halign: gtk::Align::Center,
                    wrapping_button::new() -> gtk::Button {
                        set_label: &gettext("Open Terminal"),
                        add_css_class: "pill",
                        #[watch]
                        set_sensitive: model.engine.is_some(),
                        connect_clicked => TerminalsInput::Open,
                    },
                    wrapping_button::new() -> gtk::Button {
                        set_label: &gettext("Open in External Terminal"),
                        add_css_class: "pill",
                        add_css_class: "flat",
                        #[watch]
                        set_sensitive: model.engine.is_some(),
                        connect_clicked => TerminalsInput::External,
                    },
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
        let tab_view = adw::TabView::new();
        let model = Self {
            find: Find::new(&tab_view),
            engine: Some(engine),
            pet,
            tabs: Vec::new(),
            size: {
                let sender = sender.clone();
                Size::remembered(move || sender.input(TerminalsInput::Zoomed))
            },
        };
        let widgets = view_output!();
        root.insert_action_group("terminals", Some(&menu::actions(&sender)));
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
                self.forget_numbers();
                self.engine = engine;
            }
            TerminalsInput::Pet(pet) => {
                self.pet = *pet;
                self.tabs.iter().for_each(|tab| tab.explain(&self.pet));
            }
            TerminalsInput::Open => self.open(None, &sender),
            TerminalsInput::OpenHere => self.open(self.selected(view), &sender),
            TerminalsInput::Restore(directories) => self.restore(directories, &sender),
            TerminalsInput::Find if self.selected(view).is_some() => self.find.open(),
            TerminalsInput::Find => {}
            TerminalsInput::Overview => {
                let open = widgets.overview.is_open();
                widgets.overview.set_open(!open && !self.tabs.is_empty());
            }
            TerminalsInput::Zoom(zoom) => {
                self.size.change(zoom);
                self.resize();
            }
            TerminalsInput::Zoomed => {
                self.size.read();
                self.resize();
            }
            TerminalsInput::Clear => {
                if let Some(tab) = self.selected(view) {
                    vte::clear_scrollback(&tab.terminal);
                }
            }
            TerminalsInput::External => self.open_external(&sender),
            TerminalsInput::Dropped(page, files) => self.dropped(&page, files, &sender),
            TerminalsInput::Close(page) => self.close(view, &page, &sender),
            TerminalsInput::Decided(page, close) => self.decided(view, &page, close),
            TerminalsInput::Focus => {
                if let Some(tab) = self.selected(view) {
                    tab.focus();
                }
            }
            TerminalsInput::Exited(number, status) => self.exited(view, number, status),
            TerminalsInput::Silent(page) => self.silent(&page),
            TerminalsInput::Renew(page) => {
                view.close_page(&page);
                self.open(None, &sender);
            }
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
        answer: Answer,
        sender: ComponentSender<Self>,
        root: &Self::Root,
    ) {
        match answer {
            Answer::Opened(opened) => {
                let _ = sender.output(TerminalsOutput::Opening(false));
                match self.add(widgets, opened, &sender) {
                    Ok(page) => {
                        widgets.tab_view.set_selected_page(&page);
                        widgets.overview.set_open(false);
                        self.update_view(widgets, sender.clone());
                        let _ = sender.output(TerminalsOutput::Opened);
                    }
                    Err(error) => fail(error, &sender),
                }
            }
            // The person did not ask for it now: one that is not there again is no error.
            Answer::Restored(opened) => drop(self.add(widgets, opened, &sender)),
            Answer::Runs(number, command) => {
                self.ask_or_close(&widgets.tab_view, root, number, command, &sender);
            }
            Answer::Places(number, Ok(places)) => self.paste_places(number, &places, &sender),
            Answer::External(Ok(())) => {}
            Answer::Places(_, Err(error)) | Answer::External(Err(error)) => fail(error, &sender),
        }
        self.update_view(widgets, sender);
    }
}

fn fail(error: UserError, sender: &ComponentSender<Terminals>) {
    let _ = sender.output(TerminalsOutput::Failed(error));
}

impl Terminals {
    fn selected(&self, view: &adw::TabView) -> Option<&Tab> {
        let page = view.selected_page()?;
        self.tabs.iter().find(|tab| tab.page == page)
    }

    fn resize(&self) {
        for tab in &self.tabs {
            tab.terminal.set_font_scale(self.size.scale());
        }
    }
}
