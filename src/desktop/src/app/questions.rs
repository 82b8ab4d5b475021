//! Asks before a program in a pet runs a command on this computer.

use gettextrs::gettext;
use kennel_model::{HostAnswer, HostQuestion, PetId, PetSummary};
use relm4::adw::prelude::*;
use relm4::{ComponentSender, adw, gtk};

use super::{App, AppInput, AppWidgets};
use crate::words::gettext_f;

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
    pub(super) fn answer(&self, id: PetId, number: u32, answer: HostAnswer) {
        if let Some(engine) = self.engine.clone() {
            relm4::spawn(async move {
                // Nobody may wait for it any more: then it makes no difference.
                let _ = engine.answer(&id, number, answer).await;
            });
        }
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
