//! The person's session on this computer, as programs that are started outside pets need it: its
//! display, its bus, its agents.
//!
//! A keeper lives longer than the session that its pet was started in, and an engine may have been
//! started by a service that never knew one. So [`choose`] decides which session is the current one,
//! from what the newest client had ([`remember`]), from what this process has and, where neither
//! names a display that is there, from what the person's systemd has ([`user_manager`]).

pub mod choose;
mod user_manager;

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fs;
use std::io;
use std::path::PathBuf;

use choose::{Found, SessionVariables, choose};

use crate::files;
use crate::paths::Paths;

/// Variables of a process, by name.
pub type Variables = BTreeMap<OsString, OsString>;

/// The environment for a program outside pets: this process's own, with the current session's
/// variables. Asks systemd at most for a moment, and only when the display that is known has gone.
pub fn current(paths: &Paths) -> Variables {
    let own: Variables = std::env::vars_os().collect();
    let latest = fs::read(record(paths)).ok();
    let latest = latest.and_then(|text| serde_json::from_slice(&text).ok());
    choose(
        own,
        Found {
            latest,
            manager: &|| user_manager::environment().map(SessionVariables::of),
            exists: &|path| path.exists(),
        },
    )
}

/// Keeps what `environment`, that of a client which has just come, says of its session. One
/// without a display, as over ssh(1) or by cron(8), is of none. Costs the reading of a file when
/// nothing changed.
///
/// # Errors
///
/// When it cannot be written; what is there stays.
pub fn remember(
    paths: &Paths,
    environment: impl Iterator<Item = (OsString, OsString)>,
) -> io::Result<()> {
    let session = SessionVariables::of(environment);
    if !session.names_display() {
        return Ok(());
    }
    let text = serde_json::to_vec(&session)?;
    let file = record(paths);
    if fs::read(&file).is_ok_and(|there| there == text) {
        return Ok(());
    }
    files::make_private(&paths.runtime)?;
    files::replace(&file, &text)
}

/// The file of the newest client's session, which is gone with the last login.
fn record(paths: &Paths) -> PathBuf {
    paths.runtime.join("session.json")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_client_without_a_display_is_not_remembered() {
        let place = tempfile::tempdir().unwrap();
        let paths = Paths {
            data: place.path().into(),
            state: place.path().into(),
            runtime: place.path().join("kennel"),
        };
        let client = |all: &[(&str, &str)]| {
            let all: Vec<(OsString, OsString)> = all
                .iter()
                .map(|(name, value)| (name.into(), value.into()))
                .collect();
            remember(&paths, all.into_iter()).unwrap();
            let text = fs::read_to_string(record(&paths)).unwrap_or_default();
            text.contains(":7")
        };
        assert!(!client(&[("PATH", "/bin"), ("SSH_AUTH_SOCK", "/tmp/:7")]));
        assert!(client(&[("DISPLAY", ":7"), ("SECRET", "x")]));
        assert!(client(&[("PATH", "/bin")]), "the one before stays");
        assert!(!client(&[("DISPLAY", ":8")]));
        let text = fs::read_to_string(record(&paths)).unwrap();
        assert!(!text.contains("SECRET"), "{text}");
    }
}
