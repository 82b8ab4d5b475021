//! What Flatpak tells an app about its sandbox: `/.flatpak-info` (flatpak-metadata(5)).

use std::io;
use std::path::{Path, PathBuf};

const INFO: &str = "/.flatpak-info";
/// The name on the session bus that runs commands on the host.
const HOST_COMMANDS: &str = "org.freedesktop.Flatpak";

/// The sandbox that this process is in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sandbox {
    /// The app's id.
    pub app: String,
    /// Where the app's files lie on the host. Another path after every update.
    pub app_path: PathBuf,
    /// The architecture that the app was built for, as `uname -m` calls it.
    pub architecture: String,
    /// Whether the app may run commands on the host.
    pub may_run_host_commands: bool,
}

impl Sandbox {
    /// The sandbox of this process; `None` outside of one.
    pub fn here() -> io::Result<Option<Self>> {
        match std::fs::read_to_string(INFO) {
            Ok(text) => Self::parse(&text)
                .map(Some)
                .ok_or_else(|| io::Error::other(format!("{INFO} is not understood"))),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Reads the key file. Where an app runs with other files than those it was installed with,
    /// `original-app-path` has the latter, and only those are on the host.
    fn parse(text: &str) -> Option<Self> {
        let value = |group: &str, key: &str| value(text, group, key);
        let path = value("Instance", "original-app-path").or_else(|| value("Instance", "app-path"));
        Some(Self {
            app: value("Application", "name")?.to_owned(),
            app_path: path?.into(),
            architecture: value("Instance", "arch").unwrap_or_default().to_owned(),
            may_run_host_commands: matches!(
                value("Session Bus Policy", HOST_COMMANDS),
                Some("talk" | "own")
            ) || sockets(value("Context", "sockets"))
                .any(|socket| socket == "session-bus"),
        })
    }

    /// A file of the app, by its path on the host.
    pub fn on_host(&self, file: &str) -> PathBuf {
        self.app_path.join(Path::new(file))
    }
}

fn sockets(list: Option<&str>) -> impl Iterator<Item = &str> {
    list.unwrap_or_default().split(';')
}

/// The value of `key` in `[group]`.
fn value<'t>(text: &'t str, group: &str, key: &str) -> Option<&'t str> {
    let mut inside = false;
    for line in text.lines().map(str::trim) {
        if let Some(name) = line
            .strip_prefix('[')
            .and_then(|line| line.strip_suffix(']'))
        {
            inside = name == group;
        } else if inside
            && let Some((name, value)) = line.split_once('=')
            && name.trim_end() == key
        {
            return Some(value.trim_start());
        }
    }
    None
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

    use super::*;

    const USUAL: &str = "[Application]
name=io.github.kennel.Kennel
runtime=runtime/org.gnome.Platform/x86_64/48

[Instance]
instance-id=2954732197
app-path=/var/lib/flatpak/app/io.github.kennel.Kennel/x86_64/stable/0aa5/files
arch=x86_64
flatpak-version=1.16.1

[Context]
shared=ipc;
sockets=wayland;fallback-x11;

[Session Bus Policy]
org.freedesktop.Flatpak=talk
";

    #[test]
    fn the_usual_sandbox() {
        let sandbox = Sandbox::parse(USUAL).unwrap();
        assert_eq!(sandbox.app, "io.github.kennel.Kennel");
        assert_eq!(sandbox.architecture, "x86_64");
        assert!(sandbox.may_run_host_commands);
        assert_eq!(
            sandbox.on_host("libexec/kennel"),
            Path::new(
                "/var/lib/flatpak/app/io.github.kennel.Kennel/x86_64/stable/0aa5/files/libexec/kennel"
            )
        );
    }

    #[test]
    fn a_permission_that_was_taken_away_is_seen() {
        for changed in [
            USUAL.replace("Flatpak=talk", "Flatpak=none"),
            USUAL.replace("Flatpak=talk", "Flatpak=see"),
            USUAL.replace("org.freedesktop.Flatpak=talk", ""),
            USUAL.replace("[Session Bus Policy]", "[System Bus Policy]"),
        ] {
            assert!(
                !Sandbox::parse(&changed).unwrap().may_run_host_commands,
                "{changed}"
            );
        }
        let whole_bus = USUAL
            .replace("Flatpak=talk", "Flatpak=none")
            .replace("wayland;", "wayland;session-bus;");
        assert!(Sandbox::parse(&whole_bus).unwrap().may_run_host_commands);
    }

    #[test]
    fn the_installed_files_are_those_on_the_host() {
        let other = USUAL.replace("arch=", "original-app-path=/home/ada/kennel/files\narch=");
        let sandbox = Sandbox::parse(&other).unwrap();
        assert_eq!(sandbox.app_path, Path::new("/home/ada/kennel/files"));
        assert_eq!(Sandbox::parse("[Application]\nname=x\n"), None);
    }
}
