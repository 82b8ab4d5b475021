//! The environment of programs inside: the pet's own, and what is let through from the caller.

use std::collections::BTreeMap;

use kennel_model::PetSpec;

use super::prompt;
use super::state::RunningState;

/// Where programs are looked for when the image does not say.
const PATH: &str = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/// Variables of the caller that any program may need and that say nothing about the host's files.
const PASSED: [&str; 19] = [
    "TERM",
    "COLORTERM",
    "VTE_VERSION",
    "LANG",
    "LANGUAGE",
    "EDITOR",
    "VISUAL",
    "NO_COLOR",
    "XDG_CURRENT_DESKTOP",
    "XDG_SESSION_DESKTOP",
    "XDG_SESSION_TYPE",
    "DESKTOP_SESSION",
    "http_proxy",
    "https_proxy",
    "no_proxy",
    "HTTP_PROXY",
    "HTTPS_PROXY",
    "NO_PROXY",
    "ALL_PROXY",
];

/// What every command of a pet has: PATH, then the image's variables, then the spec's.
pub fn of_pet(spec: &PetSpec) -> Vec<(String, String)> {
    let image = spec
        .image
        .env
        .iter()
        .filter_map(|variable| variable.split_once('='))
        .map(|(name, value)| (name.to_owned(), value.to_owned()));
    let mut all = BTreeMap::from([("PATH".to_owned(), PATH.to_owned())]);
    all.extend(image);
    all.extend(spec.env.clone());
    all.into_iter().collect()
}

/// The environment of a command that `caller` runs in the pet of `state`.
pub fn of_command(
    state: &RunningState,
    caller: &BTreeMap<String, String>,
) -> BTreeMap<String, String> {
    let let_through = |name: &str| {
        PASSED.contains(&name)
            || name.starts_with("LC_")
            || state.passed_variables.iter().any(|other| other == name)
    };
    let mut all: BTreeMap<String, String> = caller
        .iter()
        .filter(|(name, _)| let_through(name))
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect();
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
