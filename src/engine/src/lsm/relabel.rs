//! Which folders of the person's may be relabelled: a project's own, nothing that other programs
//! need as it is.

use std::path::{Path, PathBuf};

use kennel_model::{Phrase, phrase};

/// Nothing in these is anybody's project.
const SYSTEM: [&str; 14] = [
    "/bin", "/boot", "/dev", "/etc", "/lib", "/lib32", "/lib64", "/libx32", "/proc", "/root",
    "/sbin", "/sys", "/usr", "/nix",
];

/// Of these only what is in [`OPEN`].
const MOSTLY_SYSTEM: [&str; 2] = ["/run", "/var"];

/// What belongs to people, below the system's.
const OPEN: [&str; 6] = [
    "/run/media",
    "/var/home",
    "/var/mnt",
    "/var/opt",
    "/var/srv",
    "/var/tmp",
];

/// What folders of people are in, and is none itself.
const SHELVES: [&str; 8] = [
    "/",
    "/home",
    "/media",
    "/mnt",
    "/opt",
    "/srv",
    "/tmp",
    "/run/media",
];

/// Why a folder is never relabelled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{}", self.phrase())]
pub enum Never {
    /// Every program of somebody would lose it.
    Home,
    /// Such as `~/.ssh`: keys and settings of other programs.
    Hidden,
    /// Services would fail.
    System,
    /// Kennel's own files, with labels of their own.
    Kennel,
}

impl Never {
    /// What a folder does, so that it is not relabelled.
    pub fn phrase(self) -> Phrase {
        match self {
            Self::Home => phrase("holds a home folder"),
            Self::Hidden => phrase("is a hidden folder of your home, which other programs use"),
            Self::System => phrase("belongs to the system"),
            Self::Kennel => phrase("holds Kennel's own files"),
        }
    }
}

/// Whether the folder `path`, without links in it, may be relabelled. `homes` are everybody's, the
/// first one the person's; `data` is where Kennel keeps its pets.
///
/// # Errors
///
/// Why not.
pub fn judge(path: &Path, homes: &[PathBuf], data: &Path) -> Result<(), Never> {
    let is_below = |parents: &[&str]| parents.iter().any(|parent| path.starts_with(parent));
    let is_shelf = |shelves: &[&str]| shelves.iter().any(|shelf| path == Path::new(shelf));
    if homes.iter().any(|home| home.starts_with(path)) {
        return Err(Never::Home);
    }
    let open = is_below(&OPEN) && !is_shelf(&OPEN);
    if is_shelf(&SHELVES) || is_below(&SYSTEM) || (is_below(&MOSTLY_SYSTEM) && !open) {
        return Err(Never::System);
    }
    if data.starts_with(path) || path.starts_with(data) {
        return Err(Never::Kennel);
    }
    let in_home = homes.first().and_then(|home| path.strip_prefix(home).ok());
    let first = in_home.and_then(|rest| rest.iter().next());
    if first.is_some_and(|name| name.as_encoded_bytes().starts_with(b".")) {
        return Err(Never::Hidden);
    }
    Ok(())
}

/// Everybody's homes by the text of passwd(5), after the person's `own`.
pub fn homes(own: &Path, passwd: &str) -> Vec<PathBuf> {
    let homes = passwd.lines().filter_map(|line| line.split(':').nth(5));
    let homes = homes
        .filter(|home| home.starts_with('/'))
        .map(PathBuf::from);
    [own.to_owned()].into_iter().chain(homes).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judged(path: &str) -> Result<(), Never> {
        let passwd = "root:x:0:0::/root:/bin/sh\nbob:x:1001:1001::/srv/people/bob:/bin/sh\n";
        let homes = homes(Path::new("/home/ada"), passwd);
        judge(
            Path::new(path),
            &homes,
            Path::new("/home/ada/.local/share/kennel"),
        )
    }

    #[test]
    fn a_folder_of_the_persons_may_be_relabelled() {
        for path in [
            "/home/ada/src/webshop",
            "/home/ada/webshop",
            "/var/home/ada/webshop",
            "/run/media/ada/disk/webshop",
            "/srv/webshop",
            "/tmp/webshop",
            "/opt/webshop",
        ] {
            assert_eq!(judged(path), Ok(()), "{path}");
        }
    }

    #[test]
    fn homes_the_system_and_hidden_folders_are_not() {
        for (path, why) in [
            ("/", Never::Home),
            ("/home", Never::Home),
            ("/home/ada", Never::Home),
            ("/srv", Never::Home),
            ("/srv/people", Never::Home),
            ("/srv/people/bob", Never::Home),
            ("/root", Never::Home),
            ("/mnt", Never::System),
            ("/usr/local/src", Never::System),
            ("/etc", Never::System),
            ("/var", Never::System),
            ("/var/lib/webshop", Never::System),
            ("/var/tmp", Never::System),
            ("/run/user/1000", Never::System),
            ("/run/media", Never::System),
            ("/home/ada/.ssh", Never::Hidden),
            ("/home/ada/.config/app", Never::Hidden),
            ("/home/ada/.local/share/kennel/pets/1", Never::Kennel),
            ("/home/ada/.local", Never::Kennel),
        ] {
            assert_eq!(judged(path), Err(why), "{path}");
        }
    }
}
