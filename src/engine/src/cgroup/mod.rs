//! The control group of a running pet (cgroups(7)): what its processes may use together, and what
//! they do use.
//!
//! [`detect`] decides how a group is to be had on this computer. [`systemd`] asks the person's
//! systemd for one, [`direct`] makes one where a part of the tree is the person's without systemd.
//! [`place`] does either for a pet that starts, [`join`] for what enters it later, [`commands`] for what it
//! has run on the host. [`read`] reads
//! back what the kernel holds the pet to, [`watch`] does so again and again, and [`out_of_memory`]
//! watches for kills. Where there is no
//! group, [`Unavailable`] says why, and pets run all the same.
//!
//! A group has two levels: the limits are on the outer one, and the processes are in [`INNER`],
//! which is the root of the pet's own view of the tree. So nothing inside can reach its limits, and
//! an init of the image finds an empty tree that it may divide (a group with processes of its own
//! cannot have divided ones: “no internal processes”).

pub mod commands;
pub mod detect;
pub mod direct;
pub mod join;
pub mod out_of_memory;
pub mod place;
pub mod read;
pub mod systemd;
mod unavailable;
pub mod watch;

use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use kennel_model::PetId;
use serde::{Deserialize, Serialize};

pub use unavailable::{Controller, Unavailable};

/// Where the kernel shows the tree.
pub const ROOT: &str = "/sys/fs/cgroup";

/// The group of the pet's processes, below the one with its limits.
pub const INNER: &str = "pet";

/// A running pet's group.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Group {
    /// The one with the limits, below [`ROOT`].
    pub path: PathBuf,
    /// Whether it is a unit of the person's systemd, which then sets its limits.
    pub systemd: bool,
}

impl Group {
    /// Where its processes are.
    pub fn inner(&self) -> PathBuf {
        self.path.join(INNER)
    }
}

/// The systemd unit of the pet `id`.
pub fn unit(id: &PetId) -> String {
    format!("kennel-{id}.scope")
}

/// The systemd unit of its keeper: beside the pet's, so that its limits do not throttle the keeper.
pub fn keeper_unit(id: &PetId) -> String {
    format!("kennel-{id}-keeper.scope")
}

/// The systemd unit of the commands that it has run on the host: they are held to nothing, and may
/// outlive it.
pub fn commands_unit(id: &PetId) -> String {
    format!("kennel-{id}-commands.scope")
}

/// The group that process `pid` is in, below [`ROOT`]. In a tree of version 1 alone there is none.
pub fn of_process(pid: &str) -> io::Result<PathBuf> {
    let text = fs::read_to_string(format!("/proc/{pid}/cgroup"))?;
    let path = text.lines().find_map(|line| line.strip_prefix("0::/"));
    path.map(|path| Path::new(ROOT).join(path))
        .ok_or_else(|| io::Error::from(io::ErrorKind::NotFound))
}

/// Makes the inner group of `group`, moves `pid` there and gives it what controllers there are.
fn move_inside(group: &Group, pid: i32) -> io::Result<()> {
    let inner = group.inner();
    match fs::create_dir(&inner) {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => return Err(error),
        _ => {}
    }
    write(&inner.join("cgroup.procs"), &pid.to_string())?;
    give_controllers(&group.path);
    Ok(())
}

/// Writes to a file of the kernel's. Where there is none it is not made: that would be refused for
/// another reason than that it is missing.
fn write(path: &Path, text: &str) -> io::Result<()> {
    fs::OpenOptions::new()
        .write(true)
        .open(path)?
        .write_all(text.as_bytes())
}

/// Lets the groups below `path` have each controller that it has itself. One that the kernel keeps
/// back is missed when it is read back.
fn give_controllers(path: &Path) {
    for controller in Controller::ALL {
        let word = format!("+{}", controller.as_str());
        let _ = write(&path.join("cgroup.subtree_control"), &word);
    }
}
