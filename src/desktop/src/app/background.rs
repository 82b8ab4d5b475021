//! The app while its window is closed: jobs go on, notifications say how they ended, and with the
//! last one the app ends.

use gettextrs::gettext;
use kennel_model::{PetSummary, UserError};
use relm4::adw::prelude::*;
use relm4::gtk::gio;
use relm4::{ComponentSender, adw};

use super::{App, AppInput};
use crate::error;
use crate::words::gettext_f;

impl App {
    /// Closes the window. What was deleted can be taken back no longer: its toasts end, and their
    /// ends are heard before [`AppInput::EndIfIdle`].
    pub(super) fn hide_window(
        &mut self,
        sender: &ComponentSender<Self>,
        root: &adw::ApplicationWindow,
    ) {
        self.closed = true;
        root.set_visible(false);
        for toast in self.leaving.values() {
            toast.dismiss();
        }
        sender.input(AppInput::EndIfIdle);
    }

    /// Ends the app when its window is closed and no job runs.
    pub(super) fn end_if_idle(&self, root: &adw::ApplicationWindow) {
        let idle = self.jobs.is_empty() && self.beginning == 0;
        if self.closed && !root.is_visible() && idle {
            root.destroy();
        }
    }
}

/// Says that a pet was made, to a person who looks at another window.
pub fn tell_ready(pet: &PetSummary, root: &adw::ApplicationWindow) {
    if root.is_active() {
        return;
    }
    let title = gettext_f("{name} is ready", &[("name", pet.name.as_str())]);
    let notification = gio::Notification::new(&title);
    let id = pet.id.as_str().to_variant();
    let show = "app.show-pet";
    notification.set_default_action_and_target_value(show, Some(&id));
    notification.add_button_with_target_value(&gettext("Show"), show, Some(&id));
    let one_a_pet = format!("ready-{}", pet.id.as_str());
    relm4::main_application().send_notification(Some(&one_a_pet), &notification);
}

/// Says that something failed while the window was closed.
pub fn tell_failure(problem: &UserError) {
    let notification = gio::Notification::new(error::heading(&error::what(problem)));
    notification.set_body(Some(&error::todo(problem)));
    relm4::main_application().send_notification(None, &notification);
}
