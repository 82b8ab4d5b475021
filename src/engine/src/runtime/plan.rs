//! What a pet's container will be: decided from its spec and the host, before any system call.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use kennel_model::{HomeMode, NetworkMode, PetSpec, Privilege, Share};
use oci_spec::runtime as oci;

use crate::account::Account;

/// Facts about the host that a plan depends on.
#[derive(Debug, Clone, Default)]
pub struct HostFacts {
    /// The caller's environment.
    pub environment: BTreeMap<String, String>,
    /// Which of the paths a share may use exist.
    pub present: Vec<PathBuf>,
}

/// A host path that will be visible in the pet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bind {
    /// On the host.
    pub source: PathBuf,
    /// In the pet.
    pub target: PathBuf,
    /// Only for reading.
    pub read_only: bool,
}

/// Everything the container needs to be built.
#[derive(Debug, Clone)]
pub struct RuntimePlan {
    /// The host name inside.
    pub hostname: String,
    /// Whether it has its own network.
    pub own_network: bool,
    /// Host paths, parents before children.
    pub binds: Vec<Bind>,
    /// Whether sudo works inside.
    pub privilege: Privilege,
    /// Capabilities of the bounding set, bit n for capability n.
    pub capabilities: u64,
    /// Whether `/run/host` shows the host.
    pub host_files: bool,
}

/// Capabilities by number (capabilities(7)) that a pet's root has over the pet itself: the
/// container default of the OCI world, and SYS_PTRACE so that debuggers work on one's own programs.
const CAPABILITIES: [(u8, oci::Capability); 15] = [
    (0, oci::Capability::Chown),
    (1, oci::Capability::DacOverride),
    (3, oci::Capability::Fowner),
    (4, oci::Capability::Fsetid),
    (5, oci::Capability::Kill),
    (6, oci::Capability::Setgid),
    (7, oci::Capability::Setuid),
    (8, oci::Capability::Setpcap),
    (10, oci::Capability::NetBindService),
    (13, oci::Capability::NetRaw),
    (18, oci::Capability::SysChroot),
    (19, oci::Capability::SysPtrace),
    (27, oci::Capability::Mknod),
    (29, oci::Capability::AuditWrite),
    (31, oci::Capability::Setfcap),
];

/// Where each share is on the host. The one place to add a row; see also [`environment_of`].
fn share_paths(share: Share, host: &HostFacts, account: &Account) -> Vec<PathBuf> {
    let variable = |name: &str| host.environment.get(name).filter(|v| !v.is_empty());
    let runtime = variable("XDG_RUNTIME_DIR").map_or_else(
        || PathBuf::from(format!("/run/user/{}", account.uid)),
        PathBuf::from,
    );
    match share {
        Share::Wayland => {
            vec![runtime.join(variable("WAYLAND_DISPLAY").map_or("wayland-0", String::as_str))]
        }
        Share::X11 => {
            let mut paths = vec![PathBuf::from("/tmp/.X11-unix")];
            paths.extend(variable("XAUTHORITY").map(PathBuf::from));
            paths
        }
        Share::Audio => vec![runtime.join("pipewire-0"), runtime.join("pulse")],
        Share::Graphics => vec![PathBuf::from("/dev/dri")],
        Share::SessionBus => variable("DBUS_SESSION_BUS_ADDRESS")
            .and_then(|address| address.strip_prefix("unix:path="))
            .map(|path| PathBuf::from(path.split(',').next().unwrap_or(path)))
            .into_iter()
            .chain([runtime.join("bus")])
            .collect(),
        Share::SshAgent => variable("SSH_AUTH_SOCK")
            .map(PathBuf::from)
            .into_iter()
            .collect(),
        Share::RuntimeDir => vec![runtime],
    }
}

/// Every host path that any share of `spec` would use, for [`HostFacts::present`].
pub fn wanted_paths(spec: &PetSpec, host: &HostFacts, account: &Account) -> Vec<PathBuf> {
    spec.shares
        .iter()
        .flat_map(|share| share_paths(*share, host, account))
        .collect()
}

/// The environment variables that a share makes useful.
pub fn environment_of(share: Share) -> &'static [&'static str] {
    match share {
        Share::Wayland => &["WAYLAND_DISPLAY"],
        Share::X11 => &["DISPLAY", "XAUTHORITY"],
        Share::Audio => &["PULSE_SERVER"],
        Share::Graphics | Share::RuntimeDir => &[],
        Share::SessionBus => &["DBUS_SESSION_BUS_ADDRESS"],
        Share::SshAgent => &["SSH_AUTH_SOCK"],
    }
}

/// The plan for `spec` on `host`, with the pet's own directory at `directory`.
pub fn plan(spec: &PetSpec, host: &HostFacts, account: &Account, directory: &Path) -> RuntimePlan {
    let same = |path: &Path| Bind {
        source: path.to_owned(),
        target: path.to_owned(),
        read_only: false,
    };
    let mut binds = Vec::new();
    match spec.home {
        HomeMode::Shared => binds.push(same(&account.home)),
        HomeMode::Private => binds.push(Bind {
            source: directory.join("home"),
            target: account.home.clone(),
            read_only: false,
        }),
    }
    binds.extend(spec.project.iter().map(|project| same(project)));
    for share in &spec.shares {
        let paths = share_paths(*share, host, account);
        binds.extend(
            paths
                .iter()
                .filter(|path| host.present.contains(path))
                .map(|path| same(path)),
        );
    }
    binds.extend(spec.mounts.iter().map(|mount| Bind {
        source: mount.source.clone(),
        target: mount.target.clone(),
        read_only: mount.read_only,
    }));
    // A parent is mounted before what lies in it, or it would hide it.
    binds.sort_by_key(|bind| bind.target.components().count());
    let mut seen = Vec::new();
    binds.retain(|bind| {
        let new = !seen.contains(&bind.target);
        seen.push(bind.target.clone());
        new
    });
    RuntimePlan {
        hostname: spec.name.to_string(),
        own_network: spec.network != NetworkMode::Host,
        binds,
        privilege: spec.preset.privilege(),
        capabilities: match spec.preset.privilege() {
            Privilege::Sudo => CAPABILITIES
                .iter()
                .fold(0, |set, (number, _)| set | 1 << number),
            Privilege::None => 0,
        },
        host_files: spec.shares.contains(&Share::RuntimeDir) && spec.home == HomeMode::Shared,
    }
}

/// The same plan as an OCI runtime-spec configuration, written beside the pet as `config.json`.
pub fn oci_config(
    plan: &RuntimePlan,
    mapping: &crate::idmap::IdMapping,
) -> Result<oci::Spec, oci_spec::OciSpecError> {
    let namespace = |kind| oci::LinuxNamespaceBuilder::default().typ(kind).build();
    let mut namespaces = vec![
        namespace(oci::LinuxNamespaceType::User)?,
        namespace(oci::LinuxNamespaceType::Mount)?,
        namespace(oci::LinuxNamespaceType::Pid)?,
        namespace(oci::LinuxNamespaceType::Ipc)?,
        namespace(oci::LinuxNamespaceType::Uts)?,
        namespace(oci::LinuxNamespaceType::Cgroup)?,
    ];
    if plan.own_network {
        namespaces.push(namespace(oci::LinuxNamespaceType::Network)?);
    }
    let ranges = |ranges: &[crate::idmap::IdRange]| {
        ranges
            .iter()
            .map(|r| {
                oci::LinuxIdMappingBuilder::default()
                    .container_id(r.inside)
                    .host_id(r.outside)
                    .size(r.count)
                    .build()
            })
            .collect::<Result<Vec<_>, _>>()
    };
    let (uids, gids) = match mapping {
        crate::idmap::IdMapping::Full { uids, gids } => (ranges(uids)?, ranges(gids)?),
        crate::idmap::IdMapping::Single { uid, gid } => {
            let one = |id: u32| {
                [crate::idmap::IdRange {
                    inside: id,
                    outside: id,
                    count: 1,
                }]
            };
            (ranges(&one(*uid))?, ranges(&one(*gid))?)
        }
    };
    let kept: oci::Capabilities = CAPABILITIES
        .iter()
        .filter(|(number, _)| plan.capabilities & (1 << number) != 0)
        .map(|(_, capability)| *capability)
        .collect();
    let capabilities = oci::LinuxCapabilitiesBuilder::default()
        .bounding(kept.clone())
        .effective(kept.clone())
        .permitted(kept)
        .inheritable(oci::Capabilities::default())
        .ambient(oci::Capabilities::default())
        .build()?;
    let process = oci::ProcessBuilder::default()
        .args(vec!["kennel".to_owned(), "init".to_owned()])
        .cwd("/")
        .capabilities(capabilities)
        .no_new_privileges(plan.privilege == Privilege::None)
        .build()?;
    let mounts = plan
        .binds
        .iter()
        .map(|bind| {
            let access = if bind.read_only { "ro" } else { "rw" };
            oci::MountBuilder::default()
                .destination(&bind.target)
                .source(&bind.source)
                .typ("bind")
                .options(vec!["rbind".to_owned(), access.to_owned()])
                .build()
        })
        .collect::<Result<Vec<_>, _>>()?;
    let linux = oci::LinuxBuilder::default()
        .namespaces(namespaces)
        .uid_mappings(uids)
        .gid_mappings(gids)
        .build()?;
    oci::SpecBuilder::default()
        .version("1.2.0")
        .hostname(plan.hostname.clone())
        .root(
            oci::RootBuilder::default()
                .path("rootfs")
                .readonly(false)
                .build()?,
        )
        .process(process)
        .mounts(mounts)
        .linux(linux)
        .build()
}
