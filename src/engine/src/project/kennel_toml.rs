//! `kennel.toml`, Kennel's own project file; docs/PROJECT-FILES.md describes it.

use kennel_model::{
    AlertChoices, AlertSettings, Bound, Choices, HostName, InvalidSize, LimitChoices, Mount,
    NetworkMode, Privilege, ProjectFormat, ProjectProposal, SetupCommand, SetupPlan, SetupStep,
    SetupUser, Share, Within, parse_bytes, parse_cpu_weight, parse_cpus, parse_processes,
    parse_swap, shown,
};

use super::error::{ProjectError, Source};
use super::node::{self, Fields, Node, Value};
use super::{ProjectFacts, image, mounts, packages, toml_file};

/// The pet that the file describes.
pub fn parse(
    source: &Source<'_>,
    facts: &ProjectFacts<'_>,
) -> Result<ProjectProposal, ProjectError> {
    let mut fields = Fields::new(*source, toml_file::parse(source)?, "the file")?;
    let Some((image_at, image)) = fields.text("image")? else {
        return Err(source.error(
            0,
            "the file names no image",
            "add a line such as image = \"docker.io/library/debian:13\"",
        ));
    };
    let image = image::read(source, facts, image_at, &image)?;
    let (name, name_at) = match fields.text("name")? {
        None => (None, None),
        Some((at, text)) => (
            Some(node::pet_name(source, at, &text)?),
            Some(source.position(at)),
        ),
    };
    let setup = setup(&mut fields)?;
    let choices = choices(&mut fields, facts)?;
    fields.finish()?;
    Ok(ProjectProposal {
        file: source.path.to_owned(),
        format: ProjectFormat::Kennel,
        name,
        name_at,
        image,
        image_at: Some(source.position(image_at)),
        forwards: Vec::new(),
        choices,
        setup,
        notes: Vec::new(),
    })
}

fn setup(fields: &mut Fields<'_>) -> Result<SetupPlan, ProjectError> {
    let source = fields.source;
    let mut names = Vec::new();
    for (at, name) in fields.texts("packages")? {
        packages::check(&source, at, &name)?;
        names.push(name);
    }
    Ok(SetupPlan {
        locale: None,
        packages: names,
        first: Vec::new(),
        once: steps(fields, "setup")?,
        each_start: steps(fields, "each_start")?,
    })
}

fn steps(fields: &mut Fields<'_>, key: &'static str) -> Result<Vec<SetupStep>, ProjectError> {
    let source = fields.source;
    let nodes = fields.list(key)?.into_iter().enumerate();
    nodes
        .map(|(index, node)| step(source, format!("{key} {}", index + 1), node))
        .collect()
}

/// A line for the shell, or a table with more about it.
fn step(source: Source<'_>, usual_name: String, node: Node) -> Result<SetupStep, ProjectError> {
    if let Value::Text(_) = node.value {
        return Ok(SetupStep {
            command: SetupCommand::Shell(node::text(&source, &usual_name, node)?),
            name: usual_name,
            user: SetupUser::Person,
            timeout: None,
        });
    }
    let at = node.at;
    let mut fields = Fields::new(source, node, &usual_name)?;
    let command = match fields.take("run") {
        Some(node) if matches!(node.value, Value::List(_)) => {
            let words = node::list(&source, "run", node)?.into_iter();
            let words = words.map(|word| node::text(&source, "run", word));
            SetupCommand::Program(words.collect::<Result<_, _>>()?)
        }
        Some(node) => SetupCommand::Shell(node::text(&source, "run", node)?),
        None => {
            let todo = "add run = \"COMMAND\"";
            return Err(source.error(at, "this step runs nothing", todo));
        }
    };
    if command == SetupCommand::Program(Vec::new()) {
        return Err(source.error(at, "this step runs nothing", "name a program in run"));
    }
    let step = SetupStep {
        name: fields
            .text("name")?
            .map_or(usual_name, |(_, name)| shown(&name)),
        command,
        user: fields
            .word("user", &["person", "root"])?
            .unwrap_or_default(),
        timeout: fields
            .text("timeout")?
            .map(|(at, text)| node::seconds(&source, at, &text))
            .transpose()?,
    };
    fields.finish()?;
    Ok(step)
}

fn choices(fields: &mut Fields<'_>, facts: &ProjectFacts<'_>) -> Result<Choices, ProjectError> {
    let source = fields.source;
    let sudo = fields.bool("sudo")?;
    let choices = Choices {
        preset: fields.word("preset", &["comfortable", "project", "sealed"])?,
        project: Some(facts.folder.to_owned()),
        home: fields.word("home", &["shared", "private"])?,
        network: fields.word("network", &["host", "private", "none"])?,
        privilege: sudo.map(|sudo| {
            if sudo {
                Privilege::Sudo
            } else {
                Privilege::None
            }
        }),
        confinement: fields.word("confinement", &["light", "default", "strict"])?,
        host_commands: fields.word("host_commands", &["on", "ask", "off"])?,
        host_programs: fields
            .texts("host_programs")?
            .into_iter()
            .map(|(at, text)| node::parse(&source, at, &text))
            .collect::<Result<_, _>>()?,
        process_label: fields.word("selinux_label", &["person", "container"])?,
        share: shares(fields, "shares")?,
        no_share: shares(fields, "no_shares")?,
        mounts: mounts(fields, facts)?,
        limits: limits(fields)?,
        alerts: alerts(fields)?,
        env: env(fields)?,
        hostname: fields.parsed::<HostName>("hostname")?,
        ulimits: fields
            .texts("ulimits")?
            .into_iter()
            .map(|(at, text)| node::parse(&source, at, &text))
            .collect::<Result<_, _>>()?,
        init: fields.word("init", &["kennel", "image"])?,
        workdir: fields
            .text("workdir")?
            .map(|(at, text)| mounts::target_path(&source, at, &text))
            .transpose()?,
        ..Choices::default()
    };
    with_ports(fields, choices)
}

fn with_ports(fields: &mut Fields<'_>, mut choices: Choices) -> Result<Choices, ProjectError> {
    let source = fields.source;
    for node in fields.list("ports")? {
        let at = node.at;
        if choices.network != Some(NetworkMode::Private) {
            return Err(source.error(
                at,
                "ports lead into a network of the pet's own",
                "add network = \"private\"; on this computer's network the pet's ports are reachable without",
            ));
        }
        let text = node::text_or_number(&source, "ports", node)?;
        choices.ports.push(node::parse(&source, at, &text)?);
    }
    Ok(choices)
}

fn shares(fields: &mut Fields<'_>, key: &'static str) -> Result<Vec<Share>, ProjectError> {
    let source = fields.source;
    let words: Vec<&str> = Share::ALL.iter().map(|share| share.as_str()).collect();
    fields
        .texts(key)?
        .into_iter()
        .map(|(at, text)| node::word(&source, at, key, &text, &words))
        .collect()
}

fn mounts(fields: &mut Fields<'_>, facts: &ProjectFacts<'_>) -> Result<Vec<Mount>, ProjectError> {
    let source = fields.source;
    let nodes = fields.list("mounts")?.into_iter();
    nodes
        .map(|node| match node.value {
            Value::Text(ref text) => mounts::short_form(&source, facts, node.at, text),
            _ => mount_table(source, facts, node),
        })
        .collect()
}

fn mount_table(
    source: Source<'_>,
    facts: &ProjectFacts<'_>,
    node: Node,
) -> Result<Mount, ProjectError> {
    let at = node.at;
    let mut fields = Fields::new(source, node, "mounts")?;
    let Some((from_at, from)) = fields.text("source")? else {
        return Err(source.error(at, "this mount has no source", "add source = \"PATH\""));
    };
    let path = mounts::source_path(&source, facts, from_at, &from)?;
    let target = match fields.text("target")? {
        Some((at, text)) => mounts::target_path(&source, at, &text)?,
        None => path.clone(),
    };
    let read_only = fields.bool("read_only")?.unwrap_or(false);
    fields.finish()?;
    Ok(Mount {
        source: path,
        target,
        read_only,
    })
}

fn limits(fields: &mut Fields<'_>) -> Result<LimitChoices, ProjectError> {
    let source = fields.source;
    let Some(node) = fields.take("limits") else {
        return Ok(LimitChoices::default());
    };
    let mut table = Fields::new(source, node, "limits")?;
    let mut bound = |key, read: fn(&str) -> Result<u64, InvalidSize>| {
        let Some(node) = table.take(key) else {
            return Ok(None);
        };
        let at = node.at;
        match node::text_or_number(&source, key, node)?.as_str() {
            "none" => Ok(Some(Bound::Unlimited)),
            text => read(text)
                .map(|value| Some(Bound::At(value)))
                .map_err(|what| {
                    source.error(at, what.to_string(), "or write \"none\" for no limit")
                }),
        }
    };
    let limits = LimitChoices {
        cpu_millis: bound("cpus", parse_cpus)?,
        memory: bound("memory", parse_bytes)?,
        swap: bound("swap", parse_swap)?,
        pids: bound("pids", parse_processes)?,
        cpu_weight: bound("cpu-weight", parse_cpu_weight)?,
    };
    table.finish()?;
    Ok(limits)
}

/// Whether the person is told at all is not the project's to say, only from when on.
fn alerts(fields: &mut Fields<'_>) -> Result<AlertChoices, ProjectError> {
    let source = fields.source;
    let Some(node) = fields.take("alerts") else {
        return Ok(AlertChoices::default());
    };
    let mut table = Fields::new(source, node, "alerts")?;
    let own = AlertSettings {
        enabled: None,
        cpu_percent: threshold(&mut table, "cpu_percent")?,
        cpu_seconds: threshold(&mut table, "cpu_seconds")?,
        memory_percent: threshold(&mut table, "memory_percent")?,
        disk_free_percent: threshold(&mut table, "disk_free_percent")?,
    };
    table.finish()?;
    Ok(AlertChoices { mode: None, own })
}

fn threshold<const MIN: u32, const MAX: u32>(
    table: &mut Fields<'_>,
    key: &'static str,
) -> Result<Option<Within<MIN, MAX>>, ProjectError> {
    let source = table.source;
    let Some(node) = table.take(key) else {
        return Ok(None);
    };
    let at = node.at;
    let text = node::text_or_number(&source, key, node)?;
    node::parse(&source, at, &text).map(Some)
}

fn env(
    fields: &mut Fields<'_>,
) -> Result<std::collections::BTreeMap<String, String>, ProjectError> {
    let source = fields.source;
    fields
        .table("env")?
        .into_iter()
        .map(|entry| {
            node::variable_name(&source, entry.at, &entry.key)?;
            let value = node::text_or_number(&source, &entry.key, entry.node)?;
            Ok((entry.key, value))
        })
        .collect()
}
