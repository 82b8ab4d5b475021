//! `kennel create`, `edit` and `clone`: pets are made and changed.

use std::io::IsTerminal;
use std::path::PathBuf;

use kennel_engine::pets::{Kennel, KennelError, ProjectAccess, way_back};
use kennel_model::{
    Change, CreateRequest, Edited, PetSpec, Phrase, ProjectProposal, SetupPlan, UserError,
};

use super::choices::choices;
use super::definition::{CreateArguments, EditArguments};
use super::output::{ask, print_json};
use super::progress::TerminalProgress;
use super::verbs::start;
use super::{proposal, relabel, setup};
use crate::cancel;

/// Makes the pet, or those that a project file asks for, sets it up, and prints its name.
pub fn create(kennel: &Kennel, mut arguments: CreateArguments) -> Result<(), UserError> {
    for notice in kennel.notices() {
        eprintln!("kennel: note: {notice}");
    }
    let typed = choices(arguments.choices)?;
    let trust = arguments.trust;
    let relabel = arguments.relabel_project;
    if arguments.file.is_none()
        && let Some(image) = arguments.image.take()
    {
        return make(
            kennel,
            CreateRequest {
                name: arguments.name,
                image,
                choices: typed,
                setup: SetupPlan::default(),
                trust,
            },
            relabel,
        );
    }
    let file = proposal::file(kennel, arguments.file.as_deref(), typed.project.as_deref())?;
    let proposals = proposal::choose(kennel.propose(&file)?, arguments.name)?;
    let mut requests = Vec::new();
    for mut proposed in proposals {
        proposed.choices = typed.clone().over(proposed.choices);
        if let Some(image) = &arguments.image {
            proposed.image.clone_from(image);
            proposed.image_at = None;
        }
        free_name(kennel, &proposed)?;
        known_image(kennel, &proposed)?;
        let notes = proposed.all_notes();
        requests.push((proposed.request(trust), notes));
    }
    proposal::approve(kennel, &file, &requests, trust)?;
    for (request, _) in requests {
        make(kennel, request, relabel)?;
    }
    Ok(())
}

/// A name in use is a mistake in the file, which names its place.
fn free_name(kennel: &Kennel, proposed: &ProjectProposal) -> Result<(), UserError> {
    let (Some(name), Some(at)) = (&proposed.name, proposed.name_at) else {
        return Ok(());
    };
    if kennel.find(name.as_str()).is_err() {
        return Ok(());
    }
    Err(UserError::verbatim(
        "name-taken",
        format!(
            "{}:{at}: there is already a pet “{name}”",
            proposed.file.display()
        ),
        "give this one another name: kennel create NAME",
    ))
}

/// A name that the catalog does not have is a mistake in the file, too.
fn known_image(kennel: &Kennel, proposed: &ProjectProposal) -> Result<(), UserError> {
    let Some(at) = proposed.image_at else {
        return Ok(());
    };
    let source = kennel.image_source(&proposed.image);
    source.map(drop).map_err(|error| {
        let error = UserError::from(error);
        UserError::verbatim(
            "bad-project-file",
            format!("{}:{at}: {}", proposed.file.display(), error.what),
            error.todo.to_string(),
        )
    })
}

fn make(kennel: &Kennel, request: CreateRequest, relabel: bool) -> Result<(), UserError> {
    // Before the long part, and before there is anything to regret.
    let agreed = relabel::agreed(kennel, &kennel.preview(&request)?.spec, relabel)?;
    let progress = TerminalProgress::new();
    let spec = cancel::while_watched(|| kennel.create(request, &progress));
    progress.clear();
    let mut spec = spec?;
    if agreed {
        spec = relabel::run(kennel, &spec)?;
    }
    note(kennel.notice(&spec).as_ref());
    println!("{}", spec.name);
    if !spec.setup.is_empty() {
        kennel.start(&spec)?;
        setup::finish(kennel, &spec, false)?;
    }
    Ok(())
}

/// Changes a pet and says from when it holds.
pub fn edit(kennel: &Kennel, arguments: EditArguments) -> Result<(), UserError> {
    let spec = kennel.find(&arguments.name)?;
    let mut choices = choices(arguments.choices)?;
    choices.no_mounts = arguments.no_mounts;
    choices.no_ports = arguments.no_ports;
    choices.no_host_programs = arguments.no_host_programs;
    choices.no_env = arguments.no_env;
    choices.no_project = arguments.no_project;
    choices.no_hostname = arguments.no_hostname;
    choices.no_workdir = arguments.no_workdir;
    choices.no_ulimits = arguments.no_ulimits;
    let asks = arguments.relabel_project
        || choices.project.is_some()
        || choices.preset.is_some()
        || choices.process_label.is_some();
    let agreed = asks && {
        let wanted = spec.clone().edited(choices.clone());
        let wanted = wanted.map_err(KennelError::from)?;
        relabel::agreed(kennel, &wanted, arguments.relabel_project)?
    };
    let mut edited = kennel.edit(&spec, choices)?;
    if agreed {
        edited.spec = relabel::run(kennel, &edited.spec)?;
        edited.notice = kennel.notice(&edited.spec);
    }
    note(edited.notice.as_ref());
    if let Some(folder) = left_relabelled(kennel, &spec, &edited.spec) {
        eprintln!(
            "kennel: note: {} still has the label that it got for “{}”; undone by: {}",
            folder.display(),
            spec.name,
            way_back(&folder)
        );
    }
    if edited.restart_needed && (arguments.restart || offer_restart(&edited, arguments.json)) {
        kennel.stop(&edited.spec)?;
        start(kennel, &edited.spec)?;
        edited.restart_needed = false;
    }
    if arguments.json {
        return print_json(&edited);
    }
    println!("{}", sentence(&edited));
    Ok(())
}

/// Whether the person at the terminal wants the restart that the change needs.
fn offer_restart(edited: &Edited, json: bool) -> bool {
    if json || !std::io::stdout().is_terminal() {
        return false;
    }
    let name = &edited.spec.name;
    let question = format!(
        "“{name}” runs and goes on as before until it is restarted, which ends what runs in it. Restart it now?"
    );
    ask(&question) == Some(true)
}

/// The project folder that `before` had and `after` has not, if it was relabelled for it.
fn left_relabelled(kennel: &Kennel, before: &PetSpec, after: &PetSpec) -> Option<PathBuf> {
    let folder = before.project.clone()?;
    let was = kennel.project_access(before) == ProjectAccess::Relabelled;
    (was && after.project.as_ref() != Some(&folder)).then_some(folder)
}

fn sentence(edited: &Edited) -> String {
    let name = &edited.spec.name;
    match edited.change {
        None => format!("“{name}” is like that already"),
        Some(_) if edited.restart_needed => {
            format!("“{name}” is changed; it holds after: kennel restart {name}")
        }
        Some(Change::AtOnce | Change::AtNextStart) => format!("“{name}” is changed"),
    }
}

fn note(text: Option<&Phrase>) {
    if let Some(text) = text {
        eprintln!("kennel: note: {text}");
    }
}
