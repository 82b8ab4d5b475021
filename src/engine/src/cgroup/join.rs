//! How a process that enters a running pet comes into its group.
//!
//! A process may be moved, or born, into a group when its user may write to that of the lowest
//! group around both (cgroup-v2.rst, “Delegation Containment”). Programs of the desktop lie with
//! the pets in the part of the tree that is the person's; a login by ssh or on a console does not:
//! from there only systemd moves it.

use std::fs;
use std::io;
use std::os::fd::OwnedFd;
use std::path::{Path, PathBuf};

use kennel_model::PetId;
use rustix::fs::{Access, Mode, OFlags};

use super::detect::{Facts, Way};
use super::systemd::{self, SystemdError};
use super::{Group, INNER, of_process, unit};

/// Why a process cannot come into the pet's group.
#[derive(Debug, thiserror::Error)]
pub enum JoinError {
    /// The tree cannot be read.
    #[error(transparent)]
    Io(#[from] io::Error),
    /// Nobody who could move it.
    #[error("it is in another part of the tree, and no systemd runs for you")]
    NoManager,
    /// systemd said no.
    #[error(transparent)]
    Systemd(#[from] SystemdError),
}

/// How the process comes into the group.
pub enum Entrance {
    /// A child of this process is born into this group (`CLONE_INTO_CGROUP`): that costs nothing,
    /// where moving a process waits for all processors.
    Born(OwnedFd),
    /// This process has been moved there; its children are there too.
    Moved,
}

/// The entrance into the `group` of the pet `id` whose PID 1 is `init`. Before any namespace is
/// joined: the tree is the host's.
pub fn entrance(group: &Group, id: &PetId, init: i32) -> Result<Entrance, JoinError> {
    let target = target(group, init)?;
    let own = of_process("self")?;
    let common = common(&own, &target).join("cgroup.procs");
    if rustix::fs::access(common, Access::WRITE_OK).is_ok() {
        let flags = OFlags::PATH | OFlags::DIRECTORY | OFlags::CLOEXEC;
        let opened = rustix::fs::open(&target, flags, Mode::empty());
        return Ok(Entrance::Born(opened.map_err(io::Error::from)?));
    }
    let Ok(Way::Systemd(bus)) = Facts::gather().way() else {
        return Err(JoinError::NoManager);
    };
    let below = target.strip_prefix(&group.path).unwrap_or(Path::new(INNER));
    let subgroup = Path::new("/").join(below);
    systemd::attach(
        &bus,
        &unit(id),
        &subgroup.to_string_lossy(),
        std::process::id(),
    )?;
    Ok(Entrance::Moved)
}

/// The inner group; or, once an init of the image has divided that, the init's own: a divided
/// group takes no process.
fn target(group: &Group, init: i32) -> io::Result<PathBuf> {
    let inner = group.inner();
    let divided = fs::read_to_string(inner.join("cgroup.subtree_control"))?;
    if divided.trim().is_empty() {
        return Ok(inner);
    }
    let own = of_process(&init.to_string())?;
    // What is inside decides where it is: not a step outside.
    if own.starts_with(&inner) {
        Ok(own)
    } else {
        Ok(inner)
    }
}

/// The lowest group around both.
fn common(one: &Path, other: &Path) -> PathBuf {
    one.components()
        .zip(other.components())
        .take_while(|(a, b)| a == b)
        .map(|(part, _)| part)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lowest_common_group_is_found() {
        let pet =
            Path::new("/sys/fs/cgroup/user.slice/user-1.slice/user@1.service/app.slice/k/pet");
        let from = |own: &str| common(Path::new(own), pet).display().to_string();
        assert_eq!(
            from("/sys/fs/cgroup/user.slice/user-1.slice/session-2.scope"),
            "/sys/fs/cgroup/user.slice/user-1.slice"
        );
        assert_eq!(
            from("/sys/fs/cgroup/user.slice/user-1.slice/user@1.service/app.slice/term.scope"),
            "/sys/fs/cgroup/user.slice/user-1.slice/user@1.service/app.slice"
        );
        assert_eq!(from(&pet.display().to_string()), pet.display().to_string());
    }
}
