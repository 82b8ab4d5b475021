//! Where a program inside begins.

use std::io;
use std::path::{Path, PathBuf};

use crate::runtime::state::RunningState;
use crate::runtime::{RuntimeError, Step};

/// The host's files, where a pet is given them.
const HOST_FILES: &str = "/run/host";

/// What to try, best first, for somebody who wants `wanted`: the same folder, the same below the
/// host's files, the pet's own working directory, home, the root.
fn candidates(state: &RunningState, wanted: Option<&Path>) -> Vec<PathBuf> {
    let below_host = |path: &Path| {
        path.strip_prefix("/")
            .ok()
            .map(|path| Path::new(HOST_FILES).join(path))
    };
    [wanted.map(Path::to_owned), wanted.and_then(below_host)]
        .into_iter()
        .flatten()
        .chain(state.workdir.clone())
        .chain([state.person.home.clone(), PathBuf::from("/")])
        .collect()
}

/// Changes to the best directory there is, as the person, who may not reach them all. Returns it
/// when it is not the wanted one.
pub(super) fn change(
    state: &RunningState,
    wanted: Option<&Path>,
) -> Result<Option<PathBuf>, RuntimeError> {
    let reached = candidates(state, wanted)
        .into_iter()
        .find(|path| std::env::set_current_dir(path).is_ok())
        .ok_or_else(io::Error::last_os_error)
        .step("changing directory")?;
    // A directory outside the pet's root reads “(unreachable)…” (CVE-2024-21626).
    match std::env::current_dir() {
        Ok(directory) if directory.is_absolute() => {}
        _ => return Err(io::Error::other("it is outside the pet")).step("changing directory"),
    }
    Ok(wanted
        .is_some_and(|wanted| wanted != reached)
        .then_some(reached))
}
