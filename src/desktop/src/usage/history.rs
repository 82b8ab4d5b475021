//! The last five minutes of one pet.

use std::collections::VecDeque;

use kennel_model::{PetSample, SAMPLE_INTERVAL_MICROS, UsageRate, usage_rate};

/// What a graph spans, in microseconds.
const SPAN: u64 = 300_000_000;

/// As many samples as come in that time.
const MOST: usize = (SPAN / SAMPLE_INTERVAL_MICROS) as usize;

/// Samples further apart than this are not joined by a line.
const GAP: u64 = 3 * SAMPLE_INTERVAL_MICROS;

/// A pet at one moment.
#[derive(Debug, Clone)]
pub struct Moment {
    /// In microseconds since the boot.
    at: u64,
    /// What was counted.
    pub sample: PetSample,
    /// What it did since the moment before; `None` after a gap.
    pub rate: Option<UsageRate>,
}

/// What is known of a pet that runs.
#[derive(Debug, Default)]
pub struct History(VecDeque<Moment>);

impl History {
    /// Adds what was counted at `at`.
    pub fn push(&mut self, at: u64, sample: PetSample) {
        let before = self.0.back().map(|last| (last.at, &last.sample));
        let rate = before.and_then(|before| usage_rate(before, (at, &sample)));
        self.0.push_back(Moment { at, sample, rate });
        while self.0.len() > MOST || self.0.front().is_some_and(|first| first.at + SPAN < at) {
            self.0.pop_front();
        }
    }

    /// How it is now.
    pub fn last(&self) -> Option<&Moment> {
        self.0.back()
    }

    /// A value over time: from 0, five minutes ago, to 1, the last moment. Where there is no value
    /// the line is broken.
    pub fn series(&self, value: impl Fn(&Moment) -> Option<f64>) -> Vec<(f64, Option<f64>)> {
        let Some(last) = self.0.back().map(|moment| moment.at) else {
            return Vec::new();
        };
        let mut series = Vec::with_capacity(self.0.len());
        let mut before = None;
        for moment in &self.0 {
            let place = 1.0 - last.saturating_sub(moment.at) as f64 / SPAN as f64;
            if before.is_some_and(|before| moment.at.saturating_sub(before) > GAP) {
                series.push((place, None));
            }
            series.push((place, value(moment)));
            before = Some(moment.at);
        }
        series
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample(cpu_micros: u64) -> PetSample {
        PetSample {
            id: "00000000000000aa".parse().unwrap(),
            cpu_micros,
            memory: cpu_micros,
            processes: 1,
            throttling: None,
            io: None,
            cpu_limit: None,
            memory_limit: None,
            process_limit: None,
        }
    }

    fn second(number: u64) -> u64 {
        number * 1_000_000
    }

    #[test]
    fn only_five_minutes_are_kept() {
        let mut history = History::default();
        for step in 0..400 {
            history.push(second(2 * step), sample(second(step)));
        }
        let series = history.series(|moment| moment.rate.map(|rate| rate.cores));
        assert_eq!(series.len(), MOST);
        assert!(series[0].0 >= 0.0 && series[0].0 < 0.02);
        assert_eq!(series.last(), Some(&(1.0, Some(0.5))));
        history.push(second(10_000), sample(0));
        assert_eq!(history.series(|_| Some(0.0)).len(), 1);
    }

    #[test]
    fn a_pause_is_a_gap() {
        let mut history = History::default();
        for time in [0, 2, 60, 62] {
            history.push(second(time), sample(time));
        }
        let memory = history.series(|moment| Some(moment.sample.memory as f64));
        let values: Vec<Option<f64>> = memory.iter().map(|(_, value)| *value).collect();
        assert_eq!(values, [Some(0.0), Some(2.0), None, Some(60.0), Some(62.0)]);
        assert_eq!(history.series(|moment| moment.rate.map(|_| 1.0))[3].1, None);
        assert!(history.last().unwrap().rate.is_some());
    }
}
