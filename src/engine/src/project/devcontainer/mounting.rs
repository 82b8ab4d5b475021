//! The mounts and the workspace folder of devcontainer.json.

use std::path::{Path, PathBuf};

use kennel_model::Mount;

use super::variables::Variables;
use crate::project::error::ProjectError;
use crate::project::mounts::{source_path, target_path};
use crate::project::node::{self, Fields, Node, Value};

/// A mount as it is written, before anything is looked up.
#[derive(Default)]
struct Wanted {
    source: String,
    target: String,
    kind: String,
    read_only: bool,
}

/// Where the project folder is in the pet: at its own path and, where the file says another one,
/// there too. Returns the further mount, and the folder where a shell begins.
pub fn workspace(
    fields: &mut Fields<'_>,
    variables: &mut Variables<'_>,
    notes: &mut Vec<String>,
) -> Result<(Option<Mount>, Option<PathBuf>), ProjectError> {
    let mount = fields.take("workspaceMount");
    let folder = match fields.text("workspaceFolder")? {
        None => None,
        Some((at, text)) => {
            let path = target_path(&variables.source, at, &variables.expand(at, &text)?)?;
            variables.workspace = path.to_string_lossy().into_owned();
            Some(path)
        }
    };
    if let Some(node) = mount.filter(|node| !is_empty(node))
        && let Some(mount) = one(variables, node, notes)?
    {
        return Ok((Some(mount), folder));
    }
    // A copy in a volume, too, is the project folder here.
    let project = variables.facts.folder;
    let elsewhere = folder.as_ref().filter(|path| !path.starts_with(project));
    let further = elsewhere.map(|path| Mount {
        source: project.to_owned(),
        target: path.clone(),
        read_only: false,
    });
    Ok((further, folder))
}

/// Templates write an empty text for no mount.
fn is_empty(node: &Node) -> bool {
    matches!(&node.value, Value::Text(text) if text.is_empty())
}

/// The mounts that can be had; others are noted.
pub fn mounts(
    fields: &mut Fields<'_>,
    variables: &Variables<'_>,
    notes: &mut Vec<String>,
) -> Result<Vec<Mount>, ProjectError> {
    let mut all = Vec::new();
    for node in fields.list("mounts")? {
        all.extend(one(variables, node, notes)?);
    }
    Ok(all)
}

fn one(
    variables: &Variables<'_>,
    node: Node,
    notes: &mut Vec<String>,
) -> Result<Option<Mount>, ProjectError> {
    let source = variables.source;
    let at = node.at;
    let wanted = match node.value {
        Value::Text(ref text) => from_text(&variables.expand(at, text)?),
        _ => from_table(variables, node)?,
    };
    if wanted.kind != "bind" && !wanted.target.is_empty() {
        let project = variables.facts.folder;
        let target = Path::new(&wanted.target);
        let keeper = if target.starts_with(&variables.workspace) || target.starts_with(project) {
            "goes to the project folder"
        } else {
            "stays in the pet"
        };
        notes.push(format!(
            "a mount of type {} is left out, what is written to {} {keeper}",
            wanted.kind, wanted.target
        ));
        return Ok(None);
    }
    if wanted.source.is_empty() || wanted.target.is_empty() {
        let todo = "write it as source=PATH,target=PATH,type=bind";
        return Err(source.error(at, "this mount lacks its source or target", todo));
    }
    let target = target_path(&source, at, &wanted.target)?;
    let path = source_path(&source, variables.facts, at, &wanted.source)?;
    if path == Path::new("/") {
        let what = "the whole computer cannot be mounted";
        return Err(source.error(at, what, "name a folder"));
    }
    Ok(Some(Mount {
        source: path,
        target,
        read_only: wanted.read_only,
    }))
}

/// `source=…,target=…,type=bind[,readonly]`, the form of `docker run --mount`.
fn from_text(text: &str) -> Wanted {
    let mut wanted = Wanted {
        kind: "volume".to_owned(),
        ..Wanted::default()
    };
    for part in text.split(',') {
        let (key, value) = part.split_once('=').unwrap_or((part, "true"));
        match key.trim() {
            "source" | "src" => value.clone_into(&mut wanted.source),
            "target" | "dst" | "destination" => value.clone_into(&mut wanted.target),
            "type" => value.clone_into(&mut wanted.kind),
            "readonly" | "ro" => wanted.read_only = matches!(value, "true" | "1"),
            // How docker caches and propagates it.
            _ => {}
        }
    }
    wanted
}

fn from_table(variables: &Variables<'_>, node: Node) -> Result<Wanted, ProjectError> {
    let source = variables.source;
    let mut fields = Fields::new(source, node, "mounts")?;
    let mut text = |key| -> Result<String, ProjectError> {
        match fields.take(key) {
            None => Ok(String::new()),
            Some(node) => {
                let at = node.at;
                variables.expand(at, &node::text(&source, key, node)?)
            }
        }
    };
    let (from, target, kind) = (text("source")?, text("target")?, text("type")?);
    Ok(Wanted {
        source: from,
        target,
        // As for docker.
        kind: if kind.is_empty() {
            "volume".to_owned()
        } else {
            kind
        },
        read_only: fields.bool("readonly")?.unwrap_or(false),
    })
}
