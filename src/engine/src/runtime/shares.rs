//! Where the shares of a pet are on the host and in the pet. Pure: what exists is told by
//! [`HostFacts`].

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use kennel_model::{InitMode, PetSpec, Place, Share};

use super::facts::HostFacts;
use super::followed::session::{Naming, Session, SessionLink};
use super::plan::Bind;
use crate::account::Account;

/// Directories that some systems have as links (`/home` to `/var/home`). A pet has them so too, so
/// that a path of the host means the same inside.
pub const LINKED: [&str; 3] = ["/home", "/media", "/mnt"];

/// `$XDG_RUNTIME_DIR`, or where systemd makes it (pam_systemd(8)).
pub fn runtime_dir(environment: &BTreeMap<String, String>, account: &Account) -> PathBuf {
    environment
        .get("XDG_RUNTIME_DIR")
        .map(PathBuf::from)
        .filter(|path| path.is_absolute())
        .unwrap_or_else(|| PathBuf::from(format!("/run/user/{}", account.uid)))
}

/// What a place is: something to mount, or a socket of the session, which is followed.
enum Located {
    Bind(Bind),
    Session(SessionLink),
}

fn locate(
    place: Place,
    environment: &BTreeMap<String, String>,
    runtime: &Path,
    account: &Account,
) -> Option<Located> {
    let session = |name: &str, naming: Naming| {
        let source = naming.source(environment, runtime, &account.home);
        Located::Session(SessionLink {
            name: name.replace('/', "-"),
            inside: source
                .clone()
                .filter(|source| naming != Naming::Xauthority && source.starts_with(runtime)),
            source,
            naming,
        })
    };
    let bind = |from: &str, to: &str, read_only| {
        Located::Bind(Bind {
            source: from.into(),
            target: to.into(),
            read_only,
            optional: true,
        })
    };
    Some(match place {
        Place::Path(path) => bind(path, path, false),
        Place::ReadOnly(path) => bind(path, path, true),
        Place::Moved {
            from,
            to,
            read_only,
        } => bind(from, to, read_only),
        Place::WithUid(path) => {
            let path = format!("{path}{}", account.uid);
            bind(&path, &path, false)
        }
        Place::RuntimeDirectory => Located::Bind(Bind::optional(runtime)),
        Place::Runtime(name) => session(name, Naming::Fixed(name.to_owned())),
        Place::RuntimeNamed { variable, usual } => session(
            "wayland",
            Naming::Name {
                variable: variable.to_owned(),
                usual: usual.to_owned(),
            },
        ),
        Place::Variable { variable, name } => session(name, Naming::Path(variable.to_owned())),
        Place::BusAddress { variable, usual } => session(
            usual,
            Naming::BusAddress {
                variable: variable.to_owned(),
                usual: usual.to_owned(),
            },
        ),
        Place::Xauthority => session("xauthority", Naming::Xauthority),
        Place::Devices | Place::Groups | Place::Nvidia | Place::Certificates => return None,
    })
}

fn located<'a>(
    shares: &'a [Share],
    environment: &'a BTreeMap<String, String>,
    account: &'a Account,
) -> impl Iterator<Item = Located> + 'a {
    let runtime = runtime_dir(environment, account);
    shares
        .iter()
        .flat_map(|share| share.row().places)
        .filter_map(move |place| locate(*place, environment, &runtime, account))
}

/// Every host path that `shares` would use, for [`HostFacts::existing`].
pub fn sources(
    shares: &[Share],
    environment: &BTreeMap<String, String>,
    account: &Account,
) -> Vec<PathBuf> {
    located(shares, environment, account)
        .filter_map(|located| match located {
            Located::Bind(bind) => Some(bind.source),
            Located::Session(link) => link.source,
        })
        .collect()
}

/// Whether this computer has any of `share`. One of several places is enough.
pub fn is_here(share: Share, host: &HostFacts, account: &Account) -> bool {
    let places = share.row().places;
    let found = sources(&[share], &host.environment, account);
    found.iter().any(|path| host.existing.contains(path))
        || places.iter().any(|place| match place {
            Place::Devices => true,
            Place::Groups => host.has_groups,
            Place::Nvidia => host.nvidia.is_some(),
            Place::Certificates => host.has_certificates,
            _ => false,
        })
}

/// The shares that `spec` has in effect: the image's own init runs a system bus, a log and a machine
/// of its own.
pub fn of_pet(spec: &PetSpec) -> Vec<Share> {
    let own = [Share::SystemBus, Share::Journal, Share::MachineId];
    let taken = |share: &Share| spec.init == InitMode::Image && own.contains(share);
    let all = spec.shares.iter().copied();
    all.filter(|share| !taken(share)).collect()
}

/// What `shares` become in a pet.
#[derive(Debug, Clone, Default)]
pub struct Shared {
    /// What is mounted.
    pub binds: Vec<Bind>,
    /// What of the session is followed.
    pub session: Session,
    /// Whether the pet sees the host's /dev.
    pub devices: bool,
    /// Whether programs inside keep the person's groups of the host.
    pub groups: bool,
    /// Whether the host's trusted authorities are followed.
    pub certificates: bool,
    /// Links to make in the pet: path and target.
    pub links: Vec<(PathBuf, PathBuf)>,
    /// Variables for every command.
    pub sets: Vec<(String, String)>,
}

/// Decides what `shares` become on `host`; the pet's session directory on the host is `directory`.
pub fn resolve(
    shares: &[Share],
    host: &HostFacts,
    account: &Account,
    directory: PathBuf,
) -> Shared {
    let runtime = runtime_dir(&host.environment, account);
    let has = |place| {
        shares
            .iter()
            .any(|share| share.row().places.contains(&place))
    };
    let mut shared = Shared {
        session: Session {
            directory,
            runtime_shared: has(Place::RuntimeDirectory) && host.existing.contains(&runtime),
            through_host_files: shares.contains(&Share::HostFiles),
            links: Vec::new(),
        },
        devices: has(Place::Devices),
        groups: has(Place::Groups) && host.has_groups,
        certificates: has(Place::Certificates) && host.has_certificates,
        ..Shared::default()
    };
    for located in located(shares, &host.environment, account) {
        match located {
            Located::Bind(bind) if host.links.contains_key(&bind.source) => {}
            Located::Bind(bind) if host.existing.contains(&bind.source) => shared.binds.push(bind),
            Located::Bind(_) => {}
            Located::Session(link) => follow(&mut shared, link, host),
        }
    }
    if let Some(driver) = host.nvidia.as_ref().filter(|_| has(Place::Nvidia)) {
        shared.binds.extend(driver.binds.iter().cloned());
        shared.links.extend(driver.links.iter().cloned());
        shared.sets.extend(driver.variable());
    }
    shared.links.extend(
        host.links
            .iter()
            .filter(|(path, _)| {
                *path == Path::new("/home") || shares.contains(&Share::RemovableMedia)
            })
            .map(|(path, target)| (path.clone(), target.clone())),
    );
    shared.sets.extend(
        shares
            .iter()
            .filter(|share| is_here(**share, host, account))
            .flat_map(|share| share.row().sets)
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned())),
    );
    let devices = shared.devices.then(|| Bind::optional(Path::new("/dev")));
    without_what_is_there_already(&mut shared.binds, devices.as_ref());
    shared
}

/// A socket that cannot be linked, because it is on another file system, is mounted as it is.
fn follow(shared: &mut Shared, mut link: SessionLink, host: &HostFacts) {
    let session = &mut shared.session;
    if session.runtime_shared {
        link.inside = None;
        if matches!(link.naming, Naming::Fixed(_)) {
            return;
        }
    }
    match &link.source {
        Some(source)
            if host.elsewhere.contains(source)
                && link.naming != Naming::Xauthority
                && !session.through_host_files =>
        {
            shared.binds.push(Bind::optional(source));
        }
        _ => session.links.push(link),
    }
}

/// Leaves out what lies below something that is shared whole at its own path: a mount of its own
/// would go on showing a socket or disk that has been replaced.
fn without_what_is_there_already(binds: &mut Vec<Bind>, devices: Option<&Bind>) {
    let whole: Vec<Bind> = binds.iter().chain(devices).cloned().collect();
    binds.retain(|bind| {
        !whole.iter().any(|other| {
            let in_place = |bind: &Bind| bind.source == bind.target;
            in_place(other)
                && in_place(bind)
                && (bind.read_only || !other.read_only)
                && bind.source != other.source
                && bind.source.starts_with(&other.source)
        })
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::account::ada;
    use kennel_model::Preset;

    fn host(environment: &[(&str, &str)], existing: &[&str]) -> HostFacts {
        let environment = environment.iter().copied();
        HostFacts {
            environment: environment
                .chain([("XDG_RUNTIME_DIR", "/run/user/1000")])
                .map(|(name, value)| (name.to_owned(), value.to_owned()))
                .collect(),
            existing: existing.iter().map(PathBuf::from).collect(),
            ..HostFacts::default()
        }
    }

    fn shared(shares: &[Share], host: &HostFacts) -> Shared {
        resolve(shares, host, &ada(), "/session".into())
    }

    #[test]
    fn nothing_is_mounted_below_what_is_shared_whole() {
        let host = host(
            &[],
            &["/run/user/1000", "/dev/dri", "/dev/kvm", "/run/libvirt"],
        );
        let all = shared(Preset::Comfortable.shares(), &host);
        let targets: Vec<_> = all.binds.iter().map(|bind| bind.target.clone()).collect();
        assert_eq!(
            targets,
            [Path::new("/run/user/1000"), Path::new("/run/libvirt")]
        );
        assert!(all.devices && all.session.runtime_shared);
        let some = shared(Preset::Project.shares(), &host);
        assert_eq!(some.binds[0].target, Path::new("/dev/dri"));
    }

    #[test]
    fn a_socket_on_another_file_system_is_mounted_or_reached_through_the_hosts_files() {
        let path = "/tmp/ssh-x/agent.1";
        let mut host = host(&[("SSH_AUTH_SOCK", path)], &[path, "/"]);
        host.elsewhere.insert(path.into());
        let alone = shared(&[Share::SshAgent], &host);
        assert_eq!(alone.binds, [Bind::optional(Path::new(path))]);
        let both = shared(&[Share::SshAgent, Share::HostFiles], &host);
        assert_eq!(both.session.links.len(), 1);
        assert_eq!(both.session.links[0].inside, None);
    }

    #[test]
    fn links_of_the_host_are_links_in_the_pet() {
        let mut host = host(&[], &["/media", "/mnt", "/run/media"]);
        host.links.insert("/home".into(), "var/home".into());
        host.links.insert("/media".into(), "run/media".into());
        let media = shared(&[Share::RemovableMedia], &host);
        let targets: Vec<_> = media.binds.iter().map(|bind| bind.target.clone()).collect();
        assert_eq!(targets, [Path::new("/run/media"), Path::new("/mnt")]);
        assert_eq!(media.links.len(), 2);
        assert_eq!(shared(&[], &host).links.len(), 1);
    }

    #[test]
    fn variables_are_set_only_where_the_share_is_here() {
        let mut host = host(&[], &[]);
        assert!(shared(&[Share::Certificates], &host).sets.is_empty());
        host.has_certificates = true;
        assert!(!shared(&[Share::Certificates], &host).sets.is_empty());
    }

    #[test]
    fn a_bus_that_is_no_path_is_left_out() {
        let host = host(&[("DBUS_SESSION_BUS_ADDRESS", "unix:abstract=/tmp/x")], &[]);
        let bus = shared(&[Share::SessionBus], &host);
        assert_eq!(bus.session.links[0].source, None);
    }
}
