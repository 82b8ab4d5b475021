//! A look at all running pets, again and again.

use std::collections::{BTreeMap, HashSet};
use std::fs;
use std::os::fd::{AsFd as _, OwnedFd};
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};
use std::time::Duration;

use kennel_model::{Computer, PetId, PetSample, UsageSample};
use rustix::process::{Pid, PidfdFlags, pidfd_open};

use super::families::Families;
use super::tally::Tally;
use super::{computer, now_micros};
use crate::cgroup::watch::GroupFiles;
use crate::runtime::state::RunningState;
use crate::sys::process;

/// Looks at all pets that run, keeping open what is read each time.
#[derive(Debug)]
pub struct Sampler {
    runtime: PathBuf,
    computer: Computer,
    pets: BTreeMap<PetId, Watched>,
    families: Families,
    tally: Tally,
}

/// A pet that runs.
#[derive(Debug)]
struct Watched {
    /// Inode and time of its state file: a restart writes another one.
    stamp: (u64, i64, i64),
    init: OwnedFd,
    namespace: u64,
    group: Option<GroupFiles>,
}

impl Sampler {
    /// For the pets whose running state is below `runtime`.
    pub fn new(runtime: PathBuf) -> Self {
        Self {
            runtime,
            computer: computer(),
            pets: BTreeMap::new(),
            families: Families::default(),
            tally: Tally::default(),
        }
    }

    /// All pets as they are now.
    pub fn sample(&mut self) -> UsageSample {
        self.find_pets();
        let counted = |watched: &&Watched| {
            watched
                .group
                .as_ref()
                .is_none_or(GroupFiles::are_some_missing)
        };
        let without_group: HashSet<u64> = self
            .pets
            .values()
            .filter(counted)
            .map(|watched| watched.namespace)
            .collect();
        if !without_group.is_empty() {
            self.families.set_pets(without_group);
            self.tally.walk(&mut self.families);
        }
        UsageSample {
            at_micros: now_micros(),
            computer: self.computer,
            pets: self
                .pets
                .iter()
                .filter_map(|(id, watched)| self.look_at(id, watched))
                .collect(),
        }
    }

    /// None when it has just ended.
    fn look_at(&self, id: &PetId, watched: &Watched) -> Option<PetSample> {
        let sum = self.tally.of(watched.namespace);
        let mut sample = PetSample {
            id: id.clone(),
            cpu_micros: sum.cpu_micros,
            memory: sum.memory,
            processes: sum.processes,
            throttling: None,
            io: sum.io,
            cpu_limit: None,
            memory_limit: None,
            process_limit: None,
        };
        match &watched.group {
            Some(group) => group.read_into(&mut sample)?,
            None if sum.processes == 0 => return None,
            None => {}
        }
        Some(sample)
    }

    /// Keeps those that live, and adds what was started.
    fn find_pets(&mut self) {
        let mut before = std::mem::take(&mut self.pets);
        for entry in fs::read_dir(&self.runtime).into_iter().flatten().flatten() {
            let Some(id) = entry
                .file_name()
                .to_str()
                .and_then(|name| name.parse::<PetId>().ok())
            else {
                continue;
            };
            let directory = entry.path();
            let Some(stamp) = stamp(&directory) else {
                continue;
            };
            let known = before
                .remove(&id)
                .filter(|watched| watched.stamp == stamp && watched.lives());
            if let Some(watched) = known.or_else(|| Watched::open(&directory, stamp)) {
                self.pets.insert(id, watched);
            }
        }
    }
}

fn stamp(directory: &Path) -> Option<(u64, i64, i64)> {
    let file = fs::metadata(directory.join("state.json")).ok()?;
    Some((file.ino(), file.mtime(), file.mtime_nsec()))
}

impl Watched {
    fn open(directory: &Path, stamp: (u64, i64, i64)) -> Option<Self> {
        // A pet of another version of Kennel is not looked at.
        let first = RunningState::read_live(directory).ok()??;
        let init = pidfd_open(Pid::from_raw(first.init.pid)?, PidfdFlags::empty()).ok()?;
        // Verified after opening: the pidfd holds the very process, whatever happens to the number.
        first.init.is_alive().then(|| Self {
            stamp,
            init,
            namespace: first.init.user_namespace,
            group: first.group.as_ref().ok().and_then(GroupFiles::open),
        })
    }

    fn lives(&self) -> bool {
        !process::wait_for_end(self.init.as_fd(), Duration::ZERO).unwrap_or(true)
    }
}
