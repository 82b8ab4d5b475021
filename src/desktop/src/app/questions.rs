//! Asks before a program in a pet runs a command on this computer.

use gettextrs::gettext;
use kennel_model::{HostAnswer, HostQuestion, PetId, PetSummary, UserError};
use relm4::adw::prelude::*;
use relm4::{ComponentSender, adw, gtk};

use super::{App, AppCommand, AppInput, AppWidgets};
use crate::words::gettext_f;
use crate::{engine, error};

impl App {
    /// Asks what is new of what the pets want to know, and takes back what nobody waits for any more.
    pub(super) fn ask_all(&mut self, widgets: &AppWidgets, sender: &ComponentSender<Self>) {
        let standing: Vec<(&PetSummary, &HostQuestion)> = self
            .pets
            .iter()
            .flat_map(|pet| pet.questions.iter().map(move |question| (pet, question)))
            .collect();
        self.questions.retain(|(id, number), dialog| {
            let stands = |(pet, question): &(&PetSummary, &HostQuestion)| {
                pet.id == *id && question.number == *number
            };
            let keeps = standing.iter().any(stands);
            if !keeps {
                dialog.force_close();
            }
            keeps
        });
        for (pet, question) in standing {
            let key = (pet.id.clone(), question.number);
            self.questions.entry(key).or_insert_with(|| {
                let dialog = dialog(pet, question, sender);
                dialog.present(Some(&widgets.toasts));
                dialog
            });
        }
    }

    /// The person's word.
    pub(super) fn answer(
        &self,
        id: PetId,
        number: u32,
        answer: HostAnswer,
        sender: &ComponentSender<Self>,
    ) {
        let engine = self.engine.clone();
        sender.oneshot_command(async move {
            let told = match engine {
                Some(engine) => engine.answer(&id, number, answer).await,
                None => Err(engine::gone()),
            };
            AppCommand::Answered(id, number, told)
        });
    }

    /// The person's word did not arrive: they are told so, and then asked again if a command still
    /// waits for it.
    pub(super) fn answered(
        (id, number): (PetId, u32),
        told: Result<(), UserError>,
        sender: &ComponentSender<Self>,
        root: &adw::ApplicationWindow,
    ) {
        if let Err(problem) = told {
            let sender = sender.clone();
            error::show_and_then(root, &problem, move || {
                sender.input(AppInput::AskAgain(id.clone(), number));
            });
        }
    }

    /// Asks what was answered in vain.
    pub(super) fn ask_again(&mut self, id: PetId, number: u32, sender: &ComponentSender<Self>) {
        self.questions.remove(&(id, number));
        self.list(sender);
    }
}

fn dialog(
    pet: &PetSummary,
    question: &HostQuestion,
    sender: &ComponentSender<App>,
) -> adw::AlertDialog {
    let name = pet.name.as_str();
    let dialog = adw::AlertDialog::builder()
        .heading(gettext("Run a Command on This Computer?"))
        .body(gettext_f(
            "A program in {name} wants to run this as you, in {folder}:",
            &[("name", name), ("folder", &question.directory)],
        ))
        .extra_child(&command(question))
        .default_response("deny")
        .close_response("deny")
        .build();
    dialog.add_responses(&[
        ("deny", &gettext("_Deny")),
        ("always", &gettext("_Always Allow This")),
        ("once", &gettext("Allow _Once")),
    ]);
    dialog.set_response_enabled("always", question.can_be_always());
    let (id, number, sender) = (pet.id.clone(), question.number, sender.clone());
    dialog.connect_response(None, move |_, response| {
        let answer = HostAnswer::from_word(response).unwrap_or(HostAnswer::Deny);
        sender.input(AppInput::Answer(id.clone(), number, answer));
    });
    dialog
}

/// The command in the letters of a terminal, below the variables that it is given.
fn command(question: &HostQuestion) -> gtk::Label {
    let mut lines = question.variables.clone();
    lines.push(question.command.clone());
    gtk::Label::builder()
        .label(lines.join("\n"))
        .use_markup(false)
        .wrap(true)
        .wrap_mode(gtk::pango::WrapMode::WordChar)
        .lines(12)
        .ellipsize(gtk::pango::EllipsizeMode::End)
        .xalign(0.0)
        .css_classes(["monospace", "card", "question"])
        .build()
}
