//! Notices that the kernel killed something in a pet for want of memory, and what it was.
//!
//! The kernel counts kills and does not say of whom; its log is not a person's to read. But before
//! it kills it tries to free memory, and tells that as well: then the largest process is written
//! down, and after a kill it is looked who of those is gone.

use std::fs::{self, File};
use std::io;
use std::os::fd::{AsFd, BorrowedFd};
use std::os::unix::fs::FileExt as _;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use kennel_model::{Phrase, phrase, phrases};

use super::{Group, read};

/// A pet that works at its limit would tell so a hundred times a second.
const PAUSE: Duration = Duration::from_millis(200);

/// How many processes are remembered.
const SUSPECTS: usize = 4;

/// Watches one group.
pub struct Watch {
    group: PathBuf,
    events: File,
    kills: u64,
    suspects: Vec<Suspect>,
    paused_until: Option<Instant>,
}

/// A process that used much.
struct Suspect {
    pid: i32,
    name: String,
    memory: u64,
}

impl Watch {
    /// Watches `group`; an error where the pet has no memory controller.
    pub fn new(group: &Group) -> io::Result<Self> {
        let events = File::open(group.path.join("memory.events"))?;
        Self::quieten(&events);
        Ok(Self {
            events,
            group: group.path.clone(),
            kills: read::memory_kills(&group.path).unwrap_or(0),
            suspects: Vec::new(),
            paused_until: None,
        })
    }

    /// To be polled for `POLLPRI`, unless there is a [`Self::pause`].
    pub fn descriptor(&self) -> BorrowedFd<'_> {
        self.events.as_fd()
    }

    /// How long it need not be polled.
    pub fn pause(&self) -> Option<Duration> {
        let left = self.paused_until?.checked_duration_since(Instant::now())?;
        (!left.is_zero()).then_some(left)
    }

    /// Something happened, or the pause is over: who was killed, if somebody was, such as “tail was
    /// killed”.
    pub fn look(&mut self) -> Option<Phrase> {
        self.paused_until = Some(Instant::now() + PAUSE);
        Self::quieten(&self.events);
        let kills = read::memory_kills(&self.group).unwrap_or(self.kills);
        let new = kills.saturating_sub(self.kills);
        self.kills = kills;
        let killed = (new > 0).then(|| sentence(self.gone(), new));
        self.suspects = largest(&self.group);
        killed
    }

    /// poll(2) reports everything since the last read of this very descriptor, and the beginning too.
    fn quieten(events: &File) {
        let _ = events.read_at(&mut [0; 512], 0);
    }

    /// The largest of those that were there before and are not any more.
    fn gone(&self) -> Option<&str> {
        self.suspects
            .iter()
            .filter(|suspect| name(suspect.pid).as_deref() != Some(&suspect.name))
            .max_by_key(|suspect| suspect.memory)
            .map(|suspect| suspect.name.as_str())
    }
}

/// Who was killed: one of this name, and how many there were.
pub fn sentence(name: Option<&str>, kills: u64) -> Phrase {
    match name {
        Some(name) if kills == 1 => phrase("{name} was killed").with("name", name),
        Some(name) => phrases(
            "{name} and {count} more were killed",
            "{name} and {count} more were killed",
            kills - 1,
        )
        .with("name", name),
        None => phrases(
            "a process was killed",
            "{count} processes were killed",
            kills,
        ),
    }
}

/// The processes at and below `group` that use the most memory.
fn largest(group: &Path) -> Vec<Suspect> {
    let mut all = Vec::new();
    collect(group, &mut all);
    all.sort_unstable_by_key(|suspect| std::cmp::Reverse(suspect.memory));
    all.truncate(SUSPECTS);
    all
}

fn collect(group: &Path, into: &mut Vec<Suspect>) {
    let list = fs::read_to_string(group.join("cgroup.procs")).unwrap_or_default();
    into.extend(list.lines().filter_map(|pid| {
        let pid = pid.parse().ok()?;
        // proc_pid_statm(5): the second number is what is in RAM, in pages.
        let sizes = fs::read_to_string(format!("/proc/{pid}/statm")).ok()?;
        let memory = sizes.split(' ').nth(1)?.parse().ok()?;
        Some(Suspect {
            pid,
            name: name(pid)?,
            memory,
        })
    }));
    for entry in fs::read_dir(group).into_iter().flatten().flatten() {
        if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
            collect(&entry.path(), into);
        }
    }
}

/// The name of the living process `pid`; of one that was killed the memory is gone, whether it has
/// been waited for or not.
fn name(pid: i32) -> Option<String> {
    let sizes = fs::read_to_string(format!("/proc/{pid}/statm")).ok()?;
    if sizes.starts_with("0 ") {
        return None;
    }
    let name = fs::read_to_string(format!("/proc/{pid}/comm")).ok()?;
    Some(name.trim_end().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_kill_is_told_in_words() {
        assert_eq!(
            sentence(Some("python3"), 1).to_string(),
            "python3 was killed"
        );
        assert_eq!(sentence(None, 3).to_string(), "3 processes were killed");
    }

    #[test]
    fn a_process_that_is_gone_has_no_name() {
        assert!(name(std::process::id() as i32).is_some());
        assert_eq!(name(i32::MAX), None);
    }
}
