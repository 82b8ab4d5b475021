//! What a pet's container will be: decided from its spec and the host, before any system call.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use kennel_model::{
    HomeMode, HostCommands, InitMode, NetworkMode, PetId, PetName, PetSpec, PortForward,
    ProcessLabel, ProgramName, Ulimit,
};

use super::facts::HostFacts;
use super::followed::session::Session;
use super::followed::session_directory;
use super::privileges::Privileges;
use super::{environment, shares};
use crate::account::Account;
use crate::lsm::label::PetLabels;

/// A host path that will be visible in the pet, with everything mounted below it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bind {
    /// On the host.
    pub source: PathBuf,
    /// In the pet.
    pub target: PathBuf,
    /// Only for reading.
    pub read_only: bool,
    /// Whether a pet that cannot have it starts without it.
    pub optional: bool,
}

impl Bind {
    fn same_place(path: &Path) -> Self {
        Self {
            source: path.to_owned(),
            target: path.to_owned(),
            read_only: false,
            optional: false,
        }
    }

    /// That of a share: `path` at its own place, where that can be done.
    pub fn optional(path: &Path) -> Self {
        Self {
            optional: true,
            ..Self::same_place(path)
        }
    }
}

/// Everything the container needs to be built.
#[derive(Debug, Clone)]
pub struct RuntimePlan {
    /// The pet, whatever it is called.
    pub id: PetId,
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
    /// Links to make in the pet: path and target.
    pub links: Vec<(PathBuf, PathBuf)>,
    /// The programs of the host that are in it by name; `None` when it may run none.
    pub host_programs: Option<Vec<ProgramName>>,
    /// Whether it sees the host's /dev.
    pub host_devices: bool,
    /// Whether programs inside keep the person's groups of the host.
    pub host_groups: bool,
    /// Whether it follows the host's trusted authorities.
    pub certificates: bool,
    /// What of the person's session it follows.
    pub session: Session,
    /// The person's runtime directory, at the same path inside.
    pub runtime_dir: PathBuf,
    /// What programs inside may do.
    pub privileges: Privileges,
    /// Its own SELinux labels; `None` where it runs with the person's, or SELinux is off.
    pub labels: Option<PetLabels>,
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

/// The plan for `spec` on `host`, with the pet's own directory at `directory` and its running one
/// at `running`.
pub fn plan(
    spec: &PetSpec,
    host: &HostFacts,
    account: &Account,
    directory: &Path,
    running: &Path,
) -> RuntimePlan {
    let session = session_directory(running);
    let in_effect = shares::of_pet(spec);
    let shared = shares::resolve(&in_effect, host, account, session);
    let home = match spec.home {
        HomeMode::Shared => Bind::same_place(&account.home),
        HomeMode::Private => Bind {
            source: directory.join("home"),
            target: account.home.clone(),
            read_only: false,
            optional: false,
        },
    };
    // A mount of the project folder in its own place is how it is given only to be read.
    let mut binds = vec![home];
    binds.extend(spec.mounts.iter().map(|mount| Bind {
        source: mount.source.clone(),
        target: mount.target.clone(),
        read_only: mount.read_only,
        optional: false,
    }));
    binds.extend(spec.project.as_deref().map(Bind::same_place));
    binds.extend(shared.binds);
    RuntimePlan {
        id: spec.id.clone(),
        name: spec.name.clone(),
        init: spec.init,
        hostname: spec.host_name().to_string(),
        network: spec.network,
        ports: spec.ports.clone(),
        ulimits: spec.ulimits.clone(),
        binds: in_mount_order(binds),
        links: shared.links,
        host_programs: match spec.host_commands {
            HostCommands::On | HostCommands::Ask => Some(spec.host_programs.clone()),
            HostCommands::Off => None,
        },
        host_devices: shared.devices,
        host_groups: shared.groups,
        certificates: shared.certificates,
        session: shared.session,
        runtime_dir: shares::runtime_dir(&host.environment, account),
        privileges: Privileges::of(spec.privilege, spec.confinement),
        labels: labels(spec, host),
        environment: environment::of_pet(spec, shared.sets),
        passed_variables: in_effect
            .iter()
            .flat_map(|share| share.row().passes)
            .chain(places_of_home(spec.home))
            .map(|&name| name.to_owned())
            .collect(),
    }
}

fn labels(spec: &PetSpec, host: &HostFacts) -> Option<PetLabels> {
    let own = host.label.as_ref()?;
    match spec.process_label() {
        ProcessLabel::Person => None,
        ProcessLabel::Container => Some(PetLabels::of(own, spec.mcs?)),
    }
}

/// Where the person keeps what their home holds (XDG base directories): the same inside if the home is.
fn places_of_home(home: HomeMode) -> &'static [&'static str] {
    match home {
        HomeMode::Shared => &[
            "XDG_CACHE_HOME",
            "XDG_CONFIG_HOME",
            "XDG_DATA_HOME",
            "XDG_STATE_HOME",
        ],
        HomeMode::Private => &[],
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
    use crate::account::ada;
    use kennel_model::{CreateRequest, PetImage, Preset};

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
            ..HostFacts::default()
        }
    }

    fn made(preset: Preset, host: &HostFacts) -> RuntimePlan {
        let (pet, running) = (Path::new("/pets/7"), Path::new("/running/7"));
        plan(&spec(preset), host, &ada(), pet, running)
    }

    fn targets(preset: Preset) -> Vec<String> {
        made(preset, &desktop())
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
                "/run/host <- /",
                "/run/user/1000 <- /run/user/1000",
                "/home/ada/src/webshop <- /home/ada/src/webshop",
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
            ]
        );
        let session = made(Preset::Project, &desktop()).session;
        let links: Vec<_> = session
            .links
            .iter()
            .map(|link| link.name.as_str())
            .collect();
        assert_eq!(links, ["wayland", "pipewire-0", "pulse-native"]);
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
        let sealed = made(Preset::Sealed, &desktop());
        assert!(sealed.has_own_network() && sealed.session.links.is_empty());
    }

    #[test]
    fn labels_are_for_pets_that_want_them_where_selinux_is_on() {
        let own = "unconfined_u:unconfined_r:unconfined_t:s0-s0:c0.c1023";
        let labelled = |preset, label: Option<&str>, mcs| {
            let host = HostFacts {
                label: label.map(|label| label.parse().unwrap()),
                ..desktop()
            };
            let (pet, running) = (Path::new("/pets/7"), Path::new("/running/7"));
            let spec = PetSpec {
                mcs,
                ..spec(preset)
            };
            plan(&spec, &host, &ada(), pet, running).labels
        };
        let pair = kennel_model::McsPair::new(4, 9).ok();
        assert_eq!(labelled(Preset::Sealed, None, pair), None);
        assert_eq!(labelled(Preset::Project, Some(own), pair), None);
        assert_eq!(labelled(Preset::Sealed, Some(own), None), None);
        let labels = labelled(Preset::Sealed, Some(own), pair).unwrap();
        assert!(labels.process.is_container());
        assert!(labels.files.is_usable_by(pair));
    }

    #[test]
    fn a_mount_goes_before_the_project_folder_and_the_shares_in_its_place() {
        let mut spec = spec(Preset::Comfortable);
        for place in ["/home/ada/src/webshop", "/run/host"] {
            spec.mounts.push(kennel_model::Mount {
                source: place.into(),
                target: place.into(),
                read_only: true,
            });
        }
        let (pet, running) = (Path::new("/pets/7"), Path::new("/running/7"));
        let binds = plan(&spec, &desktop(), &ada(), pet, running).binds;
        for mount in &spec.mounts {
            let there: Vec<_> = binds
                .iter()
                .filter(|bind| bind.target == mount.target)
                .collect();
            assert_eq!(there.len(), 1);
            assert!(there[0].read_only && there[0].source == mount.source);
        }
    }

    #[test]
    fn what_is_not_on_the_host_is_left_out() {
        let nothing = HostFacts::default();
        assert_eq!(made(Preset::Comfortable, &nothing).binds.len(), 2);
    }
}
