//! What pets use: what the kernel has counted at one moment, and what follows from two moments.

use serde::{Deserialize, Serialize};

use crate::{Computer, PetId};

/// How often running pets are looked at while somebody watches, in microseconds.
pub const SAMPLE_INTERVAL_MICROS: u64 = 2_000_000;

/// Two samples further apart than this many intervals have a suspended machine, or nobody who
/// watched, between them.
const GAP: u64 = 3;

/// All running pets at one moment: a line of `kennel job usage`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UsageSample {
    /// When: microseconds since the boot, the time asleep included (CLOCK_BOOTTIME).
    pub at_micros: u64,
    /// What they share.
    pub computer: Computer,
    /// A sample of each pet that runs.
    pub pets: Vec<PetSample>,
}

/// What the kernel has counted for one pet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PetSample {
    /// The pet.
    pub id: PetId,
    /// Processor time since its start, in microseconds.
    pub cpu_micros: u64,
    /// Bytes of memory. Without a control group what processes share is counted in each.
    pub memory: u64,
    /// Processes; with a control group their threads too.
    pub processes: u64,
    /// How the processor limit held it back, where there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub throttling: Option<Throttling>,
    /// Disk traffic, where the kernel tells it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub io: Option<Io>,
    /// The processor limit that holds, in thousandths of a core.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cpu_limit: Option<u64>,
    /// The memory limit that holds, in bytes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub memory_limit: Option<u64>,
    /// The limit of processes and threads that holds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub process_limit: Option<u64>,
}

/// How often the limit on processor time held a pet back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Throttling {
    /// Periods in which something ran.
    pub periods: u64,
    /// Those of them that ended early.
    pub throttled: u64,
    /// Microseconds in which it would have run.
    pub micros: u64,
}

/// Disk traffic.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Io {
    /// Bytes.
    pub read: u64,
    /// Bytes.
    pub written: u64,
}

/// What a pet did between two samples.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct UsageRate {
    /// Processor cores that it kept busy.
    pub cores: f64,
    /// The share of the time in which its limit held it back, from 0 to 1.
    pub held_back: Option<f64>,
    /// Bytes read in a second.
    pub read: Option<f64>,
    /// Bytes written in a second.
    pub written: Option<f64>,
}

/// What a pet did from `before` to `now`, each with its moment in microseconds. `None` when that
/// says nothing: too much time is between them, or a counter began anew.
pub fn usage_rate(before: (u64, &PetSample), now: (u64, &PetSample)) -> Option<UsageRate> {
    let micros = now.0.checked_sub(before.0).filter(|&micros| micros > 0)?;
    if micros > GAP * SAMPLE_INTERVAL_MICROS {
        return None;
    }
    let (before, now) = (before.1, now.1);
    let per_second = |first: u64, last: u64| {
        let difference = last.checked_sub(first)?;
        Some(difference as f64 * 1e6 / micros as f64)
    };
    let io = before.io.zip(now.io);
    Some(UsageRate {
        cores: per_second(before.cpu_micros, now.cpu_micros)? / 1e6,
        held_back: before
            .throttling
            .zip(now.throttling)
            .and_then(|(before, now)| held_back(before, now)),
        read: io.and_then(|(before, now)| per_second(before.read, now.read)),
        written: io.and_then(|(before, now)| per_second(before.written, now.written)),
    })
}

/// The share of the periods between the two that ended early.
fn held_back(before: Throttling, now: Throttling) -> Option<f64> {
    let periods = now.periods.checked_sub(before.periods)?;
    let throttled = now.throttled.checked_sub(before.throttled)?;
    // Nothing ran: nothing was held back.
    Some(throttled as f64 / periods.max(1) as f64)
}

/// The processes of a pet at one moment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PetProcesses {
    /// When: microseconds since the boot (CLOCK_BOOTTIME).
    pub at_micros: u64,
    /// All of them, by pid.
    pub processes: Vec<PetProcess>,
}

/// A process of a pet; pid and start time together are never another process's.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PetProcess {
    /// Its pid on this computer.
    pub pid: i32,
    /// When it started, in clock ticks since the boot (proc_pid_stat(5), field 22).
    pub start_time: u64,
    /// How long ago that was, in milliseconds.
    pub age_millis: u64,
    /// Its pid as the pet sees it.
    pub inside: i32,
    /// The program's name, safe to show.
    pub name: String,
    /// Its command line, safe to show; the name again where it has none.
    pub command: String,
    /// Who runs it inside: a name where it is known, else the user id.
    pub user: String,
    /// Processor time since its start, in milliseconds.
    pub cpu_millis: u64,
    /// Bytes of memory.
    pub memory: u64,
}

/// The pet's own place on the disk.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct PetDisk {
    /// Bytes that are its own: what it changed of its image, and its private home.
    pub own: u64,
    /// Bytes that are free on the same file system.
    pub free: u64,
}

impl PetProcesses {
    /// The processor cores that `process` has kept busy since `before` was read; over its whole
    /// life where `before` does not have it.
    pub fn cores(&self, before: Option<&Self>, process: &PetProcess) -> f64 {
        let known = before.and_then(|before| {
            let same =
                |it: &&PetProcess| it.pid == process.pid && it.start_time == process.start_time;
            let earlier = before.processes.iter().find(same)?;
            let micros = self.at_micros.checked_sub(before.at_micros)?;
            Some((earlier.cpu_millis, micros as f64 / 1000.0))
        });
        let (earlier, millis) = known.unwrap_or((0, process.age_millis as f64));
        let used = process.cpu_millis.saturating_sub(earlier) as f64;
        used / millis.max(1.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample(cpu_micros: u64) -> PetSample {
        PetSample {
            id: "00000000000000aa".parse().unwrap(),
            cpu_micros,
            memory: 0,
            processes: 1,
            throttling: None,
            io: None,
            cpu_limit: None,
            memory_limit: None,
            process_limit: None,
        }
    }

    #[test]
    fn a_rate_is_a_difference_over_its_time() {
        let (before, mut now) = (sample(1_000_000), sample(2_000_000));
        let rate = usage_rate((0, &before), (2_000_000, &now)).unwrap();
        assert_eq!((rate.cores, rate.held_back, rate.read), (0.5, None, None));
        let held = |periods, throttled| Throttling {
            periods,
            throttled,
            micros: 0,
        };
        let mut before = before;
        before.throttling = Some(held(100, 5));
        now.throttling = Some(held(120, 10));
        before.io = Some(Io::default());
        now.io = Some(Io {
            read: 4000,
            written: 0,
        });
        let rate = usage_rate((0, &before), (2_000_000, &now)).unwrap();
        assert_eq!(rate.held_back, Some(0.25));
        assert_eq!((rate.read, rate.written), (Some(2000.0), Some(0.0)));
    }

    #[test]
    fn a_sleep_or_a_counter_that_fell_says_nothing() {
        let (low, high) = (sample(10), sample(20));
        assert_eq!(usage_rate((0, &low), (6_000_001, &high)), None);
        assert_eq!(usage_rate((0, &high), (2_000_000, &low)), None);
        assert_eq!(usage_rate((5, &low), (5, &high)), None);
        assert!(usage_rate((0, &low), (6_000_000, &high)).is_some());
    }

    #[test]
    fn the_same_number_may_be_another_process() {
        let process = |start_time, cpu_millis| PetProcess {
            pid: 7,
            start_time,
            age_millis: 1000,
            inside: 2,
            name: "x".to_owned(),
            command: "x".to_owned(),
            user: "root".to_owned(),
            cpu_millis,
            memory: 0,
        };
        let at = |at_micros, process| PetProcesses {
            at_micros,
            processes: vec![process],
        };
        let before = at(0, process(1, 5000));
        let same = at(2_000_000, process(1, 6000));
        let percent = |cores: f64| (cores * 100.0).round() as u64;
        assert_eq!(percent(same.cores(Some(&before), &same.processes[0])), 50);
        let other = at(2_000_000, process(2, 250));
        assert_eq!(percent(other.cores(Some(&before), &other.processes[0])), 25);
    }
}
