//! What /proc tells of one process, and the list of a pet's.

use std::fs;

use kennel_model::{Io, PetProcess, PetProcesses, shown};

use super::families::{Families, all_pids};
use super::{USER_HZ, now_micros};
use crate::idmap::IdRange;
use crate::runtime::state::RunningState;

/// Bytes in a page.
const PAGE: u64 = 4096;

/// How much of a command line is read, in bytes.
const COMMAND_LIMIT: usize = 1000;

/// The parts of a line of the process table that matter here (proc_pid_stat(5)).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stat {
    /// The program's name, as it is.
    pub name: String,
    /// Its process group.
    pub group: i32,
    /// The process group in the foreground of its terminal; below 1 without one.
    pub foreground: i32,
    /// In clock ticks since the boot.
    pub start_time: u64,
    /// Processor time in clock ticks.
    pub ticks: u64,
    /// Bytes in memory.
    pub memory: u64,
}

impl Stat {
    /// That of process `pid`; None when it has ended.
    pub fn read(pid: i32) -> Option<Self> {
        // A name is any bytes.
        Self::parse(&String::from_utf8_lossy(
            &fs::read(format!("/proc/{pid}/stat")).ok()?,
        ))
    }

    fn parse(line: &str) -> Option<Self> {
        // The name may hold anything, even ") "; fields are counted from its last ")".
        let (head, fields) = line.rsplit_once(") ")?;
        let name = head.split_once('(')?.1.to_owned();
        let fields: Vec<&str> = fields.split_whitespace().collect();
        if matches!(fields.first(), Some(&"Z" | &"X") | None) {
            return None;
        }
        let number = |index: usize| fields.get(index)?.parse::<u64>().ok();
        Some(Self {
            name,
            group: fields.get(2)?.parse().ok()?,
            foreground: fields.get(5)?.parse().ok()?,
            ticks: number(11)? + number(12)?,
            start_time: number(19)?,
            memory: number(21)? * PAGE,
        })
    }
}

/// What process `pid` has read from and written to disks (proc_pid_io(5)), where it is told.
pub fn io(pid: i32) -> Option<Io> {
    let text = fs::read_to_string(format!("/proc/{pid}/io")).ok()?;
    let number = |name: &str| {
        let line = text.lines().find_map(|line| line.strip_prefix(name))?;
        line.trim().parse().ok()
    };
    Some(Io {
        read: number("read_bytes:")?,
        written: number("write_bytes:")?,
    })
}

/// The processes of the running pet of `state`.
pub fn list(state: &RunningState) -> PetProcesses {
    let mut families = Families::new([state.init.user_namespace]);
    let users = Users::of(state);
    let at_micros = now_micros();
    let mut processes: Vec<PetProcess> = all_pids()
        .filter(|&pid| families.of(pid).is_some())
        .filter_map(|pid| one(pid, at_micros, &users))
        .collect();
    processes.sort_by_key(|process| process.pid);
    PetProcesses {
        at_micros,
        processes,
    }
}

fn one(pid: i32, at_micros: u64, users: &Users) -> Option<PetProcess> {
    let stat = Stat::read(pid)?;
    let status = fs::read(format!("/proc/{pid}/status")).ok()?;
    let status = String::from_utf8_lossy(&status);
    let name = shown(&stat.name);
    Some(PetProcess {
        pid,
        start_time: stat.start_time,
        age_millis: (at_micros / 1000).saturating_sub(stat.start_time * 1000 / USER_HZ),
        inside: pid_inside(&status, users.depth).unwrap_or(pid),
        command: command(pid).unwrap_or_else(|| name.clone()),
        name,
        user: users.name(&status),
        cpu_millis: stat.ticks * 1000 / USER_HZ,
        memory: stat.memory,
    })
}

/// The command line on one line.
fn command(pid: i32) -> Option<String> {
    let mut line = fs::read(format!("/proc/{pid}/cmdline")).ok()?;
    line.truncate(COMMAND_LIMIT);
    let words = line
        .split(|byte| *byte == 0)
        .filter(|word| !word.is_empty())
        .map(|word| String::from_utf8_lossy(word).into_owned());
    let line = words.collect::<Vec<_>>().join(" ");
    (!line.is_empty()).then(|| shown(&line))
}

/// The value of a line of /proc/PID/status.
fn field<'a>(status: &'a str, name: &str) -> Option<&'a str> {
    status.lines().find_map(|line| line.strip_prefix(name))
}

/// The pid in the process namespace `depth` levels below this one.
fn pid_inside(status: &str, depth: usize) -> Option<i32> {
    let mut pids = field(status, "NSpid:")?.split_whitespace();
    pids.nth(depth)?.parse().ok()
}

/// The accounts of a pet, as far as Kennel knows their names: what the image says of them is its
/// own affair.
struct Users {
    /// How many process namespaces the pet is below this process.
    depth: usize,
    /// The person's name and uid inside.
    person: (String, u32),
    /// User ids inside and outside.
    map: Vec<IdRange>,
}

impl Users {
    fn of(state: &RunningState) -> Self {
        let file = |name: &str| {
            fs::read_to_string(format!("/proc/{}/{name}", state.init.pid)).unwrap_or_default()
        };
        let depth =
            field(&file("status"), "NSpid:").map_or(1, |pids| pids.split_whitespace().count());
        Self {
            depth: depth.saturating_sub(1),
            person: (state.person.name.clone(), state.person.uid),
            map: IdRange::read_map(&file("uid_map")),
        }
    }

    /// Who runs the process with this status.
    fn name(&self, status: &str) -> String {
        let uids = field(status, "Uid:").unwrap_or_default();
        let outside: Option<u32> = uids
            .split_whitespace()
            .next()
            .and_then(|uid| uid.parse().ok());
        let inside = outside.and_then(|outside| self.inside(outside));
        match inside {
            Some(0) => "root".to_owned(),
            Some(uid) if uid == self.person.1 => self.person.0.clone(),
            Some(uid) => uid.to_string(),
            None => "nobody".to_owned(),
        }
    }

    fn inside(&self, outside: u32) -> Option<u32> {
        self.map.iter().find_map(|range| {
            let offset = outside.checked_sub(range.outside)?;
            let offset = Some(offset).filter(|&offset| offset < range.count)?;
            range.inside.checked_add(offset)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LINE: &str = "7 (a) S 1 (b)) R 2 3 4 5 6 7 8 9 10 11 50 25 14 15 16 17 18 19 900 21 3 0";

    #[test]
    fn a_name_cannot_forge_its_line() {
        let stat = Stat::parse(LINE).unwrap();
        assert_eq!(stat.name, "a) S 1 (b)");
        assert_eq!((stat.ticks, stat.start_time), (75, 900));
        assert_eq!(stat.memory, 3 * PAGE);
        assert_eq!(Stat::parse(&LINE.replace(") R ", ") Z ")), None);
    }

    #[test]
    fn ids_are_those_inside() {
        let status = "Name:\tx\nUid:\t100005\t0\t0\t0\nNSpid:\t4711\t12\t3\n";
        assert_eq!(pid_inside(status, 1), Some(12));
        assert_eq!(pid_inside(status, 3), None);
        let users = Users {
            depth: 1,
            person: ("ada".to_owned(), 1000),
            map: IdRange::read_map("0 100000 1000\n1000 1000 1\n"),
        };
        assert_eq!(users.name(status), "5");
        assert_eq!(users.name("Uid:\t1000\t"), "ada");
        assert_eq!(users.name("Uid:\t100000\t"), "root");
        assert_eq!(users.name("Uid:\t65534\t"), "nobody");
    }
}
