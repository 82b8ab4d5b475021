//! What the window shows while there is no pet: what one is, and how to make it; or that the
//! engine, which would know the pets, is not there.

use gettextrs::gettext;
use relm4::adw::prelude::*;
use relm4::gtk::glib;
use relm4::{ComponentParts, ComponentSender, SimpleComponent, adw, gtk};

use crate::app::actions;

/// The page.
#[derive(Debug)]
pub struct Welcome {
    ready: bool,
    connected: bool,
    new_pet: gtk::Button,
    /// The button had the keyboard: later the person may have it elsewhere.
    offered: bool,
}

/// What the page is told.
#[derive(Debug)]
pub enum WelcomeInput {
    /// Whether it is known that there is no pet: until then the page stays blank, not wrong.
    Ready(bool),
    /// Whether the engine is there.
    Connected(bool),
}

/// The person wants a pet.
#[derive(Debug)]
pub struct NewPetPressed;

#[relm4::component(pub)]
impl SimpleComponent for Welcome {
    type Init = ();
    type Input = WelcomeInput;
    type Output = NewPetPressed;

    view! {
        #[root]
        adw::ToolbarView {
            add_top_bar = &adw::HeaderBar {
                pack_end: &actions::menu_button(),
            },
            adw::StatusPage {
                #[watch]
                set_visible: model.ready,
                set_icon_name: Some("utilities-terminal-symbolic"),
                #[watch]
                set_title: &model.title(),
                #[watch]
                set_description: Some(&model.text()),
                #[local_ref]
                new_pet -> gtk::Button {
                    set_label: &gettext("New Pet…"),
                    set_halign: gtk::Align::Center,
                    add_css_class: "pill",
                    add_css_class: "suggested-action",
                    #[watch]
                    set_visible: model.connected,
                    connect_clicked[sender] => move |_| {
                        let _ = sender.output(NewPetPressed);
                    },
                },
            },
        }
    }

    fn init(_init: (), root: Self::Root, sender: ComponentSender<Self>) -> ComponentParts<Self> {
        let model = Self {
            ready: false,
            connected: false,
            new_pet: gtk::Button::new(),
            offered: false,
        };
        let new_pet = &model.new_pet.clone();
        let widgets = view_output!();
        ComponentParts { model, widgets }
    }

    fn update(&mut self, message: WelcomeInput, _sender: ComponentSender<Self>) {
        match message {
            WelcomeInput::Ready(ready) => self.ready = ready,
            WelcomeInput::Connected(connected) => self.connected = connected,
        }
        if self.ready && self.connected && !std::mem::replace(&mut self.offered, true) {
            // Enter makes a pet. Only after this the button is there to be focused.
            let new_pet = self.new_pet.clone();
            glib::idle_add_local_once(move || {
                if new_pet.is_mapped() {
                    new_pet.grab_focus();
                }
            });
        }
    }
}

impl Welcome {
    fn title(&self) -> String {
        if self.connected {
            gettext("No Pets Yet")
        } else {
            gettext("Your Pets Cannot Be Shown")
        }
    }

    fn text(&self) -> String {
        if self.connected {
            gettext(
                "A pet is your own Linux environment for a project. Break it, keep it, throw it away: your system stays clean.",
            )
        } else {
            gettext("The part of Kennel that looks after them is not running.")
        }
    }
}
