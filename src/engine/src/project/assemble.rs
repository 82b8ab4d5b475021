//! The INI file of `distrobox assemble`: a section per pet, keys that may repeat.
//!
//! Read by hand: crates for INI files forget the line, and know neither the repeated keys nor the
//! quotes of this format.

use kennel_model::{
    Choices, HomeMode, HostName, InitMode, NetworkMode, PetName, ProjectFormat, ProjectProposal,
    SetupCommand, SetupPlan, SetupStep, SetupUser,
};

use super::error::{ProjectError, Source};
use super::node::{parse as parse_value, unknown_key};
use super::{ProjectFacts, mounts, packages};

/// What distrobox knows. Those that only say what Kennel does anyway, or at another time, need no
/// word; the others are answered one by one.
const KEYS: [&str; 28] = [
    "image",
    "clone",
    "home",
    "hostname",
    "include",
    "additional_packages",
    "additional_flags",
    "init_hooks",
    "pre_init_hooks",
    "volume",
    "volumes",
    "exported_apps",
    "exported_bins",
    "exported_bins_path",
    "entry",
    "start_now",
    "init",
    "nvidia",
    "pull",
    "root",
    "replace",
    "unshare_groups",
    "unshare_ipc",
    "unshare_netns",
    "unshare_process",
    "unshare_devsys",
    "unshare_all",
    "always_pull",
];

/// How many sections may be taken into one by `include`, all together.
const INCLUDES: usize = 64;

struct Section<'a> {
    at: usize,
    name: &'a str,
    lines: Vec<Line<'a>>,
}

#[derive(Clone, Copy)]
struct Line<'a> {
    at: usize,
    key: &'a str,
    value: &'a str,
    value_at: usize,
}

/// Every pet of the file, in its order.
pub fn parse(
    source: &Source<'_>,
    facts: &ProjectFacts<'_>,
) -> Result<Vec<ProjectProposal>, ProjectError> {
    let sections = sections(source)?;
    if sections.is_empty() {
        return Err(source.error(0, "the file describes no pet", "begin one with [NAME]"));
    }
    let pets = sections.iter().map(|section| {
        let mut budget = INCLUDES;
        let lines = with_includes(source, &sections, section, &mut budget)?;
        proposal(source, facts, section, &lines)
    });
    let mut pets = pets.collect::<Result<Vec<_>, _>>()?;
    // Of several pets none is that of the folder.
    if let [pet] = pets.as_mut_slice() {
        pet.choices.project = Some(facts.folder.to_owned());
    }
    Ok(pets)
}

fn sections<'a>(source: &Source<'a>) -> Result<Vec<Section<'a>>, ProjectError> {
    let mut sections: Vec<Section<'a>> = Vec::new();
    let mut next = 0;
    for whole in source.text.split_inclusive('\n') {
        let line = whole.trim();
        let at = next + (whole.len() - whole.trim_start().len());
        next += whole.len();
        if line.is_empty() || line.starts_with(['#', ';']) {
            continue;
        }
        if let Some(name) = line
            .strip_prefix('[')
            .and_then(|rest| rest.strip_suffix(']'))
        {
            let name = name.trim();
            if sections.iter().any(|section| section.name == name) {
                let what = format!("there are two sections [{name}]");
                return Err(source.error(at, what, "give one of them another name"));
            }
            sections.push(Section {
                at: at + 1,
                name,
                lines: Vec::new(),
            });
            continue;
        }
        let Some((key, value)) = line.split_once('=') else {
            return Err(source.error(
                at,
                "this is neither [NAME] nor KEY=VALUE",
                "correct the line",
            ));
        };
        let Some(section) = sections.last_mut() else {
            return Err(source.error(at, "this stands before any section", "begin with [NAME]"));
        };
        let value_at = at + key.len() + 1 + (value.len() - value.trim_start().len());
        section.lines.push(Line {
            at,
            key: key.trim(),
            value: unquoted(value.trim()),
            value_at,
        });
    }
    Ok(sections)
}

/// Without the quotes around all of it.
fn unquoted(value: &str) -> &str {
    for quote in ['"', '\''] {
        let inner = value
            .strip_prefix(quote)
            .and_then(|rest| rest.strip_suffix(quote));
        if let Some(inner) = inner.filter(|inner| !inner.contains(quote)) {
            return inner;
        }
    }
    value
}

/// The lines of `section`, those of the sections that it includes before its own.
fn with_includes<'a>(
    source: &Source<'_>,
    sections: &[Section<'a>],
    section: &Section<'a>,
    budget: &mut usize,
) -> Result<Vec<Line<'a>>, ProjectError> {
    let mut lines = Vec::new();
    for line in &section.lines {
        if line.key != "include" {
            continue;
        }
        let Some(other) = sections.iter().find(|other| other.name == line.value) else {
            let what = format!("there is no section [{}] to include", line.value);
            return Err(source.error(line.value_at, what, "correct the name"));
        };
        *budget = budget.checked_sub(1).ok_or_else(|| {
            source.error(
                line.at,
                "these sections include each other",
                "leave one include out",
            )
        })?;
        lines.extend(with_includes(source, sections, other, budget)?);
    }
    lines.extend(section.lines.iter().filter(|line| line.key != "include"));
    Ok(lines)
}

fn proposal(
    source: &Source<'_>,
    facts: &ProjectFacts<'_>,
    section: &Section<'_>,
    lines: &[Line<'_>],
) -> Result<ProjectProposal, ProjectError> {
    let mut pet = ProjectProposal {
        file: source.path.to_owned(),
        format: ProjectFormat::Assemble,
        name: Some(parse_value::<PetName>(source, section.at, section.name)?),
        name_at: Some(source.position(section.at)),
        image: String::new(),
        choices: Choices::default(),
        setup: SetupPlan::default(),
        notes: Vec::new(),
    };
    for line in lines {
        follow(source, facts, line, &mut pet)?;
    }
    if pet.image.is_empty() {
        let what = format!("[{}] names no image", section.name);
        return Err(source.error(section.at, what, "add a line image=REF"));
    }
    Ok(pet)
}

fn follow(
    source: &Source<'_>,
    facts: &ProjectFacts<'_>,
    line: &Line<'_>,
    pet: &mut ProjectProposal,
) -> Result<(), ProjectError> {
    let Line { key, value, .. } = *line;
    let yes = matches!(value, "true" | "1" | "yes");
    match key {
        "image" => value.clone_into(&mut pet.image),
        "home" => {
            pet.choices.home = Some(HomeMode::Private);
            pet.notes.push(format!(
                "its private home is kept by Kennel, not in {value}"
            ));
        }
        "hostname" => {
            pet.choices.hostname = Some(parse_value::<HostName>(source, line.value_at, value)?);
        }
        "additional_packages" => {
            for name in value.split_whitespace() {
                packages::check(source, line.value_at, name)?;
                pet.setup.packages.push(name.to_owned());
            }
        }
        "init_hooks" | "pre_init_hooks" => pet.setup.once.push(hook(key, value, pet)),
        "volume" | "volumes" => {
            for text in value.split_whitespace() {
                let mount = mounts::short_form(source, facts, line.value_at, text)?;
                pet.choices.mounts.push(mount);
            }
        }
        "init" if yes => pet.choices.init = Some(InitMode::Image),
        "unshare_netns" | "unshare_all" if yes => {
            pet.choices.network = Some(NetworkMode::Private);
        }
        "root" if yes => {
            let what = "a pet never runs as root of this computer";
            return Err(source.error(line.at, what, "leave “root” out"));
        }
        "clone" => {
            let what = "not supported yet: clone of another container";
            return Err(source.error(line.at, what, "name an image instead"));
        }
        "additional_flags" => pet
            .notes
            .push(format!("flags for podman are left out: {value}")),
        "exported_apps" | "exported_bins" => {
            pet.notes
                .push(format!("nothing is exported to this computer: {value}"));
        }
        known if KEYS.contains(&known) => {}
        _ => return Err(unknown_key(source, line.at, key, &KEYS)),
    }
    Ok(())
}

/// distrobox runs hooks as root.
fn hook(key: &str, value: &str, pet: &ProjectProposal) -> SetupStep {
    let before = pet
        .setup
        .once
        .iter()
        .filter(|step| step.name.starts_with(key));
    SetupStep {
        name: format!("{key} {}", before.count() + 1),
        command: SetupCommand::Shell(value.to_owned()),
        user: SetupUser::Root,
        timeout: None,
    }
}
