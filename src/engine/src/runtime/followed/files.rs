//! The host's name resolution, time zone and trusted authorities: copies of a few files. A copy
//! works for every preset, and survives that NetworkManager and others replace the file instead of
//! writing into it.

use std::collections::BTreeMap;
use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io;
use std::path::{Path, PathBuf};

use kennel_model::{CERTIFICATES, NetworkMode};

use super::write_copy;
use crate::runtime::network::{RESOLVED_UPSTREAM, private_resolv_conf};

/// The files that are in /etc on the host and, as links to the copies, in the pet.
pub const LINKS: [&str; 5] = ["hosts", "host.conf", "resolv.conf", "localtime", "timezone"];

/// Where the copies are in the pet.
pub const INSIDE: &str = "/run/kennel/etc";

/// Larger files are none of these.
const LIMIT: u64 = 4 << 20;

/// Where distributions keep the file of all trusted authorities: Debian, Fedora, openSUSE, Alpine.
const CERTIFICATE_FILES: [&str; 4] = [
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",
    "/etc/ssl/ca-bundle.pem",
    "/etc/ssl/cert.pem",
];

/// This computer's file of trusted authorities.
pub fn certificates() -> Option<PathBuf> {
    CERTIFICATE_FILES
        .iter()
        .map(PathBuf::from)
        .find(|path| path.is_file())
}

/// What one pet's copies are made for.
pub(super) struct Wanted {
    pub hostname: String,
    pub network: NetworkMode,
    pub certificates: bool,
}

/// The copies of one pet.
pub(super) struct Files {
    directory: PathBuf,
    wanted: Wanted,
    /// What each copy holds, as a hash. Nothing is read back from where the pet might write.
    written: BTreeMap<String, u64>,
}

impl Files {
    pub(super) fn new(directory: PathBuf, wanted: Wanted) -> io::Result<Self> {
        fs::create_dir_all(&directory)?;
        Ok(Self {
            directory,
            wanted,
            written: BTreeMap::new(),
        })
    }

    fn originals(&self) -> Vec<(&'static str, PathBuf)> {
        let certificates = self.wanted.certificates.then(certificates).flatten();
        let name = CERTIFICATES.rsplit('/').next().unwrap_or(CERTIFICATES);
        LINKS
            .iter()
            .map(|name| (*name, Path::new("/etc").join(name)))
            .chain(certificates.map(|path| (name, path)))
            .collect()
    }

    /// The directories in which a change of an original is seen.
    pub(super) fn directories(&self) -> Vec<PathBuf> {
        let targets = self
            .originals()
            .into_iter()
            .filter_map(|(_, path)| fs::canonicalize(path).ok())
            .filter_map(|path| path.parent().map(Path::to_owned));
        let mut all: Vec<PathBuf> = targets.chain([PathBuf::from("/etc")]).collect();
        all.sort();
        all.dedup();
        all
    }

    /// Copies what changed; the first error, after all were tried.
    pub(super) fn refresh(&mut self) -> io::Result<()> {
        let mut result = Ok(());
        for (name, path) in self.originals() {
            let text = self.as_seen_inside(name, &path);
            let mut hasher = DefaultHasher::new();
            text.hash(&mut hasher);
            let hash = hasher.finish();
            if self.written.get(name) == Some(&hash) {
                continue;
            }
            match self.write(name, text.as_deref()) {
                Ok(()) => drop(self.written.insert(name.to_owned(), hash)),
                Err(error) => result = result.and(Err(error)),
            }
        }
        result
    }

    fn write(&self, name: &str, text: Option<&[u8]>) -> io::Result<()> {
        let copy = self.directory.join(name);
        let Some(text) = text else {
            return match fs::remove_file(copy) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
                _ => Ok(()),
            };
        };
        // Everybody inside reads them.
        write_copy(&copy, text, 0o644)
    }

    /// The content of the copy of `path`; `None` is no copy.
    fn as_seen_inside(&self, name: &str, path: &Path) -> Option<Vec<u8>> {
        let text = read_limited(path).ok();
        match name {
            "hosts" => Some(with_own_name(
                &text.unwrap_or_default(),
                &self.wanted.hostname,
            )),
            "resolv.conf" if self.wanted.network == NetworkMode::Private => {
                let text = text.unwrap_or_default();
                let upstream = read_limited(Path::new(RESOLVED_UPSTREAM)).ok();
                let upstream = upstream.as_deref().map(String::from_utf8_lossy);
                let text = String::from_utf8_lossy(&text);
                Some(private_resolv_conf(&text, upstream.as_deref()).into())
            }
            // Without one the time is UTC (tzset(3)).
            "localtime" => text,
            "timezone" => text.or_else(|| {
                let link = fs::read_link("/etc/localtime").ok()?;
                Some(format!("{}\n", time_zone(&link)?).into())
            }),
            _ => Some(text.unwrap_or_default()),
        }
    }
}

/// The zone's name, of which Debian keeps a file and others only the link (localtime(5)).
fn time_zone(link: &Path) -> Option<&str> {
    Some(link.to_str()?.split_once("/zoneinfo/")?.1)
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

    #[test]
    fn the_zone_is_read_from_the_link() {
        let link = Path::new("../usr/share/zoneinfo/Europe/Berlin");
        assert_eq!(time_zone(link), Some("Europe/Berlin"));
        assert_eq!(time_zone(Path::new("/somewhere/else")), None);
    }

    #[test]
    fn a_trap_in_place_of_a_copy_is_not_followed() {
        let place = tempfile::tempdir().unwrap();
        let bait = place.path().join("bait");
        fs::write(&bait, "mine").unwrap();
        let directory = place.path().join("etc");
        let wanted = Wanted {
            hostname: "webshop".into(),
            network: NetworkMode::Host,
            certificates: false,
        };
        let mut files = Files::new(directory.clone(), wanted).unwrap();
        std::os::unix::fs::symlink(&bait, directory.join("hosts")).unwrap();
        files.refresh().unwrap();
        assert_eq!(fs::read_to_string(bait).unwrap(), "mine");
        assert!(
            directory
                .join("hosts")
                .symlink_metadata()
                .unwrap()
                .is_file()
        );
    }
}
