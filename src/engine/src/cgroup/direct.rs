//! A pet's group by hand, where a part of the tree is the person's without systemd.

use std::fs;
use std::io;
use std::path::Path;

use kennel_model::{Limits, PetId};

use super::{Group, give_controllers, write};

/// Microseconds over which processor time is counted out; systemd's and the kernel's own choice.
const PERIOD: u64 = 100_000;

/// Makes the group of the pet `id` below `delegated` and moves `keeper` to the one of keepers.
pub fn make(delegated: &Path, id: &PetId, limits: &Limits, keeper: i32) -> io::Result<Group> {
    let all = delegated.join("kennel");
    let keepers = all.join("keepers");
    let group = Group {
        path: all.join(id.as_str()),
        systemd: false,
    };
    fs::create_dir_all(&keepers)?;
    write(&keepers.join("cgroup.procs"), &keeper.to_string())?;
    give_controllers(delegated);
    give_controllers(&all);
    // Of an earlier run, when the last of its processes took long to end.
    remove(&group);
    fs::create_dir_all(&group.path)?;
    limit(&group, limits)?;
    Ok(group)
}

/// Holds `group` to `limits`. A controller that it does not have is missed when it is read back.
pub fn limit(group: &Group, limits: &Limits) -> io::Result<()> {
    for (file, value) in values(limits) {
        match write(&group.path.join(file), &value) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
    }
    Ok(())
}

/// Takes away what [`make`] made for a pet that has ended. One with a process in it stays.
pub fn remove(group: &Group) {
    let _ = fs::remove_dir(group.inner());
    let _ = fs::remove_dir(&group.path);
}

/// What the kernel's files are to say (cgroup-v2.rst, “Interface Files”).
fn values(limits: &Limits) -> [(&'static str, String); 5] {
    let or_max = |limit: Option<u64>| limit.map_or_else(|| "max".to_owned(), |n| n.to_string());
    let quota = limits.cpu_millis.map(|millis| millis * PERIOD / 1000);
    [
        ("cpu.max", format!("{} {PERIOD}", or_max(quota))),
        ("cpu.weight", limits.cpu_weight.unwrap_or(100).to_string()),
        ("memory.max", or_max(limits.memory)),
        ("memory.swap.max", or_max(limits.swap)),
        ("pids.max", or_max(limits.pids)),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_are_written_as_the_kernel_reads_them() {
        let limits = Limits {
            cpu_millis: Some(1500),
            memory: Some(1 << 30),
            pids: Some(100),
            ..Limits::default()
        };
        assert_eq!(
            values(&limits),
            [
                ("cpu.max", "150000 100000".to_owned()),
                ("cpu.weight", "100".to_owned()),
                ("memory.max", "1073741824".to_owned()),
                ("memory.swap.max", "max".to_owned()),
                ("pids.max", "100".to_owned()),
            ]
        );
    }
}
