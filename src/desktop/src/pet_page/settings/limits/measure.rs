//! The five limits: their scales, and how their values are written and read.

use gettextrs::{gettext, pgettext};
use kennel_model::{
    Bound, Choices, Computer, Limit, LimitChoices, LimitStatus, Limits, parse_bytes,
    parse_cpu_weight, parse_cpus, parse_processes, parse_swap,
};

use crate::usage::words;
use crate::words::gettext_f;

/// What is limited.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Measure {
    /// Processor time, in thousandths of a core.
    Cores,
    /// Memory, in bytes.
    Memory,
    /// Swap space, in bytes.
    Swap,
    /// Processes and threads.
    Processes,
    /// The share of the processor when several want it, from 1 to 10 000.
    Weight,
}

/// A slider's positions.
#[derive(Debug, Clone, PartialEq)]
pub struct Scale {
    /// The lowest and the highest.
    pub range: (f64, f64),
    /// What an arrow key moves.
    pub step: f64,
    /// Values that are marked.
    pub marks: Vec<u64>,
}

const MIB: u64 = 1 << 20;
const GIB: u64 = 1 << 30;

/// The least memory that a slider offers; less can be typed.
const LEAST_MEMORY: u64 = 64 * MIB;
/// The least and the most processes that a slider offers.
const PROCESSES: (u64, u64) = (16, 32_768);
/// The share that everything has.
const NORMAL: u64 = 100;

impl Measure {
    /// All, in the order in which they are shown.
    pub const ALL: [Self; 5] = [
        Self::Cores,
        Self::Memory,
        Self::Swap,
        Self::Processes,
        Self::Weight,
    ];

    /// Its title.
    pub fn title(self) -> String {
        match self {
            Self::Cores => gettext("Processor Cores"),
            Self::Memory => gettext("Memory"),
            Self::Swap => gettext("Swap Space"),
            Self::Processes => gettext("Processes and Threads"),
            Self::Weight => gettext("Processor Share"),
        }
    }

    /// What was chosen.
    pub fn wanted(self, limits: &Limits) -> Option<u64> {
        match self {
            Self::Cores => limits.cpu_millis,
            Self::Memory => limits.memory,
            Self::Swap => limits.swap,
            Self::Processes => limits.pids,
            Self::Weight => limits.cpu_weight,
        }
    }

    /// What holds.
    pub fn held(self, status: &LimitStatus) -> &Limit {
        match self {
            Self::Cores => &status.cpu,
            Self::Memory => &status.memory,
            Self::Swap => &status.swap,
            Self::Processes => &status.pids,
            Self::Weight => &status.cpu_weight,
        }
    }

    /// The choice of this limit.
    pub fn choose(self, bound: Bound) -> Choices {
        let mut limits = LimitChoices::default();
        let place = match self {
            Self::Cores => &mut limits.cpu_millis,
            Self::Memory => &mut limits.memory,
            Self::Swap => &mut limits.swap,
            Self::Processes => &mut limits.pids,
            Self::Weight => &mut limits.cpu_weight,
        };
        *place = Some(bound);
        Choices {
            limits,
            ..Choices::default()
        }
    }

    /// Where a limit begins when it is switched on: it holds nothing back yet.
    pub fn first(self, computer: Computer) -> u64 {
        match self {
            Self::Cores => u64::from(computer.cores) * 1000,
            Self::Memory => self.value(self.scale(computer).range.1),
            Self::Swap => self.value(self.scale(computer).range.1),
            Self::Processes => PROCESSES.1,
            Self::Weight => NORMAL,
        }
    }

    /// The slider on this computer.
    pub fn scale(self, computer: Computer) -> Scale {
        let powers = |least: u64, most: u64, step: u32| {
            let all = std::iter::successors(Some(least), move |value| value.checked_mul(1 << step));
            all.take_while(|value| *value <= most).collect::<Vec<u64>>()
        };
        match self {
            Self::Cores => {
                let cores = u64::from(computer.cores);
                // At most eight marks.
                let step = cores.div_ceil(8).max(1);
                Scale {
                    range: (0.1, cores as f64),
                    step: 0.1,
                    marks: (1..=cores)
                        .filter(|n| n % step == 0)
                        .map(|n| n * 1000)
                        .collect(),
                }
            }
            Self::Memory => {
                let most = computer.memory.max(2 * LEAST_MEMORY);
                Scale {
                    range: (self.position(LEAST_MEMORY), self.position(most)),
                    step: 0.125,
                    marks: powers(256 * MIB, most, 2),
                }
            }
            Self::Swap => {
                let most = computer.swap.max(8 * GIB);
                Scale {
                    range: (self.position(0), self.position(most)),
                    step: 0.125,
                    marks: [vec![0], powers(256 * MIB, most, 2)].concat(),
                }
            }
            Self::Processes => Scale {
                range: (self.position(PROCESSES.0), self.position(PROCESSES.1)),
                step: 0.25,
                marks: vec![64, 512, 4096, 32_768],
            },
            Self::Weight => Scale {
                range: (0.0, 4.0),
                step: 0.1,
                marks: vec![10, NORMAL, 1000],
            },
        }
    }

    /// Where `value` is on the slider. Memory and counts double from step to step.
    pub fn position(self, value: u64) -> f64 {
        match self {
            Self::Cores => value as f64 / 1000.0,
            Self::Swap => (value.max(LEAST_MEMORY / 2) as f64).log2(),
            Self::Memory | Self::Processes => (value.max(1) as f64).log2(),
            Self::Weight => (value.max(1) as f64).log10(),
        }
    }

    /// The value at `position`, rounded to what a person would write.
    pub fn value(self, position: f64) -> u64 {
        match self {
            Self::Cores => ((position * 10.0).round() as u64 * 100).max(100),
            Self::Swap if position < self.position(LEAST_MEMORY) => 0,
            Self::Memory | Self::Swap => in_eighths(position.exp2(), MIB),
            Self::Processes => in_eighths(position.exp2(), 1),
            Self::Weight => two_digits(10_f64.powf(position)).clamp(1, 10_000),
        }
    }

    /// `value` in words.
    pub fn words(self, value: u64) -> String {
        match self {
            Self::Cores => words::cores(value),
            Self::Memory => words::memory(value),
            Self::Swap if value == 0 => pgettext("swap space", "none"),
            Self::Swap => words::memory(value),
            Self::Processes => value.to_string(),
            Self::Weight => {
                let word = match value {
                    ..NORMAL => gettext("Low"),
                    NORMAL => gettext("Normal"),
                    _ => gettext("High"),
                };
                gettext_f(
                    "{word} ({number})",
                    &[("word", &word), ("number", &value.to_string())],
                )
            }
        }
    }

    /// The words below a mark.
    pub fn mark(self, value: u64) -> String {
        match self {
            Self::Cores => (value / 1000).to_string(),
            Self::Weight if value < NORMAL => gettext("Low"),
            Self::Weight if value > NORMAL => gettext("High"),
            Self::Weight => gettext("Normal"),
            _ => self.words(value),
        }
    }

    /// `value` as [`Self::read`] reads it.
    pub fn written(self, value: u64) -> String {
        match self {
            Self::Cores => (value as f64 / 1000.0).to_string(),
            Self::Memory => bytes(value),
            Self::Swap if value == 0 => "0".to_owned(),
            Self::Swap => bytes(value),
            Self::Processes | Self::Weight => value.to_string(),
        }
    }

    /// What was typed, or how it is written. Empty is no limit.
    pub fn read(self, text: &str) -> Result<Bound, String> {
        if text.is_empty() {
            return Ok(Bound::Unlimited);
        }
        let (value, hint) = match self {
            Self::Cores => (
                // Where the decimal separator is a comma, one is typed.
                parse_cpus(&text.replace(',', ".")),
                gettext("Enter a number of cores, such as 2 or 1.5."),
            ),
            Self::Memory => (
                parse_bytes(text),
                gettext("Enter a number with K, M, G or T, such as 512M or 2G."),
            ),
            Self::Swap => (
                parse_swap(text),
                gettext("Enter a number with K, M, G or T, such as 1G, or 0 for none."),
            ),
            Self::Processes => (
                parse_processes(text),
                gettext("Enter a number, such as 500."),
            ),
            Self::Weight => (
                parse_cpu_weight(text),
                gettext("Enter a number from 1 to 10000; 100 is what everything has."),
            ),
        };
        value.map(Bound::At).map_err(|_| hint)
    }
}

/// Rounded to an eighth of its power of two, and to whole `unit`s.
fn in_eighths(value: f64, unit: u64) -> u64 {
    let step = (value.log2().floor().exp2() / 8.0).max(unit as f64);
    ((value / step).round() * step) as u64
}

/// Rounded to its first two digits.
fn two_digits(value: f64) -> u64 {
    let step = 10_f64.powf(value.log10().floor() - 1.0).max(1.0);
    ((value / step).round() * step) as u64
}

/// As [`parse_bytes`] reads it, in the greatest unit without a fraction.
fn bytes(bytes: u64) -> String {
    for (unit, size) in [("T", 1_u64 << 40), ("G", GIB), ("M", MIB), ("K", 1 << 10)] {
        if bytes.is_multiple_of(size) {
            return format!("{}{unit}", bytes / size);
        }
    }
    bytes.to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    const COMPUTER: Computer = Computer {
        cores: 4,
        memory: 16 * GIB,
        swap: 0,
    };

    #[test]
    fn a_size_is_written_as_it_is_read() {
        for text in ["2G", "512M", "1536M", "3K", "1000", "1T"] {
            assert_eq!(bytes(parse_bytes(text).unwrap()), text);
        }
    }

    #[test]
    fn an_empty_row_takes_the_limit_away() {
        assert_eq!(Measure::Memory.read(""), Ok(Bound::Unlimited));
        assert_eq!(Measure::Cores.read("1.5"), Ok(Bound::At(1500)));
        assert_eq!(Measure::Swap.read("0"), Ok(Bound::At(0)));
        assert!(Measure::Processes.read("0").is_err() && Measure::Processes.read("many").is_err());
        assert!(Measure::Weight.read("10001").is_err());
    }

    #[test]
    fn a_slider_gives_back_what_it_was_set_to() {
        for (measure, values) in [
            (Measure::Cores, vec![100, 500, 1500, 4000]),
            (
                Measure::Memory,
                vec![64 * MIB, 320 * MIB, 1536 * MIB, 16 * GIB],
            ),
            (Measure::Swap, vec![0, 64 * MIB, 2 * GIB]),
            (Measure::Processes, vec![16, 80, 512, 32_768]),
            (Measure::Weight, vec![1, 7, 100, 250, 10_000]),
        ] {
            for value in values {
                assert_eq!(measure.value(measure.position(value)), value, "{measure:?}");
            }
        }
    }

    #[test]
    fn every_step_of_a_slider_is_another_value_that_reads_back() {
        for measure in Measure::ALL {
            let scale = measure.scale(COMPUTER);
            let mut position = scale.range.0;
            let mut before = None;
            while position <= scale.range.1 + 1e-9 {
                let value = measure.value(position);
                assert_eq!(measure.read(&measure.written(value)), Ok(Bound::At(value)));
                assert!(before <= Some(value), "{measure:?} at {position}");
                before = Some(value);
                position += scale.step;
            }
            assert!(
                scale
                    .marks
                    .iter()
                    .all(|&mark| measure.position(mark) <= scale.range.1)
            );
        }
    }

    #[test]
    fn what_is_switched_on_holds_nothing_back() {
        assert_eq!(Measure::Cores.first(COMPUTER), 4000);
        assert_eq!(Measure::Memory.first(COMPUTER), 16 * GIB);
        assert_eq!(Measure::Weight.first(COMPUTER), NORMAL);
    }
}
