//! What programs inside a pet may do: capabilities, sudo, system calls.

use kennel_model::{Confinement, Privilege};
use oci_spec::runtime::Capability;
use serde::{Deserialize, Serialize};

/// A pet's privileges, the same for PID 1 and every entered process.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Privileges {
    /// Whether programs may gain privileges (sudo).
    pub privilege: Privilege,
    /// The bounding set; bit n is capability n.
    pub capabilities: u64,
    /// Which system calls are refused.
    pub filter: Confinement,
}

/// Capabilities by number (capabilities(7)) of every pet with sudo: the container default of
/// the OCI world, and SYS_PTRACE so that debuggers work on one's own programs.
const CONTAINER: [(u8, Capability); 15] = [
    (0, Capability::Chown),
    (1, Capability::DacOverride),
    (3, Capability::Fowner),
    (4, Capability::Fsetid),
    (5, Capability::Kill),
    (6, Capability::Setgid),
    (7, Capability::Setuid),
    (8, Capability::Setpcap),
    (10, Capability::NetBindService),
    (13, Capability::NetRaw),
    (18, Capability::SysChroot),
    (19, Capability::SysPtrace),
    (27, Capability::Mknod),
    (29, Capability::AuditWrite),
    (31, Capability::Setfcap),
];

/// What the root of a lightly confined pet has besides, over the pet itself: mounts, nested containers,
/// priorities. It gives away nothing, since any program there may make a user namespace, in
/// which it has them all. Left out is what acts on the machine: modules, raw I/O, the clock,
/// reboot, audit, kernel log, MAC policy.
const LIGHT: [(u8, Capability); 9] = [
    (2, Capability::DacReadSearch),
    (9, Capability::LinuxImmutable),
    (12, Capability::NetAdmin),
    (14, Capability::IpcLock),
    (15, Capability::IpcOwner),
    (21, Capability::SysAdmin),
    (23, Capability::SysNice),
    (24, Capability::SysResource),
    (28, Capability::Lease),
];

impl Privileges {
    /// The privileges that come of the two rows of a pet.
    pub fn of(privilege: Privilege, confinement: Confinement) -> Self {
        let capabilities = match confinement {
            Confinement::Light => bits(&CONTAINER) | bits(&LIGHT),
            Confinement::Default => bits(&CONTAINER),
            Confinement::Strict => 0,
        };
        Self {
            privilege,
            capabilities,
            filter: confinement,
        }
    }

    /// The capabilities by name.
    pub fn named(&self) -> impl Iterator<Item = Capability> {
        let bits = self.capabilities;
        CONTAINER
            .into_iter()
            .chain(LIGHT)
            .filter(move |(number, _)| bits & (1 << number) != 0)
            .map(|(_, capability)| capability)
    }
}

fn bits(capabilities: &[(u8, Capability)]) -> u64 {
    capabilities
        .iter()
        .fold(0, |bits, (number, _)| bits | 1 << number)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with_sudo(confinement: Confinement) -> Vec<Capability> {
        Privileges::of(Privilege::Sudo, confinement)
            .named()
            .collect()
    }

    #[test]
    fn strict_leaves_nothing_and_the_default_cannot_mount() {
        assert!(with_sudo(Confinement::Strict).is_empty());
        let default = with_sudo(Confinement::Default);
        assert!(!default.contains(&Capability::SysAdmin));
        assert!(default.contains(&Capability::Setuid));
    }

    #[test]
    fn nobody_has_what_acts_on_the_machine() {
        for confinement in [
            Confinement::Light,
            Confinement::Default,
            Confinement::Strict,
        ] {
            for forbidden in [
                Capability::SysModule,
                Capability::SysRawio,
                Capability::SysTime,
                Capability::SysBoot,
                Capability::Syslog,
                Capability::MacAdmin,
            ] {
                assert!(!with_sudo(confinement).contains(&forbidden));
            }
        }
    }
}
