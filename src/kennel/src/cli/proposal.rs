//! What a project file asks for, in plain words, and the person's answer.

use std::path::{Path, PathBuf};

use kennel_engine::pets::{Kennel, Preview};
use kennel_model::{
    AlertSettings, Confinement, CreateRequest, HomeMode, HostCommands, InitMode, LimitChoices,
    PetSpec, Privilege, ProcessLabel, ProjectProposal, SetupStep, SetupUser, UserError, shown,
};

use super::output::{ask, megabytes};

/// The project file that is meant: the named one, else that of `folder` or of where we are.
pub fn file(
    kennel: &Kennel,
    named: Option<&Path>,
    folder: Option<&Path>,
) -> Result<PathBuf, UserError> {
    if let Some(named) = named {
        return Ok(named.to_owned());
    }
    Ok(kennel.project_file(folder.unwrap_or(Path::new(".")))?)
}

/// Those of `proposals` that `name` means: of several pets the one of that name; a single one may
/// be called as one likes.
pub fn choose(
    mut proposals: Vec<ProjectProposal>,
    name: Option<kennel_model::PetName>,
) -> Result<Vec<ProjectProposal>, UserError> {
    let Some(name) = name else {
        return Ok(proposals);
    };
    if let [only] = proposals.as_mut_slice() {
        only.name_at = None;
        only.name = Some(name);
        return Ok(proposals);
    }
    let names = proposals.iter().flat_map(|pet| &pet.name);
    let names: Vec<String> = names.map(ToString::to_string).collect();
    proposals.retain(|pet| pet.name.as_ref() == Some(&name));
    if proposals.is_empty() {
        return Err(UserError::verbatim(
            "no-such-section",
            format!("the file describes no pet “{name}”"),
            format!("it describes {}", names.join(", ")),
        ));
    }
    Ok(proposals)
}

/// Shows what `requests` of `file` come to, and asks. `trust` is the answer of scripts.
pub fn approve(
    kennel: &Kennel,
    file: &Path,
    requests: &[(CreateRequest, Vec<String>)],
    trust: bool,
) -> Result<(), UserError> {
    let file = shown(&file.display().to_string());
    eprintln!("{file} asks for:");
    for (request, notes) in requests {
        let preview = kennel.preview(request)?;
        eprintln!();
        for line in describe(request, &preview, notes) {
            eprintln!("  {line}");
        }
    }
    eprintln!();
    if trust {
        return Ok(());
    }
    let refused = |todo: &str| UserError::verbatim("not-approved", "nothing was made", todo);
    let question = match requests {
        [_] => "Make this pet?",
        _ => "Make these pets?",
    };
    match ask(question) {
        Some(true) => Ok(()),
        Some(false) => Err(refused(
            "kennel create --image REF makes a pet without the file",
        )),
        None => Err(refused(
            "read what the file asks for, and say --trust to accept it without being asked",
        )),
    }
}

/// The lines about one pet.
fn describe(request: &CreateRequest, preview: &Preview, notes: &[String]) -> Vec<String> {
    let mut lines = Vec::new();
    let mut row = |title: &str, values: Vec<String>| {
        for (index, value) in values.iter().enumerate() {
            let title = if index == 0 { title } else { "" };
            lines.push(format!("{title:<11} {}", shown(value)));
        }
    };
    row(
        "Name",
        request.name.iter().map(ToString::to_string).collect(),
    );
    row("Image", vec![request.image.clone()]);
    row("Preset", vec![preview.spec.preset.to_string()]);
    let (shares, places): (Vec<_>, Vec<_>) = preview
        .reachable
        .iter()
        .partition(|thing| thing.exposes.is_some());
    let places = places.into_iter().map(|thing| match &thing.path {
        Some(path) => format!("{}: {}", thing.meaning, path.display()),
        None => thing.meaning.clone(),
    });
    row("Can reach", places.collect());
    let shares: Vec<&str> = shares.iter().map(|share| share.meaning.as_str()).collect();
    row("Shares", some(shares.join("; ")));
    let preview = &preview.spec;
    row("Also", also(preview));
    let ports = preview.ports.iter();
    row(
        "Ports",
        ports
            .map(|port| {
                format!(
                    "{} of this computer leads to {} in the pet",
                    port.host, port.pet
                )
            })
            .collect(),
    );
    row("Limits", limits(request.choices.limits, preview));
    row("Alerts", alerts(request.choices.alerts.own));
    let env = preview.env.iter();
    row(
        "Variables",
        env.map(|(name, value)| format!("{name}={value}")).collect(),
    );
    row("Packages", some(preview.setup.packages.join(", ")));
    row("Runs once", commands(preview.setup.once()));
    row("Each start", commands(preview.setup.each_start.iter()));
    row("Note", notes.to_vec());
    lines
}

fn some(text: String) -> Vec<String> {
    if text.is_empty() {
        Vec::new()
    } else {
        vec![text]
    }
}

fn commands<'a>(steps: impl Iterator<Item = &'a SetupStep>) -> Vec<String> {
    let command = |step: &SetupStep| {
        let root = if step.user == SetupUser::Root {
            "as the pet's root: "
        } else {
            ""
        };
        format!("{root}{}", step.command)
    };
    steps.map(command).collect()
}

/// What is otherwise than a person would expect of the preset.
fn also(preview: &PetSpec) -> Vec<String> {
    let preset = preview.preset;
    let mut all = Vec::new();
    if preview.home == HomeMode::Private {
        all.push("a home of its own".to_owned());
    }
    if preview.privilege == Privilege::Sudo && preset.privilege() != Privilege::Sudo {
        all.push("sudo inside".to_owned());
    }
    if preview.confinement != preset.confinement() {
        let word = match preview.confinement {
            Confinement::Light => "held back less than usual",
            Confinement::Default => "held back as containers are",
            Confinement::Strict => "held back as much as can be",
        };
        all.push(format!(
            "its programs are {word} (confinement {})",
            preview.confinement.as_str()
        ));
    }
    match preview.host_commands {
        same if same == preset.host_commands() => {}
        HostCommands::On => all.push("commands on this computer, as you".to_owned()),
        HostCommands::Ask => all.push("commands on this computer, when you allow them".to_owned()),
        HostCommands::Off => all.push("no commands on this computer".to_owned()),
    }
    if preview.process_label() != preset.process_label() {
        let word = match preview.process_label() {
            ProcessLabel::Person => "with your own SELinux label",
            ProcessLabel::Container => "under SELinux's container label",
        };
        all.push(format!("its programs run {word}"));
    }
    if preview.init == InitMode::Image {
        all.push("the image's own init and services".to_owned());
    }
    all.extend(
        preview
            .hostname
            .iter()
            .map(|name| format!("the host name {name}")),
    );
    all.extend(
        preview
            .ulimits
            .iter()
            .map(|limit| format!("the limit {limit}")),
    );
    all.extend(
        preview
            .workdir
            .iter()
            .map(|path| format!("shells begin in {}", path.display())),
    );
    all
}

/// A file could try to be silent about what its pet does.
fn alerts(own: AlertSettings) -> Vec<String> {
    let cpu = own
        .cpu_percent
        .map(|percent| format!("only from {percent} % of the processor on"));
    let seconds = own
        .cpu_seconds
        .map(|seconds| format!("only after {seconds} seconds of that"));
    let memory = own
        .memory_percent
        .map(|percent| format!("only from {percent} % of the memory on"));
    let disk = own
        .disk_free_percent
        .map(|percent| format!("only when {percent} % of the disk are free"));
    [cpu, seconds, memory, disk].into_iter().flatten().collect()
}

fn limits(chosen: LimitChoices, preview: &PetSpec) -> Vec<String> {
    if chosen == LimitChoices::default() {
        return Vec::new();
    }
    let limits = preview.limits;
    let cores = limits
        .cpu_millis
        .map(|millis| format!("{} cores", millis as f64 / 1000.0));
    let memory = limits
        .memory
        .map(|bytes| format!("{} of memory", megabytes(bytes)));
    let swap = limits
        .swap
        .map(|bytes| format!("{} of swap", megabytes(bytes)));
    let processes = limits.pids.map(|count| format!("{count} processes"));
    let share = limits
        .cpu_weight
        .map(|weight| format!("a processor share of {weight} beside 100"));
    [cores, memory, swap, processes, share]
        .into_iter()
        .flatten()
        .collect()
}
