//! The pet's setup on its overview: which step runs, or which one failed, and its log.

use std::cell::Cell;

use gettextrs::gettext;
use kennel_model::{PetSummary, shown};
use relm4::adw::prelude::*;
use relm4::gtk::glib;
use relm4::{adw, gtk};

use crate::engine::{Doing, Now};
use crate::phrase;
use crate::words::{self, gettext_f};

/// How many lines of the log are kept: the last ones tell what went wrong.
const KEPT: i32 = 5000;

/// What a setup says.
#[derive(Debug, Clone)]
pub enum LogEvent {
    /// Another setup began.
    Began,
    /// It printed a line.
    Line(String),
    /// It ended before it was done; what failed, the list of pets tells later.
    Stopped,
}

/// The group on the overview.
#[derive(Debug)]
pub struct Setup {
    /// The group.
    pub group: adw::PreferencesGroup,
    row: adw::ActionRow,
    spinner: adw::Spinner,
    mark: gtk::Image,
    show_log: gtk::Button,
    cancel: gtk::Button,
    log: gtk::TextBuffer,
    stopped: Cell<bool>,
}

impl Setup {
    /// Nothing is known of a setup. `cancel` ends the step that runs.
    pub fn new(cancel: impl Fn() + 'static) -> Self {
        let group = adw::PreferencesGroup::builder()
            .title(gettext("Setup"))
            .visible(false)
            .build();
        let row = adw::ActionRow::builder().use_markup(false).build();
        let spinner = adw::Spinner::builder()
            .accessible_role(gtk::AccessibleRole::Presentation)
            .build();
        let mark = gtk::Image::builder()
            .accessible_role(gtk::AccessibleRole::Presentation)
            .build();
        let show_log = gtk::Button::builder()
            .label(gettext("Show Log"))
            .valign(gtk::Align::Center)
            .build();
        let cancel_button = gtk::Button::builder()
            .label(gettext("Cancel"))
            .valign(gtk::Align::Center)
            .build();
        cancel_button.connect_clicked(move |_| cancel());
        let log = gtk::TextBuffer::new(None);
        let shown = log.clone();
        show_log.connect_clicked(move |button| log_dialog(&shown).present(Some(button)));
        row.add_prefix(&spinner);
        row.add_prefix(&mark);
        row.add_suffix(&show_log);
        row.add_suffix(&cancel_button);
        group.add(&row);
        Self {
            group,
            row,
            spinner,
            mark,
            show_log,
            cancel: cancel_button,
            log,
            stopped: Cell::new(false),
        }
    }

    /// Takes down what the setup says.
    pub fn log(&self, event: &LogEvent) {
        self.stopped.set(matches!(event, LogEvent::Stopped));
        match event {
            LogEvent::Began => self.log.set_text(""),
            LogEvent::Stopped => {}
            LogEvent::Line(line) => {
                let line = format!("{}\n", shown(line));
                self.log.insert(&mut self.log.end_iter(), &line);
                let beyond = self.log.line_count() - KEPT;
                if let Some(mut first_kept) = self.log.iter_at_line(beyond.max(0)) {
                    self.log.delete(&mut self.log.start_iter(), &mut first_kept);
                }
            }
        }
    }

    /// Shows how far it is.
    pub fn show(&self, pet: &PetSummary, now: &Now) {
        let has_log = self.log.char_count() > 0;
        // Before its first step is known it runs already.
        let begun =
            (now.doing == Some(Doing::SettingUp)).then(|| words::status(pet.state, now.doing));
        let step = now.step.clone().or(begun);
        let failed = pet.setup_failed.as_ref().filter(|_| step.is_none());
        let (title, text) = match (&step, failed) {
            (Some(step), _) => (step.clone(), gettext("You can work in it meanwhile.")),
            (None, Some(_)) => (
                failure(pet),
                gettext("The steps after it were not run. Fix it in a terminal, then try again."),
            ),
            (None, None) if self.stopped.get() => (gettext("Stopped"), String::new()),
            (None, None) => (gettext("All Done"), String::new()),
        };
        self.row.set_title(&title);
        self.row.set_subtitle(&text);
        self.spinner.set_visible(step.is_some());
        self.mark.set_visible(step.is_none());
        self.mark
            .set_icon_name(Some(if failed.is_some() || self.stopped.get() {
                "dialog-warning-symbolic"
            } else {
                "emblem-ok-symbolic"
            }));
        self.show_log.set_visible(has_log);
        self.cancel.set_visible(step.is_some());
        self.group
            .set_visible(step.is_some() || failed.is_some() || has_log);
    }
}

/// Which step failed, and how; nothing when none did.
pub fn failure(pet: &PetSummary) -> String {
    let Some(failed) = &pet.setup_failed else {
        return String::new();
    };
    let (step, how) = (shown(&failed.name), shown(&phrase::said(&failed.how)));
    gettext_f(
        "The setup stopped at “{step}”: {how}",
        &[("step", &step), ("how", &how)],
    )
}

fn log_dialog(log: &gtk::TextBuffer) -> adw::Dialog {
    let view = gtk::TextView::builder()
        .buffer(log)
        .editable(false)
        .cursor_visible(false)
        .monospace(true)
        .wrap_mode(gtk::WrapMode::WordChar)
        .top_margin(12)
        .bottom_margin(12)
        .left_margin(12)
        .right_margin(12)
        .build();
    view.update_property(&[gtk::accessible::Property::Label(&gettext("Setup Log"))]);
    let end = log.create_mark(None, &log.end_iter(), false);
    let to_end = glib::clone!(
        #[weak]
        view,
        move || view.scroll_to_mark(&end, 0.0, false, 0.0, 0.0)
    );
    let follow = to_end.clone();
    let follower = log.connect_changed(move |_| follow());
    view.connect_map(move |_| to_end());
    let page = adw::ToolbarView::new();
    page.add_top_bar(&adw::HeaderBar::new());
    page.set_content(Some(&gtk::ScrolledWindow::builder().child(&view).build()));
    let dialog = adw::Dialog::builder()
        .title(gettext("Setup Log"))
        .content_width(640)
        .content_height(480)
        .child(&page)
        .build();
    let log = log.clone();
    let follower = std::cell::RefCell::new(Some(follower));
    dialog.connect_closed(move |_| {
        if let Some(follower) = follower.take() {
            log.disconnect(follower);
        }
    });
    dialog
}
