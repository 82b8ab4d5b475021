//! The running state of a pet: one small file that `enter` reads and nothing else.

use std::fs;
use std::io;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use kennel_model::{PetId, PetName, Phrase, Ulimit, phrase};
use serde::{Deserialize, Serialize};

use super::container::StopSignal;
use super::followed::session::Session;
use super::privileges::Privileges;
use crate::cgroup::{Group, Unavailable};
use crate::files;
use crate::lsm::label::PetLabels;

/// The version of `state.json`.
const VERSION: u32 = 1;

/// The person as they are inside.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    /// Login name, the host's.
    pub name: String,
    /// User id, the host's.
    pub uid: u32,
    /// Primary group, the host's.
    pub gid: u32,
    /// Supplementary groups, the image's.
    pub groups: Vec<u32>,
    /// Home directory.
    pub home: PathBuf,
    /// Login shell at the start: the host's where the image has it.
    pub shell: PathBuf,
    /// Login shell on the host; an image that lacked it may have it by now.
    #[serde(default)]
    pub host_shell: PathBuf,
}

impl Person {
    /// The shell that the person would have if the image had it.
    pub fn wanted_shell(&self) -> &Path {
        if self.host_shell.as_os_str().is_empty() {
            &self.shell
        } else {
            &self.host_shell
        }
    }
}

/// Which process is the pet's PID 1. These fields never change their meaning, whatever the
/// version, so that any Kennel can tell whether a pet of another one runs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Init {
    /// Format version of the whole file.
    pub version: u32,
    /// PID 1's pid on the host.
    pub pid: i32,
    /// Its start time in clock ticks since boot (proc_pid_stat(5), field 22).
    pub start_time: u64,
    /// The boot this state belongs to.
    pub boot_id: String,
    /// Inode of its user namespace.
    pub user_namespace: u64,
}

/// `$XDG_RUNTIME_DIR/kennel/<id>/state.json`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunningState {
    /// Its PID 1.
    #[serde(flatten)]
    pub init: Init,
    /// The pet.
    pub id: PetId,
    /// Its name.
    pub name: PetName,
    /// Its running directory, where this file is.
    #[serde(default)]
    pub directory: PathBuf,
    /// The keeper's pid.
    pub keeper: i32,
    /// CLONE_NEW* flags of the namespaces the pet owns.
    pub namespaces: i32,
    /// Whether other users than the person exist inside.
    pub full_mapping: bool,
    /// How PID 1 is told to end, where it is the image's own init.
    #[serde(default)]
    pub image_init: Option<StopSignal>,
    /// Its own SELinux labels, where it does not run with the person's.
    #[serde(default)]
    pub labels: Option<PetLabels>,
    /// What entered processes may do.
    pub privileges: Privileges,
    /// The person inside.
    pub person: Person,
    /// Whether who enters keeps their groups of the host, instead of having the image's.
    #[serde(default)]
    pub host_groups: bool,
    /// What of the person's session is followed.
    #[serde(default)]
    pub session: Session,
    /// `$XDG_RUNTIME_DIR` inside.
    pub runtime_dir: PathBuf,
    /// Its control group, or why it has none.
    pub group: Result<Group, Unavailable>,
    /// Limits of each process.
    pub ulimits: Vec<Ulimit>,
    /// Where a shell begins when the caller's own directory is not in the pet.
    #[serde(default)]
    pub workdir: Option<PathBuf>,
    /// The environment the pet gives every command.
    pub environment: Vec<(String, String)>,
    /// Variables of the caller that are let through because a share makes them useful.
    pub passed_variables: Vec<String>,
}

/// The pet runs, but under another version of Kennel, whose state this one cannot read.
#[derive(Debug, thiserror::Error)]
#[error("{}", self.phrase())]
pub struct OtherVersion;

impl OtherVersion {
    /// It in words.
    pub fn phrase(&self) -> Phrase {
        phrase("the pet was started by another version of Kennel")
    }
}

impl Init {
    /// What identifies the living process `pid`.
    pub fn of(pid: i32) -> io::Result<Self> {
        Ok(Self {
            version: VERSION,
            pid,
            start_time: start_time(pid)?,
            boot_id: boot_id()?,
            user_namespace: user_namespace(pid)?,
        })
    }

    /// Whether the recorded process is still the pet's PID 1: a pid alone may have been reused.
    pub fn is_alive(&self) -> bool {
        boot_id().is_ok_and(|id| id == self.boot_id)
            && start_time(self.pid).is_ok_and(|time| time == self.start_time)
            && user_namespace(self.pid).is_ok_and(|inode| inode == self.user_namespace)
    }
}

impl RunningState {
    /// The state in `directory`, if its PID 1 still lives.
    pub fn read_live(directory: &Path) -> Result<Option<Self>, OtherVersion> {
        let Ok(bytes) = fs::read(directory.join("state.json")) else {
            return Ok(None);
        };
        match serde_json::from_slice::<Init>(&bytes) {
            Ok(init) if init.is_alive() => {
                let state = serde_json::from_slice(&bytes).ok();
                let known = state.filter(|_| init.version == VERSION);
                known.map(Some).ok_or(OtherVersion)
            }
            // Written whole or not at all: what does not read belongs to no living pet.
            _ => Ok(None),
        }
    }

    /// Writes the state into `directory`, whole or not at all.
    pub fn write(&self, directory: &Path) -> io::Result<()> {
        let bytes = serde_json::to_vec(self)?;
        files::replace(&directory.join("state.json"), &bytes)
    }
}

/// The link by which a running pet is found by its name, without looking at all pets:
/// `$XDG_RUNTIME_DIR/kennel/by-name/NAME`, to the pet's running directory.
pub fn name_link(runtime: &Path, name: &PetName) -> PathBuf {
    runtime.join("by-name").join(name.as_str())
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
