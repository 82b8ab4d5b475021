//! The INI file of `distrobox assemble`: a section per pet, keys that may repeat.
//!
//! Read by hand: crates for INI files forget the line, and know neither the repeated keys nor the
//! quotes of this format.

use kennel_model::{
    Choices, HomeMode, HostName, InitMode, NetworkMode, ProjectFormat, ProjectProposal,
    SetupCommand, SetupPlan, SetupStep, SetupUser,
};

use super::error::{ProjectError, Source};
use super::node::{parse as parse_value, pet_name, unknown_key};
use super::{ProjectFacts, image, mounts, packages};

/// What distrobox knows. Those that only say what Kennel does anyway, or at another time, need no
/// word; the others are answered one by one.
const KEYS: [&str; 14] = [
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
];

/// Those that have one value; the others add to what was said before.
const ONLY_ONCE: [&str; 4] = ["image", "home", "hostname", "clone"];

/// What it knows beside them, true or false.
const SWITCHES: [&str; 14] = [
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

/// The longest value with its variables, in bytes.
const VALUE_LIMIT: usize = 32 << 10;

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
        let line = without_comment(whole.trim());
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
        let key = key.trim();
        if ONLY_ONCE.contains(&key) && section.lines.iter().any(|line| line.key == key) {
            let what = format!("“{key}” is there twice in [{}]", section.name);
            return Err(source.error(at, what, "leave one of them out"));
        }
        section.lines.push(Line {
            at,
            key,
            value: unquoted(value.trim()),
            value_at,
        });
    }
    Ok(sections)
}

/// Without the comment behind it, which a space comes before; in quotes there is none.
fn without_comment(line: &str) -> &str {
    let mut quote = None;
    let mut before = ' ';
    for (index, character) in line.char_indices() {
        match (quote, character) {
            (Some(open), close) if open == close => quote = None,
            (None, '"' | '\'') => quote = Some(character),
            (None, '#') if before.is_whitespace() => return line[..index].trim_end(),
            _ => {}
        }
        before = character;
    }
    line
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
        name: Some(pet_name(source, section.at, section.name)?),
        name_at: Some(source.position(section.at)),
        image: String::new(),
        image_at: None,
        forwards: Vec::new(),
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
    let yes = SWITCHES.contains(&key) && switched(source, line)?;
    match key {
        "image" => {
            pet.image = image::read(source, facts, line.value_at, value)?;
            pet.image_at = Some(source.position(line.value_at));
        }
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
        "init_hooks" => {
            let step = hook(key, value, &pet.setup.once);
            pet.setup.once.push(step);
        }
        "pre_init_hooks" => {
            let step = hook(key, value, &pet.setup.first);
            pet.setup.first.push(step);
        }
        "volume" | "volumes" => {
            for text in expanded(source, facts, line.value_at, value)?.split_whitespace() {
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
        known if KEYS.contains(&known) || SWITCHES.contains(&known) => {}
        _ => {
            return Err(unknown_key(
                source,
                line.at,
                key,
                &[&KEYS[..], &SWITCHES].concat(),
            ));
        }
    }
    Ok(())
}

/// Whether a switch is on.
fn switched(source: &Source<'_>, line: &Line<'_>) -> Result<bool, ProjectError> {
    match line.value {
        "true" | "1" | "yes" => Ok(true),
        "false" | "0" | "no" | "" => Ok(false),
        other => {
            let what = format!("“{}” cannot be “{other}”", line.key);
            Err(source.error(line.value_at, what, "write true or false"))
        }
    }
}

/// distrobox runs hooks as root.
fn hook(key: &str, value: &str, before: &[SetupStep]) -> SetupStep {
    SetupStep {
        name: format!("{key} {}", before.len() + 1),
        command: SetupCommand::Shell(value.to_owned()),
        user: SetupUser::Root,
        timeout: None,
    }
}

/// `text` with `$NAME` and `${NAME}` of the person's environment, as the shell that distrobox hands
/// it to has it.
fn expanded(
    source: &Source<'_>,
    facts: &ProjectFacts<'_>,
    at: usize,
    text: &str,
) -> Result<String, ProjectError> {
    let mut parts = text.split('$');
    let mut whole = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let braced = part.strip_prefix('{').and_then(|rest| rest.split_once('}'));
        let end = part.find(|c: char| !c.is_ascii_alphanumeric() && c != '_');
        let (name, rest) = braced.unwrap_or_else(|| part.split_at(end.unwrap_or(part.len())));
        let Some(value) = facts.environment.get(name) else {
            let what = format!("there is no variable ${name}");
            return Err(source.error(at, what, "write the path itself"));
        };
        whole.push_str(value);
        whole.push_str(rest);
        if whole.len() > VALUE_LIMIT {
            let what = "this is longer than 32 KiB with its variables";
            return Err(source.error(at, what, "make it shorter"));
        }
    }
    Ok(whole)
}
