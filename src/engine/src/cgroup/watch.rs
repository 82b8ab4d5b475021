//! The files of a group that are read again and again, kept open.

use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt as _;

use kennel_model::PetSample;

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
        let amount = |file: &Option<File>| number(&text(file.as_ref()?).ok()?);
        let cpu = text(&self.cpu).ok()?;
        sample.cpu_micros = field(&cpu, "usage_usec")?;
        sample.throttling = throttling(&cpu);
        if !self.are_some_missing() {
            sample.memory = amount(&self.memory)?;
            sample.processes = amount(&self.tasks)?;
        }
        if let Some(file) = &self.io {
            sample.io = text(file).ok().map(|text| traffic(&text));
        }
        sample.cpu_limit = self
            .cpu_max
            .as_ref()
            .and_then(|file| millis(&text(file).ok()?));
        sample.memory_limit = amount(&self.memory_max);
        sample.process_limit = amount(&self.tasks_max);
        Some(())
    }
}

/// What is in the file now.
fn text(file: &File) -> io::Result<String> {
    let mut space = [0; LONGEST];
    let length = file.read_at(&mut space, 0)?;
    Ok(String::from_utf8_lossy(&space[..length]).into_owned())
}
