//! The files of a group that are read again and again, kept open: [`GroupFiles`] for whoever looks at a
//! pet, [`Meter`] for its keeper.

use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt as _;

use kennel_model::{PetSample, Throttling};

use super::Group;
use super::read::{field, io as traffic, millis, number, throttling};

/// More than the kernel writes into any of them but `io.stat` of a computer with very many disks.
const LONGEST: usize = 8192;

/// What is read of a running pet.
#[derive(Debug)]
pub struct GroupFiles {
    cpu: File,
    memory: Option<File>,
    tasks: Option<File>,
    io: Option<File>,
    cpu_max: Option<File>,
    memory_max: Option<File>,
    tasks_max: Option<File>,
}

impl GroupFiles {
    /// Those of `group`; None when it is gone.
    pub fn open(group: &Group) -> Option<Self> {
        let file = |name: &str| File::open(group.path.join(name)).ok();
        Some(Self {
            cpu: file("cpu.stat")?,
            memory: file("memory.current"),
            tasks: file("pids.current"),
            io: file("io.stat"),
            cpu_max: file("cpu.max"),
            memory_max: file("memory.max"),
            tasks_max: file("pids.max"),
        })
    }

    /// Whether the group does not tell memory and processes, which then are those of /proc.
    pub fn are_some_missing(&self) -> bool {
        self.memory.is_none() || self.tasks.is_none()
    }

    /// Replaces in `sample` what the group tells; None when the pet has ended.
    pub fn read_into(&self, sample: &mut PetSample) -> Option<()> {
        let mut space = [0; LONGEST];
        let cpu = text(Some(&self.cpu), &mut space)?;
        sample.cpu_micros = field(cpu, "usage_usec")?;
        sample.throttling = throttling(cpu);
        let mut amount = |file: &Option<File>| text(file.as_ref(), &mut space).and_then(number);
        if !self.are_some_missing() {
            sample.memory = amount(&self.memory)?;
            sample.processes = amount(&self.tasks)?;
        }
        sample.memory_limit = amount(&self.memory_max);
        sample.process_limit = amount(&self.tasks_max);
        if let Some(file) = &self.io {
            sample.io = text(Some(file), &mut space).map(traffic);
        }
        sample.cpu_limit = text(self.cpu_max.as_ref(), &mut space).and_then(millis);
        Some(())
    }
}

/// What alerts are about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Load {
    /// Processor time since the start, in microseconds.
    pub cpu_micros: u64,
    /// How the processor limit held it back, where there is one.
    pub throttling: Option<Throttling>,
    /// The processor limit, in thousandths of a core.
    pub cpu_millis: Option<u64>,
    /// Bytes of memory that cannot simply be given back, and the limit, where there is one.
    pub memory: Option<(u64, u64)>,
}

/// Reads a group's load again and again: its files stay open, and nothing is allocated.
pub struct Meter {
    cpu_stat: File,
    cpu_max: Option<File>,
    memory_max: Option<File>,
    memory_current: Option<File>,
    memory_stat: Option<File>,
}

impl Meter {
    /// Of `group`, which is there.
    pub fn new(group: &Group) -> io::Result<Self> {
        let file = |name: &str| File::open(group.path.join(name));
        Ok(Self {
            cpu_stat: file("cpu.stat")?,
            cpu_max: file("cpu.max").ok(),
            memory_max: file("memory.max").ok(),
            memory_current: file("memory.current").ok(),
            memory_stat: file("memory.stat").ok(),
        })
    }

    /// Whether the kernel would hold the group to a limit on processor time.
    pub fn has_cpu_limits(&self) -> bool {
        self.cpu_max.is_some()
    }

    /// What it uses now; `None` when the pet has ended. Two small files, and two more of a pet with a
    /// memory limit.
    pub fn read(&self) -> Option<Load> {
        let mut space = [0; 4096];
        let limit = text(self.cpu_max.as_ref(), &mut space).and_then(millis);
        let cpu = text(Some(&self.cpu_stat), &mut space)?;
        let (cpu_micros, throttling) = (field(cpu, "usage_usec")?, throttling(cpu));
        Some(Load {
            cpu_micros,
            throttling,
            cpu_millis: limit,
            memory: self.memory(&mut space),
        })
    }

    fn memory(&self, space: &mut [u8]) -> Option<(u64, u64)> {
        let limit = number(text(self.memory_max.as_ref(), space)?)?;
        let used = number(text(self.memory_current.as_ref(), space)?)?;
        // Files that nothing has used for a while are dropped before anything is killed.
        let stat = text(self.memory_stat.as_ref(), space)?;
        let spare = field(stat, "inactive_file").unwrap_or(0);
        Some((used.saturating_sub(spare), limit))
    }
}

/// What `file` says now, as far as there is `space`.
fn text<'s>(file: Option<&File>, space: &'s mut [u8]) -> Option<&'s str> {
    let count = file?.read_at(space, 0).ok()?;
    std::str::from_utf8(&space[..count]).ok()
}
