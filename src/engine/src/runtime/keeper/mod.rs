//! The keeper: one small host-side process beside each running pet. It makes the namespaces,
//! keeps the pet's name resolution like the host's, waits for PID 1, tells the person when the pet
//! eats the machine, and records the end. If it dies the pet goes on.
//!
//! [`start()`] begins, [`wait`] is the loop of the rest of its life. What it may wake up for is
//! listed there. It has one thread and little memory, and looks at the pet every ten seconds.

mod alerts;
mod disk;
mod notices;
mod settings;
mod start;
mod wait;

use std::fs::File;
use std::os::fd::OwnedFd;
use std::path::{Path, PathBuf};

use kennel_model::{AlertKind, PetSpec, Phrase};

use super::followed::Followed;
use super::network::Uplink;
use super::place::Place;
use super::plan::RuntimePlan;
use crate::account::Account;
use crate::bridge::door::Door;
use crate::cgroup::out_of_memory;
use crate::config::Places;
use crate::idmap::IdMapping;

pub use wait::ending;

pub use start::{detach, link_name, start};

/// What the keeper needs to know.
pub struct KeeperInput<'a> {
    /// The pet.
    pub spec: &'a PetSpec,
    /// Its plan.
    pub plan: &'a RuntimePlan,
    /// The person.
    pub account: &'a Account,
    /// Their mapping.
    pub mapping: &'a IdMapping,
    /// Unpacked layers, topmost first.
    pub layers: Vec<PathBuf>,
    /// The pet's directory.
    pub directory: PathBuf,
    /// The directory of all running pets.
    pub runtime: PathBuf,
    /// The pet's own directory there.
    pub running: PathBuf,
    /// Where the person's and their company's configuration is.
    pub config: Places,
    /// The `kennel` executable.
    pub executable: PathBuf,
}

/// A pet whose PID 1 runs.
pub struct Kept {
    pid: i32,
    pidfd: OwnedFd,
    running: PathBuf,
    followed: Followed,
    console: File,
    uplink: Uplink,
    place: Option<Place>,
    mapping: IdMapping,
    memory: Option<out_of_memory::Watch>,
    door: Option<Door>,
    alerts: alerts::Alerts,
}

/// What the keeper has to write into the pet's log.
#[derive(Debug, Clone, Copy)]
pub enum Entry<'a> {
    /// What PID 1 says.
    Console(&'a str),
    /// Something in the pet was killed for want of memory.
    OutOfMemory(&'a Phrase),
    /// The person is told of this.
    Alert(AlertKind, &'a Phrase),
    /// It is over.
    AlertOver(AlertKind, &'a Phrase),
    /// Why the settings of alerts are not taken; those before hold on.
    AlertSettings(&'a Phrase),
}

/// The file in the pet's running directory with the alerts that stand, a list of
/// [`kennel_model::Alert`].
pub fn alerts_file(running: &Path) -> PathBuf {
    running.join("alerts.json")
}

/// The file in the pet's running directory by which its keeper knows that its end was asked for.
pub fn stop_mark(running: &Path) -> PathBuf {
    running.join("stopping")
}
