//! What a person is told about a pet that eats the machine, and from when on.

use serde::{Deserialize, Serialize};

/// What may be wrong with a pet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum AlertKind {
    /// It has used nearly all the processor time it may have for a while.
    Busy,
    /// It wants more processor time than its limit allows, and is made to wait.
    HeldBack,
    /// Its memory is nearly at its limit.
    MemoryNearLimit,
    /// A program in it was killed because it had used up its memory.
    OutOfMemory,
    /// The disk that pets are kept on is nearly full.
    DiskNearlyFull,
    /// It ended though nobody asked it to.
    Ended,
}

/// From when on a person is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct AlertThresholds {
    /// Whether they are told at all.
    pub enabled: bool,
    /// Processor time in percent of what the pet may have, 1 to 100.
    pub cpu_percent: u8,
    /// For how many seconds, 10 to 3600.
    pub cpu_seconds: u32,
    /// Memory in percent of the limit, 1 to 100.
    pub memory_percent: u8,
    /// Free room on the disk in percent, 0 to 50.
    pub disk_free_percent: u8,
}

impl Default for AlertThresholds {
    fn default() -> Self {
        Self {
            enabled: true,
            cpu_percent: 90,
            cpu_seconds: 60,
            memory_percent: 90,
            disk_free_percent: 5,
        }
    }
}
