//! What a pet's container will be: decided from its spec and the host, before any system call.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use kennel_model::{HomeMode, InitMode, NetworkMode, PetName, PetSpec, Place, PortForward, Share, Ulimit};

use super::environment;
use super::privileges::Privileges;
use crate::account::Account;

/// Facts about the host that a plan depends on.
#[derive(Debug, Clone, Default)]
pub struct HostFacts {
    /// The caller's environment.
    pub environment: BTreeMap<String, String>,
    /// Those of the [`share_sources`] that exist.
    pub existing: BTreeSet<PathBuf>,
}

/// A host path that will be visible in the pet, with everything mounted below it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bind {
    /// On the host.
    pub source: PathBuf,
    /// In the pet.
    pub target: PathBuf,
    /// Only for reading.
    pub read_only: bool,
}

impl Bind {
    fn same_place(path: &Path) -> Self {
        Self {
            source: path.to_owned(),
            target: path.to_owned(),
            read_only: false,
        }
    }
}

/// Everything the container needs to be built.
#[derive(Debug, Clone)]
pub struct RuntimePlan {
    /// The pet's name, for the marks and the prompt.
    pub name: PetName,
    /// What its PID 1 becomes.
    pub init: InitMode,
    /// The host name inside.
    pub hostname: String,
    /// Which network it sees.
    pub network: NetworkMode,
    /// Ports of the host that lead into its own network.
    pub ports: Vec<PortForward>,
    /// Limits of each of its processes.
    pub ulimits: Vec<Ulimit>,
    /// Host paths, parents before children.
    pub binds: Vec<Bind>,
    /// The person's runtime directory, at the same path inside.
    pub runtime_dir: PathBuf,
    /// What programs inside may do.
    pub privileges: Privileges,
    /// What every command inside has in its environment.
    pub environment: Vec<(String, String)>,
    /// Variables of the caller that are let through because a share makes them useful.
    pub passed_variables: Vec<String>,
}

impl RuntimePlan {
    /// Whether its network is not the host's.
    pub fn has_own_network(&self) -> bool {
        self.network != NetworkMode::Host
    }
}

/// `$XDG_RUNTIME_DIR`, or where systemd makes it (pam_systemd(8)).
fn runtime_dir(environment: &BTreeMap<String, String>, account: &Account) -> PathBuf {
    environment
        .get("XDG_RUNTIME_DIR")
        .map(PathBuf::from)
        .filter(|path| path.is_absolute())
        .unwrap_or_else(|| PathBuf::from(format!("/run/user/{}", account.uid)))
}

/// Where `place` is on the host and in the pet, if the environment tells.
fn locate(place: Place, environment: &BTreeMap<String, String>, runtime: &Path) -> Option<Bind> {
    let variable = |name: &str| environment.get(name).filter(|value| !value.is_empty());
    let path = match place {
        Place::Path(path) => PathBuf::from(path),
        Place::Moved { from, to } => {
            return Some(Bind {
                source: from.into(),
                target: to.into(),
                read_only: false,
            });
        }
        Place::Runtime(name) => runtime.join(name),
        // An absolute value stands for itself (wl_display_connect(3)).
        Place::RuntimeNamed {
            variable: name,
            usual,
        } => runtime.join(variable(name).map_or(usual, String::as_str)),
        Place::Variable(name) => PathBuf::from(variable(name)?),
        Place::BusAddress(name) => {
            let path = variable(name)?.strip_prefix("unix:path=")?;
            PathBuf::from(path.split([',', ';']).next()?)
        }
        Place::RuntimeDirectory => runtime.to_owned(),
    };
    path.is_absolute().then(|| Bind::same_place(&path))
}

fn share_binds<'a>(
    shares: &'a [Share],
    environment: &'a BTreeMap<String, String>,
    account: &Account,
) -> impl Iterator<Item = Bind> + 'a {
    let runtime = runtime_dir(environment, account);
    shares
        .iter()
        .flat_map(|share| share.row().places)
        .filter_map(move |place| locate(*place, environment, &runtime))
}

/// Every host path that a share of `spec` would use, for [`HostFacts::existing`].
pub fn share_sources(
    spec: &PetSpec,
    environment: &BTreeMap<String, String>,
    account: &Account,
) -> Vec<PathBuf> {
    share_binds(&spec.shares, environment, account)
        .map(|bind| bind.source)
        .collect()
}

/// The plan for `spec` on `host`, with the pet's own directory at `directory`.
pub fn plan(spec: &PetSpec, host: &HostFacts, account: &Account, directory: &Path) -> RuntimePlan {
    let home = match spec.home {
        HomeMode::Shared => Bind::same_place(&account.home),
        HomeMode::Private => Bind {
            source: directory.join("home"),
            target: account.home.clone(),
            read_only: false,
        },
    };
    let mut binds = vec![home];
    binds.extend(spec.project.as_deref().map(Bind::same_place));
    binds.extend(
        share_binds(&spec.shares, &host.environment, account)
            .filter(|bind| host.existing.contains(&bind.source)),
    );
    binds.extend(spec.mounts.iter().map(|mount| Bind {
        source: mount.source.clone(),
        target: mount.target.clone(),
        read_only: mount.read_only,
    }));
    RuntimePlan {
        name: spec.name.clone(),
        init: spec.init,
        hostname: spec.host_name().to_string(),
        network: spec.network,
        ports: spec.ports.clone(),
        ulimits: spec.ulimits.clone(),
        binds: in_mount_order(binds),
        runtime_dir: runtime_dir(&host.environment, account),
        privileges: Privileges::of(spec.privilege, spec.confinement),
        environment: environment::of_pet(spec),
        passed_variables: spec
            .shares
            .iter()
            .flat_map(|share| share.row().environment)
            .map(|&name| name.to_owned())
            .collect(),
    }
}

/// A parent is mounted before what lies in it, or it would hide it; of two with one target the
/// first, which is the pet's own choice before a share's, stays.
fn in_mount_order(mut binds: Vec<Bind>) -> Vec<Bind> {
    let mut seen = BTreeSet::new();
    binds.retain(|bind| seen.insert(bind.target.clone()));
    binds.sort_by_key(|bind| bind.target.components().count());
    binds
}

#[cfg(test)]
mod tests {
    use super::*;
    use kennel_model::{CreateRequest, PetId, PetImage, Preset};

    fn ada() -> Account {
        Account {
            name: "ada".into(),
            uid: 1000,
            gid: 1000,
            home: "/home/ada".into(),
            shell: "/bin/bash".into(),
        }
    }

    fn spec(preset: Preset) -> PetSpec {
        let request: CreateRequest = serde_json::from_value(serde_json::json!({
            "name": "webshop", "image": "localhost/debian:13",
            "choices": { "preset": preset, "project": "/home/ada/src/webshop" },
        }))
        .unwrap();
        let image = PetImage {
            reference: "localhost/debian:13".parse().unwrap(),
            digest: format!("sha256:{}", "0".repeat(64)).parse().unwrap(),
            layers: Vec::new(),
            env: vec!["PATH=/opt/bin:/usr/bin".into()],
        };
        PetSpec::from_request(
            request,
            PetId::from_random(7),
            "webshop".parse().unwrap(),
            image,
            "2026-01-01T00:00:00Z".into(),
        )
        .unwrap()
    }

    fn desktop() -> HostFacts {
        let environment = [
            ("XDG_RUNTIME_DIR", "/run/user/1000"),
            ("WAYLAND_DISPLAY", "wayland-1"),
            (
                "DBUS_SESSION_BUS_ADDRESS",
                "unix:path=/run/user/1000/bus,guid=1",
            ),
            ("SSH_AUTH_SOCK", "/run/user/1000/gcr/ssh"),
        ];
        HostFacts {
            environment: environment
                .map(|(name, value)| (name.to_owned(), value.to_owned()))
                .into(),
            existing: [
                "/run/user/1000",
                "/run/user/1000/wayland-1",
                "/run/user/1000/pulse",
                "/run/user/1000/bus",
                "/run/user/1000/gcr/ssh",
                "/dev/dri",
                "/",
            ]
            .map(PathBuf::from)
            .into(),
        }
    }

    fn targets(preset: Preset) -> Vec<String> {
        plan(&spec(preset), &desktop(), &ada(), Path::new("/pets/7"))
            .binds
            .iter()
            .map(|bind| format!("{} <- {}", bind.target.display(), bind.source.display()))
            .collect()
    }

    #[test]
    fn comfortable_sees_home_session_and_host() {
        assert_eq!(
            targets(Preset::Comfortable),
            [
                "/home/ada <- /home/ada",
                "/dev/dri <- /dev/dri",
                "/run/host <- /",
                "/run/user/1000 <- /run/user/1000",
                "/home/ada/src/webshop <- /home/ada/src/webshop",
                "/run/user/1000/wayland-1 <- /run/user/1000/wayland-1",
                "/run/user/1000/pulse <- /run/user/1000/pulse",
                "/run/user/1000/bus <- /run/user/1000/bus",
                "/run/user/1000/gcr/ssh <- /run/user/1000/gcr/ssh",
            ]
        );
    }

    #[test]
    fn project_sees_its_folder_windows_sound_and_graphics_only() {
        assert_eq!(
            targets(Preset::Project),
            [
                "/home/ada <- /pets/7/home",
                "/dev/dri <- /dev/dri",
                "/home/ada/src/webshop <- /home/ada/src/webshop",
                "/run/user/1000/wayland-1 <- /run/user/1000/wayland-1",
                "/run/user/1000/pulse <- /run/user/1000/pulse",
            ]
        );
    }

    #[test]
    fn sealed_sees_its_folder_only() {
        assert_eq!(
            targets(Preset::Sealed),
            [
                "/home/ada <- /pets/7/home",
                "/home/ada/src/webshop <- /home/ada/src/webshop",
            ]
        );
        assert!(plan(&spec(Preset::Sealed), &desktop(), &ada(), Path::new("/")).has_own_network());
    }

    #[test]
    fn what_is_not_on_the_host_is_left_out() {
        let nothing = HostFacts::default();
        let binds = plan(&spec(Preset::Comfortable), &nothing, &ada(), Path::new("/")).binds;
        assert_eq!(binds.len(), 2);
    }

    #[test]
    fn a_bus_that_is_no_path_is_left_out() {
        let environment = BTreeMap::from([(
            "DBUS_SESSION_BUS_ADDRESS".to_owned(),
            "unix:abstract=/tmp/x".to_owned(),
        )]);
        let place = Place::BusAddress("DBUS_SESSION_BUS_ADDRESS");
        assert_eq!(locate(place, &environment, Path::new("/run")), None);
    }
}
