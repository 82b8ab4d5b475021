//! `kennel create`, `edit` and `clone`: pets are made and changed.

use kennel_engine::pets::Kennel;
use kennel_model::{Change, CreateRequest, Edited, Limits, PetSpec, SetupPlan, UserError};

use super::choices::choices;
use super::definition::{CreateArguments, EditArguments};
use super::output::print_json;
use super::progress::TerminalProgress;
use crate::cancel;

/// Makes the pet and prints its name.
pub fn create(kennel: &Kennel, arguments: CreateArguments) -> Result<(), UserError> {
    for notice in kennel.notices() {
        eprintln!("kennel: note: {notice}");
    }
    cancel::watch();
    let request = CreateRequest {
        name: arguments.name,
        image: arguments.image,
        choices: choices(arguments.choices)?,
        setup: SetupPlan::default(),
        trust: arguments.trust,
    };
    let progress = TerminalProgress::new();
    let spec = kennel.create(request, &progress);
    progress.clear();
    let spec = spec?;
    note_limits(&spec);
    println!("{}", spec.name);
    Ok(())
}

/// Changes a pet and says from when it holds.
pub fn edit(kennel: &Kennel, arguments: EditArguments) -> Result<(), UserError> {
    let spec = kennel.find(&arguments.name)?;
    let mut choices = choices(arguments.choices)?;
    choices.no_mounts = arguments.no_mounts;
    choices.no_ports = arguments.no_ports;
    choices.no_env = arguments.no_env;
    let mut edited = kennel.edit(&spec, choices)?;
    if edited.restart_needed && arguments.restart {
        kennel.stop(&edited.spec)?;
        kennel.start(&edited.spec)?;
        edited.restart_needed = false;
    }
    note_limits(&edited.spec);
    if arguments.json {
        return print_json(&edited);
    }
    println!("{}", sentence(&edited));
    Ok(())
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

fn note_limits(spec: &PetSpec) {
    if spec.limits != Limits::default() {
        eprintln!(
            "kennel: note: limits are written down, but this version does not enforce them yet"
        );
    }
}
