//! Usage of pets without a control group: the sums over their processes, by one walk over /proc.

use std::collections::HashMap;

use kennel_model::Io;

use super::USER_HZ;
use super::families::{Families, all_pids};
use super::process::{self, Stat};

/// What the processes of one pet have used.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Sum {
    /// Processor time in microseconds. It only grows: what ended processes used stays counted, up
    /// to the last walk before their end.
    pub cpu_micros: u64,
    /// Bytes.
    pub memory: u64,
    /// Processes that live now.
    pub processes: u64,
    /// Disk traffic; it only grows, too.
    pub io: Option<Io>,
}

/// Sums by pet, from walk to walk.
#[derive(Debug, Default)]
pub struct Tally {
    /// What each process had used at the last walk: by pid and start time.
    before: HashMap<(i32, u64), (u64, Option<Io>)>,
    sums: HashMap<u64, Sum>,
}

impl Tally {
    /// Walks over all processes. `families` has the pets that are summed.
    pub fn walk(&mut self, families: &mut Families) {
        let mut now = HashMap::with_capacity(self.before.len());
        self.sums.values_mut().for_each(|sum| {
            sum.memory = 0;
            sum.processes = 0;
        });
        for pid in all_pids() {
            let Some(pet) = families.of(pid) else {
                continue;
            };
            if let Some(stat) = Stat::read(pid) {
                let used = (stat.ticks * 1_000_000 / USER_HZ, process::io(pid));
                let key = (pid, stat.start_time);
                self.add(pet, stat.memory, self.before.get(&key).copied(), used);
                now.insert(key, used);
            }
        }
        self.before = now;
        families.forget();
        self.sums.retain(|_, sum| sum.processes > 0);
    }

    fn add(
        &mut self,
        pet: u64,
        memory: u64,
        before: Option<(u64, Option<Io>)>,
        now: (u64, Option<Io>),
    ) {
        let before = before.unwrap_or_default();
        let sum = self.sums.entry(pet).or_default();
        sum.processes += 1;
        sum.memory += memory;
        sum.cpu_micros += now.0.saturating_sub(before.0);
        if let Some(io) = now.1 {
            let before = before.1.unwrap_or_default();
            let all = sum.io.get_or_insert_default();
            all.read += io.read.saturating_sub(before.read);
            all.written += io.written.saturating_sub(before.written);
        }
    }

    /// The sum of the pet with this user namespace.
    pub fn of(&self, namespace: u64) -> Sum {
        self.sums.get(&namespace).copied().unwrap_or_default()
    }
}

/// The sum over the processes of one pet now.
pub fn of_namespace(namespace: u64) -> Sum {
    let mut tally = Tally::default();
    tally.walk(&mut Families::new([namespace]));
    tally.of(namespace)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_an_ended_process_used_stays_counted() {
        let mut tally = Tally::default();
        let io = Some(Io {
            read: 10,
            written: 1,
        });
        tally.add(1, 4096, None, (500, io));
        tally.add(1, 4096, None, (300, None));
        assert_eq!(tally.of(1).cpu_micros, 800);
        // The second one has ended.
        tally.add(1, 4096, Some((500, io)), (700, io));
        assert_eq!((tally.of(1).cpu_micros, tally.of(1).io), (1000, io));
        assert_eq!(tally.of(2), Sum::default());
    }
}
