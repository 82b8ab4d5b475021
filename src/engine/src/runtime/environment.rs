//! The environment of programs inside: the pet's own, and what is let through from the caller.

use std::collections::BTreeMap;

use kennel_model::PetSpec;

use super::prompt;
use super::state::RunningState;

/// Where programs are looked for when the image does not say.
const PATH: &str = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/// Variables of the caller that any program may need and that say nothing about the host's files.
const PASSED: [&str; 33] = [
    "TERM",
    "COLORTERM",
    "COLORFGBG",
    "VTE_VERSION",
    "TERM_PROGRAM",
    "TERM_PROGRAM_VERSION",
    "KONSOLE_VERSION",
    "TZ",
    "EDITOR",
    "VISUAL",
    "NO_COLOR",
    "XDG_CURRENT_DESKTOP",
    "XDG_MENU_PREFIX",
    // By these a desktop knows that a new window is what the person has just started.
    "XDG_ACTIVATION_TOKEN",
    "DESKTOP_STARTUP_ID",
    "XDG_SEAT",
    "XDG_SESSION_CLASS",
    "XDG_SESSION_DESKTOP",
    "XDG_SESSION_ID",
    "XDG_SESSION_TYPE",
    "XDG_VTNR",
    "DESKTOP_SESSION",
    "GTK_IM_MODULE",
    "QT_IM_MODULE",
    "XMODIFIERS",
    "http_proxy",
    "https_proxy",
    "no_proxy",
    "HTTP_PROXY",
    "HTTPS_PROXY",
    "NO_PROXY",
    "ALL_PROXY",
    "all_proxy",
];

/// What every command of a pet has: PATH, then what its shares set, then the image's variables, then
/// the spec's.
pub fn of_pet(spec: &PetSpec, shares: Vec<(String, String)>) -> Vec<(String, String)> {
    let image = spec
        .image
        .env
        .iter()
        .filter_map(|variable| variable.split_once('='))
        // Its language is that of whoever made it.
        .filter(|(name, _)| !is_of_language(name))
        .map(|(name, value)| (name.to_owned(), value.to_owned()));
    let mut all = BTreeMap::from([("PATH".to_owned(), PATH.to_owned())]);
    all.extend(shares);
    all.extend(image);
    let own: Vec<(String, String)> = spec
        .env
        .iter()
        .map(|(name, value)| (name.clone(), with_image_variables(value, &all)))
        .collect();
    all.extend(own);
    all.into_iter().collect()
}

/// Whether a variable chooses a language (locale(7)).
pub fn is_of_language(name: &str) -> bool {
    name == "LANG" || name == "LANGUAGE" || name.starts_with("LC_")
}

/// `value` with what the image says in place of `${containerEnv:NAME}`, the form of
/// devcontainer.json, by which a PATH is made longer.
fn with_image_variables(value: &str, image: &BTreeMap<String, String>) -> String {
    let mut parts = value.split("${containerEnv:");
    let mut text = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let Some((variable, rest)) = part.split_once('}') else {
            text.push_str("${containerEnv:");
            text.push_str(part);
            continue;
        };
        let (name, default) = variable.split_once(':').unwrap_or((variable, ""));
        text.push_str(image.get(name).map_or(default, String::as_str));
        text.push_str(rest);
    }
    text
}

/// The environment of a command that `caller` runs in the pet of `state`.
pub fn of_command(
    state: &RunningState,
    caller: &BTreeMap<String, String>,
) -> BTreeMap<String, String> {
    let let_through = |name: &str| {
        PASSED.contains(&name)
            || is_of_language(name)
            || state.passed_variables.iter().any(|other| other == name)
    };
    let mut all: BTreeMap<String, String> = caller
        .iter()
        .filter(|(name, _)| let_through(name))
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect();
    let (runtime, home) = (&state.runtime_dir, &state.person.home);
    all.extend(state.session.settings(caller, runtime, home));
    all.extend(state.environment.iter().cloned());
    let text = |path: &std::path::Path| path.to_string_lossy().into_owned();
    all.extend(
        [
            ("HOME", text(&state.person.home)),
            ("USER", state.person.name.clone()),
            ("LOGNAME", state.person.name.clone()),
            ("XDG_RUNTIME_DIR", text(&state.runtime_dir)),
            ("container", "kennel".to_owned()),
            ("KENNEL_PET", state.name.to_string()),
        ]
        .map(|(name, value)| (name.to_owned(), value)),
    );
    prompt::lead(&mut all);
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_may_be_made_of_the_images() {
        let image = BTreeMap::from([("PATH".to_owned(), "/usr/bin".to_owned())]);
        for (value, want) in [
            ("${containerEnv:PATH}:/opt/bin", "/usr/bin:/opt/bin"),
            ("${containerEnv:NONE:x}${containerEnv:NONE}", "x"),
            ("${containerEnv:PATH", "${containerEnv:PATH"),
            ("${PATH}", "${PATH}"),
        ] {
            assert_eq!(with_image_variables(value, &image), want);
        }
    }
}
