//! `kennel create`: what was typed becomes a request.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use kennel_engine::pets::{Kennel, KennelError};
use kennel_model::{
    CreateRequest, HomeMode, Limits, Mount, NetworkMode, Preset, Share, UserError, parse_bytes,
    parse_cpus,
};

use super::definition::{CreateArguments, HomeWord, NetworkWord, PresetWord};
use super::progress::TerminalProgress;
use crate::cancel;

/// Makes the pet and prints its name.
pub fn create(kennel: &Kennel, arguments: CreateArguments) -> Result<(), UserError> {
    for notice in kennel.notices() {
        eprintln!("kennel: note: {notice}");
    }
    cancel::watch();
    let request = request(arguments)?;
    if request.limits != Limits::default() {
        eprintln!(
            "kennel: note: limits are written down, but this version does not enforce them yet"
        );
    }
    let progress = TerminalProgress::new();
    let spec = kennel.create(request, &progress);
    progress.clear();
    println!("{}", spec?.name);
    Ok(())
}

fn request(arguments: CreateArguments) -> Result<CreateRequest, UserError> {
    let usage = |what: String| UserError::new("usage", what, "see: kennel create --help");
    let shares = |words: &[String]| {
        words
            .iter()
            .map(|word| {
                Share::from_word(word)
                    .ok_or_else(|| usage(format!("there is nothing to share called “{word}”")))
            })
            .collect::<Result<Vec<_>, _>>()
    };
    let project = arguments.project.map(|project| {
        project
            .canonicalize()
            .map_err(|_| UserError::from(KennelError::Missing(project.clone())))
    });
    let mut env = BTreeMap::new();
    for variable in &arguments.env {
        let (name, value) = variable
            .split_once('=')
            .ok_or_else(|| usage(format!("“{variable}” is not KEY=VALUE")))?;
        env.insert(name.to_owned(), value.to_owned());
    }
    Ok(CreateRequest {
        name: arguments.name,
        image: arguments.image,
        preset: match arguments.preset {
            PresetWord::Comfortable => Preset::Comfortable,
            PresetWord::Project => Preset::Project,
            PresetWord::Sealed => Preset::Sealed,
        },
        project: project.transpose()?,
        home: arguments.home.map(|home| match home {
            HomeWord::Shared => HomeMode::Shared,
            HomeWord::Private => HomeMode::Private,
        }),
        network: arguments.network.map(|network| match network {
            NetworkWord::Host => NetworkMode::Host,
            NetworkWord::Private => NetworkMode::Private,
            NetworkWord::None => NetworkMode::None,
        }),
        share: shares(&arguments.share)?,
        no_share: shares(&arguments.no_share)?,
        mounts: arguments
            .mounts
            .iter()
            .map(|text| mount(text))
            .collect::<Result<_, _>>()?,
        limits: Limits {
            cpu_millis: arguments
                .cpus
                .as_deref()
                .map(parse_cpus)
                .transpose()
                .map_err(|e| usage(e.to_string()))?,
            memory: arguments
                .memory
                .as_deref()
                .map(parse_bytes)
                .transpose()
                .map_err(|e| usage(e.to_string()))?,
            pids: arguments.pids,
        },
        env,
        trust: arguments.trust,
    })
}

/// `SRC[:DST][:ro]`.
fn mount(text: &str) -> Result<Mount, UserError> {
    let (paths, read_only) = match text.strip_suffix(":ro") {
        Some(paths) => (paths, true),
        None => (text, false),
    };
    let (source, target) = match paths.split_once(':') {
        Some((source, target)) => (source, Some(PathBuf::from(target))),
        None => (paths, None),
    };
    let source = Path::new(source)
        .canonicalize()
        .map_err(|_| UserError::from(KennelError::Missing(source.into())))?;
    let target = target.unwrap_or_else(|| source.clone());
    let plain = target
        .components()
        .all(|part| !matches!(part, std::path::Component::ParentDir));
    if !target.is_absolute() || !plain {
        let what = format!("“{}” is not an absolute path in the pet", target.display());
        return Err(UserError::new(
            "usage",
            what,
            "write --mount SRC:/absolute/path",
        ));
    }
    Ok(Mount {
        source,
        target,
        read_only,
    })
}
