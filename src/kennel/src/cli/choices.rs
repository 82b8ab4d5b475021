//! What was typed about a pet, as choices.

use std::path::{Component, Path, PathBuf};

use kennel_engine::pets::unreachable_path;
use kennel_model::{
    AlertChoices, AlertSettings, Bound, Choices, LimitChoices, Mount, OWN_VARIABLES, Share,
    UserError, parse_bytes, parse_cpu_weight, parse_cpus, parse_processes, parse_swap, shown,
};

use super::definition::ChoiceArguments;

/// The choices of `arguments`; paths are made absolute.
pub fn choices(arguments: ChoiceArguments) -> Result<Choices, UserError> {
    let mut env = std::collections::BTreeMap::new();
    for variable in &arguments.env {
        let (name, value) = variable
            .split_once('=')
            .filter(|(name, _)| !name.is_empty())
            .ok_or_else(|| usage(format!("“{variable}” is not KEY=VALUE")))?;
        variable_name(name)?;
        env.insert(name.to_owned(), value.to_owned());
    }
    let mounts = arguments.mounts.iter().map(|text| mount(text));
    Ok(Choices {
        preset: arguments.preset.map(|word| word.0),
        project: arguments.project.as_deref().map(existing).transpose()?,
        home: arguments.home.map(|word| word.0),
        network: arguments.network.map(|word| word.0),
        privilege: arguments.sudo.map(|word| word.0),
        confinement: arguments.confinement.map(|word| word.0),
        host_commands: arguments.host_commands.map(|word| word.0),
        host_programs: arguments.host_programs,
        process_label: arguments.selinux_label.map(|word| word.0),
        share: shares(&arguments.share)?,
        no_share: shares(&arguments.no_share)?,
        mounts: mounts.collect::<Result<_, _>>()?,
        ports: arguments.ports,
        limits: LimitChoices {
            cpu_millis: bound(arguments.cpus.as_deref(), parse_cpus)?,
            memory: bound(arguments.memory.as_deref(), parse_bytes)?,
            swap: bound(arguments.swap.as_deref(), parse_swap)?,
            pids: bound(arguments.pids.as_deref(), parse_processes)?,
            cpu_weight: bound(arguments.cpu_weight.as_deref(), parse_cpu_weight)?,
        },
        alerts: AlertChoices {
            mode: arguments.alerts.map(|word| word.0),
            own: AlertSettings {
                enabled: None,
                cpu_percent: arguments.alert_cpu,
                cpu_seconds: arguments.alert_seconds,
                memory_percent: arguments.alert_memory,
                disk_free_percent: arguments.alert_disk,
            },
        },
        env,
        hostname: arguments.hostname,
        ulimits: arguments.ulimits,
        init: arguments.init.map(|word| word.0),
        workdir: arguments
            .workdir
            .map(|path| inside(&path).map(|()| path))
            .transpose()?,
        ..Choices::default()
    })
}

fn usage(what: String) -> UserError {
    UserError::verbatim("usage", what, "see: kennel create --help")
}

fn shares(words: &[String]) -> Result<Vec<Share>, UserError> {
    let share = |word: &String| {
        Share::from_word(word).ok_or_else(|| {
            UserError::verbatim(
                "usage",
                format!("there is nothing to share called “{word}”"),
                "kennel shares lists what there is",
            )
        })
    };
    words.iter().map(share).collect()
}

/// A limit, or its absence for the word “none”.
fn bound<E: std::fmt::Display>(
    text: Option<&str>,
    parse: impl Fn(&str) -> Result<u64, E>,
) -> Result<Option<Bound>, UserError> {
    match text {
        None => Ok(None),
        Some("none") => Ok(Some(Bound::Unlimited)),
        Some(text) => match parse(text) {
            Ok(value) => Ok(Some(Bound::At(value))),
            Err(error) => Err(usage(error.to_string())),
        },
    }
}

fn existing(path: &Path) -> Result<PathBuf, UserError> {
    path.canonicalize()
        .map_err(|error| unreachable_path(path, &error).into())
}

/// Whether `name` can be set for every command of a pet.
fn variable_name(name: &str) -> Result<(), UserError> {
    if name.contains(|c: char| c.is_whitespace() || c.is_control()) {
        return Err(usage(format!(
            "“{}” is not the name of a variable",
            shown(name)
        )));
    }
    if OWN_VARIABLES.contains(&name) {
        return Err(UserError::verbatim(
            "usage",
            format!("{name} is set by Kennel in every pet"),
            "choose another variable",
        ));
    }
    Ok(())
}

/// `SRC[:DST][:ro]`.
fn mount(text: &str) -> Result<Mount, UserError> {
    let (paths, read_only) = match text.strip_suffix(":ro") {
        Some(paths) => (paths, true),
        None => (text.strip_suffix(":rw").unwrap_or(text), false),
    };
    let (source, target) = match paths.split_once(':') {
        Some((source, target)) => (source, Some(PathBuf::from(target))),
        None => (paths, None),
    };
    let is_odd = |path: &PathBuf| path.to_string_lossy().contains(':');
    if source.is_empty() || target.as_ref().is_some_and(is_odd) {
        return Err(usage(format!("“{}” is not SRC[:DST][:ro]", shown(text))));
    }
    let source = existing(Path::new(source))?;
    let target = target.unwrap_or_else(|| source.clone());
    inside(&target)?;
    Ok(Mount {
        source,
        target,
        read_only,
    })
}

/// Whether `path` can be one in a pet.
fn inside(path: &Path) -> Result<(), UserError> {
    let plain = path
        .components()
        .all(|part| !matches!(part, Component::ParentDir));
    if path.is_absolute() && plain {
        return Ok(());
    }
    let what = format!("“{}” is not an absolute path in the pet", path.display());
    Err(UserError::verbatim("usage", what, "begin it with a slash"))
}
