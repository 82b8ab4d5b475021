//! What the kernel holds a pet to and what the pet uses, from the files of its group
//! (cgroup-v2.rst, “Interface Files”).

use std::fs;
use std::path::Path;

use kennel_model::{Io, Limits, Throttling};
use serde::Serialize;

use super::{Controller, Group, Unavailable};

/// A limit as it is: `Ok(None)` is none, an error why there can be none.
pub type Held = Result<Option<u64>, Unavailable>;

/// What a group is held to, in the units of [`Limits`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeldLimits {
    /// Thousandths of a core.
    pub cpu_millis: Held,
    /// Bytes.
    pub memory: Held,
    /// Bytes.
    pub swap: Held,
    /// Processes and threads.
    pub pids: Held,
    /// From 1 to 10 000.
    pub cpu_weight: Held,
}

/// What a running pet uses, over all its processes. Costs six small files of the kernel.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct GroupUsage {
    /// Processor time since the start, in microseconds.
    pub cpu_micros: u64,
    /// Processes and threads.
    pub tasks: Option<u64>,
    /// Bytes of memory, with the files that the kernel keeps for the pet.
    pub memory: Option<u64>,
    /// The most that it was, where the kernel (5.19) tells.
    pub memory_peak: Option<u64>,
    /// How the processor limit held it back, where there is one.
    pub throttling: Option<Throttling>,
    /// Processes that were killed for want of memory.
    pub memory_kills: Option<u64>,
    /// Hundredths of a percent of the last ten seconds that something waited for the processor.
    pub cpu_pressure: Option<u64>,
    /// Bytes read and written, where the person's part of the tree has the controller.
    pub io: Option<Io>,
}

impl HeldLimits {
    /// Whether they are `wanted`.
    pub fn hold(&self, wanted: &Limits) -> bool {
        let whole_pages = |bytes: Option<u64>| bytes.map(|bytes| bytes & !4095);
        self.cpu_millis == Ok(wanted.cpu_millis)
            && self.memory == Ok(whole_pages(wanted.memory))
            && self.swap == Ok(whole_pages(wanted.swap))
            && self.pids == Ok(wanted.pids)
            && self.cpu_weight == Ok(Some(wanted.cpu_weight.unwrap_or(100)))
    }
}

/// What `group` is held to.
pub fn limits(group: &Group) -> HeldLimits {
    let file = |name: &str| fs::read_to_string(group.path.join(name)).ok();
    let held = |name: &str, controller: Controller, parse: fn(&str) -> Option<u64>| {
        file(name)
            .map(|text| parse(&text))
            .ok_or(Unavailable::NotDelegated(controller))
    };
    let memory = held("memory.max", Controller::Memory, number);
    HeldLimits {
        cpu_millis: held("cpu.max", Controller::Cpu, millis),
        swap: match (&memory, file("memory.swap.max")) {
            (Ok(_), None) => Err(Unavailable::NoSwapAccounting),
            (Err(reason), _) => Err(reason.clone()),
            (Ok(_), Some(text)) => Ok(number(&text)),
        },
        memory,
        pids: held("pids.max", Controller::Pids, number),
        cpu_weight: held("cpu.weight", Controller::Cpu, number),
    }
}

/// What the processes of `group` use; `None` when the pet has ended.
pub fn usage(group: &Group) -> Option<GroupUsage> {
    let file = |name: &str| fs::read_to_string(group.path.join(name)).ok();
    let amount = |name: &str| number(&file(name)?);
    let cpu = file("cpu.stat")?;
    Some(GroupUsage {
        cpu_micros: field(&cpu, "usage_usec")?,
        tasks: amount("pids.current"),
        memory: amount("memory.current"),
        memory_peak: amount("memory.peak"),
        throttling: throttling(&cpu),
        memory_kills: memory_kills(&group.path),
        cpu_pressure: file("cpu.pressure").and_then(|text| pressure(&text)),
        io: file("io.stat").map(|text| io(&text)),
    })
}

/// How many processes at or below `path` were killed for want of memory.
pub(super) fn memory_kills(path: &Path) -> Option<u64> {
    field(
        &fs::read_to_string(path.join("memory.events")).ok()?,
        "oom_kill",
    )
}

/// The number in a file with nothing else; `None` for “max”.
pub(super) fn number(text: &str) -> Option<u64> {
    text.trim().parse().ok()
}

/// `cpu.max`: quota, or “max”, and period, both in microseconds.
pub(super) fn millis(text: &str) -> Option<u64> {
    let (quota, period) = text.trim().split_once(' ')?;
    let (quota, period): (u64, u64) = (quota.parse().ok()?, period.parse().ok()?);
    (period > 0).then(|| (quota * 1000 + period / 2) / period)
}

/// The value of `name` in lines of a name and a number.
pub(super) fn field(text: &str, name: &str) -> Option<u64> {
    text.lines()
        .find_map(|line| line.strip_prefix(name)?.strip_prefix(' '))
        .and_then(number)
}

/// How the processor limit held a group back, from `cpu.stat`.
pub(super) fn throttling(cpu: &str) -> Option<Throttling> {
    field(cpu, "nr_periods").map(|periods| Throttling {
        periods,
        throttled: field(cpu, "nr_throttled").unwrap_or(0),
        micros: field(cpu, "throttled_usec").unwrap_or(0),
    })
}

/// `avg10` of the line “some”, in hundredths.
fn pressure(text: &str) -> Option<u64> {
    let line = text.lines().find(|line| line.starts_with("some "))?;
    let average = line
        .split(' ')
        .find_map(|word| word.strip_prefix("avg10="))?;
    Some((average.parse::<f64>().ok()? * 100.0).round() as u64)
}

/// The sum over all disks of `io.stat`.
pub(super) fn io(text: &str) -> Io {
    let sum = |name: &str| {
        text.split_whitespace()
            .filter_map(|word| word.strip_prefix(name)?.parse::<u64>().ok())
            .sum()
    };
    Io {
        read: sum("rbytes="),
        written: sum("wbytes="),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_kernels_files_are_understood() {
        assert_eq!(millis("50000 100000\n"), Some(500));
        assert_eq!(millis("33000 100000\n"), Some(330));
        assert_eq!(millis("max 100000\n"), None);
        assert_eq!(number("max\n"), None);
        let stat = "usage_usec 12\nuser_usec 7\nnr_periods 3\nnr_throttled 2\n";
        assert_eq!(field(stat, "usage_usec"), Some(12));
        assert_eq!(field(stat, "nr_throttled"), Some(2));
        assert_eq!(field(stat, "nr_thrott"), None);
        let stalls = "some avg10=1.25 avg60=0.00 avg300=0.00 total=7\nfull avg10=9.00\n";
        assert_eq!(pressure(stalls), Some(125));
        let disks = "8:0 rbytes=10 wbytes=1 rios=1\n8:16 rbytes=5 wbytes=2 rios=1\n";
        assert_eq!(
            io(disks),
            Io {
                read: 15,
                written: 3
            }
        );
    }

    #[test]
    fn limits_hold_when_the_kernel_has_all_of_them() {
        let held = HeldLimits {
            cpu_millis: Ok(Some(500)),
            memory: Ok(Some(8192)),
            swap: Ok(None),
            pids: Ok(None),
            cpu_weight: Ok(Some(100)),
        };
        let wanted = Limits {
            cpu_millis: Some(500),
            memory: Some(8200),
            ..Limits::default()
        };
        assert!(held.hold(&wanted));
        let more = Limits {
            pids: Some(5),
            ..wanted
        };
        assert!(!held.hold(&more));
        let without = HeldLimits {
            pids: Err(Unavailable::NotDelegated(Controller::Pids)),
            ..held
        };
        assert!(!without.hold(&wanted));
    }
}
