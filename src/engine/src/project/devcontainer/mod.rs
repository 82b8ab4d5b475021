//! `devcontainer.json` (containers.dev): the part of it that describes a pet. What would build
//! another image is refused before anything is made; what is for editors or other engines is noted.

mod commands;
mod jsonc;
mod mounting;
mod ports;
mod variables;

use std::collections::BTreeMap;

use kennel_model::{Choices, PetName, Preset, ProjectFormat, ProjectProposal, SetupUser};

use super::ProjectFacts;
use super::error::{ProjectError, Source};
use super::image;
use super::node::{self, Entry, Fields, Value};
use variables::Variables;

/// What makes an image of its own.
const NOT_YET: [(&str, &str); 5] = [
    (
        "features",
        "name an image that has what they install, and install the rest in postCreateCommand",
    ),
    (
        "build",
        "build the image elsewhere and name it with “image”",
    ),
    (
        "dockerFile",
        "build the image elsewhere and name it with “image”",
    ),
    (
        "dockerfile",
        "build the image elsewhere and name it with “image”",
    ),
    (
        "dockerComposeFile",
        "name the image of one service with “image”",
    ),
];

/// What asks for something that a pet does not have, each with why it is left out.
const NOTED: [(&str, &str); 9] = [
    ("customizations", "is for editors"),
    ("extensions", "is for editors"),
    ("settings", "is for editors"),
    ("runArgs", "is for docker"),
    ("privileged", "is never given to a pet"),
    ("capAdd", "is never given to a pet"),
    ("securityOpt", "is for docker"),
    ("hostRequirements", "is not checked"),
    ("secrets", "is not asked for"),
];

/// How many unknown keys are named one by one.
const UNKNOWN_LIMIT: usize = 20;

/// What says how other programs work with the container, and needs no word.
const PASSED_OVER: [&str; 14] = [
    "$schema",
    "portsAttributes",
    "otherPortsAttributes",
    "overrideCommand",
    "overrideFeatureInstallOrder",
    "shutdownAction",
    "updateRemoteUserUID",
    "userEnvProbe",
    "waitFor",
    "init",
    "service",
    "runServices",
    "devPort",
    // Of a dockerFile, which is answered.
    "context",
];

/// The pet that the file describes.
pub fn parse(
    source: &Source<'_>,
    facts: &ProjectFacts<'_>,
) -> Result<ProjectProposal, ProjectError> {
    let mut fields = Fields::new(*source, jsonc::parse(source)?, "the file")?;
    refuse_what_builds(&mut fields)?;
    let mut variables = Variables {
        source: *source,
        facts,
        workspace: facts.folder.to_string_lossy().into_owned(),
    };
    let Some((image_at, image)) = fields.text("image")? else {
        return Err(source.error(0, "the file names no image", "add \"image\": \"REF\""));
    };
    let image = image::as_docker_reads(&variables.expand(image_at, &image)?);
    let image = image::read(source, facts, image_at, &image)?;
    let (name, name_at) = match fields.text("name")? {
        None => (None, None),
        // Any text; the nearest name a pet can have.
        Some((at, text)) => (PetName::suggest(&text), Some(source.position(at))),
    };
    let mut notes = Vec::new();
    let (workspace, workdir) = mounting::workspace(&mut fields, &mut variables, &mut notes)?;
    let mut all_mounts = mounting::mounts(&mut fields, &variables, &mut notes)?;
    all_mounts.extend(workspace);
    let user = user(&mut fields, &mut notes)?;
    let setup = commands::setup(&mut fields, &variables, user, &mut notes)?;
    let env = env(&mut fields, &variables)?;
    let forwards = ports::wanted(&mut fields, &mut notes)?;
    note_the_rest(fields, &mut notes);
    Ok(ProjectProposal {
        file: source.path.to_owned(),
        format: ProjectFormat::Devcontainer,
        name_at: name_at.filter(|_| name.is_some()),
        name,
        image,
        image_at: Some(source.position(image_at)),
        forwards,
        choices: Choices {
            // A container of a project sees the project, not the home.
            preset: Some(Preset::Project),
            project: Some(facts.folder.to_owned()),
            mounts: all_mounts,
            env,
            workdir,
            ..Choices::default()
        },
        setup,
        notes,
    })
}

fn refuse_what_builds(fields: &mut Fields<'_>) -> Result<(), ProjectError> {
    let mut found = Vec::new();
    for (key, todo) in NOT_YET {
        let node = fields.take(key);
        found.extend(
            node.filter(|node| !is_empty(&node.value))
                .map(|node| (node.at, key, todo)),
        );
    }
    // All at once, at the place of the first: nobody wants to mend one to hear of the next.
    found.sort_unstable();
    let Some(&(at, _, _)) = found.first() else {
        return Ok(());
    };
    let keys: Vec<&str> = found.iter().map(|&(_, key, _)| key).collect();
    let mut todo: Vec<&str> = found.iter().map(|&(_, _, todo)| todo).collect();
    todo.dedup();
    let what = format!("not supported yet: {}", keys.join(", "));
    Err(fields.source.error(at, what, todo.join("; ")))
}

/// Whether a key is there, but says nothing, as in templates.
fn is_empty(value: &Value) -> bool {
    match value {
        Value::Table(entries) => entries.is_empty(),
        Value::List(nodes) => nodes.is_empty(),
        Value::Text(text) => text.is_empty(),
        Value::Null => true,
        Value::Number(_) | Value::Bool(_) | Value::Date => false,
    }
}

/// Who runs the commands. Inside there are the person and root, whatever other accounts the image
/// has.
fn user(fields: &mut Fields<'_>, notes: &mut Vec<String>) -> Result<SetupUser, ProjectError> {
    let container = fields.text("containerUser")?;
    let remote = fields.text("remoteUser")?;
    match remote.or(container) {
        None => Ok(SetupUser::Person),
        Some((_, name)) if name == "root" => Ok(SetupUser::Root),
        Some((_, name)) => {
            notes.push(format!("you are yourself in the pet, not “{name}”"));
            Ok(SetupUser::Person)
        }
    }
}

fn env(
    fields: &mut Fields<'_>,
    variables: &Variables<'_>,
) -> Result<BTreeMap<String, String>, ProjectError> {
    let source = variables.source;
    let mut env = BTreeMap::new();
    for key in ["containerEnv", "remoteEnv"] {
        for Entry { at, key, node } in fields.table(key)? {
            node::variable_name(&source, at, &key)?;
            // Null is not to set it.
            if node.value == Value::Null {
                env.remove(&key);
                continue;
            }
            let at = node.at;
            let value = variables.expand(at, &node::scalar(&source, &key, node)?)?;
            env.insert(key, value);
        }
    }
    Ok(env)
}

fn note_the_rest(mut fields: Fields<'_>, notes: &mut Vec<String>) {
    for (key, why) in NOTED {
        match fields.take(key).map(|node| node.value) {
            None | Some(Value::Null | Value::Bool(false)) => {}
            Some(Value::List(words)) if key == "runArgs" => {
                let words = words.into_iter().filter_map(|word| match word.value {
                    Value::Text(text) => Some(text),
                    _ => None,
                });
                let words = words.collect::<Vec<_>>().join(" ");
                notes.push(format!("“{key}” {why} and left out: {words}"));
            }
            Some(_) => notes.push(format!("“{key}” {why} and left out")),
        }
    }
    for key in PASSED_OVER {
        fields.take(key);
    }
    let rest = fields.rest();
    for entry in rest.entries.iter().take(UNKNOWN_LIMIT) {
        let key = &entry.key;
        let meant = rest.meant(key);
        let meant = meant.map(|meant| format!("; did you mean “{meant}”?"));
        let meant = meant.unwrap_or_default();
        notes.push(format!("“{key}” is not known and left out{meant}"));
    }
    if let Some(more @ 1..) = rest.entries.len().checked_sub(UNKNOWN_LIMIT) {
        notes.push(format!("{more} more keys are not known and left out"));
    }
}
