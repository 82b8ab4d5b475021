//! What a preset lets programs inside a pet do: capabilities, sudo, system calls.

use kennel_model::{Preset, Privilege};
use oci_spec::runtime::Capability;
use serde::{Deserialize, Serialize};

use super::syscall_filter::Strictness;

/// A pet's privileges, the same for PID 1 and every entered process.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Privileges {
    /// Whether programs may gain privileges (sudo).
    pub privilege: Privilege,
    /// The bounding set; bit n is capability n.
    pub capabilities: u64,
    /// Which system calls are refused.
    pub filter: Strictness,
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

/// What a comfortable pet's root has besides, over the pet itself: mounts, nested containers,
/// priorities. It gives away nothing, since any program there may make a user namespace, in
/// which it has them all. Left out is what acts on the machine: modules, raw I/O, the clock,
/// reboot, audit, kernel log, MAC policy.
const COMFORTABLE: [(u8, Capability); 9] = [
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
    /// The privileges of `preset`.
    pub fn of(preset: Preset) -> Self {
        let (capabilities, filter) = match preset {
            Preset::Comfortable => (
                bits(&CONTAINER) | bits(&COMFORTABLE),
                Strictness::NeverNeeded,
            ),
            Preset::Project => (bits(&CONTAINER), Strictness::ContainerDefault),
            Preset::Sealed => (0, Strictness::Strictest),
        };
        Self {
            privilege: preset.privilege(),
            capabilities,
            filter,
        }
    }

    /// The capabilities by name.
    pub fn named(&self) -> impl Iterator<Item = Capability> {
        let bits = self.capabilities;
        CONTAINER
            .into_iter()
            .chain(COMFORTABLE)
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

    #[test]
    fn sealed_has_nothing_and_project_cannot_mount() {
        assert_eq!(Privileges::of(Preset::Sealed).named().count(), 0);
        let project: Vec<Capability> = Privileges::of(Preset::Project).named().collect();
        assert!(!project.contains(&Capability::SysAdmin));
        assert!(project.contains(&Capability::Setuid));
    }

    #[test]
    fn no_preset_has_what_acts_on_the_machine() {
        for preset in Preset::ALL {
            for forbidden in [
                Capability::SysModule,
                Capability::SysRawio,
                Capability::SysTime,
                Capability::SysBoot,
                Capability::Syslog,
                Capability::MacAdmin,
            ] {
                assert!(Privileges::of(preset).named().all(|held| held != forbidden));
            }
        }
    }
}
