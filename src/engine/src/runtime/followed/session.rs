//! The sockets of the person's session: hard links in one directory. A socket can be connected
//! through any of its names, and a link is replaced when a new session makes a new socket.

use std::collections::BTreeMap;
use std::fs::{self, Metadata};
use std::io;
use std::os::unix::fs::{FileTypeExt, MetadataExt};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::{write_copy, xauthority};
use crate::{bus_address, files};

/// Where the directory is in the pet.
pub const INSIDE: &str = "/run/kennel/session";

/// How a socket of the session is named.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Naming {
    /// Always this, in the runtime directory.
    Fixed(String),
    /// A variable holds its name in the runtime directory, or its path (wl_display_connect(3)).
    Name {
        /// The variable.
        variable: String,
        /// The name without it.
        usual: String,
    },
    /// A variable holds its path.
    Path(String),
    /// A variable holds its D-Bus address.
    BusAddress {
        /// The variable.
        variable: String,
        /// The name in the runtime directory without it.
        usual: String,
    },
    /// X11's keys: not a socket but a file, of which a copy is made that is good inside.
    Xauthority,
}

impl Naming {
    /// Where the socket is, by `environment`.
    pub fn source(
        &self,
        environment: &BTreeMap<String, String>,
        runtime: &Path,
        home: &Path,
    ) -> Option<PathBuf> {
        let variable = |name: &str| environment.get(name).filter(|value| !value.is_empty());
        let path = match self {
            Self::Fixed(name) => runtime.join(name),
            Self::Name {
                variable: name,
                usual,
            } => runtime.join(variable(name).unwrap_or(usual)),
            Self::Path(name) => PathBuf::from(variable(name)?),
            Self::BusAddress {
                variable: name,
                usual,
            } => match variable(name) {
                Some(address) => bus_address::socket(address)?,
                None => runtime.join(usual),
            },
            Self::Xauthority => {
                variable("XAUTHORITY").map_or_else(|| home.join(".Xauthority"), PathBuf::from)
            }
        };
        path.is_absolute().then_some(path)
    }

    /// The variable by which programs inside find it at `path`.
    fn setting(&self, path: &Path, runtime: &Path) -> Option<(String, String)> {
        let text = |path: &Path| path.to_string_lossy().into_owned();
        match self {
            Self::Fixed(_) => None,
            Self::Name { variable, .. } => {
                let name = path.strip_prefix(runtime).unwrap_or(path);
                Some((variable.clone(), text(name)))
            }
            Self::Path(variable) => Some((variable.clone(), text(path))),
            Self::BusAddress { variable, .. } => {
                Some((variable.clone(), format!("unix:path={}", path.display())))
            }
            Self::Xauthority => Some(("XAUTHORITY".to_owned(), text(path))),
        }
    }

    fn variable(&self) -> Option<&str> {
        match self {
            Self::Fixed(_) => None,
            Self::Name { variable, .. }
            | Self::Path(variable)
            | Self::BusAddress { variable, .. } => Some(variable),
            Self::Xauthority => Some("DISPLAY"),
        }
    }
}

/// One socket of the session.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SessionLink {
    /// Its name in the directory.
    pub name: String,
    /// How the caller's environment names it.
    pub naming: Naming,
    /// Where it was when the pet started.
    pub source: Option<PathBuf>,
    /// Its usual name in the pet's own runtime directory.
    pub inside: Option<PathBuf>,
}

impl SessionLink {
    /// Where it is in the directory that the pet sees.
    pub fn target(&self) -> PathBuf {
        Path::new(INSIDE).join(&self.name)
    }
}

/// What of the session a pet follows.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Session {
    /// The directory of links, on the host.
    pub directory: PathBuf,
    /// Whether the pet has the whole runtime directory: what is in there needs no link.
    pub runtime_shared: bool,
    /// Whether the pet has the host's files, where sockets outside the runtime directory are.
    pub through_host_files: bool,
    /// The links.
    pub links: Vec<SessionLink>,
}

impl Session {
    /// Before a program enters: links what its caller's environment names now. Costs two stats a
    /// link when nothing changed; a failure leaves what is there.
    pub fn follow_caller(&self, caller: &BTreeMap<String, String>, runtime: &Path, home: &Path) {
        for link in &self.links {
            if !link
                .naming
                .variable()
                .is_some_and(|name| caller.contains_key(name))
            {
                continue;
            }
            if let Some(source) = link.naming.source(caller, runtime, home)
                && !self.is_visible(link, &source, runtime)
            {
                let _ = self.place(link, &source);
            }
        }
    }

    /// What replaces variables of `caller`: inside, the links have names of their own.
    pub fn settings(
        &self,
        caller: &BTreeMap<String, String>,
        runtime: &Path,
        home: &Path,
    ) -> Vec<(String, String)> {
        self.links
            .iter()
            .filter_map(|link| {
                caller.get(link.naming.variable()?)?;
                let source = link.naming.source(caller, runtime, home)?;
                if self.is_visible(link, &source, runtime) {
                    return None;
                }
                let path = link.inside.clone().unwrap_or_else(|| link.target());
                link.naming.setting(&path, runtime)
            })
            .collect()
    }

    fn is_visible(&self, link: &SessionLink, source: &Path, runtime: &Path) -> bool {
        self.runtime_shared && link.naming != Naming::Xauthority && source.starts_with(runtime)
    }

    /// Makes `link` lead to `source`, unless it does.
    fn place(&self, link: &SessionLink, source: &Path) -> io::Result<()> {
        let target = self.directory.join(&link.name);
        let there = fs::symlink_metadata(&target).ok();
        let source = fs::canonicalize(source)?;
        let status = fs::metadata(&source)?;
        if link.naming == Naming::Xauthority {
            let current =
                there.is_some_and(|copy| copy.is_file() && changed(&copy) >= changed(&status));
            return if current {
                Ok(())
            } else {
                write_copy(&target, &xauthority::for_any_host(&source)?, 0o600)
            };
        }
        if !status.file_type().is_socket() {
            return Err(io::Error::other("it is not a socket"));
        }
        if there.is_some_and(|link| is_same(&link, &status)) {
            return Ok(());
        }
        let fresh = self
            .directory
            .join(format!(".{}-{}", link.name, std::process::id()));
        let _ = fs::remove_file(&fresh);
        match fs::hard_link(&source, &fresh) {
            Err(error)
                if error.kind() == io::ErrorKind::CrossesDevices && self.through_host_files =>
            {
                let through =
                    Path::new("/run/host").join(source.strip_prefix("/").unwrap_or(&source));
                if fs::read_link(&target).is_ok_and(|now| now == through) {
                    return Ok(());
                }
                std::os::unix::fs::symlink(through, &fresh)?;
            }
            other => other?,
        }
        fs::rename(&fresh, &target)
    }

    /// Takes `link` away, if it leads to the socket of `status`.
    fn remove(&self, link: &SessionLink, status: &Metadata) {
        let target = self.directory.join(&link.name);
        if fs::symlink_metadata(&target).is_ok_and(|now| is_same(&now, status)) {
            let _ = fs::remove_file(target);
        }
    }
}

fn is_same(one: &Metadata, other: &Metadata) -> bool {
    one.dev() == other.dev() && one.ino() == other.ino()
}

fn changed(status: &Metadata) -> (i64, i64) {
    (status.mtime(), status.mtime_nsec())
}

/// The keeper's side: follows the sockets that were named when the pet started.
pub(super) struct SessionFollower {
    session: Session,
    /// What was at each source when it was last looked at.
    seen: Vec<Option<Metadata>>,
}

impl SessionFollower {
    pub(super) fn new(session: Session) -> io::Result<Self> {
        if !session.links.is_empty() {
            // What an earlier run left is of a session that may be over.
            let _ = fs::remove_dir_all(&session.directory);
            files::make_private(&session.directory)?;
        }
        Ok(Self {
            seen: session.links.iter().map(|_| None).collect(),
            session,
        })
    }

    /// The directories in which a change is seen. X11's keys in a home directory, where much is
    /// written, are looked at when somebody enters.
    pub(super) fn directories(&self) -> Vec<PathBuf> {
        let links = self.session.links.iter();
        let mut all: Vec<PathBuf> = links
            .filter(|link| link.naming != Naming::Xauthority)
            .filter_map(|link| link.source.as_deref()?.parent())
            .filter(|parent| *parent != Path::new("/tmp"))
            .flat_map(|parent| [Some(parent), parent.parent()])
            .flatten()
            .filter(|directory| directory.components().count() > 2)
            .map(Path::to_owned)
            .collect();
        all.sort();
        all.dedup();
        all
    }

    /// Links what was replaced, and takes away what is gone.
    pub(super) fn refresh(&mut self) {
        for (link, seen) in self.session.links.iter().zip(&mut self.seen) {
            let Some(source) = &link.source else { continue };
            let now = fs::metadata(source).ok();
            match (&now, &*seen) {
                (Some(now), Some(before))
                    if is_same(now, before) && changed(now) == changed(before) => {}
                (Some(_), _) => drop(self.session.place(link, source)),
                (None, Some(before)) => self.session.remove(link, before),
                (None, None) => {}
            }
            *seen = now;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::net::{UnixListener, UnixStream};

    fn wayland(runtime: &Path, directory: &Path) -> Session {
        fs::create_dir_all(directory).unwrap();
        Session {
            directory: directory.to_owned(),
            links: vec![SessionLink {
                name: "wayland".into(),
                naming: Naming::Name {
                    variable: "WAYLAND_DISPLAY".into(),
                    usual: "wayland-0".into(),
                },
                source: Some(runtime.join("wayland-0")),
                inside: Some(runtime.join("wayland-0")),
            }],
            ..Session::default()
        }
    }

    #[test]
    fn a_new_sessions_socket_takes_the_old_ones_place() {
        let place = tempfile::tempdir().unwrap();
        let runtime = place.path();
        let session = wayland(runtime, &runtime.join("session"));
        let through = session.directory.join("wayland");
        let mut follower = SessionFollower::new(session).unwrap();
        follower.refresh();
        assert!(UnixStream::connect(&through).is_err());
        for _ in 0..2 {
            let _old = fs::remove_file(runtime.join("wayland-0"));
            let _listener = UnixListener::bind(runtime.join("wayland-0")).unwrap();
            follower.refresh();
            UnixStream::connect(&through).unwrap();
        }
        fs::remove_file(runtime.join("wayland-0")).unwrap();
        follower.refresh();
        assert!(!through.exists());
    }

    #[test]
    fn who_enters_brings_their_own_display() {
        let place = tempfile::tempdir().unwrap();
        let runtime = place.path();
        let session = wayland(runtime, &runtime.join("session"));
        let _listener = UnixListener::bind(runtime.join("wayland-3")).unwrap();
        let caller = BTreeMap::from([("WAYLAND_DISPLAY".to_owned(), "wayland-3".to_owned())]);
        session.follow_caller(&caller, runtime, runtime);
        UnixStream::connect(session.directory.join("wayland")).unwrap();
        // Programs inside go on with the name that they started with.
        assert_eq!(
            session.settings(&caller, runtime, runtime),
            [("WAYLAND_DISPLAY".to_owned(), "wayland-0".to_owned())]
        );
        assert!(
            session
                .settings(&BTreeMap::new(), runtime, runtime)
                .is_empty()
        );
    }

    #[test]
    fn only_sockets_are_linked() {
        let place = tempfile::tempdir().unwrap();
        let session = wayland(place.path(), &place.path().join("session"));
        let secret = place.path().join("secret");
        fs::write(&secret, "mine").unwrap();
        assert!(session.place(&session.links[0], &secret).is_err());
        assert!(!session.directory.join("wayland").exists());
    }
}
