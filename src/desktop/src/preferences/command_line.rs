//! The page about the `kennel` command of the person's terminals.

use gettextrs::gettext;
use kennel_model::{CommandLine, CommandState, UserError};
use relm4::adw::prelude::*;
use relm4::{Component, ComponentParts, ComponentSender, adw};

use crate::engine::Engine;
use crate::error;
use crate::problem;
use crate::words::gettext_f;

/// The page.
#[derive(Debug)]
pub struct CommandLinePage {
    engine: Engine,
    /// `None` until the engine has said it.
    known: Option<CommandLine>,
    problem: problem::Group,
}

/// What the person wants.
#[derive(Debug)]
pub enum CommandLineInput {
    /// The command, or the command no more.
    Set(bool),
    /// The page read again.
    Read,
}

#[relm4::component(pub)]
impl Component for CommandLinePage {
    type Init = Engine;
    type Input = CommandLineInput;
    type Output = ();
    type CommandOutput = Result<CommandLine, UserError>;

    view! {
        #[root]
        adw::PreferencesPage {
            set_title: &gettext("Terminal"),
            set_icon_name: Some("utilities-terminal-symbolic"),
            add: problem,
            adw::PreferencesGroup {
                #[watch]
                set_description: model.note().as_deref(),
                adw::SwitchRow {
                    set_title: &gettext("The kennel Command"),
                    #[watch]
                    set_subtitle: &model.meaning(),
                    #[watch]
                    set_sensitive: model.can_change(),
                    #[watch]
                    #[block_signal(switched)]
                    set_active: model.is_there(),
                    connect_active_notify[sender] => move |row| {
                        sender.input(CommandLineInput::Set(row.is_active()));
                    } @switched,
                },
            },
        }
    }

    fn init(
        engine: Engine,
        root: Self::Root,
        sender: ComponentSender<Self>,
    ) -> ComponentParts<Self> {
        let again = sender.input_sender().clone();
        let again = move || again.emit(CommandLineInput::Read);
        let model = Self {
            engine,
            known: None,
            problem: problem::Group::new(&gettext("The Command Cannot Be Shown"), again),
        };
        let problem = &model.problem.group.clone();
        let widgets = view_output!();
        sender.input(CommandLineInput::Read);
        ComponentParts { model, widgets }
    }

    fn update(
        &mut self,
        message: CommandLineInput,
        sender: ComponentSender<Self>,
        _root: &Self::Root,
    ) {
        let engine = self.engine.clone();
        match message {
            CommandLineInput::Set(linked) => {
                sender.oneshot_command(async move { engine.set_command_line(linked).await });
            }
            CommandLineInput::Read => {
                sender.oneshot_command(async move { engine.command_line().await });
            }
        }
    }

    fn update_cmd(
        &mut self,
        answer: Self::CommandOutput,
        _: ComponentSender<Self>,
        root: &Self::Root,
    ) {
        match answer {
            Ok(known) => {
                self.known = Some(known);
                self.problem.say(None);
            }
            // The switch shows again what is.
            Err(problem) if self.known.is_some() => error::show(root, &problem),
            Err(problem) => self.problem.say(Some(&problem)),
        }
    }
}

impl CommandLinePage {
    fn is_there(&self) -> bool {
        matches!(
            self.known.as_ref().map(|known| &known.state),
            Some(CommandState::Linked | CommandState::OfSystem { .. })
        )
    }

    fn can_change(&self) -> bool {
        matches!(
            self.known.as_ref().map(|known| &known.state),
            Some(CommandState::Linked | CommandState::Absent)
        )
    }

    fn meaning(&self) -> String {
        let Some(known) = &self.known else {
            return String::new();
        };
        let link = known.link.display().to_string();
        match &known.state {
            CommandState::OfSystem { program } => gettext_f(
                "It is installed with the system: {program}",
                &[("program", &program.display().to_string())],
            ),
            CommandState::Linked => gettext_f("It is at {link}", &[("link", &link)]),
            CommandState::Absent => gettext_f(
                "Lets you type “kennel enter” in any terminal, through a link to Kennel: {link}",
                &[("link", &link)],
            ),
            CommandState::InTheWay => gettext_f(
                "Another file is in the link’s place: {link}. Move it away first.",
                &[("link", &link)],
            ),
        }
    }

    /// What is to be done beside the switch.
    fn note(&self) -> Option<String> {
        let known = self.known.as_ref()?;
        let needed = !known.in_path && known.state == CommandState::Linked;
        needed.then(|| {
            gettext(
                "Your terminals do not look for commands there yet. Most do after you log in again; otherwise, add the folder to PATH.",
            )
        })
    }
}
