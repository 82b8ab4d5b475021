//! What is there: read from the kernel and the file system, with nothing decided yet.

use std::fs;
use std::path::Path;

use super::distribution::Distribution;
use super::probe::{self, Probe};
use crate::cgroup::Unavailable;
use crate::pets::Kennel;
use crate::programs::in_path;
use crate::terminals::{self, TERMINALS};
use crate::{bus_address, lsm};

/// SELinux as the kernel tells it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SelinuxFacts {
    /// `None` where it is off.
    pub enforcing: Option<bool>,
    /// The label of this process.
    pub label: String,
    /// Whether the policy knows `container_t`.
    pub has_container_type: bool,
}

/// Everything the checks decide from.
#[derive(Debug, Clone)]
pub struct Facts {
    /// Login name.
    pub person: String,
    /// Which distribution this is.
    pub distribution: Distribution,
    /// The kernel's release, such as `6.12.9`.
    pub kernel: String,
    /// What came of trying a namespace.
    pub namespace: Probe,
    /// Whether more than one id can be mapped.
    pub full_mapping: bool,
    /// Whether newuidmap and newgidmap are installed.
    pub has_uidmap: bool,
    /// `kernel.apparmor_restrict_unprivileged_userns` is on (Ubuntu 23.10 and later).
    pub apparmor_restricts: bool,
    /// AppArmor is on.
    pub apparmor: bool,
    /// SELinux.
    pub selinux: SelinuxFacts,
    /// Why limits cannot be had; `None` where they can.
    pub no_limits: Option<Unavailable>,
    /// Free bytes where pets are kept.
    pub free_bytes: Option<u64>,
    /// Whether files there can share blocks.
    pub reflink: Option<bool>,
    /// pasta is installed.
    pub pasta: bool,
    /// `/dev/net/tun` may be opened.
    pub tun: bool,
    /// The session bus' socket answers.
    pub session_bus: bool,
    /// A portal can be started.
    pub portals: bool,
    /// A terminal program, by name.
    pub terminal: Option<String>,
    /// Flatpak's session helper is installed.
    pub flatpak: bool,
}

impl Facts {
    /// Those of this computer, for this person.
    pub fn gather(kennel: &Kennel) -> Self {
        let data = &kennel.paths.data;
        Self {
            person: kennel.account.name.clone(),
            distribution: Distribution::detect(),
            kernel: rustix::system::uname()
                .release()
                .to_string_lossy()
                .into_owned(),
            namespace: probe::try_namespace(&kennel.mapping, data),
            full_mapping: kennel.mapping.is_full(),
            has_uidmap: in_path("newuidmap") && in_path("newgidmap"),
            apparmor_restricts: is_on("/proc/sys/kernel/apparmor_restrict_unprivileged_userns"),
            apparmor: lsm::apparmor_enabled(),
            selinux: selinux(),
            no_limits: crate::cgroup::detect::obstacle(),
            free_bytes: free_bytes(data),
            reflink: probe::shares_blocks(data),
            pasta: in_path("pasta"),
            tun: fs::File::options()
                .read(true)
                .write(true)
                .open("/dev/net/tun")
                .is_ok(),
            session_bus: session_bus(),
            portals: is_activatable("org.freedesktop.portal.Desktop"),
            terminal: TERMINALS
                .into_iter()
                .find(|(name, _)| terminals::find(name).is_some())
                .map(|(name, _)| name.to_owned()),
            flatpak: is_activatable("org.freedesktop.Flatpak"),
        }
    }
}

fn is_on(path: &str) -> bool {
    fs::read_to_string(path).is_ok_and(|text| matches!(text.trim(), "1" | "Y"))
}

fn selinux() -> SelinuxFacts {
    let enforcing = lsm::selinux_enforcing();
    if enforcing.is_none() {
        return SelinuxFacts::default();
    }
    SelinuxFacts {
        enforcing,
        label: lsm::selinux_label("self").unwrap_or_default(),
        has_container_type: knows_label("system_u:object_r:container_file_t:s0"),
    }
}

/// Asks the kernel whether a label is one of its policy (selinuxfs: `context`).
fn knows_label(label: &str) -> bool {
    fs::write("/sys/fs/selinux/context", label).is_ok()
}

fn free_bytes(directory: &Path) -> Option<u64> {
    let above = directory.ancestors().find(|path| path.is_dir())?;
    let status = rustix::fs::statvfs(above).ok()?;
    Some(status.f_bavail * status.f_frsize)
}

fn session_bus() -> bool {
    let address = std::env::var("DBUS_SESSION_BUS_ADDRESS").unwrap_or_default();
    bus_address::socket(&address)
        .is_some_and(|path| std::os::unix::net::UnixStream::connect(path).is_ok())
}

/// Whether the session bus would start a service of this name.
fn is_activatable(name: &str) -> bool {
    ["/usr/share", "/usr/local/share"].iter().any(|base| {
        Path::new(base)
            .join(format!("dbus-1/services/{name}.service"))
            .exists()
    })
}
