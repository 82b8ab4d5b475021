//! The page that the window shows when there is no engine: why, and the command that mends it.

mod reason;

use gettextrs::gettext;
use kennel_model::UserError;
use kennel_protocol::client::StartError;
use relm4::adw::prelude::*;
use relm4::{ComponentParts, ComponentSender, SimpleComponent, adw, gtk};

use crate::app::actions;
use crate::command_row;
use reason::Reason;
pub use reason::Way;

/// The page.
#[derive(Debug)]
pub struct NoEngine {
    reason: Reason,
    commands: gtk::ListBox,
    toasts: adw::ToastOverlay,
    waiting: bool,
}

/// What the page is told.
#[derive(Debug)]
pub enum NoEngineInput {
    /// Say why there is none.
    Explain(StartError),
    /// Say why the one that is there cannot tell of the pets.
    Tell(UserError),
    /// One is being started, or no longer.
    Wait(bool),
    /// The person pressed the button.
    Press,
}

#[relm4::component(pub)]
impl SimpleComponent for NoEngine {
    type Init = ();
    type Input = NoEngineInput;
    type Output = Way;

    view! {
        #[root]
        adw::ToastOverlay {
            #[wrap(Some)]
            set_child = &adw::ToolbarView {
                add_top_bar = &adw::HeaderBar {
                    pack_end: &actions::menu_button(),
                },
                adw::StatusPage {
                    set_icon_name: Some("dialog-warning-symbolic"),
                    #[watch]
                    set_title: &model.reason.title,
                    #[watch]
                    set_description: Some(&model.reason.text),
                    #[wrap(Some)]
                    set_child = &adw::Clamp {
                        set_maximum_size: 520,
                        gtk::Box {
                            set_orientation: gtk::Orientation::Vertical,
                            set_spacing: 24,
                            #[local_ref]
                            commands -> gtk::ListBox {
                                set_selection_mode: gtk::SelectionMode::None,
                                add_css_class: "boxed-list",
                                update_property: &[gtk::accessible::Property::Label(&gettext("What to Do"))],
                                #[watch]
                                set_visible: !model.reason.commands.is_empty(),
                            },
                            gtk::Button {
                                set_halign: gtk::Align::Center,
                                add_css_class: "pill",
                                #[watch]
                                set_label: &model.reason.way.label(),
                                #[watch]
                                set_sensitive: !model.waiting,
                                connect_clicked => NoEngineInput::Press,
                            },
                        },
                    },
                },
            },
        }
    }

    fn init(_init: (), root: Self::Root, sender: ComponentSender<Self>) -> ComponentParts<Self> {
        let model = Self {
            reason: Reason::default(),
            commands: gtk::ListBox::new(),
            toasts: root.clone(),
            waiting: false,
        };
        let commands = &model.commands;
        let widgets = view_output!();
        ComponentParts { model, widgets }
    }

    fn update(&mut self, message: NoEngineInput, sender: ComponentSender<Self>) {
        match message {
            NoEngineInput::Explain(error) => self.explain(Reason::of(&error)),
            NoEngineInput::Tell(problem) => self.explain(Reason::plain(&problem)),
            NoEngineInput::Wait(waiting) => self.waiting = waiting,
            NoEngineInput::Press => {
                let _ = sender.output(self.reason.way);
            }
        }
    }
}

impl NoEngine {
    fn explain(&mut self, reason: Reason) {
        self.reason = reason;
        self.commands.remove_all();
        if !self.reason.commands.is_empty() {
            let row = command_row::new(
                &gettext("In a terminal:"),
                &self.reason.commands,
                &self.toasts,
            );
            self.commands.append(&row);
        }
    }
}
