//! Asks for a name: another one for this pet, or one for another pet like it.

use gettextrs::gettext;
use kennel_model::{PetId, PetName, PetSpec, PetSummary, UserError};
use relm4::adw::prelude::*;
use relm4::{Component, ComponentParts, ComponentSender, RelmWidgetExt as _, adw, gtk};

use crate::engine::Engine;
use crate::pet_name;
use crate::problem;
use crate::words::gettext_f;

/// The dialog.
#[derive(Debug)]
pub struct NameDialog {
    engine: Engine,
    pet: PetSummary,
    purpose: Purpose,
    typed: String,
    /// The names of all pets, once they were read.
    taken: Vec<PetName>,
}

/// What the name is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// This pet.
    Rename,
    /// Another one with its image and settings.
    Another,
}

/// What the person does.
#[derive(Debug)]
pub enum NameDialogInput {
    /// They typed this.
    Typed(String),
    /// They want it so.
    Apply,
}

/// What came of it.
#[derive(Debug)]
pub enum NameDialogOutput {
    /// Another pet was made.
    Made(PetId),
    /// It could not be.
    Failed(UserError),
}

/// What the engine answered.
#[derive(Debug)]
pub enum NameAnswer {
    /// The names of all pets.
    Taken(Vec<PetName>),
    /// It was done, or not.
    Done(Result<Box<PetSpec>, UserError>),
}

#[relm4::component(pub)]
impl Component for NameDialog {
    type Init = (Engine, PetSummary, Purpose);
    type Input = NameDialogInput;
    type Output = NameDialogOutput;
    type CommandOutput = NameAnswer;

    view! {
        #[root]
        adw::AlertDialog {
            set_heading: Some(&model.heading()),
            set_body: &model.body(),
            add_responses: &[("cancel", &gettext("_Cancel")), ("apply", &model.verb())],
            set_response_appearance: ("apply", adw::ResponseAppearance::Suggested),
            set_default_response: Some("apply"),
            set_close_response: "cancel",
            #[watch]
            set_response_enabled: ("apply", model.name().is_some()),
            connect_response: (Some("apply"), apply),
            #[wrap(Some)]
            set_extra_child = &gtk::Box {
                set_orientation: gtk::Orientation::Vertical,
                gtk::ListBox {
                    set_selection_mode: gtk::SelectionMode::None,
                    add_css_class: "boxed-list",
                    #[name(entry)]
                    adw::EntryRow {
                        set_title: &gettext("Name"),
                        set_input_hints: gtk::InputHints::NO_SPELLCHECK | gtk::InputHints::LOWERCASE,
                        set_activates_default: true,
                        #[watch]
                        set_class_active: ("error", model.problem().is_some()),
                        connect_changed[sender] => move |row| {
                            sender.input(NameDialogInput::Typed(row.text().into()));
                        },
                    },
                },
                problem::reason() -> gtk::Label {
                    #[watch]
                    set_visible: model.problem().is_some(),
                    #[watch]
                    set_label: &model.problem().unwrap_or_default(),
                },
            },
        }
    }

    fn init(
        (engine, pet, purpose): Self::Init,
        root: Self::Root,
        sender: ComponentSender<Self>,
    ) -> ComponentParts<Self> {
        let model = Self {
            typed: pet.name.to_string(),
            taken: vec![pet.name.clone()],
            engine,
            pet,
            purpose,
        };
        let input = sender.input_sender().clone();
        let apply = move |_: &_, _: &_| input.emit(NameDialogInput::Apply);
        let widgets = view_output!();
        widgets.entry.set_text(&model.typed);
        root.set_focus(Some(&widgets.entry));
        let engine = model.engine.clone();
        sender.oneshot_command(async move {
            // Without the list the engine still refuses a name that is taken.
            let pets = engine.pets().await.unwrap_or_default();
            NameAnswer::Taken(pets.into_iter().map(|pet| pet.name).collect())
        });
        ComponentParts { model, widgets }
    }

    fn update(&mut self, message: NameDialogInput, sender: ComponentSender<Self>, _: &Self::Root) {
        match message {
            NameDialogInput::Typed(text) => self.typed = text,
            NameDialogInput::Apply => {
                if let Some(name) = self.name() {
                    let (engine, id, purpose) =
                        (self.engine.clone(), self.pet.id.clone(), self.purpose);
                    sender.oneshot_command(async move {
                        let spec = match purpose {
                            Purpose::Rename => engine.rename(&id, &name).await,
                            Purpose::Another => engine.make_like(&id, &name).await,
                        };
                        NameAnswer::Done(spec.map(Box::new))
                    });
                }
            }
        }
    }

    fn update_cmd_with_view(
        &mut self,
        widgets: &mut Self::Widgets,
        answer: NameAnswer,
        sender: ComponentSender<Self>,
        _: &Self::Root,
    ) {
        match answer {
            NameAnswer::Taken(names) => {
                self.taken = names;
                if self.purpose == Purpose::Another && self.typed == self.pet.name.as_str() {
                    let name = pet_name::free(self.typed.clone(), &self.taken);
                    widgets.entry.set_text(&name);
                    self.typed = name;
                }
            }
            NameAnswer::Done(Ok(spec)) if self.purpose == Purpose::Another => {
                let _ = sender.output(NameDialogOutput::Made(spec.id.clone()));
            }
            NameAnswer::Done(Ok(_)) => {}
            NameAnswer::Done(Err(problem)) => {
                let _ = sender.output(NameDialogOutput::Failed(problem));
            }
        }
        self.update_view(widgets, sender);
    }
}

impl NameDialog {
    fn heading(&self) -> String {
        let name = [("name", self.pet.name.as_str())];
        match self.purpose {
            Purpose::Rename => gettext_f("Rename {name}", &name),
            Purpose::Another => gettext_f("Make Another Like {name}", &name),
        }
    }

    fn body(&self) -> String {
        match self.purpose {
            Purpose::Rename => gettext(
                "Its files and settings stay. The host name inside follows at its next start.",
            ),
            Purpose::Another => gettext(
                "A new pet with the same image and settings. What was installed or changed in this one is not copied.",
            ),
        }
    }

    fn verb(&self) -> String {
        match self.purpose {
            Purpose::Rename => gettext("_Rename"),
            Purpose::Another => gettext("_Make"),
        }
    }

    /// What is wrong with what was typed. The name that the dialog began with is no mistake yet.
    fn problem(&self) -> Option<String> {
        let untouched = self.typed == self.pet.name.as_str();
        pet_name::problem(&self.typed, &self.taken).filter(|_| !untouched)
    }

    /// The name, if it can be given.
    fn name(&self) -> Option<PetName> {
        let name = self.typed.parse().ok()?;
        (!self.taken.contains(&name)).then_some(name)
    }
}
