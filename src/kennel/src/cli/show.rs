//! `kennel list`, `show`, `shares` and `logs`: what there is.

use std::io::Write;

use kennel_engine::pets::{Kennel, KennelError, ProjectAccess, follow_log, read_log, way_back};
use kennel_model::phrase::field::english_only;
use kennel_model::{
    Confinement, Event, HomeMode, HostCommands, InitMode, Mount, NetworkMode, PetSpec, PetSummary,
    Privilege, ProgramName, Share, ShareSummary, UserError,
};

use super::output::{megabytes, print_json, print_phrases_too, table};

/// A table, or JSON.
pub fn list(kennel: &Kennel, json: bool) -> Result<(), UserError> {
    let all = kennel.all_pets()?;
    for error in all.unreadable {
        eprintln!("kennel: note: {}", UserError::from(error));
    }
    let pets: Vec<PetSummary> = all.readable.iter().map(|pet| kennel.summary(pet)).collect();
    if json {
        // `serve` asks in this way, too.
        return print_phrases_too(&pets);
    }
    if pets.is_empty() {
        println!("No pets yet. Make one with: kennel create NAME --image IMAGE");
        return Ok(());
    }
    let rows = pets.into_iter().map(|pet| {
        [
            pet.name.to_string(),
            pet.state.as_str().to_owned(),
            pet.preset.to_string(),
            pet.image.to_string(),
        ]
    });
    table(["NAME", "STATE", "PRESET", "IMAGE"], rows);
    Ok(())
}

/// Everything about one pet.
pub fn show(kennel: &Kennel, name: &str, json: bool) -> Result<(), UserError> {
    let spec = kennel.find(name)?;
    if json {
        return print_json(&with_shares(&spec, &kennel.shares(&spec.shares))?);
    }
    let summary = kennel.summary(&spec);
    println!("Name      {}", spec.name);
    println!("State     {}", summary.state.as_str());
    if summary.restart_needed {
        println!(
            "          its changes hold after: kennel restart {}",
            spec.name
        );
    }
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
        match kennel.project_access(&spec) {
            ProjectAccess::Plain => {}
            ProjectAccess::Relabelled => println!(
                "          relabelled for SELinux; undone by: {}",
                way_back(project)
            ),
            ProjectAccess::Kept => println!(
                "          SELinux keeps the pet from it; relabel it with: kennel edit {} --relabel-project",
                spec.name
            ),
        }
    }
    for (index, mount) in spec.mounts.iter().enumerate() {
        println!("{:<9} {}", title("Mounts", index), mount_in_words(mount));
    }
    println!("SELinux   {}", kennel.label_in_words(&spec));
    show_network(&spec);
    show_rights(&spec);
    show_programs(&spec);
    show_limits(&spec);
    for (index, share) in kennel.shares(&spec.shares).iter().enumerate() {
        let absent = if share.here {
            ""
        } else {
            " (not on this host)"
        };
        let title = title("Shares", index);
        println!("{title:<9} {}: {}{absent}", share.word, share.meaning);
        println!("{:<9}   {}", "", share.exposes);
        println!("{:<9}   {}", "", where_it_is(share));
    }
    if let Ok(bytes) = kennel.pet_bytes(&spec) {
        println!("Disk      {} of its own", megabytes(bytes));
    }
    if let Some(failure) = kennel.setup_failure(&spec) {
        println!(
            "Setup     “{}” failed ({}); try again: kennel setup {}",
            failure.step, failure.how, spec.name
        );
    }
    println!("Created   {}", spec.created);
    Ok(())
}

/// The title of the first of several lines.
fn title(title: &str, index: usize) -> &str {
    if index == 0 { title } else { "" }
}

fn mount_in_words(mount: &Mount) -> String {
    let read_only = if mount.read_only {
        ", only to read"
    } else {
        ""
    };
    if mount.source == mount.target {
        format!("{}{read_only}", mount.source.display())
    } else {
        let (source, target) = (mount.source.display(), mount.target.display());
        format!("{source} as {target}{read_only}")
    }
}

fn show_network(spec: &PetSpec) {
    let network = match spec.network {
        NetworkMode::Host => "yours",
        NetworkMode::Private => "its own, connected outward",
        NetworkMode::None => "none",
    };
    println!("Network   {network}");
    for port in &spec.ports {
        println!(
            "Port      {} here is {} in the pet ({})",
            port.host,
            port.pet,
            port.transport.as_str()
        );
    }
    println!("Host name {}", spec.host_name());
}

/// What programs inside may do.
fn show_rights(spec: &PetSpec) {
    let sudo = match spec.privilege {
        Privilege::Sudo => "yes",
        Privilege::None => "no",
    };
    println!("Sudo      {sudo}");
    let confinement = match spec.confinement {
        Confinement::Light => "light: refused is only what a container never needs",
        Confinement::Default => "default: what containers are usually held to",
        Confinement::Strict => "strict: root without any capability, the fewest system calls",
    };
    println!("Confined  {confinement}");
    let commands = match spec.host_commands {
        HostCommands::On => "on: its programs can run any command here, as you",
        HostCommands::Ask => "ask: you are asked before each command that runs here",
        HostCommands::Off => "off",
    };
    println!("Commands  {commands}");
    if spec.host_commands != HostCommands::Off && !spec.host_programs.is_empty() {
        let names: Vec<&str> = spec.host_programs.iter().map(ProgramName::as_str).collect();
        println!("          by their names: {}", names.join(", "));
    }
}

/// How its programs begin.
fn show_programs(spec: &PetSpec) {
    if spec.init == InitMode::Image {
        println!("Init      the image's own, for background services");
    }
    if let Some(workdir) = &spec.workdir {
        println!("Folder    shells begin in {}", workdir.display());
    }
    for (index, (name, value)) in spec.env.iter().enumerate() {
        println!("{:<9} {name}={value}", title("Variables", index));
    }
}

/// What it and each of its processes are held to.
fn show_limits(spec: &PetSpec) {
    let limits = spec.limits;
    let cpu = |millis: u64| format!("{} cores", millis as f64 / 1000.0);
    let wanted = [
        limits.cpu_millis.map(cpu),
        limits
            .memory
            .map(|bytes| format!("{} of memory", megabytes(bytes))),
        limits
            .swap
            .map(|bytes| format!("{} of swap space", megabytes(bytes))),
        limits.pids.map(|count| format!("{count} processes")),
        limits
            .cpu_weight
            .map(|weight| format!("processor weight {weight}, of 100")),
    ];
    for (index, limit) in wanted.into_iter().flatten().enumerate() {
        println!("{:<9} {limit}", title("Limits", index));
    }
    for (index, limit) in spec.ulimits.iter().enumerate() {
        println!("{:<9} {limit}", title("Ulimits", index));
    }
}

/// Where a share is in a pet, and the variables it brings.
fn where_it_is(share: &ShareSummary) -> String {
    let places = share.places.join(", ");
    if share.variables.is_empty() {
        format!("is at {places}")
    } else {
        format!("is at {places}; sets {}", share.variables.join(", "))
    }
}

/// What happens to all pets, until nobody reads it any more.
pub fn events(kennel: &Kennel) -> Result<(), UserError> {
    let show = |event: &Event| {
        let line = english_only(|| serde_json::to_string(event)).unwrap_or_default();
        writeln!(std::io::stdout(), "{line}").is_ok()
    };
    let path = kennel.paths.logs();
    kennel
        .follow_events(show)
        .map_err(|source| KennelError::Io { path, source }.into())
}

/// The spec, with all that is known about each of its shares in place of their words.
fn with_shares(spec: &PetSpec, shares: &[ShareSummary]) -> Result<serde_json::Value, UserError> {
    let failed =
        |error: serde_json::Error| UserError::verbatim("json", error.to_string(), "report it");
    let mut shown = serde_json::to_value(spec).map_err(failed)?;
    shown["shares"] = serde_json::to_value(shares).map_err(failed)?;
    Ok(shown)
}

/// Every share: what it gives, what it exposes, and whether this computer has it.
pub fn shares(kennel: &Kennel, json: bool) -> Result<(), UserError> {
    let shares = kennel.shares(&Share::ALL);
    if json {
        return print_json(&shares);
    }
    for share in shares {
        let presets: Vec<&str> = share.presets.iter().map(|preset| preset.as_str()).collect();
        let presets = match presets.as_slice() {
            [] => "in no preset".to_owned(),
            some => format!("in {}", some.join(", ")),
        };
        let absent = if share.here { "" } else { "; not on this host" };
        println!("{}: {}", share.word, share.meaning);
        println!("    {}", share.exposes);
        println!("    {}", where_it_is(&share));
        println!("    {presets}{absent}");
    }
    Ok(())
}

/// What happened to a pet.
pub fn logs(kennel: &Kennel, name: &str, follow: bool, json: bool) -> Result<(), UserError> {
    let spec = kennel.find(name)?;
    let show = |line: &kennel_engine::pets::LogLine| {
        let text = if json {
            english_only(|| serde_json::to_string(line)).unwrap_or_default()
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
