//! One pet: what it is, what it can reach, its terminals, and what can be done with it.

use std::collections::HashMap;
use std::os::fd::OwnedFd;

use gettextrs::gettext;
use kennel_model::{PetState, PetSummary, UserError};
use relm4::adw::prelude::*;
use relm4::gtk::{gio, glib};
use relm4::{Component, ComponentParts, ComponentSender, adw, gtk};

use crate::engine::{Engine, Job};
use crate::words::{self, gettext_f};
use crate::{error, terminal};

/// A pet's page.
#[derive(Debug)]
pub struct PetPage {
    engine: Engine,
    pet: PetSummary,
    busy: bool,
    opening: bool,
    tabs: HashMap<u32, adw::TabPage>,
}

/// What the page is told.
#[derive(Debug)]
pub enum PetPageInput {
    /// The pet changed; whether a job works on it now.
    Update(PetSummary, bool),
    /// Open another terminal.
    OpenTerminal,
    /// Start a stopped pet, stop a running one.
    StartOrStop,
    /// Ask whether to delete it.
    AskDelete,
    /// Delete it.
    Delete,
    /// A terminal's shell ended; another pet's perhaps.
    TerminalExited(u32, i32),
    /// A tab was closed.
    TabClosed(adw::TabPage),
    /// Close the selected tab.
    CloseTab,
}

/// What the page asks of the window.
#[derive(Debug)]
pub enum PetPageOutput {
    /// Begin this job.
    Begin(Job, String),
    /// Show this error.
    Failed(UserError),
    /// A short message.
    Toast(String),
}

#[relm4::component(pub)]
impl Component for PetPage {
    type Init = (Engine, PetSummary);
    type Input = PetPageInput;
    type Output = PetPageOutput;
    type CommandOutput = Result<(OwnedFd, u32), UserError>;

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
                        set_menu_model: Some(&menu()),
                        set_tooltip_text: Some(&gettext("Pet Menu")),
                        update_property: &[gtk::accessible::Property::Label(&gettext("Pet Menu"))],
                    },
                },
                add_top_bar = &adw::Banner {
                    #[watch]
                    set_revealed: model.pet.state == PetState::Failed,
                    #[watch]
                    set_title: &error::sentence(model.pet.problem.as_deref().unwrap_or_default()),
                    set_use_markup: false,
                },
                #[local_ref]
                stack -> adw::ViewStack {
                    add_titled_with_icon[Some("overview"), &gettext("Overview"), "view-list-symbolic"] = &adw::PreferencesPage {
                        adw::PreferencesGroup {
                            gtk::Box {
                                set_orientation: gtk::Orientation::Vertical,
                                set_spacing: 6,
                                gtk::Label {
                                    set_xalign: 0.0,
                                    set_wrap: true,
                                    add_css_class: "title-1",
                                    #[watch]
                                    set_label: model.pet.name.as_str(),
                                },
                                gtk::Label {
                                    set_xalign: 0.0,
                                    set_wrap: true,
                                    add_css_class: "dim-label",
                                    #[watch]
                                    set_label: &model.summary(),
                                },
                                adw::WrapBox {
                                    set_child_spacing: 12,
                                    set_line_spacing: 12,
                                    set_margin_top: 12,
                                    gtk::Button {
                                        set_label: &gettext("Open Terminal"),
                                        add_css_class: "suggested-action",
                                        add_css_class: "pill",
                                        #[watch]
                                        set_sensitive: !model.opening && model.pet.state != PetState::Creating,
                                        connect_clicked => PetPageInput::OpenTerminal,
                                    },
                                    gtk::Button {
                                        add_css_class: "pill",
                                        #[watch]
                                        set_label: &model.verb(),
                                        #[watch]
                                        set_sensitive: !model.busy && model.pet.state != PetState::Creating,
                                        connect_clicked => PetPageInput::StartOrStop,
                                    },
                                },
                            },
                        },
                        adw::PreferencesGroup {
                            set_title: &gettext("What It Is"),
                            adw::ActionRow {
                                set_title: &gettext("State"),
                                add_css_class: "property",
                                #[watch]
                                set_subtitle: &words::state(model.pet.state),
                            },
                            adw::ActionRow {
                                set_title: &gettext("Project Folder"),
                                add_css_class: "property",
                                set_use_markup: false,
                                #[watch]
                                set_subtitle: &words::project(&model.pet),
                            },
                            adw::ActionRow {
                                set_title: &gettext("Image"),
                                set_tooltip_text: Some(&gettext("The system it was made from")),
                                add_css_class: "property",
                                set_use_markup: false,
                                set_subtitle_selectable: true,
                                #[watch]
                                set_subtitle: model.pet.image.as_str(),
                            },
                        },
                        adw::PreferencesGroup {
                            set_title: &gettext("What It Can Reach"),
                            adw::ActionRow {
                                set_use_markup: false,
                                #[watch]
                                set_title: &words::preset(model.pet.preset),
                                #[watch]
                                set_subtitle: &words::preset_meaning(model.pet.preset),
                            },
                        },
                    },
                    add_titled_with_icon[Some("terminal"), &gettext("Terminal"), "utilities-terminal-symbolic"] = &gtk::Stack {
                        #[name(tab_bar_page)]
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
                                    connect_clicked => PetPageInput::OpenTerminal,
                                },
                            },
                            #[local_ref]
                            tab_view -> adw::TabView {
                                set_vexpand: true,
                                connect_close_page[sender] => move |view, page| {
                                    view.close_page_finish(page, true);
                                    sender.input(PetPageInput::TabClosed(page.clone()));
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
                                connect_clicked => PetPageInput::OpenTerminal,
                            },
                        },
                        #[watch]
                        set_visible_child_name: if model.tabs.is_empty() { "none" } else { "tabs" },
                    },
                },
            },
        }
    }

    fn init(
        (engine, pet): Self::Init,
        root: Self::Root,
        sender: ComponentSender<Self>,
    ) -> ComponentParts<Self> {
        let model = Self {
            engine,
            pet,
            busy: false,
            opening: false,
            tabs: HashMap::new(),
        };
        let stack = adw::ViewStack::new();
        let tab_view = adw::TabView::new();
        let widgets = view_output!();
        root.add_breakpoint(narrow(&widgets.switcher));
        root.insert_action_group("pet", Some(&actions(&sender)));
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
            PetPageInput::Update(pet, busy) => {
                self.pet = pet;
                self.busy = busy;
            }
            PetPageInput::OpenTerminal => {
                self.opening = true;
                let (engine, id) = (self.engine.clone(), self.pet.id.clone());
                sender.oneshot_command(async move { engine.open_terminal(&id).await });
            }
            PetPageInput::StartOrStop => {
                let id = self.pet.id.clone();
                let job = match self.pet.state {
                    PetState::Running => Job::Stop(id),
                    _ => Job::Start(id),
                };
                self.begin(job, &sender);
            }
            PetPageInput::AskDelete => self.ask_delete(root, &sender),
            PetPageInput::Delete => self.begin(Job::Remove(self.pet.id.clone()), &sender),
            PetPageInput::TerminalExited(terminal, status) => {
                if let Some(page) = self.tabs.remove(&terminal) {
                    widgets.tab_view.close_page(&page);
                    if status != 0 {
                        let text = gettext_f(
                            "The shell in {name} ended with status {status}",
                            &[
                                ("name", self.pet.name.as_str()),
                                ("status", &status.to_string()),
                            ],
                        );
                        let _ = sender.output(PetPageOutput::Toast(text));
                    }
                }
            }
            PetPageInput::TabClosed(page) => self.tab_closed(&page),
            PetPageInput::CloseTab => {
                if let Some(page) = widgets.tab_view.selected_page() {
                    widgets.tab_view.close_page(&page);
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
        self.opening = false;
        let shown = opened.and_then(|(master, number)| {
            Ok((terminal::new(master, self.pet.name.as_str())?, number))
        });
        match shown {
            Ok((terminal, number)) => {
                let page = widgets.tab_view.append(&terminal);
                page.set_title(self.pet.name.as_str());
                name_after_shell(&terminal, &page);
                widgets.tab_view.set_selected_page(&page);
                self.tabs.insert(number, page);
                widgets.stack.set_visible_child_name("terminal");
                self.update_view(widgets, sender);
                terminal.grab_focus();
            }
            Err(error) => {
                let _ = sender.output(PetPageOutput::Failed(error));
                self.update_view(widgets, sender);
            }
        }
    }
}

impl PetPage {
    fn summary(&self) -> String {
        format!("{} · {}", words::project(&self.pet), self.pet.image.short())
    }

    fn verb(&self) -> String {
        match self.pet.state {
            PetState::Running => gettext("Stop"),
            _ => gettext("Start"),
        }
    }

    fn begin(&mut self, job: Job, sender: &ComponentSender<Self>) {
        self.busy = true;
        let name = self.pet.name.to_string();
        let _ = sender.output(PetPageOutput::Begin(job, name));
    }

    fn tab_closed(&mut self, page: &adw::TabPage) {
        let number = self.tabs.iter().find(|(_, open)| *open == page);
        if let Some(number) = number.map(|(number, _)| *number) {
            self.tabs.remove(&number);
            let engine = self.engine.clone();
            relm4::spawn(async move { engine.close_terminal(number).await });
        }
    }

    fn ask_delete(&self, root: &adw::BreakpointBin, sender: &ComponentSender<Self>) {
        let name = self.pet.name.as_str();
        let dialog = adw::AlertDialog::new(
            Some(&gettext_f("Delete {name}?", &[("name", name)])),
            Some(&gettext(
                "What you installed and changed in it will be gone. Your project folder stays.",
            )),
        );
        dialog.add_responses(&[
            ("cancel", &gettext("Cancel")),
            ("delete", &gettext("Delete")),
        ]);
        dialog.set_response_appearance("delete", adw::ResponseAppearance::Destructive);
        dialog.set_default_response(Some("cancel"));
        dialog.set_close_response("cancel");
        let sender = sender.clone();
        dialog.connect_response(Some("delete"), move |_, _| {
            sender.input(PetPageInput::Delete);
        });
        dialog.present(Some(root));
    }
}

/// On a narrow page the switcher's labels go below its icons, where they fit.
fn narrow(switcher: &adw::ViewSwitcher) -> adw::Breakpoint {
    let breakpoint = adw::Breakpoint::new(adw::BreakpointCondition::new_length(
        adw::BreakpointConditionLengthType::MaxWidth,
        500.0,
        adw::LengthUnit::Sp,
    ));
    let policy = adw::ViewSwitcherPolicy::Narrow;
    breakpoint.add_setter(switcher, "policy", Some(&policy.to_value()));
    breakpoint
}

/// The tab's title is the shell's.
fn name_after_shell(terminal: &vte4::Terminal, page: &adw::TabPage) {
    use vte4::TerminalExt as _;
    let page = page.downgrade();
    terminal.connect_termprop_changed(Some("xterm.title"), move |terminal, _| {
        let title = terminal
            .termprop_string("xterm.title")
            .0
            .unwrap_or_default();
        if let Some(page) = page.upgrade().filter(|_| !title.is_empty()) {
            page.set_title(&title);
        }
    });
}

fn menu() -> gio::Menu {
    let menu = gio::Menu::new();
    menu.append(Some(&gettext("New Terminal")), Some("pet.terminal"));
    menu.append(Some(&gettext("Delete…")), Some("pet.delete"));
    menu
}

fn actions(sender: &ComponentSender<PetPage>) -> gio::SimpleActionGroup {
    let group = gio::SimpleActionGroup::new();
    let add = |name: &str, message: fn() -> PetPageInput| {
        let action = gio::SimpleAction::new(name, None);
        let sender = sender.clone();
        action.connect_activate(move |_, _| sender.input(message()));
        group.add_action(&action);
    };
    add("terminal", || PetPageInput::OpenTerminal);
    add("delete", || PetPageInput::AskDelete);
    group
}
