//! A control group of the pet's own, for an image's init that keeps its services in groups
//! (systemd's container interface). A plain cgroup2 without any controller is enough.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use kennel_model::PetId;

use super::RuntimeError;
use crate::idmap::IdMapping;
use crate::stage::Stage;

/// The group; whoever made it removes it after the pet's end.
#[derive(Debug)]
pub struct Delegation {
    path: PathBuf,
}

impl Delegation {
    /// Makes a group for the pet `id` below the one that this process is in.
    pub fn make(id: &PetId) -> Result<Self, RuntimeError> {
        let mounts = fs::read_to_string("/proc/self/mountinfo").unwrap_or_default();
        let groups = fs::read_to_string("/proc/self/cgroup").unwrap_or_default();
        let own = own_group(&mounts, &groups)
            .into_iter()
            .find(|path| path.is_dir())
            .ok_or_else(|| RuntimeError::NoDelegation("this computer has no cgroup2".to_owned()))?;
        let path = own.join(format!("kennel-{id}"));
        match fs::create_dir(&path) {
            Ok(()) => {}
            // Left by a keeper that was killed; its processes are gone with the pet.
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            Err(error) => {
                let reason = format!("{}: {error}", own.display());
                return Err(RuntimeError::NoDelegation(reason));
            }
        }
        Ok(Self { path })
    }

    /// Moves process `pid` there.
    pub fn adopt(&self, pid: i32) -> Result<(), RuntimeError> {
        fs::write(self.path.join("cgroup.procs"), pid.to_string()).map_err(|error| {
            RuntimeError::NoDelegation(format!("{}: {error}", self.path.display()))
        })
    }

    /// Removes it with what the init made below, which belongs to root of the pet's mapping.
    pub fn remove(&self, mapping: &IdMapping) {
        remove(&self.path, mapping);
    }
}

/// Removes the group `path` with what root of the pet's `mapping` made below.
pub fn remove(path: &Path, mapping: &IdMapping) {
    match fs::remove_dir(path) {
        Ok(()) => return,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return,
        Err(_) => {}
    }
    // What stays is an empty group, which the next start takes again.
    if let Ok(stage) = Stage::spawn(mapping, "empty-group", &[path.as_os_str()], None) {
        let _ = stage.finish();
        let _ = fs::remove_dir(path);
    }
}

/// Removes the control groups below `path`; itself it is removed by the person, whose its parent is.
pub fn empty_group(path: &Path) -> io::Result<()> {
    for entry in fs::read_dir(path)?.flatten() {
        if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
            empty_group(&entry.path())?;
            fs::remove_dir(entry.path())?;
        }
    }
    Ok(())
}

/// Where this process's group may be in the file system, from mountinfo (proc_pid_mountinfo(5)) and
/// cgroups(7). A later mount hides an earlier one.
fn own_group(mounts: &str, groups: &str) -> Vec<PathBuf> {
    let Some(group) = groups.lines().find_map(|line| line.strip_prefix("0::")) else {
        return Vec::new();
    };
    let place = |line: &str| {
        let (mount, filesystem) = line.split_once(" - ")?;
        let mut fields = mount.split(' ').skip(3);
        let (root, place) = (fields.next()?, fields.next()?);
        let below = Path::new(group).strip_prefix(root).ok()?;
        let is_group = filesystem.split(' ').next() == Some("cgroup2");
        is_group.then(|| Path::new(place).join(below))
    };
    mounts.lines().rev().filter_map(place).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const UNIFIED: &str =
        "30 24 0:27 / /sys/fs/cgroup rw,nosuid shared:4 - cgroup2 cgroup2 rw,nsdelegate";

    #[test]
    fn the_group_is_found_in_every_layout() {
        let own = |mounts, groups| {
            let first = own_group(mounts, groups).into_iter().next();
            first.map(|path| path.display().to_string())
        };
        let scope = "0::/user.slice/user-1000.slice/app.scope\n";
        assert_eq!(
            own(UNIFIED, scope).as_deref(),
            Some("/sys/fs/cgroup/user.slice/user-1000.slice/app.scope")
        );
        let hybrid = "31 24 0:28 / /sys/fs/cgroup/pids rw - cgroup cgroup rw,pids\n\
                      32 24 0:29 / /sys/fs/cgroup/unified rw - cgroup2 cgroup2 rw";
        assert_eq!(
            own(hybrid, "5:pids:/x\n0::/mine\n").as_deref(),
            Some("/sys/fs/cgroup/unified/mine")
        );
        let part = "30 24 0:27 /user.slice /sys/fs/cgroup rw - cgroup2 cgroup2 rw";
        assert_eq!(
            own(part, "0::/user.slice/a").as_deref(),
            Some("/sys/fs/cgroup/a")
        );
        assert_eq!(own(part, "0::/system.slice/a"), None);
        assert_eq!(
            own("31 24 0:28 / /sys rw - cgroup cgroup rw", "5:pids:/x\n"),
            None
        );
    }
}
