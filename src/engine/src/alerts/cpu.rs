//! Processor time: busy, and held back by its own limit, told apart.
//!
//! A sample is *hot* when the pet used at least the threshold of what it may have, or was made to
//! wait in a quarter of its periods (`cpu.stat`, cgroup v2). The person is told when four fifths
//! of the samples of a whole window are hot, and it is over when all samples of [`CALM`] are
//! below [`CALM_SHARE`]. Samples over which the machine slept are dropped.

use std::collections::VecDeque;
use std::time::Duration;

use kennel_model::{AlertKind, AlertThresholds};

use super::Turn;

/// How long it must be calm.
const CALM: Duration = Duration::from_secs(30);
/// What calm is, as a share of what the pet may have.
const CALM_SHARE: f64 = 0.7;
/// The share of periods in which a pet that waits is held back.
const HELD_SHARE: f64 = 0.25;
/// The share of a window's samples that must be hot.
const HOT_SHARE: f64 = 0.8;
/// A gap this many times as long as the one before was a suspended machine.
const GAP: u32 = 3;

/// What the kernel has counted for a pet so far.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct CpuSample {
    /// When, on a clock that also counts while the machine sleeps (CLOCK_BOOTTIME).
    pub at: Duration,
    /// Processor time used.
    pub used: Duration,
    /// Periods in which the pet wanted to run, where it has a limit.
    pub periods: u64,
    /// Those in which it had to wait.
    pub throttled: u64,
}

/// The difference of two samples.
#[derive(Debug, Clone, Copy)]
struct Span {
    end: Duration,
    length: Duration,
    share: f64,
    held: bool,
}

/// Watches one pet.
#[derive(Debug)]
pub struct CpuWatch {
    threshold: f64,
    window: Duration,
    interval: Duration,
    cores: f64,
    last: Option<CpuSample>,
    spans: VecDeque<Span>,
    raised: Option<AlertKind>,
}

impl CpuWatch {
    /// By `thresholds`, for samples that come every `interval`.
    pub fn new(thresholds: AlertThresholds, interval: Duration) -> Self {
        Self {
            threshold: f64::from(thresholds.cpu_percent.get()) / 100.0,
            window: Duration::from_secs(thresholds.cpu_seconds.get().into()),
            interval,
            cores: 0.0,
            last: None,
            spans: VecDeque::new(),
            raised: None,
        }
    }

    /// Other thresholds hold from now on.
    pub fn adopt(&mut self, thresholds: AlertThresholds) {
        *self = Self {
            cores: self.cores,
            last: self.last,
            spans: std::mem::take(&mut self.spans),
            raised: self.raised,
            ..Self::new(thresholds, self.interval)
        };
    }

    /// The next sample of a pet that may use `cores` processors at a time.
    pub fn feed(&mut self, sample: CpuSample, cores: f64) -> Option<Turn> {
        let cores_before = std::mem::replace(&mut self.cores, cores);
        let before = self.last.replace(sample)?;
        if (cores - cores_before).abs() > f64::EPSILON {
            // What was seen under another limit says nothing about this one.
            self.spans.clear();
            return self.raised.take().map(Turn::Cleared);
        }
        let span = self.span(before, sample, cores)?;
        self.spans.push_back(span);
        let kept = self.window.max(CALM) + self.interval;
        while self
            .spans
            .front()
            .is_some_and(|first| first.end + kept < sample.at)
        {
            self.spans.pop_front();
        }
        match self.raised {
            None => self.raise(sample.at),
            Some(kind) => self.clear(kind, sample.at),
        }
    }

    /// `None` for what says nothing: the machine slept, or the counters began anew.
    fn span(&mut self, before: CpuSample, now: CpuSample, cores: f64) -> Option<Span> {
        let length = now.at.checked_sub(before.at)?;
        let used = now.used.checked_sub(before.used);
        if length > self.interval * GAP || used.is_none() {
            self.spans.clear();
            return None;
        }
        let periods = now.periods.saturating_sub(before.periods);
        let throttled = now.throttled.saturating_sub(before.throttled);
        (!length.is_zero() && cores > 0.0).then(|| Span {
            end: now.at,
            length,
            share: used.unwrap_or_default().as_secs_f64() / length.as_secs_f64() / cores,
            held: periods > 0 && throttled as f64 / periods as f64 >= HELD_SHARE,
        })
    }

    /// The spans of the last `time`, if they cover it.
    fn within(&self, time: Duration, now: Duration) -> Option<Vec<Span>> {
        let recent: Vec<Span> = self
            .spans
            .iter()
            .filter(|span| span.end + time > now)
            .copied()
            .collect();
        let covered: Duration = recent.iter().map(|span| span.length).sum();
        (covered >= time).then_some(recent)
    }

    fn raise(&mut self, now: Duration) -> Option<Turn> {
        let recent = self.within(self.window, now)?;
        let share_of = |is: &dyn Fn(&Span) -> bool| {
            recent.iter().filter(|span| is(span)).count() as f64 / recent.len() as f64
        };
        // Held back is also busy: it is the better word, since a higher limit would help.
        let kind = if share_of(&|span| span.held) >= HOT_SHARE {
            AlertKind::HeldBack
        } else if share_of(&|span| span.held || span.share >= self.threshold) >= HOT_SHARE {
            AlertKind::Busy
        } else {
            return None;
        };
        self.raised = Some(kind);
        Some(Turn::Raised(kind))
    }

    fn clear(&mut self, kind: AlertKind, now: Duration) -> Option<Turn> {
        let recent = self.within(CALM, now)?;
        let calm = recent
            .iter()
            .all(|span| span.share < CALM_SHARE && !span.held);
        if !calm {
            return None;
        }
        self.raised = None;
        Some(Turn::Cleared(kind))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const INTERVAL: Duration = Duration::from_secs(10);

    /// Feeds spans of `seconds` each: (processors used, share of periods held back).
    struct Pet {
        watch: CpuWatch,
        sample: CpuSample,
    }

    impl Pet {
        fn new() -> Self {
            let mut pet = Self {
                watch: CpuWatch::new(AlertThresholds::default(), INTERVAL),
                sample: CpuSample::default(),
            };
            assert_eq!(pet.watch.feed(pet.sample, 2.0), None);
            pet
        }

        fn runs(&mut self, spans: usize, cores: f64, held: f64) -> Vec<Turn> {
            let mut turns = Vec::new();
            for _ in 0..spans {
                self.sample.at += INTERVAL;
                self.sample.used += INTERVAL.mul_f64(cores);
                self.sample.periods += 100;
                self.sample.throttled += (100.0 * held) as u64;
                turns.extend(self.watch.feed(self.sample, 2.0));
            }
            turns
        }
    }

    #[test]
    fn a_miner_is_told_once() {
        let mut pet = Pet::new();
        assert_eq!(pet.runs(5, 2.0, 0.0), []);
        assert_eq!(pet.runs(1, 2.0, 0.0), [Turn::Raised(AlertKind::Busy)]);
        assert_eq!(pet.runs(100, 2.0, 0.0), []);
        assert_eq!(pet.runs(2, 0.1, 0.0), []);
        assert_eq!(pet.runs(1, 0.1, 0.0), [Turn::Cleared(AlertKind::Busy)]);
        assert_eq!(pet.runs(6, 2.0, 0.0), [Turn::Raised(AlertKind::Busy)]);
    }

    #[test]
    fn a_short_build_is_not_told() {
        let mut pet = Pet::new();
        for _ in 0..20 {
            assert_eq!(pet.runs(4, 2.0, 0.0), []);
            assert_eq!(pet.runs(2, 0.2, 0.0), []);
        }
    }

    #[test]
    fn one_quiet_moment_hides_no_miner() {
        let mut pet = Pet::new();
        pet.runs(3, 2.0, 0.0);
        pet.runs(1, 0.0, 0.0);
        assert_eq!(pet.runs(2, 2.0, 0.0), [Turn::Raised(AlertKind::Busy)]);
    }

    #[test]
    fn held_back_is_another_word() {
        let mut pet = Pet::new();
        assert_eq!(pet.runs(6, 2.0, 0.5), [Turn::Raised(AlertKind::HeldBack)]);
        // Not calm while it is still made to wait.
        assert_eq!(pet.runs(10, 0.5, 0.5), []);
    }

    #[test]
    fn a_swinging_load_is_told_once() {
        let mut pet = Pet::new();
        let mut turns = pet.runs(6, 2.0, 0.0);
        for _ in 0..30 {
            turns.extend(pet.runs(1, 1.3, 0.0));
            turns.extend(pet.runs(1, 1.9, 0.0));
        }
        assert_eq!(turns, [Turn::Raised(AlertKind::Busy)]);
    }

    #[test]
    fn the_time_asleep_counts_for_nothing() {
        let mut pet = Pet::new();
        pet.runs(5, 2.0, 0.0);
        pet.sample.at += Duration::from_secs(3600);
        assert_eq!(pet.runs(1, 2.0, 0.0), []);
        assert_eq!(pet.runs(5, 2.0, 0.0), []);
        assert_eq!(pet.runs(1, 2.0, 0.0), [Turn::Raised(AlertKind::Busy)]);
    }

    #[test]
    fn counters_that_begin_anew_are_no_load() {
        let mut pet = Pet::new();
        pet.runs(5, 2.0, 0.0);
        pet.sample.used = Duration::ZERO;
        assert_eq!(pet.runs(1, 0.0, 0.0), []);
    }
}
