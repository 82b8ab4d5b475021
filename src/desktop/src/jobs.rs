//! A running job: what it is doing, how far it is, and its Cancel button.

use gettextrs::gettext;
use relm4::factory::{DynamicIndex, FactoryComponent, FactorySender};
use relm4::gtk;
use relm4::gtk::prelude::*;

use crate::words::gettext_f;

/// One job as shown.
#[derive(Debug)]
pub struct JobRow {
    /// The engine's number for it.
    pub job: u32,
    /// What it is about: a pet's name.
    pub subject: String,
    /// What it is doing.
    pub step: String,
    /// How much is done, where known.
    pub fraction: Option<f64>,
    /// Cancel was pressed.
    pub cancelling: bool,
}

/// The person pressed Cancel on this job.
#[derive(Debug)]
pub struct CancelJob(pub u32);

#[relm4::factory(pub)]
impl FactoryComponent for JobRow {
    type Init = (u32, String);
    type Input = ();
    type Output = CancelJob;
    type CommandOutput = ();
    type ParentWidget = gtk::Box;

    view! {
        #[root]
        gtk::Box {
            set_spacing: 6,
            set_margin_start: 12,
            set_margin_end: 6,
            set_margin_bottom: 6,
            gtk::Box {
                set_orientation: gtk::Orientation::Vertical,
                set_hexpand: true,
                set_valign: gtk::Align::Center,
                set_spacing: 3,
                gtk::Label {
                    set_xalign: 0.0,
                    set_ellipsize: gtk::pango::EllipsizeMode::End,
                    add_css_class: "caption-heading",
                    #[watch]
                    set_label: &self.subject,
                },
                gtk::Label {
                    set_xalign: 0.0,
                    set_ellipsize: gtk::pango::EllipsizeMode::End,
                    add_css_class: "caption",
                    #[watch]
                    set_label: &self.step,
                },
                gtk::ProgressBar {
                    #[watch]
                    set_fraction: self.fraction.unwrap_or(0.0),
                    update_property: &[gtk::accessible::Property::Label(&gettext("Progress"))],
                },
            },
            gtk::Button {
                set_icon_name: "window-close-symbolic",
                set_valign: gtk::Align::Center,
                add_css_class: "flat",
                add_css_class: "circular",
                set_tooltip_text: Some(&gettext("Cancel")),
                update_property: &[gtk::accessible::Property::Label(
                    &gettext_f("Cancel {name}", &[("name", &self.subject)]),
                )],
                #[watch]
                set_sensitive: !self.cancelling,
                connect_clicked[sender, job = self.job] => move |_| {
                    let _ = sender.output(CancelJob(job));
                },
            },
        }
    }

    fn init_model(
        (job, subject): (u32, String),
        _index: &DynamicIndex,
        _sender: FactorySender<Self>,
    ) -> Self {
        Self {
            job,
            subject,
            step: gettext("Preparing"),
            fraction: None,
            cancelling: false,
        }
    }
}
