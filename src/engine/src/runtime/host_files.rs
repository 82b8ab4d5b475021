//! The host's name resolution inside a pet: copies of a few files of /etc in the pet's running
//! directory, kept up to date by the keeper. A copy works for every preset, and survives that
//! NetworkManager and systemd-resolved replace the file instead of writing into it.

use std::fs;
use std::io;
use std::mem::MaybeUninit;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use kennel_model::NetworkMode;
use rustix::fs::inotify::{self, CreateFlags, Reader, WatchFlags};

use super::network::{RESOLVED_UPSTREAM, private_resolv_conf};

/// The files, in /etc on the host and (as links) in the pet.
pub const NAMES: [&str; 3] = ["hosts", "host.conf", "resolv.conf"];

/// Where the copies are in the pet.
pub const INSIDE: &str = "/run/kennel/etc";

/// Larger files are nobody's name resolution.
const LIMIT: u64 = 1 << 20;

/// The copies of one pet, and the watch on their originals.
pub struct HostFiles {
    directory: PathBuf,
    hostname: String,
    network: NetworkMode,
    watch: Option<OwnedFd>,
}

impl HostFiles {
    /// Copies the files into `directory` and watches the originals from then on.
    pub fn follow(directory: PathBuf, hostname: &str, network: NetworkMode) -> io::Result<Self> {
        fs::create_dir_all(&directory)?;
        let mut files = Self {
            directory,
            hostname: hostname.to_owned(),
            network,
            // Without a watch (their number is limited) the files are as at the start.
            watch: inotify::init(CreateFlags::CLOEXEC | CreateFlags::NONBLOCK).ok(),
        };
        files.refresh()?;
        Ok(files)
    }

    /// Readable when [`Self::refresh`] has something to do.
    pub fn watch(&self) -> Option<BorrowedFd<'_>> {
        self.watch.as_ref().map(AsFd::as_fd)
    }

    /// Copies what changed. Copies are written in place of the old ones by rename.
    pub fn refresh(&mut self) -> io::Result<()> {
        self.drain_and_watch();
        for name in NAMES {
            let path = Path::new("/etc").join(name);
            let text = read_limited(&path).unwrap_or_default();
            let text = self.as_seen_inside(name, text);
            let copy = self.directory.join(name);
            if fs::read(&copy).ok().as_deref() != Some(text.as_slice()) {
                let fresh = self.directory.join(".new");
                fs::write(&fresh, &text)?;
                // Everybody inside resolves names, whatever the person's umask.
                fs::set_permissions(&fresh, fs::Permissions::from_mode(0o644))?;
                fs::rename(&fresh, &copy)?;
            }
        }
        Ok(())
    }

    fn as_seen_inside(&self, name: &str, text: Vec<u8>) -> Vec<u8> {
        match name {
            "hosts" => with_own_name(&text, &self.hostname),
            "resolv.conf" if self.network == NetworkMode::Private => {
                let upstream = read_limited(Path::new(RESOLVED_UPSTREAM)).ok();
                let upstream = upstream.as_deref().map(String::from_utf8_lossy);
                private_resolv_conf(&String::from_utf8_lossy(&text), upstream.as_deref()).into()
            }
            _ => text,
        }
    }

    /// Forgets what was reported, and watches the directories of the files and of what they link
    /// to: a link may lead somewhere else than before.
    fn drain_and_watch(&mut self) {
        let Some(watch) = &self.watch else { return };
        let mut space = [MaybeUninit::uninit(); 4096];
        let mut reader = Reader::new(watch.as_fd(), &mut space);
        while reader.next().is_ok() {}
        let targets = NAMES
            .iter()
            .filter_map(|name| fs::canonicalize(Path::new("/etc").join(name)).ok())
            .filter_map(|path| path.parent().map(Path::to_owned));
        let changes = WatchFlags::CLOSE_WRITE | WatchFlags::MOVED_TO | WatchFlags::DELETE;
        for directory in targets.chain([PathBuf::from("/etc")]) {
            let _ = inotify::add_watch(watch, directory, changes);
        }
    }
}

fn read_limited(path: &Path) -> io::Result<Vec<u8>> {
    if fs::metadata(path)?.len() > LIMIT {
        return Err(io::ErrorKind::FileTooLarge.into());
    }
    fs::read(path)
}

/// The pet's own name must resolve, or sudo and others wait for the network at every call.
fn with_own_name(hosts: &[u8], hostname: &str) -> Vec<u8> {
    let mut text = hosts.to_owned();
    if !text.is_empty() && !text.ends_with(b"\n") {
        text.push(b'\n');
    }
    if text.is_empty() {
        text.extend_from_slice(b"127.0.0.1 localhost\n::1 localhost\n");
    }
    text.extend_from_slice(format!("127.0.1.1 {hostname}\n").as_bytes());
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pets_own_name_resolves_beside_the_hosts() {
        assert_eq!(
            with_own_name(b"127.0.0.1 localhost", "webshop"),
            b"127.0.0.1 localhost\n127.0.1.1 webshop\n"
        );
        assert!(with_own_name(b"", "webshop").starts_with(b"127.0.0.1 localhost\n"));
    }
}
