//! Model values in the person's language.

use gettextrs::gettext;
use kennel_model::{PetState, PetSummary, Preset, Progress};

use crate::engine::Doing;
use crate::error::sentence;

/// A translated text whose `{name}` placeholders are filled in.
pub fn gettext_f(text: &str, values: &[(&str, &str)]) -> String {
    fill(gettext(text), values)
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
        Some(Doing::Stopping) => gettext("Stopping"),
        Some(Doing::Deleting) => gettext("Deleting"),
    }
}

/// A one-line problem as two sentences: what happened, and what to do (perhaps empty). Paths are
/// written as a person writes them.
pub fn problem(text: &str) -> (String, String) {
    let home = format!("{}/", relm4::gtk::glib::home_dir().display());
    let text = text.replace(&home, "~/");
    let (what, todo) = text.split_once(": ").unwrap_or((&text, ""));
    (sentence(what), sentence(todo))
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

/// The project folder with `~` for the home, or that there is none.
pub fn project(pet: &PetSummary) -> String {
    pet.project
        .as_deref()
        .map_or_else(|| gettext("No project folder"), folder)
}

/// A path as a person writes it.
pub fn folder(path: &std::path::Path) -> String {
    let home = relm4::gtk::glib::home_dir();
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
        Progress::Stopping => (gettext("Stopping"), None),
        Progress::Removing => (gettext("Deleting"), None),
    }
}

fn amount(text: String, unknown: String, done: u64, total: u64) -> (String, Option<f64>) {
    if total == 0 {
        return (unknown, None);
    }
    let size = |bytes| relm4::gtk::glib::format_size(bytes).to_string();
    (
        fill(text, &[("done", &size(done)), ("total", &size(total))]),
        Some((done as f64 / total as f64).clamp(0.0, 1.0)),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_problem_is_what_happened_and_what_to_do() {
        let (what, todo) = problem("/srv/x is not there: put it back");
        assert_eq!(what, "/srv/x is not there.");
        assert_eq!(todo, "Put it back.");
        assert_eq!(problem("it ended"), ("It ended.".into(), String::new()));
    }
}
