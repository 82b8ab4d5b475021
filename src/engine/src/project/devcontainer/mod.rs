//! `devcontainer.json` (containers.dev): the part of it that describes a pet. What would build
//! another image is refused before anything is made; what is for editors or other engines is noted.

mod commands;
mod jsonc;
mod mounting;
mod variables;

use std::collections::BTreeMap;

use kennel_model::{Choices, PetName, Preset, ProjectFormat, ProjectProposal, SetupUser};

use super::ProjectFacts;
use super::error::{ProjectError, Source};
use super::node::{self, Entry, Fields, Node, Value};
use variables::Variables;

/// What makes an image of its own.
const NOT_YET: [(&str, &str); 6] = [
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
        "context",
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

/// What says how other programs work with the container, and needs no word.
const PASSED_OVER: [&str; 13] = [
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
    let Some((at, image)) = fields.text("image")? else {
        return Err(source.error(0, "the file names no image", "add \"image\": \"REF\""));
    };
    let image = variables.expand(at, &image)?;
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
    note_ports(&mut fields, &mut notes)?;
    note_the_rest(fields, &mut notes);
    Ok(ProjectProposal {
        file: source.path.to_owned(),
        format: ProjectFormat::Devcontainer,
        name_at: name_at.filter(|_| name.is_some()),
        name,
        image,
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
    for (key, todo) in NOT_YET {
        let Some(node) = fields.take(key) else {
            continue;
        };
        let empty = match &node.value {
            Value::Table(entries) => entries.is_empty(),
            Value::Null => true,
            _ => false,
        };
        if !empty {
            let what = format!("not supported yet: {key}");
            return Err(fields.source.error(node.at, what, todo));
        }
    }
    Ok(())
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
            let value = variables.expand(at, &node::text(&source, &key, node)?)?;
            env.insert(key, value);
        }
    }
    Ok(env)
}

/// Ports need no forwarding: a pet of the preset “project” has this computer's network.
fn note_ports(fields: &mut Fields<'_>, notes: &mut Vec<String>) -> Result<(), ProjectError> {
    let source = fields.source;
    let mut ports = Vec::new();
    for key in ["forwardPorts", "appPort"] {
        let nodes = match fields.take(key) {
            None => Vec::new(),
            Some(Node {
                value: Value::List(nodes),
                ..
            }) => nodes,
            Some(node) => vec![node],
        };
        for node in nodes {
            ports.push(node::text_or_number(&source, key, node)?);
        }
    }
    if !ports.is_empty() {
        notes.push(format!(
            "the pet uses this computer's network, so its ports ({}) are reachable here as they are",
            ports.join(", ")
        ));
    }
    Ok(())
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
    for entry in fields.rest() {
        notes.push(format!("“{}” is not known and left out", entry.key));
    }
}
