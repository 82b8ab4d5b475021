//! Limits as they were asked for and as the kernel holds them.

use serde::{Deserialize, Serialize};

use crate::Phrase;

/// Wanted and enforced limits.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LimitStatus {
    /// Thousandths of a core.
    pub cpu: Limit,
    /// Bytes.
    pub memory: Limit,
    /// Bytes of swap beside the memory.
    pub swap: Limit,
    /// Processes and threads.
    pub pids: Limit,
    /// Share of the processor, from 1 to 10 000; 100 is what everything has.
    pub cpu_weight: Limit,
    /// Whether the pet runs: nothing is held of one that does not.
    #[serde(default)]
    pub running: bool,
    /// Why there are no limits at all, and what to do; `null` where there can be.
    #[serde(flatten, with = "crate::phrase::field::unavailable")]
    pub unavailable: Option<Phrase>,
}

impl LimitStatus {
    /// The part of [`Self::unavailable`] that says why, without that there are none.
    pub const WHY: &str = "why";
}

/// One limit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Limit {
    /// What was asked for; `null` is no limit.
    pub wanted: Option<u64>,
    /// What the kernel holds it to; `null` is nothing.
    pub enforced: Option<u64>,
    /// Why the two differ.
    #[serde(flatten, with = "crate::phrase::field::reason")]
    pub reason: Option<Phrase>,
}

/// What there is to share: the ends of the scales of limits and usage.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Computer {
    /// Processor cores, at least 1.
    pub cores: u32,
    /// Bytes of memory.
    pub memory: u64,
    /// Bytes of swap space.
    pub swap: u64,
}

/// A pet's limits beside what this computer has.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PetLimits {
    /// Wanted and enforced.
    pub status: LimitStatus,
    /// What could be had.
    pub computer: Computer,
}
