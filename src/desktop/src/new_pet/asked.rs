//! Everything that a project file asks for beside its image, in plain words. All text of the file
//! is escaped, so that nothing of it hides.

use gettextrs::gettext;
use kennel_model::{
    AlertThresholds, HomeMode, InitMode, LimitChoices, NetworkMode, PetSpec, PortForward, Preset,
    Privilege, SetupStep, SetupUser, Share, shown,
};
use relm4::gtk::glib::format_size;

use crate::reachable::{self, Thing};
use crate::usage;
use crate::words::{self, gettext_f};

/// A group of the page.
#[derive(Debug, PartialEq, Eq)]
pub struct Section {
    /// Its title.
    pub title: String,
    /// What it lists, as title and text.
    pub rows: Vec<Thing>,
    /// Whether the texts are typed ones, such as commands.
    pub code: bool,
}

/// The preset, and everything that comes with it.
pub fn preset(spec: &PetSpec) -> (Thing, Vec<Thing>) {
    let with_it = spec.preset.shares().iter().copied();
    let given: Vec<Share> = with_it
        .filter(|share| spec.shares.contains(share))
        .collect();
    let preset = words::preset(spec.preset);
    let (title, meaning) = if is_as_preset(spec) {
        (preset, words::preset_meaning(spec.preset))
    } else {
        (
            gettext_f("{preset}, With Changes", &[("preset", &preset)]),
            gettext("What it changes is listed below."),
        )
    };
    ((title, meaning), reachable::shares(&given).collect())
}

/// Whether its preset's own words are true of `spec`.
fn is_as_preset(spec: &PetSpec) -> bool {
    let preset = spec.preset;
    let mut shares = spec.shares.iter();
    spec.home == preset.home()
        && spec.network == preset.network()
        && spec.mounts.is_empty()
        && shares.all(|share| preset.shares().contains(share))
}

/// What would be done in the pet of `spec`, whose limits `limits` chose.
pub fn sections(spec: &PetSpec, limits: LimitChoices, notes: &[String]) -> Vec<Section> {
    let list = |title: String, rows: Vec<Thing>| Section {
        title,
        rows,
        code: false,
    };
    let code = |title: String, rows: Vec<Thing>| Section {
        title,
        rows,
        code: true,
    };
    let packages: Vec<String> = spec.setup.packages.iter().map(|name| shown(name)).collect();
    let packages = (gettext("Packages"), words::list(&packages));
    let env = spec.env.iter();
    let env = env.map(|(name, value)| (shown(name), shown(value)));
    let notes = notes.iter().map(|note| (shown(note), String::new()));
    let mut all = vec![
        list(
            gettext("Installed Once"),
            Some(packages)
                .filter(|(_, names)| !names.is_empty())
                .into_iter()
                .collect(),
        ),
        code(gettext("Runs Once"), commands(spec.setup.once())),
        code(
            gettext("Runs at Each Start"),
            commands(spec.setup.each_start.iter()),
        ),
        list(gettext("Rights and Limits"), rights(spec, limits)),
        code(gettext("Environment Variables"), env.collect()),
        list(gettext("Left Out"), notes.collect()),
    ];
    all.retain(|section| !section.rows.is_empty());
    all
}

/// The preset whose reach is nearest, never one that reaches less.
pub fn reach_of(spec: &PetSpec) -> Preset {
    let is_wide = |share: &Share| {
        Preset::Comfortable.shares().contains(share) && !Preset::Project.shares().contains(share)
    };
    if spec.home == HomeMode::Shared || spec.shares.iter().any(is_wide) {
        Preset::Comfortable
    } else {
        Preset::Project
    }
}

/// What it would reach beside the shares of its preset.
pub fn reach(spec: &PetSpec) -> Vec<Thing> {
    let added = spec.shares.iter().copied();
    let added: Vec<Share> = added
        .filter(|share| !spec.preset.shares().contains(share))
        .collect();
    let mut things = reachable::places(spec);
    if spec.network == NetworkMode::None {
        things.push((gettext("No Network"), words::network(spec.network).1));
    }
    things.extend(reachable::shares(&added));
    things.extend(spec.ports.iter().copied().map(port));
    let escaped = things.into_iter();
    escaped
        .map(|(title, text)| (shown(&title), shown(&text)))
        .collect()
}

fn port(port: PortForward) -> Thing {
    let host = port.host.to_string();
    let pet = port.pet.to_string();
    (
        gettext_f("Port {port}", &[("port", &host)]),
        gettext_f(
            "Programs on this computer reach port {port} of the pet there.",
            &[("port", &pet)],
        ),
    )
}

/// What is otherwise than a person would expect of the preset.
fn rights(spec: &PetSpec, limits: LimitChoices) -> Vec<Thing> {
    let mut rows = Vec::new();
    if spec.home == HomeMode::Private && spec.preset.home() != HomeMode::Private {
        let meaning = gettext("It does not see yours.");
        rows.push((gettext("A Home of Its Own"), meaning));
    }
    if spec.privilege == Privilege::Sudo && spec.preset.privilege() != Privilege::Sudo {
        let meaning = gettext(
            "Its programs can become administrator (root) inside the pet, without any rights outside.",
        );
        rows.push((gettext("Administrator Inside"), meaning));
    }
    if spec.confinement != spec.preset.confinement() {
        let (name, meaning) = words::confinement(spec.confinement);
        rows.push((
            gettext_f("Confinement: {name}", &[("name", &name)]),
            meaning,
        ));
    }
    if spec.process_label() != spec.preset.process_label() {
        let (name, meaning) = words::process_label(spec.process_label());
        rows.push((
            gettext_f("SELinux Label: {name}", &[("name", &name)]),
            meaning,
        ));
    }
    if spec.init == InitMode::Image {
        let meaning = gettext("Its services run in the pet.");
        rows.push((gettext("The Image’s Own Init"), meaning));
    }
    if let Some(name) = &spec.hostname {
        rows.push((gettext("Host Name Inside"), name.to_string()));
    }
    if let Some(folder) = &spec.workdir {
        let folder = shown(&folder.to_string_lossy());
        rows.push((gettext("Shells Start In"), folder));
    }
    if limits != LimitChoices::default() {
        rows.extend(limited(spec));
    }
    rows.extend(alerts(spec));
    let each = spec.ulimits.iter();
    rows.extend(each.map(|limit| (gettext("Limit for Each Process"), limit.to_string())));
    rows
}

/// A file could try to be silent about what its pet does.
fn alerts(spec: &PetSpec) -> Option<Thing> {
    let own = spec.alerts.over(AlertThresholds::default());
    (!spec.alerts.is_empty()).then(|| {
        (
            gettext("Its Own Alerts"),
            gettext_f(
                "At {cpu} of the processor for {seconds} seconds, {memory} of the memory, or {disk} free disk space",
                &[
                    ("cpu", &words::percent(own.cpu_percent)),
                    ("seconds", &own.cpu_seconds.to_string()),
                    ("memory", &words::percent(own.memory_percent)),
                    ("disk", &words::percent(own.disk_free_percent)),
                ],
            ),
        )
    })
}

fn limited(spec: &PetSpec) -> impl Iterator<Item = Thing> + use<> {
    let limits = spec.limits;
    let cores = limits
        .cpu_millis
        .map(|millis| (gettext("Processor"), at_most(&usage::words::cores(millis))));
    let memory = limits
        .memory
        .map(|bytes| (gettext("Memory"), at_most(&format_size(bytes))));
    let pids = limits
        .pids
        .map(|count| (gettext("Processes"), at_most(&count.to_string())));
    [cores, memory, pids].into_iter().flatten()
}

fn at_most(limit: &str) -> String {
    gettext_f("At most {limit}", &[("limit", limit)])
}

/// Who runs each, and the whole command; its lines stay lines.
fn commands<'a>(steps: impl Iterator<Item = &'a SetupStep>) -> Vec<Thing> {
    let who = |user| match user {
        SetupUser::Person => gettext("By you"),
        SetupUser::Root => gettext("By the pet’s root"),
    };
    let command = |step: &SetupStep| {
        let command = step.command.to_string();
        let lines: Vec<String> = command.split('\n').map(shown).collect();
        (who(step.user), lines.join("\n"))
    };
    steps.map(command).collect()
}

#[cfg(test)]
mod tests {
    use kennel_model::{Choices, CreateRequest, SetupCommand, SetupPlan};

    use super::*;

    fn spec(preset: Preset, choices: Choices, once: &[SetupStep]) -> PetSpec {
        let request = CreateRequest {
            name: None,
            image: String::new(),
            choices: Choices {
                preset: Some(preset),
                ..choices
            },
            setup: SetupPlan {
                once: once.to_vec(),
                ..SetupPlan::default()
            },
            trust: false,
        };
        PetSpec::preview(request, "shop".parse().unwrap()).unwrap()
    }

    #[test]
    fn every_command_is_seen_whole_with_who_runs_it() {
        let step = |line: &str, user| SetupStep {
            name: "setup 1".to_owned(),
            command: SetupCommand::Shell(line.to_owned()),
            user,
            timeout: None,
        };
        let steps = [
            step("make\nmake install # \u{202e}x", SetupUser::Root),
            step("true", SetupUser::Person),
        ];
        let spec = spec(Preset::Sealed, Choices::default(), &steps);
        let all = sections(&spec, LimitChoices::default(), &["a\x1b[2J".to_owned()]);
        let rows = |title: &str| &all.iter().find(|of| of.title == title).unwrap().rows;
        let text = "make\nmake install # \\u{202e}x";
        assert_eq!(
            rows("Runs Once")[0],
            ("By the pet’s root".to_owned(), text.to_owned())
        );
        assert_eq!(rows("Runs Once")[1].0, "By you");
        assert_eq!(rows("Left Out")[0].0, "a\\u{1b}[2J");
        assert_eq!(reach(&spec)[0].0, "No Network");
    }

    #[test]
    fn what_a_file_adds_to_its_preset_is_listed_and_never_played_down() {
        let added = |share| Choices {
            share: vec![share],
            ..Choices::default()
        };
        let sealed = spec(Preset::Sealed, added(Share::HostFiles), &[]);
        let files = |(title, _): &Thing| title == "All Files of This Computer";
        assert!(reach(&sealed).iter().any(files));
        assert_eq!(reach_of(&sealed), Preset::Comfortable);
        let project = spec(Preset::Project, Choices::default(), &[]);
        assert_eq!(reach_of(&project), Preset::Project);
    }
}
