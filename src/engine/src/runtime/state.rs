//! The running state of a pet: one small file that `enter` reads and nothing else.

use std::fs;
use std::io;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use kennel_model::{PetId, PetName};
use serde::{Deserialize, Serialize};

/// The version of `state.json`.
const VERSION: u32 = 1;

/// `$XDG_RUNTIME_DIR/kennel/<id>/state.json`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunningState {
    /// Format version.
    pub version: u32,
    /// The pet.
    pub id: PetId,
    /// Its name when it started.
    pub name: PetName,
    /// PID 1's pid on the host.
    pub pid: i32,
    /// Its start time in clock ticks since boot (proc_pid_stat(5), field 22).
    pub start_time: u64,
    /// The boot this state belongs to.
    pub boot_id: String,
    /// Inode of its user namespace.
    pub user_namespace: u64,
    /// The keeper's pid.
    pub keeper: i32,
    /// CLONE_NEW* flags of the namespaces the pet owns.
    pub namespaces: i32,
    /// Whether other users than the person exist inside.
    pub full_mapping: bool,
    /// Bounding set of entered processes.
    pub capabilities: u64,
    /// Whether programs inside may gain privileges.
    pub sudo: bool,
    /// The person inside.
    pub uid: u32,
    /// Their primary group.
    pub gid: u32,
    /// Their groups inside.
    pub groups: Vec<u32>,
    /// Their home inside.
    pub home: PathBuf,
    /// Their login shell inside.
    pub shell: PathBuf,
    /// Their name.
    pub user: String,
    /// The environment the pet gives every command.
    pub env: Vec<(String, String)>,
    /// Variables of the caller that are let through because a share makes them useful.
    pub pass_env: Vec<String>,
}

impl RunningState {
    /// The current format version.
    pub const fn version() -> u32 {
        VERSION
    }

    /// The state in `directory`, if it is there, of this version, and its PID 1 still lives.
    pub fn read_live(directory: &Path) -> Option<Self> {
        let bytes = fs::read(directory.join("state.json")).ok()?;
        let state: Self = serde_json::from_slice(&bytes).ok()?;
        (state.version == VERSION && state.is_alive()).then_some(state)
    }

    /// Whether the recorded process is still the pet's PID 1: a pid alone may have been reused.
    pub fn is_alive(&self) -> bool {
        boot_id().is_ok_and(|id| id == self.boot_id)
            && start_time(self.pid).is_ok_and(|time| time == self.start_time)
            && user_namespace(self.pid).is_ok_and(|inode| inode == self.user_namespace)
    }

    /// Writes the state into `directory`, whole or not at all.
    pub fn write(&self, directory: &Path) -> io::Result<()> {
        let bytes = serde_json::to_vec(self)?;
        write_atomically(&directory.join("state.json"), &bytes)
    }
}

/// Replaces `path` by `bytes`: temp file, then rename.
pub fn write_atomically(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let directory = path.parent().unwrap_or(Path::new("/"));
    let file = tempfile::NamedTempFile::new_in(directory)?;
    io::Write::write_all(&mut file.as_file(), bytes)?;
    file.persist(path)?;
    Ok(())
}

/// This boot's id.
pub fn boot_id() -> io::Result<String> {
    Ok(fs::read_to_string("/proc/sys/kernel/random/boot_id")?
        .trim()
        .to_owned())
}

/// When process `pid` started, in clock ticks since boot. An error for a zombie: it is gone.
pub fn start_time(pid: i32) -> io::Result<u64> {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat"))?;
    // The command name may hold anything, even ") "; fields are counted from its last ")".
    let fields: Vec<&str> = stat.rsplit(") ").next().unwrap_or("").split(' ').collect();
    let gone = || io::Error::from(io::ErrorKind::NotFound);
    if matches!(fields.first(), Some(&"Z" | &"X") | None) {
        return Err(gone());
    }
    fields
        .get(19)
        .and_then(|field| field.parse().ok())
        .ok_or_else(gone)
}

/// The inode that identifies the user namespace of process `pid`.
pub fn user_namespace(pid: i32) -> io::Result<u64> {
    Ok(fs::metadata(format!("/proc/{pid}/ns/user"))?.ino())
}
