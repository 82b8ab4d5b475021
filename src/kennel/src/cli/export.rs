//! `kennel apps` and `kennel export`: a pet's programs on the host's desktop and command line.

use std::path::Path;

use kennel_engine::pets::Kennel;
use kennel_model::{ExportKind, UserError};

use super::definition::ExportVerb;
use super::output::{print_json, table};

/// Lists the apps of the pet `name`.
pub fn apps(kennel: &Kennel, name: &str, json: bool) -> Result<(), UserError> {
    let apps = kennel.apps(&kennel.find(name)?, &locale(), false)?;
    if json {
        return print_json(&apps);
    }
    if apps.is_empty() {
        println!("This pet has no desktop apps.");
        return Ok(());
    }
    let rows = apps.into_iter().map(|app| {
        let exported = if app.exported { "yes" } else { "no" };
        [app.id, exported.to_owned(), app.name]
    });
    table(["APP", "EXPORTED", "NAME"], rows);
    Ok(())
}

/// The person's language (locale(7)).
pub fn locale() -> String {
    ["LC_ALL", "LC_MESSAGES", "LANG"]
        .into_iter()
        .filter_map(|name| std::env::var(name).ok())
        .find(|value| !value.is_empty())
        .unwrap_or_default()
}

/// Does it.
pub fn run(kennel: &Kennel, verb: ExportVerb) -> Result<(), UserError> {
    match verb {
        ExportVerb::App { name, app, remove } => {
            let spec = kennel.find(&name)?;
            if remove {
                kennel.unexport(&spec, ExportKind::App, &app)?;
            } else {
                kennel.export_app(&spec, &app)?;
            }
        }
        ExportVerb::Bin {
            name,
            command,
            remove,
        } => {
            let spec = kennel.find(&name)?;
            if remove {
                kennel.unexport(&spec, ExportKind::Bin, &command)?;
            } else {
                let path = kennel.export_command(&spec, &command)?;
                println!("{}", path.display());
                say_if_not_found(&path);
            }
        }
        ExportVerb::List { name, json } => list(kennel, name.as_deref(), json)?,
    }
    Ok(())
}

/// A shell that does not look where a command was put does not find it.
fn say_if_not_found(path: &Path) {
    let searched = std::env::var_os("PATH").unwrap_or_default();
    let directory = path.parent().unwrap_or(path);
    if !std::env::split_paths(&searched).any(|searched| searched == directory) {
        let directory = directory.display();
        eprintln!(
            "kennel: {directory} is not in your PATH: your shell finds it after the next login, or add it"
        );
    }
}

fn list(kennel: &Kennel, name: Option<&str>, json: bool) -> Result<(), UserError> {
    let pets = match name {
        Some(name) => vec![kennel.find(name)?],
        None => kennel.pets()?,
    };
    let mut all = Vec::new();
    for pet in &pets {
        all.extend(kennel.exports(pet)?);
    }
    if json {
        return print_json(&all);
    }
    let rows = all.into_iter().map(|one| {
        [
            one.pet.to_string(),
            one.name,
            one.path.display().to_string(),
        ]
    });
    table(["PET", "EXPORT", "FILE"], rows);
    Ok(())
}
