//! The app while its window is closed: jobs go on, notifications say how they ended, and with the
//! last one the app ends. A desktop that keeps apps in sandboxes is asked before, and told what is
//! being done.

use gettextrs::gettext;
use kennel_model::{PetSummary, UserError};
use relm4::adw::prelude::*;
use relm4::gtk::gio;
use relm4::{ComponentSender, adw};

use super::{App, AppCommand, AppInput};
use crate::engine::Job;
use crate::words::gettext_f;
use crate::{close_question, error, sandbox};

impl App {
    /// Closes the window, if what is being done may go on without it.
    pub(super) fn ask_to_go_on(
        &mut self,
        sender: &ComponentSender<Self>,
        root: &adw::ApplicationWindow,
    ) {
        match self.work() {
            None => self.hide_window(sender, root),
            Some(work) => sender.oneshot_command(async move {
                AppCommand::MayGoOn(sandbox::may_go_on(&work).await)
            }),
        }
    }

    /// The desktop lets no work go on without a window: what is being done would end with it.
    pub(super) fn ask_to_end(&self, sender: &ComponentSender<Self>, root: &adw::ApplicationWindow) {
        let Some(work) = self.work() else {
            sender.input(AppInput::Closed);
            return;
        };
        let window = root.clone();
        close_question::ask(
            root,
            &gettext("Close Window?"),
            &gettext_f(
                "This computer does not let Kennel go on in the background, so this ends unfinished: {work}.",
                &[("work", &work)],
            ),
            move |close| {
                if close {
                    window.destroy();
                }
            },
        );
    }

    /// Tells the desktop what is being done behind the closed window, when that has changed.
    pub(super) fn tell_work(&mut self, root: &adw::ApplicationWindow) {
        let hidden = self.closed && !root.is_visible();
        let work = if hidden { self.work() } else { None };
        if work.is_some() && work != self.told {
            let work = work.clone().unwrap_or_default();
            relm4::spawn(async move { sandbox::tell_work(&work).await });
        }
        self.told = work;
    }

    /// What is being done, in words; nothing when there is nothing.
    fn work(&self) -> Option<String> {
        let mut jobs: Vec<_> = self.jobs.iter().collect();
        jobs.sort_by_key(|(number, _)| **number);
        work(jobs.into_iter().map(|(_, job)| job), self.beginning)
    }

    /// Closes the window. What was deleted can be taken back no longer: its toasts end, and their
    /// ends are heard before [`AppInput::EndIfIdle`].
    pub(super) fn hide_window(
        &mut self,
        sender: &ComponentSender<Self>,
        root: &adw::ApplicationWindow,
    ) {
        self.closed = true;
        root.set_visible(false);
        self.tell_work(root);
        self.end_toasts();
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

/// The jobs in words, the oldest first. `beginning` more have been asked for and have no words yet.
fn work<'a>(jobs: impl Iterator<Item = &'a (Job, String)>, beginning: usize) -> Option<String> {
    let jobs: Vec<String> = jobs.map(|(job, name)| words(job, name)).collect();
    match jobs.as_slice() {
        [] if beginning == 0 => None,
        [] => Some(gettext("Working")),
        jobs => Some(jobs.join(" · ")),
    }
}

fn words(job: &Job, name: &str) -> String {
    let name = [("name", name)];
    match job {
        Job::Create(_) => gettext_f("Making {name}", &name),
        Job::Start(_) => gettext_f("Starting {name}", &name),
        Job::SetUp(_) => gettext_f("Setting up {name}", &name),
        Job::Stop(_) => gettext_f("Stopping {name}", &name),
        Job::Restart(_) => gettext_f("Restarting {name}", &name),
        Job::Remove(_) => gettext_f("Deleting {name}", &name),
        Job::RemoveImage(_) => gettext_f("Removing {name}", &name),
        Job::PruneImages => gettext("Removing unused data"),
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_done_is_said_in_words() {
        let id = "0123456789abcdef".parse::<kennel_model::PetId>().unwrap();
        let begun = [
            (Job::Start(id.clone()), "webshop".to_owned()),
            (Job::Remove(id), "thesis".to_owned()),
        ];
        let said = |count: usize, beginning| work(begun[..count].iter(), beginning);
        assert_eq!(said(0, 0), None);
        assert_eq!(said(0, 1).as_deref(), Some("Working"));
        assert_eq!(said(1, 1).as_deref(), Some("Starting webshop"));
        let both = "Starting webshop · Deleting thesis";
        assert_eq!(said(2, 0).as_deref(), Some(both));
    }
}
