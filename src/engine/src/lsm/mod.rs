//! The security modules of this computer, as the kernel tells of them.

pub mod files;
pub mod label;
pub mod policy;
pub mod relabel;

use std::fs;

use label::Label;

/// Whether SELinux forbids (`true`) or only reports; `None` where it is off.
pub fn selinux_enforcing() -> Option<bool> {
    let enforce = fs::read_to_string("/sys/fs/selinux/enforce").ok()?;
    Some(enforce.trim() == "1")
}

/// The SELinux label of process `pid`, a number or `self`.
pub fn selinux_label(pid: &str) -> Option<String> {
    attribute(&format!("/proc/{pid}/attr/current"))
}

/// The SELinux label of this process; `None` where SELinux is off.
pub fn own_label() -> Option<Label> {
    selinux_enforcing()?;
    selinux_label("self")?.parse().ok()
}

/// Whether AppArmor is on.
pub fn apparmor_enabled() -> bool {
    fs::read_to_string("/sys/module/apparmor/parameters/enabled")
        .is_ok_and(|enabled| enabled.trim() == "Y")
}

/// The AppArmor profile of process `pid`.
pub fn apparmor_profile(pid: &str) -> Option<String> {
    attribute(&format!("/proc/{pid}/attr/apparmor/current"))
}

fn attribute(path: &str) -> Option<String> {
    let text = fs::read_to_string(path).ok()?;
    let text = text.trim_end_matches(['\0', '\n']);
    (!text.is_empty()).then(|| text.to_owned())
}

/// The name of the policy that SELinux was started with: `SELINUXTYPE` of selinux_config(5).
pub fn selinux_policy() -> Option<String> {
    let config = fs::read_to_string("/etc/selinux/config").ok()?;
    let name = config
        .lines()
        .find_map(|line| line.trim().strip_prefix("SELINUXTYPE="))?;
    Some(name.trim().to_owned()).filter(|name| !name.is_empty())
}
