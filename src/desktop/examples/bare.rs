//! A bare window of the same toolkit, beside which Kennel's is measured (`./dev bench`).

use relm4::adw::prelude::*;
use relm4::{ComponentParts, ComponentSender, RelmApp, SimpleComponent, adw, gtk};

struct Bare;

#[relm4::component]
impl SimpleComponent for Bare {
    type Init = ();
    type Input = ();
    type Output = ();

    view! {
        adw::ApplicationWindow {
            set_title: Some("Bare"),
            set_default_size: (980, 640),
            adw::ToolbarView {
                add_top_bar = &adw::HeaderBar {},
                gtk::Label {
                    set_label: "bare",
                },
            },
        }
    }

    fn init(_init: (), root: Self::Root, _sender: ComponentSender<Self>) -> ComponentParts<Self> {
        let widgets = view_output!();
        ComponentParts {
            model: Self,
            widgets,
        }
    }
}

fn main() {
    RelmApp::new("io.github.kennel.Bare").run::<Bare>(());
}
