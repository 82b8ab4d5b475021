//! What holds a pet, read back from the kernel: never what was wished, only what is.

use std::fs;

use kennel_model::{NetworkMode, PetId, PetName, PetSpec, PetState};
use serde::Serialize;

use super::limits::{self, LimitStatus, Usage};
use super::reachable::{Reachable, reachable};
use super::{Kennel, KennelError};
use crate::idmap::IdRange;
use crate::lsm::{self, label::Label};
use crate::runtime::network;
use crate::runtime::state::RunningState;

/// `kennel status NAME --json`. Stable.
#[derive(Debug, Clone, Serialize)]
pub struct PetStatus {
    /// Its id.
    pub id: PetId,
    /// Its name.
    pub name: PetName,
    /// What it is doing.
    pub state: PetState,
    /// What confines its PID 1; `null` when it does not run.
    pub security: Option<Security>,
    /// Wanted and enforced limits.
    pub limits: LimitStatus,
    /// What it uses now; `null` when it does not run.
    pub usage: Option<Usage>,
    /// Its network.
    pub network: NetworkStatus,
    /// What of this computer it can reach.
    pub reachable: Vec<Reachable>,
}

/// The network of a pet.
#[derive(Debug, Clone, Serialize)]
pub struct NetworkStatus {
    /// `host`, `private` or `none`.
    pub mode: NetworkMode,
    /// Why its own network is not connected, where it should be.
    pub problem: Option<String>,
}

/// What confines a running pet.
#[derive(Debug, Clone, Serialize)]
pub struct Security {
    /// SELinux.
    pub selinux: Selinux,
    /// AppArmor profile of PID 1, or `null` where AppArmor is not on.
    pub apparmor: Option<String>,
    /// The user namespace.
    pub userns: UserNamespace,
    /// `filter` when system calls are filtered, else `disabled` or `strict` (proc_pid_status(5)).
    pub seccomp: String,
    /// Whether no program inside can gain privileges.
    pub no_new_privs: bool,
    /// The capability bounding set, by name.
    pub capabilities: Vec<String>,
}

/// SELinux on this computer and its label of the pet.
#[derive(Debug, Clone, Serialize)]
pub struct Selinux {
    /// `enforcing`, `permissive` or `disabled`.
    pub mode: &'static str,
    /// The label of PID 1, where there is one.
    pub label: Option<String>,
    /// Whether that is the label of containers, instead of the person's own.
    pub container: bool,
}

/// The pet's user namespace.
#[derive(Debug, Clone, Serialize)]
pub struct UserNamespace {
    /// User ids: first inside, first outside, how many (user_namespaces(7)).
    pub uids: Vec<IdRange>,
    /// Who root inside is outside; `null` where no root is mapped.
    pub root_is: Option<u32>,
}

impl Kennel {
    /// The status of `spec` now.
    pub fn status(&self, spec: &PetSpec) -> Result<PetStatus, KennelError> {
        let running = self.running(spec)?;
        Ok(PetStatus {
            id: spec.id.clone(),
            name: spec.name.clone(),
            state: self.summary(spec).state,
            security: running.as_ref().and_then(security),
            limits: limits::status(spec.limits, running.as_ref()),
            usage: running.as_ref().map(limits::usage),
            network: NetworkStatus {
                mode: spec.network,
                problem: network::problem(&self.paths.running(&spec.id)),
            },
            reachable: reachable(spec, self.shares(&spec.shares)),
        })
    }
}

/// `None` when PID 1 ended meanwhile.
fn security(state: &RunningState) -> Option<Security> {
    let pid = &state.init.pid.to_string();
    let status = fs::read_to_string(format!("/proc/{pid}/status")).ok()?;
    let field = |name: &str| {
        let line = status.lines().find_map(|line| line.strip_prefix(name))?;
        Some(line.trim_start_matches(':').trim())
    };
    let mode = match field("Seccomp")? {
        "0" => "disabled",
        "1" => "strict",
        _ => "filter",
    };
    let bounding = u64::from_str_radix(field("CapBnd")?, 16).ok()?;
    let uids = id_ranges(&fs::read_to_string(format!("/proc/{pid}/uid_map")).ok()?);
    Some(Security {
        selinux: selinux(pid),
        apparmor: apparmor(pid),
        userns: UserNamespace {
            root_is: uids
                .iter()
                .find(|range| range.inside == 0)
                .map(|range| range.outside),
            uids,
        },
        seccomp: mode.to_owned(),
        no_new_privs: field("NoNewPrivs")? == "1",
        capabilities: capability_names(bounding),
    })
}

fn selinux(pid: &str) -> Selinux {
    let (mode, label) = match lsm::selinux_enforcing() {
        Some(true) => ("enforcing", lsm::selinux_label(pid)),
        Some(false) => ("permissive", lsm::selinux_label(pid)),
        None => ("disabled", None),
    };
    let parsed = label.as_deref().map(str::parse::<Label>);
    Selinux {
        mode,
        container: matches!(parsed, Some(Ok(label)) if label.is_container()),
        label,
    }
}

fn apparmor(pid: &str) -> Option<String> {
    lsm::apparmor_enabled()
        .then(|| lsm::apparmor_profile(pid))
        .flatten()
}

fn id_ranges(map: &str) -> Vec<IdRange> {
    map.lines()
        .filter_map(|line| {
            let mut numbers = line.split_whitespace().map(str::parse);
            let mut next = || numbers.next()?.ok();
            Some(IdRange {
                inside: next()?,
                outside: next()?,
                count: next()?,
            })
        })
        .collect()
}

/// capabilities(7), by number.
const CAPABILITY_NAMES: [&str; 41] = [
    "CHOWN",
    "DAC_OVERRIDE",
    "DAC_READ_SEARCH",
    "FOWNER",
    "FSETID",
    "KILL",
    "SETGID",
    "SETUID",
    "SETPCAP",
    "LINUX_IMMUTABLE",
    "NET_BIND_SERVICE",
    "NET_BROADCAST",
    "NET_ADMIN",
    "NET_RAW",
    "IPC_LOCK",
    "IPC_OWNER",
    "SYS_MODULE",
    "SYS_RAWIO",
    "SYS_CHROOT",
    "SYS_PTRACE",
    "SYS_PACCT",
    "SYS_ADMIN",
    "SYS_BOOT",
    "SYS_NICE",
    "SYS_RESOURCE",
    "SYS_TIME",
    "SYS_TTY_CONFIG",
    "MKNOD",
    "LEASE",
    "AUDIT_WRITE",
    "AUDIT_CONTROL",
    "SETFCAP",
    "MAC_OVERRIDE",
    "MAC_ADMIN",
    "SYSLOG",
    "WAKE_ALARM",
    "BLOCK_SUSPEND",
    "AUDIT_READ",
    "PERFMON",
    "BPF",
    "CHECKPOINT_RESTORE",
];

fn capability_names(bits: u64) -> Vec<String> {
    CAPABILITY_NAMES
        .iter()
        .enumerate()
        .filter(|(number, _)| bits & (1 << number) != 0)
        .map(|(_, name)| format!("CAP_{name}"))
        .collect()
}
