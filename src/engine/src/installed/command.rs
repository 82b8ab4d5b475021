//! `kennel` for the person's shells: a link in `~/.local/bin`, which they can take back.

use std::ffi::OsStr;
use std::fs;
use std::io;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};

use kennel_model::{CommandLine, CommandState};

use super::{PROGRAM, lasting_path};
use crate::pets::{Kennel, KennelError};
use crate::session;

/// What is decided from.
#[derive(Debug)]
struct Facts {
    link: PathBuf,
    /// Where the link leads; `None` without one.
    leads_to: Option<PathBuf>,
    /// Something else than a link is there.
    taken: bool,
    /// Where a link of ours leads.
    target: PathBuf,
    /// Where our copies are.
    copies: PathBuf,
    /// The directories of `PATH` in which there is a `kennel`, in their order.
    found: Vec<PathBuf>,
    /// All directories of `PATH`.
    path: Vec<PathBuf>,
}

fn decide(facts: &Facts) -> CommandLine {
    let directory = facts.link.parent().unwrap_or(Path::new("/"));
    let elsewhere = facts.found.iter().find(|found| *found != directory);
    let state = match (&facts.leads_to, elsewhere) {
        (Some(target), _) if is_ours(target, facts) => CommandState::Linked,
        (Some(_), _) => CommandState::InTheWay,
        (None, _) if facts.taken => CommandState::InTheWay,
        (None, Some(place)) => CommandState::OfSystem {
            program: place.join(PROGRAM),
        },
        (None, None) => CommandState::Absent,
    };
    CommandLine {
        state,
        link: facts.link.clone(),
        in_path: facts.path.iter().any(|place| place == directory),
    }
}

/// A link to where ours leads, or to a copy of ours from before. Another directory that happens to be
/// called the same is not ours.
fn is_ours(leads_to: &Path, facts: &Facts) -> bool {
    leads_to == facts.target || leads_to.starts_with(&facts.copies)
}

impl Kennel {
    /// Whether the person can type `kennel`.
    pub fn command_line(&self) -> Result<CommandLine, KennelError> {
        Ok(decide(&self.facts_of_command()?))
    }

    /// Makes the link, or takes it back.
    ///
    /// # Errors
    ///
    /// [`KennelError::InTheWay`] when a file that is not Kennel's is there: it stays.
    pub fn set_command_line(&self, linked: bool) -> Result<CommandLine, KennelError> {
        let facts = self.facts_of_command()?;
        match (decide(&facts).state, linked) {
            (CommandState::InTheWay, _) => return Err(KennelError::InTheWay(facts.link)),
            (CommandState::Linked, false) => {
                fs::remove_file(&facts.link).map_err(KennelError::io(&facts.link))?;
            }
            (_, true) => make(&facts.link, &facts.target).map_err(KennelError::io(&facts.link))?,
            (_, false) => {}
        }
        self.command_line()
    }

    fn facts_of_command(&self) -> Result<Facts, KennelError> {
        let program = fs::read_link("/proc/self/exe").map_err(KennelError::io("/proc/self/exe"))?;
        let link = self.account.home.join(".local/bin").join(PROGRAM);
        let environment = session::current(&self.paths);
        let path = environment.get(OsStr::new("PATH"));
        let path: Vec<PathBuf> = path
            .map(|path| std::env::split_paths(path).collect())
            .unwrap_or_default();
        let has = |place: &&PathBuf| place.join(PROGRAM).is_file();
        Ok(Facts {
            leads_to: fs::read_link(&link).ok(),
            taken: link.symlink_metadata().is_ok_and(|data| !data.is_symlink()),
            target: lasting_path(&self.paths, &program).unwrap_or(program),
            copies: self.paths.data.join("bin"),
            found: path.iter().filter(has).cloned().collect(),
            path,
            link,
        })
    }
}

/// Whole or not at all: made beside its place and renamed.
fn make(link: &Path, target: &Path) -> io::Result<()> {
    let directory = link.parent().unwrap_or(Path::new("/"));
    fs::create_dir_all(directory)?;
    let fresh = tempfile::Builder::new()
        .prefix(".kennel-")
        .tempdir_in(directory)?;
    let made = fresh.path().join(PROGRAM);
    symlink(target, &made)?;
    fs::rename(made, link)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn facts(leads_to: Option<&str>, found: &[&str]) -> Facts {
        Facts {
            link: "/home/ada/.local/bin/kennel".into(),
            leads_to: leads_to.map(PathBuf::from),
            taken: false,
            target: "/home/ada/.local/share/kennel/bin/current/kennel".into(),
            copies: "/home/ada/.local/share/kennel/bin".into(),
            found: found.iter().map(PathBuf::from).collect(),
            path: ["/home/ada/.local/bin", "/usr/bin"]
                .map(PathBuf::from)
                .to_vec(),
        }
    }

    #[test]
    fn our_link_is_known_also_from_before() {
        for target in [
            "/home/ada/.local/share/kennel/bin/current/kennel",
            "/home/ada/.local/share/kennel/bin/0123/kennel",
        ] {
            let facts = facts(Some(target), &["/home/ada/.local/bin"]);
            assert_eq!(decide(&facts).state, CommandState::Linked);
        }
    }

    #[test]
    fn what_is_not_ours_is_in_the_way() {
        for target in [
            "/opt/dog/kennel",
            "/opt/kennel/bin/kennel",
            "/home/ada/src/kennel/bin/kennel",
        ] {
            let other = facts(Some(target), &["/home/ada/.local/bin"]);
            assert_eq!(decide(&other).state, CommandState::InTheWay, "{target}");
        }
        let file = Facts {
            taken: true,
            ..facts(None, &["/home/ada/.local/bin"])
        };
        assert_eq!(decide(&file).state, CommandState::InTheWay);
    }

    #[test]
    fn a_package_of_the_system_needs_no_link() {
        let program = PathBuf::from("/usr/bin/kennel");
        let state = decide(&facts(None, &["/usr/bin"])).state;
        assert_eq!(state, CommandState::OfSystem { program });
        assert_eq!(decide(&facts(None, &[])).state, CommandState::Absent);
    }

    #[test]
    fn a_directory_that_no_shell_looks_into_is_said() {
        let facts = Facts {
            path: vec!["/usr/bin".into()],
            ..facts(None, &[])
        };
        assert!(!decide(&facts).in_path);
    }
}
