//! What each verb does: one call into the engine, then the answer in text or JSON.

use std::ffi::{OsStr, OsString};
use std::path::Path;

use clap::CommandFactory;
use kennel_engine::paths::Paths;
use kennel_engine::pets::{Kennel, KennelError};
use kennel_engine::runtime::network;
use kennel_engine::runtime::state::{RunningState, name_link};
use kennel_model::{PetId, PetName, PetSpec, UserError};

use super::definition::{Arguments, Verb};
use super::output::confirm;
use super::{create, doctor, export, image, questions, setup, show, status, top};
use crate::{enter, terminal};

/// Does it, and returns the exit status.
pub fn run(verb: Verb) -> Result<i32, UserError> {
    match verb {
        Verb::Run {
            name: Some(name),
            in_terminal: true,
            command,
        } => {
            let words = ["run", &name, "--"].map(OsStr::new);
            let words: Vec<&OsStr> = words
                .into_iter()
                .chain(command.iter().map(OsString::as_os_str))
                .collect();
            return Err(terminal::become_one(&words));
        }
        Verb::Run { name, command, .. } => {
            return enter::run(&ready(name.as_deref())?, Some(command));
        }
        Verb::Enter { name } => {
            return enter::run(&ready(name.as_deref())?, None);
        }
        Verb::Completions { shell } => {
            clap_complete::generate(
                shell,
                &mut Arguments::command(),
                "kennel",
                &mut std::io::stdout(),
            );
            return Ok(0);
        }
        Verb::Man { directory } => return write_man_pages(&directory),
        _ => {}
    }
    let kennel = Kennel::open()?;
    match verb {
        Verb::Create(arguments) => create::create(&kennel, arguments)?,
        Verb::Edit(arguments) => create::edit(&kennel, arguments)?,
        Verb::Clone { source, name } => {
            println!(
                "{}",
                kennel.clone_settings(&kennel.find(&source)?, name)?.name
            );
        }
        Verb::Apps { name, json } => export::apps(&kennel, &name, json)?,
        Verb::Export { verb } => export::run(&kennel, verb)?,
        Verb::List { json } => show::list(&kennel, json)?,
        Verb::Show { name, json } => show::show(&kennel, &name, json)?,
        Verb::Shares { json } => show::shares(&kennel, json)?,
        Verb::Status { name, json } => status::run(&kennel, name.as_deref(), json)?,
        Verb::Start { name } => start(&kennel, &kennel.find(&name)?)?,
        Verb::Setup { name } => {
            let here = std::env::current_dir().unwrap_or_default();
            setup::again(&kennel, &kennel.find_or_guess(name.as_deref(), &here)?)?;
        }
        Verb::Stop { name } => kennel.stop(&kennel.find(&name)?)?,
        Verb::Restart { name } => {
            let spec = kennel.find(&name)?;
            kennel.stop(&spec)?;
            start(&kennel, &spec)?;
        }
        Verb::Rm { names, force, yes } => {
            for name in &names {
                kennel.find(name)?;
            }
            let all = names.join("”, “");
            confirm(
                yes || force,
                &format!("Delete “{all}” and everything inside?"),
            )?;
            for name in &names {
                kennel.remove(&kennel.find(name)?, force)?;
            }
        }
        Verb::Rename { old, new } => drop(kennel.rename(kennel.find(&old)?, new)?),
        Verb::Logs { name, follow, json } => show::logs(&kennel, &name, follow, json)?,
        Verb::Events => show::events(&kennel)?,
        Verb::Questions { json } => questions::list(&kennel, json)?,
        Verb::Answer {
            name,
            number,
            answer,
        } => questions::answer(&kennel, &name, number, answer.0)?,
        Verb::Top { name, json } => top::run(&kennel, name.as_deref(), json)?,
        Verb::Image { verb } => return image::run(&kennel, verb),
        Verb::Doctor { json } => return doctor::run(&kennel, json),
        _ => {}
    }
    Ok(0)
}

/// The running pet that is meant, after what is left of its setup.
fn ready(name: Option<&str>) -> Result<RunningState, UserError> {
    let (_, paths) = Kennel::paths_only().map_err(KennelError::from)?;
    let state = match name {
        Some(name) => running_by_name(&paths, name)?,
        None => running_here()?,
    };
    setup::before_entering(&paths, &state)?;
    // Host commands go to this session from now on. Without the note they go where they did.
    let _ = kennel_engine::session::remember(&paths, std::env::vars_os());
    Ok(state)
}

/// Starts a pet, says what it lacks, and does what its setup has for each start.
pub fn start(kennel: &Kennel, spec: &PetSpec) -> Result<(), UserError> {
    kennel.start(spec)?;
    if let Some(problem) = network::problem(&kennel.paths.running(&spec.id)) {
        eprintln!(
            "kennel: note: “{}” runs without its network: {problem}",
            spec.name
        );
    }
    if let Some(notice) = kennel.label_notice(&kennel.find(spec.id.as_str())?) {
        eprintln!("kennel: note: {notice}");
    }
    setup::finish(kennel, spec, false)
}

/// The hot path: one state file. Only a pet that does not run is looked up and started.
fn running_by_name(paths: &Paths, name: &str) -> Result<RunningState, UserError> {
    // What was exported names its pet by the id.
    if let Ok(id) = name.parse::<PetId>()
        && let Ok(Some(state)) = RunningState::read_live(&paths.running(&id))
        && state.id == id
    {
        return Ok(state);
    }
    if let Ok(name) = name.parse::<PetName>()
        && let Ok(Some(state)) = RunningState::read_live(&name_link(&paths.runtime, &name))
        && state.name == name
    {
        return Ok(state);
    }
    let kennel = Kennel::open()?;
    Ok(kennel.start(&kennel.find(name)?)?)
}

/// The pet of the project folder we are in, else the only one.
fn running_here() -> Result<RunningState, UserError> {
    let kennel = Kennel::open()?;
    let here = std::env::current_dir().unwrap_or_default();
    Ok(kennel.start(&kennel.find_or_guess(None, &here)?)?)
}

fn write_man_pages(directory: &Path) -> Result<i32, UserError> {
    clap_mangen::generate_to(Arguments::command(), directory).map_err(|source| {
        KennelError::Io {
            path: directory.to_owned(),
            source,
        }
    })?;
    Ok(0)
}
