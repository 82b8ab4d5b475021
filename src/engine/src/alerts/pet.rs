//! All that is watched of one pet.

use std::time::Duration;

use kennel_model::{AlertKind, AlertThresholds};

use super::{CpuSample, CpuWatch, Fill, Level, Told, Turn};

/// How long the page of a pet says that something in it was killed.
const KILL_STANDS: Duration = Duration::from_secs(600);

/// How far memory must fall below its mark, in percent points.
const MEMORY_CALM: u32 = 10;
/// The same for the disk, whose percents are large.
const DISK_CALM: u32 = 2;

/// What was seen at one moment.
#[derive(Debug, Clone, Copy)]
pub struct Reading {
    /// When, on a clock that also counts while the machine sleeps (CLOCK_BOOTTIME).
    pub at: Duration,
    /// What the pet uses, where there is a control group to tell it.
    pub load: Option<Load>,
    /// The disk, where this one watches it.
    pub disk: Option<Fill>,
}

/// What a pet has used.
#[derive(Debug, Clone, Copy)]
pub struct Load {
    /// Processor time.
    pub used: Duration,
    /// Periods in which it wanted to run, where it has a limit.
    pub periods: u64,
    /// Those in which it had to wait.
    pub throttled: u64,
    /// How many processors it may use at a time.
    pub cores: f64,
    /// Memory of its limit, where it has one.
    pub memory: Option<Fill>,
}

/// Watches one pet.
#[derive(Debug)]
pub struct PetWatch {
    interval: Duration,
    enabled: bool,
    cpu: CpuWatch,
    memory: Level,
    disk: Level,
    killed: Option<Duration>,
    told: Told,
}

impl PetWatch {
    /// By `thresholds`, for readings that come every `interval`.
    pub fn new(thresholds: AlertThresholds, interval: Duration) -> Self {
        Self {
            interval,
            enabled: thresholds.enabled,
            cpu: CpuWatch::new(thresholds, interval),
            memory: Level::new(
                AlertKind::MemoryNearLimit,
                thresholds.memory_percent.get(),
                MEMORY_CALM,
            ),
            disk: Level::new(AlertKind::DiskNearlyFull, disk_mark(thresholds), DISK_CALM),
            killed: None,
            told: Told::default(),
        }
    }

    /// Other thresholds hold from now on.
    pub fn adopt(&mut self, thresholds: AlertThresholds) {
        if thresholds.enabled && !self.enabled {
            // What began meanwhile is news.
            *self = Self {
                told: std::mem::take(&mut self.told),
                ..Self::new(thresholds, self.interval)
            };
        }
        self.enabled = thresholds.enabled;
        self.cpu.adopt(thresholds);
        self.memory.set_mark(thresholds.memory_percent.get());
        self.disk.set_mark(disk_mark(thresholds));
    }

    /// Whether the person wants to be told of anything.
    pub fn is_enabled(&self) -> bool {
        self.enabled
    }

    /// The next look; what the person is told.
    pub fn feed(&mut self, reading: &Reading) -> Vec<Turn> {
        let mut turns = Vec::new();
        if let Some(load) = &reading.load {
            let sample = CpuSample {
                at: reading.at,
                used: load.used,
                periods: load.periods,
                throttled: load.throttled,
            };
            turns.extend(self.cpu.feed(sample, load.cores));
            // Without a limit any more there is nothing to be near to.
            let memory = load.memory.unwrap_or(Fill { used: 0, whole: 1 });
            turns.extend(self.memory.feed(memory));
        }
        turns.extend(reading.disk.and_then(|disk| self.disk.feed(disk)));
        if self
            .killed
            .is_some_and(|killed| reading.at >= killed + KILL_STANDS)
        {
            self.killed = None;
            turns.push(Turn::Cleared(AlertKind::OutOfMemory));
        }
        self.settle(turns, reading.at)
    }

    /// Something in it was killed for want of memory.
    pub fn killed(&mut self, at: Duration) -> Vec<Turn> {
        self.killed = Some(at);
        self.settle(vec![Turn::Raised(AlertKind::OutOfMemory)], at)
    }

    /// This one watches the disk from now on, after another that had told the person, or had not.
    pub fn take_over_disk(&mut self, told: bool) {
        self.disk.take_over(told);
        if told && self.enabled {
            self.told.take_over(AlertKind::DiskNearlyFull);
        }
    }

    fn settle(&mut self, turns: Vec<Turn>, now: Duration) -> Vec<Turn> {
        if !self.enabled {
            return self.told.silence();
        }
        for turn in turns {
            self.told.note(turn);
        }
        self.told.settle(now)
    }
}

/// The share of the disk that may be used.
fn disk_mark(thresholds: AlertThresholds) -> u32 {
    100 - thresholds.disk_free_percent.get()
}

#[cfg(test)]
mod tests {
    use super::*;

    const INTERVAL: Duration = Duration::from_secs(10);

    struct Pet {
        watch: PetWatch,
        reading: Reading,
    }

    impl Pet {
        fn new() -> Self {
            let load = Load {
                used: Duration::ZERO,
                periods: 0,
                throttled: 0,
                cores: 2.0,
                memory: None,
            };
            Self {
                watch: PetWatch::new(AlertThresholds::default(), INTERVAL),
                reading: Reading {
                    at: Duration::ZERO,
                    load: Some(load),
                    disk: None,
                },
            }
        }

        /// `spans` samples later, of which each used so many processors.
        fn runs(&mut self, spans: usize, cores: f64, change: impl Fn(&mut Load)) -> Vec<Turn> {
            let mut turns = Vec::new();
            for _ in 0..spans {
                self.reading.at += INTERVAL;
                if let Some(load) = &mut self.reading.load {
                    load.used += INTERVAL.mul_f64(cores);
                    change(load);
                }
                turns.extend(self.watch.feed(&self.reading));
            }
            turns
        }
    }

    fn off() -> AlertThresholds {
        AlertThresholds {
            enabled: false,
            ..AlertThresholds::default()
        }
    }

    #[test]
    fn a_new_limit_is_judged_anew() {
        let mut pet = Pet::new();
        assert_eq!(pet.runs(9, 2.0, |_| {}), [Turn::Raised(AlertKind::Busy)]);
        let limited = |load: &mut Load| {
            load.cores = 1.0;
            load.periods += 100;
            load.throttled += 100;
        };
        assert_eq!(pet.runs(1, 1.0, limited), [Turn::Cleared(AlertKind::Busy)]);
        assert_eq!(pet.runs(20, 1.0, limited), []);
        assert_eq!(
            pet.runs(40, 1.0, limited),
            [Turn::Raised(AlertKind::HeldBack)]
        );
    }

    #[test]
    fn switched_off_everything_standing_is_over_and_nothing_new_is_told() {
        let mut pet = Pet::new();
        pet.runs(9, 2.0, |_| {});
        pet.watch.adopt(off());
        assert_eq!(pet.runs(1, 2.0, |_| {}), [Turn::Cleared(AlertKind::Busy)]);
        assert_eq!(pet.runs(30, 2.0, |_| {}), []);
        assert_eq!(pet.watch.killed(pet.reading.at), []);
        pet.watch.adopt(AlertThresholds::default());
        assert_eq!(pet.runs(9, 2.0, |_| {}), [Turn::Raised(AlertKind::Busy)]);
    }

    #[test]
    fn a_kill_stands_for_a_while_and_is_told_once() {
        let mut pet = Pet::new();
        pet.runs(1, 0.0, |_| {});
        let raised = [Turn::Raised(AlertKind::OutOfMemory)];
        assert_eq!(pet.watch.killed(pet.reading.at), raised);
        assert_eq!(pet.watch.killed(pet.reading.at), []);
        assert_eq!(
            pet.runs(61, 0.0, |_| {}),
            [Turn::Cleared(AlertKind::OutOfMemory)]
        );
    }

    #[test]
    fn without_a_limit_any_more_memory_is_near_none() {
        let mut pet = Pet::new();
        let near = |load: &mut Load| {
            load.memory = Some(Fill {
                used: 95,
                whole: 100,
            });
        };
        let raised = [Turn::Raised(AlertKind::MemoryNearLimit)];
        assert_eq!(pet.runs(2, 0.0, near), raised);
        let over = [Turn::Cleared(AlertKind::MemoryNearLimit)];
        assert_eq!(pet.runs(2, 0.0, |load| load.memory = None), over);
    }

    #[test]
    fn who_takes_over_the_disk_does_not_tell_again() {
        let mut pet = Pet::new();
        pet.watch.take_over_disk(true);
        let disk = |used| Some(Fill { used, whole: 100 });
        pet.reading.disk = disk(97);
        assert_eq!(pet.runs(3, 0.0, |_| {}), []);
        pet.reading.disk = disk(80);
        assert_eq!(
            pet.runs(3, 0.0, |_| {}),
            [Turn::Cleared(AlertKind::DiskNearlyFull)]
        );
        pet.reading.disk = disk(95);
        assert_eq!(
            pet.runs(3, 0.0, |_| {}),
            [Turn::Raised(AlertKind::DiskNearlyFull)]
        );
    }
}
