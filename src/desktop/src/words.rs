//! Model values in the person’s language.

use std::fmt::Display;

use gettextrs::{gettext, ngettext, pgettext};
use kennel_model::{
    AlertKind, Confinement, HostCommands, Mount, NetworkMode, PetState, PetSummary, Preset,
    ProcessLabel, Progress,
};
use relm4::gtk::glib;

use crate::engine::Doing;

/// A translated text whose `{name}` placeholders are filled in.
pub fn gettext_f(text: &str, values: &[(&str, &str)]) -> String {
    fill(gettext(text), values)
}

/// The same of a text about a number of things, which is `{n}` in it.
pub fn ngettext_f(one: &str, several: &str, count: u64) -> String {
    // The rules of no language look at more than the last digits.
    let form = u32::try_from(count).unwrap_or((count % 1_000_000) as u32 + 1_000_000);
    fill(ngettext(one, several, form), &[("n", &count.to_string())])
}

/// These in one text, as a list is written.
pub fn list(of: &[impl AsRef<str>]) -> String {
    let of: Vec<&str> = of.iter().map(AsRef::as_ref).collect();
    of.join(&separator())
}

/// What stands between the parts of a list.
pub fn separator() -> String {
    // Translators: stands between the parts of a list.
    pgettext("list", ", ")
}

/// A number with at most `digits` digits after the decimal separator.
pub fn decimal(number: f64, digits: usize) -> String {
    let number = format!("{number:.digits$}");
    // Translators: the decimal separator.
    number.replace('.', &pgettext("number", "."))
}

/// So many percent.
pub fn percent(number: impl Display) -> String {
    gettext_f("{n} %", &[("n", &number.to_string())])
}

fn fill(text: String, values: &[(&str, &str)]) -> String {
    values.iter().fold(text, |text, (name, value)| {
        text.replace(&format!("{{{name}}}"), value)
    })
}

/// The state's word.
pub fn state(state: PetState) -> String {
    match state {
        PetState::Running => gettext("Running"),
        PetState::Stopped => gettext("Stopped"),
        PetState::Creating => gettext("Being Made"),
        PetState::Failed => gettext("Could Not Start"),
    }
}

/// What is being done to a pet, else its state's word.
pub fn status(pet: PetState, doing: Option<Doing>) -> String {
    match doing {
        None => state(pet),
        Some(Doing::Starting) => gettext("Starting"),
        Some(Doing::SettingUp) => gettext("Setting Up"),
        Some(Doing::Stopping) => gettext("Stopping"),
        Some(Doing::Restarting) => gettext("Restarting"),
        Some(Doing::Deleting) => gettext("Deleting"),
    }
}

/// The state's shape, so that it never depends on colour.
pub fn shape(state: PetState) -> &'static str {
    match state {
        PetState::Running => "●",
        PetState::Stopped => "○",
        PetState::Creating => "◌",
        PetState::Failed => "!",
    }
}

/// The alert of a pet that is shown where there is room for one.
pub fn worst_alert(pet: &PetSummary) -> Option<AlertKind> {
    const WORST_FIRST: [AlertKind; 6] = [
        AlertKind::Ended,
        AlertKind::OutOfMemory,
        AlertKind::MemoryNearLimit,
        AlertKind::Busy,
        AlertKind::HeldBack,
        AlertKind::DiskNearlyFull,
    ];
    WORST_FIRST
        .into_iter()
        .find(|kind| pet.alerts.contains(kind))
}

/// An alert in a few words.
pub fn alert_title(kind: AlertKind) -> String {
    match kind {
        AlertKind::Busy => gettext("Busy"),
        AlertKind::HeldBack => gettext("Held back by its limit"),
        AlertKind::MemoryNearLimit => gettext("Near its memory limit"),
        AlertKind::OutOfMemory => gettext("Out of memory"),
        AlertKind::DiskNearlyFull => gettext("The disk is nearly full"),
        AlertKind::Ended => gettext("Ended unexpectedly"),
    }
}

/// An alert in a sentence about the pet.
pub fn alert(kind: AlertKind, name: &str) -> String {
    let name = [("name", name)];
    match kind {
        AlertKind::Busy => gettext_f(
            "{name} has been using nearly all the processor time that it may have for a while",
            &name,
        ),
        AlertKind::HeldBack => gettext_f(
            "{name} is held back: it wants more processor time than its limit allows",
            &name,
        ),
        AlertKind::MemoryNearLimit => gettext_f(
            "{name} has nearly used up the memory that its limit allows",
            &name,
        ),
        AlertKind::OutOfMemory => gettext_f(
            "A program in {name} was killed because the pet had used up its memory",
            &name,
        ),
        AlertKind::DiskNearlyFull => gettext("The disk that your pets are on is nearly full"),
        AlertKind::Ended => gettext_f("{name} ended, although nobody stopped it", &name),
    }
}

/// The preset's name.
pub fn preset(preset: Preset) -> String {
    match preset {
        Preset::Comfortable => gettext("Comfortable"),
        Preset::Project => gettext("Project Only"),
        Preset::Sealed => gettext("Sealed"),
    }
}

/// What the preset means, in a sentence or two.
pub fn preset_meaning(preset: Preset) -> String {
    match preset {
        Preset::Comfortable => gettext(
            "Your home, windows, sound and host commands. As free as any program you start.",
        ),
        Preset::Project => gettext("Just this folder. Your other files stay out of reach."),
        Preset::Sealed => {
            gettext("No network, no windows, nothing of yours. For things you do not trust.")
        }
    }
}

/// A network's name and what it means.
pub fn network(mode: NetworkMode) -> (String, String) {
    match mode {
        NetworkMode::Host => (
            gettext("This Computer’s"),
            gettext("It reaches what this computer reaches, and programs on it."),
        ),
        NetworkMode::Private => (
            gettext("Its Own"),
            gettext("It reaches the internet, but no program on this computer."),
        ),
        NetworkMode::None => (
            // Translators: no network.
            pgettext("network", "None"),
            gettext("It reaches nothing."),
        ),
    }
}

/// A confinement's name and what it means.
pub fn confinement(level: Confinement) -> (String, String) {
    match level {
        Confinement::Light => (
            gettext("Light"),
            gettext("Only what affects the whole computer is refused. Containers inside it work."),
        ),
        Confinement::Default => (
            gettext("Standard"),
            gettext(
                "As in other container programs: it cannot run containers itself or mount file systems.",
            ),
        ),
        Confinement::Strict => (
            gettext("Strict"),
            gettext(
                "Its programs also cannot look into each other, and root inside has no special powers.",
            ),
        ),
    }
}

/// Whether a pet may run commands on the host, and what that means.
pub fn host_commands(commands: HostCommands) -> (String, String) {
    match commands {
        HostCommands::On => (
            gettext("Allowed"),
            gettext("Its programs can run commands on this computer, and so do whatever you can."),
        ),
        HostCommands::Ask => (
            gettext("Ask"),
            gettext("You are asked before a program in it runs a command on this computer."),
        ),
        HostCommands::Off => (
            gettext("Not Allowed"),
            gettext("Its programs cannot run commands on this computer."),
        ),
    }
}

/// A label's name and what it means.
pub fn process_label(label: ProcessLabel) -> (String, String) {
    match label {
        ProcessLabel::Person => (
            gettext("Yours"),
            gettext("SELinux lets its programs do what it lets you do."),
        ),
        ProcessLabel::Container => (
            gettext("A Container’s"),
            gettext(
                "SELinux keeps it from your files and from other pets. A project folder must be relabeled for it.",
            ),
        ),
    }
}

/// What a pet may do with a folder, and where it sees it when that is elsewhere.
pub fn mount(mount: &Mount) -> String {
    let target = mount.target.display().to_string();
    let path = [("path", target.as_str())];
    match (mount.read_only, mount.target == mount.source) {
        (true, true) => gettext("It can only read it."),
        (false, true) => gettext("It can read and change it."),
        (true, false) => gettext_f("It can only read it, and sees it as {path}.", &path),
        (false, false) => gettext_f("It can read and change it, and sees it as {path}.", &path),
    }
}

/// The project folder with `~` for the home, or that there is none.
pub fn project(pet: &PetSummary) -> String {
    pet.project
        .as_deref()
        .map_or_else(|| gettext("No project folder"), folder)
}

/// A path as a person writes it.
pub fn folder(path: &std::path::Path) -> String {
    let home = glib::home_dir();
    match path.strip_prefix(&home) {
        Ok(rest) if rest.as_os_str().is_empty() => "~".to_owned(),
        Ok(rest) => format!("~/{}", rest.display()),
        Err(_) => path.display().to_string(),
    }
}

/// What a job is doing, and how much of it is done where that is known.
pub fn progress(progress: &Progress) -> (String, Option<f64>) {
    match progress {
        Progress::Importing { done, total } => amount(
            gettext("Importing {done} of {total}"),
            gettext("Importing"),
            *done,
            *total,
        ),
        Progress::Verifying { done, total } => amount(
            gettext("Verifying {done} of {total}"),
            gettext("Verifying"),
            *done,
            *total,
        ),
        Progress::Downloading { done, total } => amount(
            gettext("Downloading {done} of {total}"),
            gettext("Asking the registry"),
            *done,
            *total,
        ),
        Progress::Unpacking { done, total } => amount(
            gettext("Unpacking {done} of {total}"),
            gettext("Unpacking"),
            *done,
            *total,
        ),
        Progress::Creating => (gettext("Creating"), None),
        Progress::Starting => (gettext("Starting"), None),
        Progress::SettingUp { name, index, count } => (
            gettext_f(
                "Setting up: {name} ({index} of {count})",
                &[
                    ("name", name),
                    ("index", &index.to_string()),
                    ("count", &count.to_string()),
                ],
            ),
            None,
        ),
        Progress::Stopping => (gettext("Stopping"), None),
        Progress::Removing => (gettext("Deleting"), None),
    }
}

fn amount(text: String, unknown: String, done: u64, total: u64) -> (String, Option<f64>) {
    if total == 0 {
        return (unknown, None);
    }
    let (done_text, total_text) = of_total(done, total);
    (
        fill(text, &[("done", &done_text), ("total", &total_text)]),
        Some((done as f64 / total as f64).clamp(0.0, 1.0)),
    )
}

/// Two sizes in the unit of the greater, which is named once: 120 and 310 MB.
fn of_total(done: u64, total: u64) -> (String, String) {
    let (unit, digits, text) = match total {
        1_000_000_000.. => (1e9, 1, gettext("{size} GB")),
        1_000_000.. => (1e6, 0, gettext("{size} MB")),
        _ => (1e3, 0, gettext("{size} kB")),
    };
    let size = |bytes: u64| decimal(bytes.min(total) as f64 / unit, digits);
    (size(done), fill(text, &[("size", &size(total))]))
}

/// How old what was made at `time` (RFC 3339) is, in words; nothing when that makes no sense,
/// as of an image that was built reproducibly and says 1970.
pub fn age(time: &str, now: &glib::DateTime) -> Option<String> {
    let then = glib::DateTime::from_iso8601(time, None).ok()?;
    let days = u64::try_from(now.difference(&then).as_days()).ok()?;
    let (months, years) = (days / 30, days / 365);
    Some(match days {
        0 => gettext("from today"),
        1..60 => ngettext_f("{n} day old", "{n} days old", days),
        60..730 => ngettext_f("{n} month old", "{n} months old", months),
        730..7300 => ngettext_f("{n} year old", "{n} years old", years),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_download_names_its_unit_once() {
        let said = |done, total| progress(&Progress::Downloading { done, total });
        assert_eq!(
            said(120_400_000, 310_000_000).0,
            "Downloading 120 of 310 MB"
        );
        assert_eq!(
            said(1_250_000_000, 2_000_000_000).0,
            "Downloading 1.2 of 2.0 GB"
        );
        assert_eq!(said(0, 0), ("Asking the registry".to_owned(), None));
    }

    #[test]
    fn an_age_is_one_number_and_a_unit() {
        let now = glib::DateTime::from_iso8601("2026-06-30T12:00:00Z", None).unwrap();
        for (time, want) in [
            ("2026-06-30T01:00:00Z", Some("from today")),
            ("2026-06-29T11:00:00Z", Some("1 day old")),
            ("2026-06-18T00:00:00.123456789Z", Some("12 days old")),
            ("2026-03-01T00:00:00Z", Some("4 months old")),
            ("2020-01-01T00:00:00Z", Some("6 years old")),
            ("1970-01-01T00:00:00Z", None),
            ("2027-01-01T00:00:00Z", None),
            ("yesterday", None),
        ] {
            assert_eq!(age(time, &now).as_deref(), want, "{time}");
        }
    }
}
