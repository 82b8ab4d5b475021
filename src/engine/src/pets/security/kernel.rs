//! What confines a running pet, as the kernel tells it of the pet's PID 1.

use std::fs;

use serde::Serialize;

use super::capabilities;
use crate::idmap::IdRange;
use crate::lsm::{self, label::Label};
use crate::runtime::state::RunningState;

/// What confines a running pet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
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
    /// Its namespaces.
    pub namespaces: Namespaces,
}

/// SELinux on this computer and its label of the pet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Selinux {
    /// What SELinux does.
    pub mode: SelinuxMode,
    /// The policy's name, such as `targeted`, where SELinux is on.
    pub policy: Option<String>,
    /// The label of PID 1, where there is one.
    pub label: Option<String>,
    /// Whether that is the label of containers, instead of the person's own.
    pub container: bool,
}

/// What SELinux does on this computer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum SelinuxMode {
    /// It refuses.
    Enforcing,
    /// It only writes down what it would refuse.
    Permissive,
    /// It is off.
    Disabled,
}

/// The pet's user namespace.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct UserNamespace {
    /// User ids: first inside, first outside, how many (user_namespaces(7)).
    pub uids: Vec<IdRange>,
    /// Who root inside is outside; `null` where no root is mapped.
    pub root_is: Option<u32>,
}

/// Which namespaces (namespaces(7)) are the pet's own, and which are ours too.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Namespaces {
    /// The kernel's words, such as `mnt`.
    pub private: Vec<String>,
    /// The kernel's words.
    pub shared: Vec<String>,
}

/// The namespaces that are looked at, by the kernel's words. That of time only moves clocks.
const NAMESPACES: [&str; 7] = ["user", "mnt", "pid", "ipc", "uts", "cgroup", "net"];

/// What confines the pet of `state` now; `None` when its PID 1 ended meanwhile.
pub fn read(state: &RunningState) -> Option<Security> {
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
    let uids = IdRange::read_map(&fs::read_to_string(format!("/proc/{pid}/uid_map")).ok()?);
    let root = uids.iter().find(|range| range.inside == 0);
    Some(Security {
        selinux: selinux(pid),
        apparmor: apparmor(pid),
        userns: UserNamespace {
            root_is: root.map(|range| range.outside),
            uids,
        },
        seccomp: mode.to_owned(),
        no_new_privs: field("NoNewPrivs")? == "1",
        capabilities: capabilities::names(bounding),
        namespaces: namespaces(pid),
    })
}

/// What SELinux does now.
pub fn selinux_mode() -> SelinuxMode {
    match lsm::selinux_enforcing() {
        Some(true) => SelinuxMode::Enforcing,
        Some(false) => SelinuxMode::Permissive,
        None => SelinuxMode::Disabled,
    }
}

fn selinux(pid: &str) -> Selinux {
    let mode = selinux_mode();
    let is_on = mode != SelinuxMode::Disabled;
    let label = is_on.then(|| lsm::selinux_label(pid)).flatten();
    let parsed = label.as_deref().map(str::parse::<Label>);
    Selinux {
        mode,
        policy: is_on.then(lsm::selinux_policy).flatten(),
        container: matches!(parsed, Some(Ok(label)) if label.is_container()),
        label,
    }
}

fn apparmor(pid: &str) -> Option<String> {
    lsm::apparmor_enabled()
        .then(|| lsm::apparmor_profile(pid))
        .flatten()
}

/// Compares with this process's own; one that cannot be compared is in neither list.
fn namespaces(pid: &str) -> Namespaces {
    let mut found = Namespaces::default();
    for word in NAMESPACES {
        let of = |pid: &str| fs::read_link(format!("/proc/{pid}/ns/{word}")).ok();
        match (of(pid), of("self")) {
            (Some(theirs), Some(ours)) if theirs == ours => found.shared.push(word.to_owned()),
            (Some(_), Some(_)) => found.private.push(word.to_owned()),
            _ => {}
        }
    }
    found
}
