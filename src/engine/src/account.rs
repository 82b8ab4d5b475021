//! Who runs Kennel. `/etc/passwd` is parsed here: a static binary must not load NSS modules.

use std::os::unix::fs::MetadataExt;
use std::path::PathBuf;

use kennel_model::{Phrase, phrase};

/// The person's account on the host.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// Login name.
    pub name: String,
    /// User id, never 0.
    pub uid: u32,
    /// Primary group id.
    pub gid: u32,
    /// Home directory.
    pub home: PathBuf,
    /// Login shell on the host.
    pub shell: PathBuf,
}

/// Why the person's account cannot be used.
#[derive(Debug, thiserror::Error)]
#[error("{}", self.phrase())]
pub enum AccountError {
    /// Pets belong to a person.
    Root,
    /// No home can be found.
    NoHome(u32),
}

impl AccountError {
    /// It in words.
    pub fn phrase(&self) -> Phrase {
        match self {
            Self::Root => phrase("Kennel does not run as root"),
            Self::NoHome(uid) => {
                phrase("the home directory of user {user} is not known").with("user", uid)
            }
        }
    }
}

impl Account {
    /// The account of this process.
    pub fn current() -> Result<Self, AccountError> {
        let uid = rustix::process::getuid().as_raw();
        if uid == 0 || rustix::process::geteuid().as_raw() == 0 {
            return Err(AccountError::Root);
        }
        let gid = rustix::process::getgid().as_raw();
        let passwd = std::fs::read_to_string("/etc/passwd").unwrap_or_default();
        let entry = passwd
            .lines()
            .map(|line| line.split(':').collect::<Vec<_>>())
            .find(|fields| fields.len() >= 7 && fields[2].parse() == Ok(uid));
        let environment = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
        let field = |index: usize| entry.as_ref().map(|fields| fields[index].to_owned());
        // HOME first: it is what every other program of the person uses.
        let home = environment("HOME").or_else(|| field(5)).map(PathBuf::from);
        let home = home
            .filter(|home| {
                home.is_absolute() && home.metadata().is_ok_and(|m| m.is_dir() && m.uid() == uid)
            })
            .ok_or(AccountError::NoHome(uid))?;
        Ok(Self {
            name: field(0)
                .or_else(|| environment("USER"))
                .unwrap_or_else(|| format!("user{uid}")),
            uid,
            gid,
            home,
            shell: field(6)
                .filter(|shell| !shell.is_empty())
                .map_or_else(|| PathBuf::from("/bin/sh"), PathBuf::from),
        })
    }
}

/// A person for tests.
#[cfg(test)]
pub(crate) fn ada() -> Account {
    Account {
        name: "ada".into(),
        uid: 1000,
        gid: 1000,
        home: "/home/ada".into(),
        shell: "/bin/bash".into(),
    }
}
