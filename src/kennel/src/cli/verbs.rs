//! What each verb does: one call into the engine, then the answer in text or JSON.

use std::collections::BTreeMap;
use std::io::{IsTerminal, Write};
use std::path::{Path, PathBuf};

use clap::CommandFactory;
use kennel_engine::pets::{Kennel, KennelError, bad_reference, follow_log, read_log};
use kennel_engine::runtime::state::RunningState;
use kennel_engine::store::ProgressSink;
use kennel_model::{
    CreateRequest, HomeMode, ImageSource, Limits, Mount, NetworkMode, PetName, Preset, Progress,
    Share, UserError, parse_bytes, parse_cpus,
};
use serde::Serialize;

use super::definition::{
    Arguments, CreateArguments, HomeWord, ImageVerb, NetworkWord, PresetWord, Verb,
};
use crate::{cancel, enter};

/// Does it, and returns the exit status.
pub fn run(verb: Verb) -> Result<i32, UserError> {
    match verb {
        Verb::Run { name, command } => {
            let state = running_by_name(&name)?;
            return enter::run(&state, Some(command));
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
        Verb::Create(arguments) => create(&kennel, arguments)?,
        Verb::Enter { name } => {
            let here = std::env::current_dir().unwrap_or_default();
            let spec = kennel.find_or_guess(name.as_deref(), &here)?;
            let state = kennel.start(&spec)?;
            return enter::run(&state, None);
        }
        Verb::List { json } => list(&kennel, json)?,
        Verb::Show { name, json } => show(&kennel, &name, json)?,
        Verb::Start { name } => drop(kennel.start(&kennel.find(&name)?)?),
        Verb::Stop { name } => kennel.stop(&kennel.find(&name)?)?,
        Verb::Restart { name } => {
            let spec = kennel.find(&name)?;
            kennel.stop(&spec)?;
            kennel.start(&spec)?;
        }
        Verb::Rm { name, force, yes } => {
            confirm(
                yes || force,
                &format!("Delete “{name}” and everything in it?"),
            )?;
            kennel.remove(&kennel.find(&name)?, force)?;
        }
        Verb::Rename { old, new } => drop(kennel.rename(kennel.find(&old)?, new)?),
        Verb::Logs { name, follow, json } => logs(&kennel, &name, follow, json)?,
        Verb::Image { verb } => image(&kennel, verb)?,
        Verb::Doctor => doctor(&kennel),
        _ => {}
    }
    Ok(0)
}

/// The hot path: one state file. Only a pet that does not run is looked up and started.
fn running_by_name(name: &str) -> Result<RunningState, UserError> {
    let (_, paths) = Kennel::paths_only().map_err(KennelError::from)?;
    if name.parse::<PetName>().is_ok()
        && let Some(state) = RunningState::read_live(&paths.runtime.join("by-name").join(name))
        && state.name.as_str() == name
    {
        return Ok(state);
    }
    let kennel = Kennel::open()?;
    let spec = kennel.find(name)?;
    Ok(kennel.start(&spec)?)
}

fn create(kennel: &Kennel, arguments: CreateArguments) -> Result<(), UserError> {
    for notice in kennel.notices() {
        eprintln!("kennel: note: {notice}");
    }
    cancel::watch();
    let request = request(arguments)?;
    let progress = TerminalProgress::new();
    let spec = kennel.create(request, &progress);
    progress.clear();
    println!("{}", spec?.name);
    Ok(())
}

fn request(arguments: CreateArguments) -> Result<CreateRequest, UserError> {
    let usage = |what: String| UserError::new("usage", what, "see: kennel create --help");
    let shares = |words: &[String]| {
        words
            .iter()
            .map(|word| {
                Share::ALL
                    .into_iter()
                    .find(|share| share.as_str() == word)
                    .ok_or_else(|| usage(format!("there is nothing to share called “{word}”")))
            })
            .collect::<Result<Vec<_>, _>>()
    };
    let project = arguments.project.map(|project| {
        project
            .canonicalize()
            .map_err(|_| UserError::from(KennelError::Missing(project.clone())))
    });
    let mut env = BTreeMap::new();
    for variable in &arguments.env {
        let (name, value) = variable
            .split_once('=')
            .ok_or_else(|| usage(format!("“{variable}” is not KEY=VALUE")))?;
        env.insert(name.to_owned(), value.to_owned());
    }
    Ok(CreateRequest {
        name: arguments.name,
        image: arguments.image,
        preset: match arguments.preset {
            PresetWord::Comfortable => Preset::Comfortable,
            PresetWord::Project => Preset::Project,
            PresetWord::Sealed => Preset::Sealed,
        },
        project: project.transpose()?,
        home: arguments.home.map(|home| match home {
            HomeWord::Shared => HomeMode::Shared,
            HomeWord::Private => HomeMode::Private,
        }),
        network: arguments.network.map(|network| match network {
            NetworkWord::Host => NetworkMode::Host,
            NetworkWord::Private => NetworkMode::Private,
            NetworkWord::None => NetworkMode::None,
        }),
        share: shares(&arguments.share)?,
        no_share: shares(&arguments.no_share)?,
        mounts: arguments
            .mounts
            .iter()
            .map(|text| mount(text))
            .collect::<Result<_, _>>()?,
        limits: Limits {
            cpu_millis: arguments
                .cpus
                .as_deref()
                .map(parse_cpus)
                .transpose()
                .map_err(|e| usage(e.to_string()))?,
            memory: arguments
                .memory
                .as_deref()
                .map(parse_bytes)
                .transpose()
                .map_err(|e| usage(e.to_string()))?,
            pids: arguments.pids,
        },
        env,
    })
}

/// `SRC[:DST][:ro]`.
fn mount(text: &str) -> Result<Mount, UserError> {
    let (paths, read_only) = match text.strip_suffix(":ro") {
        Some(paths) => (paths, true),
        None => (text, false),
    };
    let (source, target) = match paths.split_once(':') {
        Some((source, target)) => (source, Some(PathBuf::from(target))),
        None => (paths, None),
    };
    let source = Path::new(source)
        .canonicalize()
        .map_err(|_| UserError::from(KennelError::Missing(source.into())))?;
    let target = target.unwrap_or_else(|| source.clone());
    let plain = target
        .components()
        .all(|part| !matches!(part, std::path::Component::ParentDir));
    if !target.is_absolute() || !plain {
        let what = format!("“{}” is not an absolute path in the pet", target.display());
        return Err(UserError::new(
            "usage",
            what,
            "write --mount SRC:/absolute/path",
        ));
    }
    Ok(Mount {
        source,
        target,
        read_only,
    })
}

fn list(kennel: &Kennel, json: bool) -> Result<(), UserError> {
    let pets = kennel.list()?;
    if json {
        return print_json(&pets);
    }
    if pets.is_empty() {
        println!("No pets yet. Make one with: kennel create NAME --image IMAGE");
        return Ok(());
    }
    println!("{:<20} {:<9} {:<12} IMAGE", "NAME", "STATE", "PRESET");
    for pet in pets {
        println!(
            "{:<20} {:<9} {:<12} {}",
            pet.name,
            pet.state.as_str(),
            pet.preset,
            pet.image
        );
    }
    Ok(())
}

fn show(kennel: &Kennel, name: &str, json: bool) -> Result<(), UserError> {
    let spec = kennel.find(name)?;
    if json {
        return print_json(&spec);
    }
    let summary = kennel.summary(&spec);
    let shares = spec
        .shares
        .iter()
        .map(|share| share.as_str())
        .collect::<Vec<_>>()
        .join(", ");
    println!("Name      {}", spec.name);
    println!("State     {}", summary.state.as_str());
    if let Some(problem) = summary.problem {
        println!("Problem   {problem}");
    }
    println!(
        "Image     {} ({})",
        spec.image.reference,
        spec.image.digest.short()
    );
    println!("Preset    {}", spec.preset);
    println!(
        "Home      {}",
        if spec.home == HomeMode::Shared {
            "yours"
        } else {
            "its own"
        }
    );
    if let Some(project) = &spec.project {
        println!("Project   {}", project.display());
    }
    println!(
        "Network   {}",
        if spec.network == NetworkMode::Host {
            "yours"
        } else {
            "none"
        }
    );
    println!(
        "Shares    {}",
        if shares.is_empty() {
            "nothing"
        } else {
            &shares
        }
    );
    println!("Created   {}", spec.created);
    Ok(())
}

fn logs(kennel: &Kennel, name: &str, follow: bool, json: bool) -> Result<(), UserError> {
    let spec = kennel.find(name)?;
    let show = |line: &kennel_engine::pets::LogLine| {
        let text = if json {
            serde_json::to_string(line).unwrap_or_default()
        } else {
            format!("{} {} {}", line.time, line.event, line.text)
        };
        writeln!(std::io::stdout(), "{}", text.trim_end()).is_ok()
    };
    let path = kennel.paths.log(&spec.id);
    let failed = |source| UserError::from(KennelError::Io { path, source });
    if follow {
        return follow_log(&kennel.paths, &spec.id, show).map_err(failed);
    }
    for line in read_log(&kennel.paths, &spec.id).map_err(failed)? {
        if !show(&line) {
            break;
        }
    }
    Ok(())
}

fn image(kennel: &Kennel, verb: ImageVerb) -> Result<(), UserError> {
    let store = kennel.store()?;
    match verb {
        ImageVerb::Import { source, name } => {
            let source: ImageSource = if Path::new(&source).is_file() {
                ImageSource::OciArchive(source.into())
            } else {
                source.parse().map_err(|error| bad_reference(&error))?
            };
            cancel::watch();
            let progress = TerminalProgress::new();
            let image = store.import(&source, name.as_ref(), &kennel.unpacker(), &progress);
            progress.clear();
            println!("{}", image.map_err(KennelError::from)?.reference);
        }
        ImageVerb::List { json } => {
            let images = store.images().map_err(KennelError::from)?;
            if json {
                return print_json(&images);
            }
            for image in images {
                println!(
                    "{:<50} {}  {:>6} MB",
                    image.reference,
                    image.digest.short(),
                    image.size / 1_000_000
                );
            }
        }
        ImageVerb::Rm { image, yes } => {
            confirm(yes, &format!("Delete the image {image}?"))?;
            store
                .remove_image(&image, &needed(kennel)?, &kennel.unpacker())
                .map_err(KennelError::from)?;
        }
        ImageVerb::Prune { yes } => {
            confirm(yes, "Delete what no image and no pet needs?")?;
            let freed = store
                .prune(&needed(kennel)?, &kennel.unpacker())
                .map_err(KennelError::from)?;
            println!("{} MB freed", freed / 1_000_000);
        }
    }
    Ok(())
}

/// The layers that pets need.
fn needed(kennel: &Kennel) -> Result<Vec<kennel_model::Digest>, UserError> {
    Ok(kennel
        .pets()?
        .into_iter()
        .flat_map(|pet| pet.image.layers)
        .collect())
}

fn doctor(kennel: &Kennel) {
    let notices = kennel.notices();
    for notice in &notices {
        println!("subuid: {notice}");
    }
    if notices.is_empty() {
        println!("This computer has what pets need.");
    }
}

/// Asks on a terminal; elsewhere the flag must say it.
fn confirm(said: bool, question: &str) -> Result<(), UserError> {
    if said {
        return Ok(());
    }
    let refused = || {
        UserError::new(
            "unconfirmed",
            "nothing was deleted",
            "say --yes to do it without being asked",
        )
    };
    if !std::io::stdin().is_terminal() {
        return Err(refused());
    }
    eprint!("{question} [y/N] ");
    let mut answer = String::new();
    let _ = std::io::stdin().read_line(&mut answer);
    if matches!(answer.trim(), "y" | "Y" | "yes") {
        Ok(())
    } else {
        Err(refused())
    }
}

fn print_json<T: Serialize>(value: &T) -> Result<(), UserError> {
    let text = serde_json::to_string_pretty(value)
        .map_err(|error| UserError::new("json", error.to_string(), "report this as a bug"))?;
    // A reader that closed the pipe has seen enough.
    let _ = writeln!(std::io::stdout(), "{text}");
    Ok(())
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

/// Progress as one line that is rewritten; nothing in a pipe.
struct TerminalProgress {
    shown: bool,
}

impl TerminalProgress {
    fn new() -> Self {
        Self {
            shown: std::io::stderr().is_terminal(),
        }
    }

    fn clear(&self) {
        if self.shown {
            eprint!("\r\x1b[K");
        }
    }
}

impl ProgressSink for TerminalProgress {
    fn report(&self, progress: Progress) {
        if !self.shown {
            return;
        }
        let text = match progress {
            Progress::Importing { done, total } => {
                format!("Importing {} of {} MB", done / 1_000_000, total / 1_000_000)
            }
            Progress::Unpacking { done, total } => {
                format!("Unpacking {} of {} MB", done / 1_000_000, total / 1_000_000)
            }
            Progress::Creating => "Creating".to_owned(),
            Progress::Starting => "Starting".to_owned(),
            Progress::Stopping => "Stopping".to_owned(),
            Progress::Removing => "Removing".to_owned(),
        };
        eprint!("\r\x1b[K{text}");
    }

    fn is_cancelled(&self) -> bool {
        cancel::is_wanted()
    }
}
