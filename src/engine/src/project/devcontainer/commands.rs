//! The lifecycle commands of devcontainer.json.

use kennel_model::{SetupCommand, SetupPlan, SetupStep, SetupUser, shown};

use super::variables::Variables;
use crate::project::error::ProjectError;
use crate::project::node::{self, Fields, Node, Value};

/// Those that run once, in the order of the specification.
const ONCE: [&str; 3] = [
    "onCreateCommand",
    "updateContentCommand",
    "postCreateCommand",
];

/// The commands of the file, which `user` runs; what is not run is noted.
pub fn setup(
    fields: &mut Fields<'_>,
    variables: &Variables<'_>,
    user: SetupUser,
    notes: &mut Vec<String>,
) -> Result<SetupPlan, ProjectError> {
    let mut plan = SetupPlan::default();
    for key in ONCE {
        plan.once.extend(steps(fields, variables, key, user)?);
    }
    plan.each_start = steps(fields, variables, "postStartCommand", user)?;
    for step in steps(fields, variables, "initializeCommand", user)? {
        notes.push(format!(
            "initializeCommand is for this computer, not the pet, and is not run: {}",
            step.command
        ));
    }
    for step in steps(fields, variables, "postAttachCommand", user)? {
        notes.push(format!(
            "postAttachCommand is for editors and is not run: {}",
            step.command
        ));
    }
    Ok(plan)
}

/// A line, a program with arguments, or an object of either by name. Those of an object may run at
/// once by the specification; here one follows the other, so that their output can be read.
fn steps(
    fields: &mut Fields<'_>,
    variables: &Variables<'_>,
    key: &'static str,
    user: SetupUser,
) -> Result<Vec<SetupStep>, ProjectError> {
    let Some(node) = fields.take(key) else {
        return Ok(Vec::new());
    };
    let named = match node.value {
        Value::Table(entries) => {
            node::no_twins(&variables.source, &entries)?;
            let entries = entries.into_iter();
            entries
                .map(|entry| (format!("{key} ({})", shown(&entry.key)), entry.node))
                .collect()
        }
        Value::Null => Vec::new(),
        _ => vec![(key.to_owned(), node)],
    };
    let mut steps = Vec::new();
    for (name, node) in named {
        let command = command(variables, &name, node)?;
        // An empty one is how templates leave it out.
        let empty = match &command {
            SetupCommand::Shell(line) => line.trim().is_empty(),
            SetupCommand::Program(words) => words.is_empty(),
        };
        if !empty {
            steps.push(SetupStep {
                name,
                command,
                user,
                timeout: None,
            });
        }
    }
    Ok(steps)
}

fn command(
    variables: &Variables<'_>,
    name: &str,
    node: Node,
) -> Result<SetupCommand, ProjectError> {
    let source = &variables.source;
    let at = node.at;
    match node.value {
        Value::List(words) => {
            let words = words.into_iter().map(|word| {
                let at = word.at;
                variables.expand(at, &node::text(source, name, word)?)
            });
            Ok(SetupCommand::Program(words.collect::<Result<_, _>>()?))
        }
        Value::Text(_) => {
            let line = node::text(source, name, node)?;
            let line = variables.expand(at, &line)?;
            Ok(SetupCommand::Shell(with_shell_variables(&line)))
        }
        _ => {
            let what = format!("“{name}” is not a command");
            Err(source.error(
                at,
                what,
                "write a text, a list of texts, or a table of those",
            ))
        }
    }
}

/// `line` with `${containerEnv:NAME:default}` as the shell in the pet writes it.
fn with_shell_variables(line: &str) -> String {
    let mut parts = line.split("${containerEnv:");
    let mut text = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let variable = part.split_once('}').map(|(variable, _)| variable);
        let (name, default) = match variable.and_then(|text| text.split_once(':')) {
            Some((name, default)) => (name, Some(default)),
            None => (variable.unwrap_or_default(), None),
        };
        let is_name = |c: char| c.is_ascii_alphanumeric() || c == '_';
        if name.is_empty() || !name.chars().all(is_name) {
            text.push_str("${containerEnv:");
            text.push_str(part);
            continue;
        }
        text.push_str("${");
        text.push_str(name);
        if default.is_some() {
            text.push_str(":-");
        }
        text.push_str(default.unwrap_or_default());
        text.push_str(&part[variable.map_or(0, str::len)..]);
    }
    text
}
