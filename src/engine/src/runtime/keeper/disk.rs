//! The disk that pets are kept on. All pets share it, so one keeper watches it for all: whoever holds
//! a lock, which the kernel gives to another one when it ends. The file says whether the person was
//! told, so that the next one does not tell again.

use std::fs::File;
use std::io::Read as _;
use std::os::unix::fs::FileExt as _;
use std::path::PathBuf;

use rustix::fs::{FlockOperation, flock, statvfs};

use super::KeeperInput;
use crate::alerts::Fill;

/// The lock, in the directory of all running pets.
const LOCK: &str = "disk-watch";

/// A disk fills slowly: it is looked at with each so many looks at the pet.
const SELDOM: u32 = 6;

/// One keeper's part in it.
pub struct Disk {
    looks: u32,
    on_it: PathBuf,
    lock: PathBuf,
    held: Option<File>,
}

/// What a look at it brought.
pub struct Look {
    /// How full it is, where this keeper watches it.
    pub fill: Option<Fill>,
    /// This keeper watches it since now; whether the person was told before.
    pub taken_over: Option<bool>,
}

impl Disk {
    /// The disk that the pet of `input` is on.
    pub fn new(input: &KeeperInput<'_>) -> Self {
        Self {
            looks: 0,
            on_it: input.directory.clone(),
            lock: input.runtime.join(LOCK),
            held: None,
        }
    }

    /// Looks at it, if this keeper's person wants that and no other keeper does it.
    pub fn look(&mut self, wanted: bool) -> Look {
        let mut taken_over = None;
        let due = self.looks.is_multiple_of(SELDOM);
        self.looks = self.looks.wrapping_add(1);
        if wanted && !due {
            return Look {
                fill: None,
                taken_over,
            };
        }
        if !wanted {
            self.held = None;
        } else if self.held.is_none() {
            self.held = self.take();
            taken_over = self.held.as_ref().map(was_told);
        }
        Look {
            fill: self.held.is_some().then(|| self.fill()).flatten(),
            taken_over,
        }
    }

    /// The person was told, or it is over.
    pub fn record(&self, told: bool) {
        if let Some(file) = &self.held {
            let _ = file.set_len(0);
            if told {
                let _ = file.write_at(b"told", 0);
            }
        }
    }

    fn take(&self) -> Option<File> {
        let file = File::options()
            .create(true)
            .truncate(false)
            .read(true)
            .write(true)
            .open(&self.lock)
            .ok()?;
        flock(&file, FlockOperation::NonBlockingLockExclusive).ok()?;
        Some(file)
    }

    /// As df(1) counts it: what is kept back for root is neither used nor free.
    fn fill(&self) -> Option<Fill> {
        let disk = statvfs(&self.on_it).ok()?;
        let used = disk.f_blocks.saturating_sub(disk.f_bfree) * disk.f_frsize;
        Some(Fill {
            used,
            whole: used + disk.f_bavail * disk.f_frsize,
        })
    }
}

fn was_told(mut file: &File) -> bool {
    let mut word = String::new();
    file.read_to_string(&mut word).is_ok() && word == "told"
}
