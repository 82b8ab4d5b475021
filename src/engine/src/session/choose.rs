//! Which session is the current one, decided from what is known.

use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::Variables;
use crate::bus_address;
use crate::runtime::environment::is_of_language;

/// Variables that are of one session together: a display and the keys of another fit badly.
const OF_DISPLAY: [&str; 14] = [
    "DISPLAY",
    "WAYLAND_DISPLAY",
    "XAUTHORITY",
    "DESKTOP_SESSION",
    "GNOME_SETUP_DISPLAY",
    "SWAYSOCK",
    "XDG_CURRENT_DESKTOP",
    "XDG_MENU_PREFIX",
    "XDG_SEAT",
    "XDG_SESSION_CLASS",
    "XDG_SESSION_DESKTOP",
    "XDG_SESSION_ID",
    "XDG_SESSION_TYPE",
    "XDG_VTNR",
];

/// Sockets that each stand for themselves.
const SOCKETS: [&str; 2] = ["DBUS_SESSION_BUS_ADDRESS", "SSH_AUTH_SOCK"];

/// Variables that are only filled in where a process has none.
const USUAL: [&str; 8] = [
    "PATH",
    "XDG_RUNTIME_DIR",
    "XDG_DATA_DIRS",
    "XDG_CONFIG_DIRS",
    "XDG_DATA_HOME",
    "XDG_CONFIG_HOME",
    "XDG_STATE_HOME",
    "XDG_CACHE_HOME",
];

/// What an environment says of the session that it is of.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct SessionVariables(BTreeMap<String, String>);

/// What is known beside a process's own environment.
pub struct Found<'a> {
    /// The session of the newest client.
    pub latest: Option<SessionVariables>,
    /// Asks the person's systemd for its session, which takes a moment.
    pub manager: &'a dyn Fn() -> Option<SessionVariables>,
    /// Whether a file is there.
    pub exists: &'a dyn Fn(&Path) -> bool,
}

impl SessionVariables {
    /// What `environment` says of a session. What is not text or is empty says nothing.
    pub fn of(environment: impl IntoIterator<Item = (OsString, OsString)>) -> Self {
        let text = |(name, value): (OsString, OsString)| {
            Some((name.into_string().ok()?, value.into_string().ok()?))
        };
        let all = environment.into_iter().filter_map(text);
        Self(
            all.filter(|(name, value)| !value.is_empty() && is_of_session(name))
                .collect(),
        )
    }

    /// Whether there is a display in it at all.
    pub fn names_display(&self) -> bool {
        self.get("DISPLAY")
            .or(self.get("WAYLAND_DISPLAY"))
            .is_some()
    }

    fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str)
    }

    /// Whether it has a display, and all that it names of it is there.
    fn lives(&self, exists: &dyn Fn(&Path) -> bool) -> bool {
        let runtime = Path::new(self.get("XDG_RUNTIME_DIR").unwrap_or_default());
        let wayland = self.get("WAYLAND_DISPLAY").map(|name| runtime.join(name));
        let x11 = self.get("DISPLAY").and_then(x11_socket);
        let keys = self.get("XAUTHORITY").map(PathBuf::from);
        let mut named = [wayland, x11, keys].into_iter().flatten();
        self.names_display() && named.all(|path| exists(&path))
    }

    /// The variable `name`, if the socket that it names is there.
    fn living_socket(&self, name: &str, exists: &dyn Fn(&Path) -> bool) -> Option<&str> {
        let value = self.get(name)?;
        let path = match name {
            "DBUS_SESSION_BUS_ADDRESS" => bus_address::socket(value),
            _ => Some(PathBuf::from(value)),
        };
        // An abstract socket cannot be looked for.
        path.is_none_or(|path| exists(&path)).then_some(value)
    }
}

fn is_of_session(name: &str) -> bool {
    OF_DISPLAY.contains(&name)
        || SOCKETS.contains(&name)
        || USUAL.contains(&name)
        || is_of_language(name)
}

/// The socket of an X11 display on this computer (X(7), “Display Names”); `None` for a display on
/// another.
fn x11_socket(display: &str) -> Option<PathBuf> {
    let number = display.strip_prefix("unix").unwrap_or(display);
    let number = number.strip_prefix(':')?.split('.').next()?;
    Some(Path::new("/tmp/.X11-unix").join(format!("X{number}")))
}

/// `own`, a process's environment, with the variables of the current session: the newest client's if
/// its display is there, else the process's own if that is, else systemd's.
pub fn choose(mut own: Variables, found: Found<'_>) -> Variables {
    let exists = found.exists;
    let ours = SessionVariables::of(own.clone());
    let mut known: Vec<SessionVariables> = found.latest.into_iter().chain([ours]).collect();
    let display = known.iter().find(|session| session.lives(exists)).cloned();
    let mut manager = None;
    if display.is_none() || !own.contains_key(OsStr::new("PATH")) {
        manager = (found.manager)();
        known.splice(0..0, manager.clone());
    }
    // Of what systemd has it cannot always be seen whether it is there, but it is no older.
    let of_manager = || manager.clone().filter(SessionVariables::names_display);
    if let Some(display) = display.or_else(of_manager) {
        for name in OF_DISPLAY {
            match display.get(name) {
                Some(value) => drop(own.insert(name.into(), value.into())),
                None => drop(own.remove(OsStr::new(name))),
            }
        }
    }
    for name in SOCKETS {
        let mut living = known
            .iter()
            .filter_map(|all| all.living_socket(name, exists));
        if let Some(value) = living.next() {
            own.insert(name.into(), value.into());
        }
    }
    for (name, value) in manager.into_iter().flat_map(|manager| manager.0) {
        if USUAL.contains(&name.as_str()) || is_of_language(&name) {
            own.entry(name.into()).or_insert_with(|| value.into());
        }
    }
    own
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is there after a new login, and what was there before.
    const THERE: [&str; 6] = [
        "/run/user/1000/wayland-1",
        "/tmp/.X11-unix/X1",
        "/run/user/1000/.auth-new",
        "/run/user/1000/bus",
        "/run/user/1000/agent",
        "/run/user/1000",
    ];
    const OLD: &str = "HOME=/home/ada PATH=/bin XDG_RUNTIME_DIR=/run/user/1000 DISPLAY=:0 \
        WAYLAND_DISPLAY=wayland-0 XAUTHORITY=/run/user/1000/.auth-old SSH_AUTH_SOCK=/tmp/ssh-old \
        DBUS_SESSION_BUS_ADDRESS=unix:path=/run/user/1000/bus XDG_SESSION_TYPE=wayland MINE=1";
    const NEW: &str = "XDG_RUNTIME_DIR=/run/user/1000 DISPLAY=:1 WAYLAND_DISPLAY=wayland-1 \
        XAUTHORITY=/run/user/1000/.auth-new SSH_AUTH_SOCK=/run/user/1000/agent";

    fn variables(text: &str) -> Variables {
        let pair = |word: &str| word.split_once('=').map(|(a, b)| (a.into(), b.into()));
        text.split_whitespace().filter_map(pair).collect()
    }

    fn session(text: &str) -> SessionVariables {
        SessionVariables::of(variables(text))
    }

    /// What comes of it, and whether systemd was asked.
    fn chosen(own: &str, latest: Option<SessionVariables>, manager: &str) -> (Variables, bool) {
        let asked = std::cell::Cell::new(false);
        let all = choose(
            variables(own),
            Found {
                latest,
                manager: &|| {
                    asked.set(true);
                    Some(session(manager)).filter(|all| !all.0.is_empty())
                },
                exists: &|path| THERE.iter().any(|there| Path::new(there) == path),
            },
        );
        (all, asked.get())
    }

    fn has(all: &Variables, words: &str) {
        for (name, value) in variables(words) {
            assert_eq!(all.get(&name), Some(&value), "{name:?} of {all:?}");
        }
    }

    #[test]
    fn a_session_that_is_there_is_not_asked_about() {
        let (all, asked) = chosen(&format!("PATH=/bin {NEW}"), None, "DISPLAY=:9");
        assert!(!asked);
        assert_eq!(all, variables(&format!("PATH=/bin {NEW}")));
    }

    #[test]
    fn the_newest_clients_session_is_taken_whole() {
        let (all, asked) = chosen(OLD, Some(session(NEW)), "DISPLAY=:9");
        assert!(!asked);
        has(&all, NEW);
        has(&all, "HOME=/home/ada MINE=1 PATH=/bin");
        // A word of the old session's display would be wrong beside the new one.
        assert!(!all.contains_key(OsStr::new("XDG_SESSION_TYPE")));
    }

    #[test]
    fn systemd_is_asked_when_no_display_is_there_any_more() {
        let (all, asked) = chosen(OLD, Some(session(OLD)), NEW);
        assert!(asked);
        has(&all, NEW);
        // It has none: that of before stays.
        let (all, _) = chosen(OLD, None, "");
        assert_eq!(all, variables(OLD));
    }

    #[test]
    fn an_engine_that_knew_no_session_gets_one() {
        let manager = format!("{NEW} PATH=/usr/bin LANG=de_DE.UTF-8 LC_TIME=C FOREIGN=1");
        let (all, _) = chosen("HOME=/home/ada LANG=C", None, &manager);
        has(&all, NEW);
        has(&all, "PATH=/usr/bin LANG=C LC_TIME=C");
        assert!(!all.contains_key(OsStr::new("FOREIGN")));
    }

    #[test]
    fn an_agent_that_has_gone_is_replaced_by_one_that_is_there() {
        let own = format!("PATH=/bin {NEW} SSH_AUTH_SOCK=/tmp/ssh-old");
        let (all, _) = chosen(&own, Some(session(NEW)), "");
        has(&all, "SSH_AUTH_SOCK=/run/user/1000/agent");
        // None is: a program may say so by itself.
        let (all, _) = chosen(&own, None, "");
        has(&all, "SSH_AUTH_SOCK=/tmp/ssh-old");
    }

    #[test]
    fn a_display_on_another_computer_is_believed() {
        assert_eq!(x11_socket("ada.example:10.0"), None);
        assert_eq!(x11_socket(":12.1"), Some("/tmp/.X11-unix/X12".into()));
        assert_eq!(x11_socket("unix:0"), Some("/tmp/.X11-unix/X0".into()));
    }
}
