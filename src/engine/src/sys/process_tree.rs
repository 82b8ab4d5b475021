//! Ending a program together with what it has started, from outside its pid namespace.

use std::collections::BTreeSet;
use std::fs;
use std::os::unix::fs::MetadataExt as _;
use std::time::{Duration, Instant};

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;

/// How long processes get between TERM and KILL.
const GRACE: Duration = Duration::from_secs(2);
/// How long a killed process may take to be gone.
const PATIENCE: Duration = Duration::from_secs(5);
const TURN: Duration = Duration::from_millis(20);

/// A line of the process table (proc_pid_stat(5)).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Row {
    pid: i32,
    parent: i32,
    session: i32,
}

/// Ends every process that descends from `leader` or is of its session, and lives in the user
/// namespace with the inode `namespace`: the number may have been used again for another program.
pub fn end(leader: i32, namespace: u64) {
    let started = Instant::now();
    let mut asked = BTreeSet::new();
    loop {
        let members: Vec<i32> = tree(leader, &table())
            .into_iter()
            .filter(|pid| lives_in(*pid, namespace))
            .collect();
        let waited = started.elapsed();
        if members.is_empty() || waited > GRACE + PATIENCE {
            return;
        }
        for pid in members {
            // An error means that it has just ended.
            if waited > GRACE {
                let _ = kill(Pid::from_raw(pid), Signal::SIGKILL);
            } else if asked.insert(pid) {
                let _ = kill(Pid::from_raw(pid), Signal::SIGTERM);
                let _ = kill(Pid::from_raw(pid), Signal::SIGCONT);
            }
        }
        std::thread::sleep(TURN);
    }
}

fn lives_in(pid: i32, namespace: u64) -> bool {
    fs::metadata(format!("/proc/{pid}/ns/user")).is_ok_and(|link| link.ino() == namespace)
}

fn table() -> Vec<Row> {
    let entries = fs::read_dir("/proc").into_iter().flatten().flatten();
    entries
        .filter_map(|entry| {
            let pid = entry.file_name().to_str()?.parse().ok()?;
            row(pid, &fs::read_to_string(entry.path().join("stat")).ok()?)
        })
        .collect()
}

/// None for a zombie, which is gone.
fn row(pid: i32, stat: &str) -> Option<Row> {
    // The command name may hold anything, even ") "; fields are counted from its last ")".
    let mut fields = stat.rsplit(") ").next()?.split(' ');
    if matches!(fields.next(), Some("Z" | "X") | None) {
        return None;
    }
    Some(Row {
        pid,
        parent: fields.next()?.parse().ok()?,
        session: fields.nth(1)?.parse().ok()?,
    })
}

/// `leader`, its descendants, its session and the descendants of that.
fn tree(leader: i32, table: &[Row]) -> BTreeSet<i32> {
    let mut members: BTreeSet<i32> = table
        .iter()
        .filter(|row| row.pid == leader || row.session == leader)
        .map(|row| row.pid)
        .collect();
    loop {
        let before = members.len();
        let children = table.iter().filter(|row| members.contains(&row.parent));
        let children: Vec<i32> = children.map(|row| row.pid).collect();
        members.extend(children);
        if members.len() == before {
            return members;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tree_is_descendants_and_the_session() {
        let row = |pid, parent, session| Row {
            pid,
            parent,
            session,
        };
        // 12 has left the session, 13 has lost its parent, 14 is somebody else's.
        let table = [
            row(10, 5, 10),
            row(11, 10, 10),
            row(12, 11, 12),
            row(13, 1, 10),
            row(14, 5, 5),
        ];
        assert_eq!(tree(10, &table), BTreeSet::from([10, 11, 12, 13]));
        assert_eq!(tree(99, &table), BTreeSet::new());
    }

    #[test]
    fn a_name_cannot_forge_its_row() {
        assert_eq!(
            row(7, "7 (a) S 1 (b) S 2 3 4 5"),
            Some(Row {
                pid: 7,
                parent: 2,
                session: 4
            })
        );
        assert_eq!(row(7, "7 (a) Z 2 3 4 5"), None);
    }
}
