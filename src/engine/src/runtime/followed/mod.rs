//! What of the host is followed while a pet runs: a few files of /etc, and the sockets of the
//! person's session. The keeper keeps copies and links of them in the pet's running directory,
//! which the pet sees read-only; a mount of each would go on showing what has been replaced.
//!
//! The directories are on the host's side. If root inside manages to write there nonetheless, it
//! gains nothing: they are flat, and everything in them is made anew under a name of its own and
//! renamed into place, never opened for writing.

mod files;
pub mod session;
mod xauthority;

use std::fs::Permissions;
use std::io::{self, Write as _};
use std::mem::MaybeUninit;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use rustix::fs::inotify::{self, CreateFlags, Reader, WatchFlags};

use files::{Files, Wanted};
pub use files::{INSIDE as FILES_INSIDE, LINKS, certificates};
use session::SessionFollower;

use super::plan::RuntimePlan;
use crate::lsm;

/// What of the host one pet follows, and the watch on it.
pub struct Followed {
    files: Files,
    session: SessionFollower,
    watch: Option<OwnedFd>,
}

/// The directory of the files in the pet's `running` directory.
pub fn files_directory(running: &Path) -> PathBuf {
    running.join("etc")
}

/// The directory of the session's sockets in the pet's `running` directory.
pub fn session_directory(running: &Path) -> PathBuf {
    running.join("session")
}

impl Followed {
    /// Copies and links everything into `running`, and watches the originals from then on.
    pub fn start(running: &Path, plan: &RuntimePlan) -> io::Result<Self> {
        let wanted = Wanted {
            hostname: plan.hostname.clone(),
            network: plan.network,
            certificates: plan.certificates,
        };
        let directory = files_directory(running);
        std::fs::create_dir_all(&directory)?;
        if let Some(labels) = &plan.labels {
            // What is made in it takes after it.
            lsm::files::set_label(&directory, &labels.files)?;
        }
        let mut followed = Self {
            files: Files::new(directory, wanted)?,
            session: SessionFollower::new(plan.session.clone())?,
            // Without a watch (their number is limited) everything stays as at the start.
            watch: inotify::init(CreateFlags::CLOEXEC | CreateFlags::NONBLOCK).ok(),
        };
        followed.refresh()?;
        Ok(followed)
    }

    /// Readable when [`Self::refresh`] has something to do.
    pub fn watch(&self) -> Option<BorrowedFd<'_>> {
        self.watch.as_ref().map(AsFd::as_fd)
    }

    /// Takes over what changed.
    pub fn refresh(&mut self) -> io::Result<()> {
        self.drain_and_watch();
        self.session.refresh();
        self.files.refresh()
    }

    /// Forgets what was reported, and watches the directories of everything and of what it links
    /// to: a link may lead somewhere else than before, a directory may be a new one.
    fn drain_and_watch(&self) {
        let Some(watch) = &self.watch else { return };
        let mut space = [MaybeUninit::uninit(); 4096];
        let mut reader = Reader::new(watch.as_fd(), &mut space);
        while reader.next().is_ok() {}
        let written = WatchFlags::CLOSE_WRITE | WatchFlags::MOVED_TO | WatchFlags::DELETE;
        for directory in self.files.directories() {
            let _ = inotify::add_watch(watch, directory, written);
        }
        let bound = written | WatchFlags::CREATE | WatchFlags::MOVED_FROM;
        for directory in self.session.directories() {
            let _ = inotify::add_watch(watch, directory, bound);
        }
    }
}

/// Puts a new file of `bytes` in the place of `path`, whatever that is. It need not survive a loss
/// of power: the pet does not either.
fn write_copy(path: &Path, bytes: &[u8], mode: u32) -> io::Result<()> {
    let directory = path.parent().unwrap_or(Path::new("/"));
    let mut fresh = tempfile::NamedTempFile::new_in(directory)?;
    fresh.write_all(bytes)?;
    // Whatever the person's umask.
    fresh
        .as_file()
        .set_permissions(Permissions::from_mode(mode))?;
    fresh.persist(path)?;
    Ok(())
}
