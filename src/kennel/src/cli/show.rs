//! `kennel list`, `show` and `logs`: what there is.

use std::io::Write;

use kennel_engine::pets::{Kennel, KennelError, ProjectAccess, follow_log, read_log, way_back};
use kennel_model::phrase::field::english_only;
use kennel_model::{
    Event, HomeMode, NetworkMode, PetSpec, PetSummary, Share, ShareSummary, UserError,
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
    println!("SELinux   {}", kennel.label_in_words(&spec));
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
    for (index, share) in kennel.shares(&spec.shares).iter().enumerate() {
        let title = if index == 0 { "Shares" } else { "" };
        let absent = if share.here {
            ""
        } else {
            " (not on this host)"
        };
        println!("{title:<9} {}: {}{absent}", share.word, share.meaning);
        println!("{:<9}   {}", "", share.exposes);
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
