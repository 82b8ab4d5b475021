//! A pet that is being made: what is happening, how far it is, and its Cancel button.

use gettextrs::gettext;
use kennel_model::Progress;
use relm4::factory::{DynamicIndex, FactoryComponent, FactorySender};
use relm4::gtk;
use relm4::gtk::prelude::*;

use crate::words::{self, gettext_f};

/// One job as shown.
#[derive(Debug)]
pub struct JobRow {
    /// The engine's number for it.
    pub job: u32,
    name: String,
    step: String,
    /// The step at which it was asked to end.
    before: String,
    fraction: f64,
    cancelling: bool,
}

/// The person pressed Cancel on this job.
#[derive(Debug)]
pub struct CancelPressed(pub u32);

impl JobRow {
    /// Shows how far it is. A step of unknown length leaves the bar where it was.
    pub fn advance(&mut self, progress: &Progress) {
        if self.cancelling {
            return;
        }
        let (step, fraction) = words::progress(progress);
        self.step = step;
        self.fraction = fraction.unwrap_or(self.fraction);
    }

    /// Shows that it was asked to end.
    pub fn cancel(&mut self) {
        self.cancelling = true;
        self.before = std::mem::replace(&mut self.step, gettext("Canceling"));
    }

    /// Shows that it goes on, as it could not be asked to end.
    pub fn go_on(&mut self) {
        self.cancelling = false;
        self.step = std::mem::take(&mut self.before);
    }
}

#[relm4::factory(pub)]
impl FactoryComponent for JobRow {
    type Init = (u32, String);
    type Input = ();
    type Output = CancelPressed;
    type CommandOutput = ();
    type ParentWidget = gtk::Box;

    view! {
        #[root]
        gtk::Box {
            set_spacing: 6,
            set_margin_start: 15,
            set_margin_end: 9,
            set_margin_top: 6,
            set_margin_bottom: 6,
            gtk::Box {
                set_orientation: gtk::Orientation::Vertical,
                set_hexpand: true,
                set_valign: gtk::Align::Center,
                set_spacing: 6,
                gtk::Label {
                    set_xalign: 0.0,
                    set_ellipsize: gtk::pango::EllipsizeMode::End,
                    add_css_class: "heading",
                    set_label: &self.name,
                },
                gtk::ProgressBar {
                    update_property: &[gtk::accessible::Property::Label(
                        &gettext_f("Making {name}", &[("name", &self.name)]),
                    )],
                    #[watch]
                    set_fraction: self.fraction,
                },
                gtk::Label {
                    set_xalign: 0.0,
                    set_ellipsize: gtk::pango::EllipsizeMode::End,
                    add_css_class: "caption",
                    add_css_class: "numeric",
                    add_css_class: "dim-label",
                    #[watch]
                    set_label: &self.step,
                },
            },
            gtk::Button {
                set_icon_name: "window-close-symbolic",
                set_valign: gtk::Align::Center,
                add_css_class: "flat",
                add_css_class: "circular",
                set_tooltip_text: Some(&gettext("Cancel")),
                update_property: &[gtk::accessible::Property::Label(
                    &gettext_f("Cancel {name}", &[("name", &self.name)]),
                )],
                #[watch]
                set_sensitive: !self.cancelling,
                connect_clicked[sender, job = self.job] => move |_| {
                    let _ = sender.output(CancelPressed(job));
                },
            },
        }
    }

    fn init_model(
        (job, name): (u32, String),
        _index: &DynamicIndex,
        _sender: FactorySender<Self>,
    ) -> Self {
        Self {
            job,
            name,
            step: gettext("Preparing"),
            before: String::new(),
            fraction: 0.0,
            cancelling: false,
        }
    }
}
