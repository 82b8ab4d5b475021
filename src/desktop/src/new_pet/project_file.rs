//! The project file of the chosen folder: whether the pet that it asks for is made, and which one
//! of several; or why it cannot be used. Nothing of it is done here.

use std::path::PathBuf;

use gettextrs::gettext;
use kennel_model::{ProjectProposal, UserError, shown};
use relm4::adw::prelude::*;
use relm4::{Component, ComponentParts, ComponentSender, adw, gtk};

use crate::engine::Engine;
use crate::error;
use crate::problem;
use crate::words::gettext_f;

/// The group in the form.
#[derive(Debug)]
pub struct ProjectFile {
    engine: Engine,
    folder: Option<PathBuf>,
    proposals: Vec<ProjectProposal>,
    problem: Option<UserError>,
    used: bool,
    index: usize,
}

/// What the group is told.
#[derive(Debug)]
pub enum ProjectFileInput {
    /// This folder was chosen, or none.
    Folder(Option<PathBuf>),
    /// Whether to use the file.
    Use(bool),
    /// The nth pet of the file.
    Pet(u32),
}

/// The pets that the file of this folder asks for.
pub type Proposed = (PathBuf, Result<Vec<ProjectProposal>, UserError>);

#[relm4::component(pub)]
impl Component for ProjectFile {
    type Init = Engine;
    type Input = ProjectFileInput;
    type Output = Option<Box<ProjectProposal>>;
    type CommandOutput = Proposed;

    view! {
        #[root]
        adw::PreferencesGroup {
            #[watch]
            set_visible: !model.proposals.is_empty() || model.problem.is_some(),
            #[name(switch)]
            adw::SwitchRow {
                set_use_markup: false,
                set_subtitle: &gettext("Make the pet that it asks for. You see everything first."),
                #[watch]
                set_visible: !model.proposals.is_empty(),
                #[watch]
                set_title: &model.title(),
                set_active: true,
                connect_active_notify[sender] => move |row| {
                    sender.input(ProjectFileInput::Use(row.is_active()));
                },
            },
            #[name(pets)]
            adw::ComboRow {
                set_title: &gettext("Which Pet?"),
                set_subtitle: &gettext("The project file asks for several"),
                #[watch]
                set_visible: model.used && model.proposals.len() > 1,
                connect_selected_notify[sender] => move |row| {
                    sender.input(ProjectFileInput::Pet(row.selected()));
                },
            },
            adw::ActionRow {
                set_use_markup: false,
                set_title: &gettext("Its Project File Cannot Be Used"),
                set_subtitle_selectable: true,
                #[watch]
                set_visible: model.problem.is_some(),
                #[watch]
                set_subtitle: &model.reason(),
                add_prefix: &problem::sign(),
            },
        }
    }

    fn init(
        engine: Engine,
        root: Self::Root,
        sender: ComponentSender<Self>,
    ) -> ComponentParts<Self> {
        let model = Self {
            engine,
            folder: None,
            proposals: Vec::new(),
            problem: None,
            used: true,
            index: 0,
        };
        let widgets = view_output!();
        ComponentParts { model, widgets }
    }

    fn update_with_view(
        &mut self,
        widgets: &mut Self::Widgets,
        message: ProjectFileInput,
        sender: ComponentSender<Self>,
        _root: &Self::Root,
    ) {
        match message {
            ProjectFileInput::Folder(folder) => {
                self.proposals.clear();
                self.problem = None;
                self.folder.clone_from(&folder);
                if let Some(folder) = folder {
                    let engine = self.engine.clone();
                    sender.oneshot_command(async move {
                        let answer = engine.propose(&folder).await;
                        (folder, answer)
                    });
                }
            }
            ProjectFileInput::Use(used) => self.used = used,
            ProjectFileInput::Pet(index) => self.index = index as usize,
        }
        self.tell(&sender);
        self.update_view(widgets, sender);
    }

    fn update_cmd_with_view(
        &mut self,
        widgets: &mut Self::Widgets,
        (folder, answer): Proposed,
        sender: ComponentSender<Self>,
        _root: &Self::Root,
    ) {
        // The person may have chosen another one meanwhile.
        if self.folder.as_ref() != Some(&folder) {
            return;
        }
        self.index = 0;
        match answer {
            Ok(proposals) => self.proposals = proposals,
            Err(problem) => self.problem = Some(problem),
        }
        let names: Vec<String> = self.proposals.iter().map(name).collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        widgets.pets.set_model(Some(&gtk::StringList::new(&names)));
        widgets.switch.set_active(true);
        self.tell(&sender);
        self.update_view(widgets, sender);
    }
}

impl ProjectFile {
    fn tell(&self, sender: &ComponentSender<Self>) {
        let chosen = self.proposals.get(self.index).filter(|_| self.used);
        let _ = sender.output(chosen.cloned().map(Box::new));
    }

    fn title(&self) -> String {
        self.proposals.first().map(title).unwrap_or_default()
    }

    fn reason(&self) -> String {
        let Some(problem) = &self.problem else {
            return String::new();
        };
        format!(
            "{}\n{}",
            shown(&error::shortened(&error::both(problem))),
            gettext("You can fix it and choose the folder again, or continue without it.")
        )
    }
}

/// Which folder has which file.
fn title(proposal: &ProjectProposal) -> String {
    let project = proposal.choices.project.as_deref();
    let folder = project.or(proposal.file.parent()).unwrap_or(&proposal.file);
    let file = proposal.file.strip_prefix(folder).unwrap_or(&proposal.file);
    let name = folder.file_name().unwrap_or(folder.as_os_str());
    gettext_f(
        "{folder} has {file}",
        &[
            ("folder", &shown(&name.to_string_lossy())),
            ("file", &shown(&file.to_string_lossy())),
        ],
    )
}

/// What the file calls the pet.
fn name(proposal: &ProjectProposal) -> String {
    let name = proposal.name.as_ref().map(ToString::to_string);
    name.unwrap_or_else(|| shown(&proposal.image))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_row_names_the_folder_and_the_file_in_it() {
        let proposal = |file: &str| -> ProjectProposal {
            let json = format!(
                r#"{{"file": "/src/shop/{file}", "format": "kennel", "image": "x", "choices": {{"project": "/src/shop"}}}}"#
            );
            kennel_protocol::decode(&json).unwrap()
        };
        assert_eq!(title(&proposal("kennel.toml")), "shop has kennel.toml");
        assert_eq!(
            title(&proposal(".devcontainer/devcontainer.json")),
            "shop has .devcontainer/devcontainer.json"
        );
    }
}
