//! The page with every line of the report.

use gettextrs::gettext;
use kennel_model::{
    Denials, Look, PetState, ReportLine, Section, SecurityReport, UserError, report_text,
};
use relm4::adw::prelude::*;
use relm4::gtk::glib;
use relm4::{ComponentSender, adw, gtk};

use super::{Security, SecurityInput, line};
use crate::words::gettext_f;
use crate::{error, phrase};

/// The page.
#[derive(Debug)]
pub struct Page {
    /// To be pushed on the pet's pages.
    pub page: adw::NavigationPage,
    banner: adw::Banner,
    copy: gtk::Button,
    lines: adw::PreferencesPage,
    toasts: adw::ToastOverlay,
    groups: Vec<adw::PreferencesGroup>,
    /// What “Copy Report” copies: the report as “kennel status --security” prints it, in English, so
    /// that it can be read by whoever it is sent to.
    text: std::rc::Rc<std::cell::RefCell<String>>,
}

impl Page {
    /// An empty one, which tells `sender` when it is seen.
    pub fn new(sender: &ComponentSender<Security>) -> Self {
        let text = std::rc::Rc::new(std::cell::RefCell::new(String::new()));
        let toasts = adw::ToastOverlay::new();
        let lines = adw::PreferencesPage::new();
        toasts.set_child(Some(&lines));
        let copy = copy_button(&text, &toasts);
        let header = adw::HeaderBar::new();
        header.pack_end(&copy);
        let banner = adw::Banner::builder().use_markup(false).build();
        let view = adw::ToolbarView::new();
        view.add_top_bar(&header);
        view.add_top_bar(&banner);
        view.set_content(Some(&toasts));
        let page = adw::NavigationPage::builder()
            .title(gettext("Security"))
            .tag("security")
            .child(&view)
            .build();
        for (seen, signal) in [(true, "map"), (false, "unmap")] {
            let sender = sender.input_sender().clone();
            page.connect_closure(
                signal,
                false,
                glib::closure_local!(move |_: adw::NavigationPage| {
                    // The pet's page may have gone before its pages.
                    let _ = sender.send(SecurityInput::Seen(seen));
                }),
            );
        }
        Self {
            page,
            banner,
            copy,
            lines,
            toasts,
            groups: Vec::new(),
            text,
        }
    }

    /// Shows `report` instead of what was there.
    pub fn show(&mut self, report: &SecurityReport, sender: &ComponentSender<Security>) {
        self.clear();
        *self.text.borrow_mut() = report_text(report, Look::Plain);
        self.copy.set_sensitive(true);
        let name = report.name.as_str();
        let stopped = gettext_f("{name} is not running", &[("name", name)]);
        self.say((report.state != PetState::Running).then_some(stopped));
        for section in Section::ALL {
            let these = report.report.iter();
            let these: Vec<&ReportLine> = these
                .filter(|line| line.topic.section() == section)
                .collect();
            if these.is_empty() {
                continue;
            }
            let group = self.add_group(&title(section));
            for one in these {
                group.add(&line::row(one, sender, &self.toasts));
            }
            if section == Section::Held {
                self.show_denials(&report.denials);
            }
        }
    }

    /// Says why nothing can be shown.
    pub fn fail(&mut self, problem: &UserError) {
        self.clear();
        self.copy.set_sensitive(false);
        self.say(Some(error::what(problem)));
    }

    fn show_denials(&mut self, denials: &Denials) {
        let Denials::Read { last } = denials else {
            return;
        };
        if last.is_empty() {
            return;
        }
        let group = self.add_group(&gettext("What SELinux Noted"));
        for denial in last {
            let row = adw::ActionRow::builder()
                .use_markup(false)
                .title(phrase::said(&denial.describe()))
                .subtitle(local(&denial.time))
                .build();
            group.add(&row);
        }
    }

    fn add_group(&mut self, title: &str) -> adw::PreferencesGroup {
        let group = adw::PreferencesGroup::builder().title(title).build();
        self.lines.add(&group);
        self.groups.push(group.clone());
        group
    }

    fn clear(&mut self) {
        for group in self.groups.drain(..) {
            self.lines.remove(&group);
        }
    }

    fn say(&self, text: Option<String>) {
        // One that is only folded away would still be read out.
        self.banner.set_visible(text.is_some());
        self.banner.set_revealed(text.is_some());
        self.banner.set_title(&text.unwrap_or_default());
    }
}

fn copy_button(
    text: &std::rc::Rc<std::cell::RefCell<String>>,
    toasts: &adw::ToastOverlay,
) -> gtk::Button {
    let label = gettext("Copy Report");
    let copy = gtk::Button::builder()
        .icon_name("edit-copy-symbolic")
        .tooltip_text(&label)
        .sensitive(false)
        .build();
    copy.update_property(&[gtk::accessible::Property::Label(&label)]);
    let (text, toasts) = (text.clone(), toasts.clone());
    copy.connect_clicked(move |copy| {
        copy.clipboard().set_text(&text.borrow());
        toasts.add_toast(adw::Toast::new(&gettext("Report copied")));
    });
    copy
}

fn title(section: Section) -> String {
    match section {
        Section::Held => gettext("What Holds It"),
        Section::Reach => gettext("What It Can Reach"),
        Section::Origin => gettext("Where It Came From"),
        Section::Limits => gettext("How Much It May Use"),
    }
}

/// A time in the person's own time zone and way of writing.
fn local(time: &str) -> String {
    glib::DateTime::from_iso8601(time, None)
        .and_then(|time| time.to_local())
        .and_then(|time| time.format("%x %X"))
        .map_or_else(|_| time.to_owned(), Into::into)
}
