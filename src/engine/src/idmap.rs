//! The user-namespace mapping of a pet: keep-id over the person's subordinate ids.
//!
//! `0→sub[0..U)`, `U→U`, `U+1→rest` (user_namespaces(7), newuidmap(1)), so that files the
//! person makes inside belong to the person outside, and root inside is nobody outside.

use std::path::Path;
use std::process::Command;

use kennel_model::phrase::reason;
use kennel_model::{Phrase, phrase};

use serde::Serialize;

use crate::account::Account;

/// `count` ids from `inside` on are the host's from `outside` on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct IdRange {
    /// First id in the namespace.
    pub inside: u32,
    /// First id on the host.
    pub outside: u32,
    /// How many.
    pub count: u32,
}

impl IdRange {
    /// Those of the text of a process's `uid_map` (user_namespaces(7)).
    pub fn read_map(text: &str) -> Vec<Self> {
        text.lines()
            .filter_map(|line| {
                let mut numbers = line.split_whitespace().map(str::parse);
                let mut next = || numbers.next()?.ok();
                Some(Self {
                    inside: next()?,
                    outside: next()?,
                    count: next()?,
                })
            })
            .collect()
    }

    /// One id that is the same inside and outside.
    fn own(id: u32) -> Self {
        Self {
            inside: id,
            outside: id,
            count: 1,
        }
    }
}

/// How ids inside are ids outside.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum IdMapping {
    /// All of the subordinate ids, and the person's own.
    Full {
        /// User ids.
        uids: Vec<IdRange>,
        /// Group ids.
        gids: Vec<IdRange>,
    },
    /// Only the person's own id: package managers and sudo do not work inside.
    Single {
        /// The person's user id.
        uid: u32,
        /// The person's group id.
        gid: u32,
    },
}

/// Why a namespace could not be given its mapping.
#[derive(Debug, thiserror::Error)]
#[error("{}", self.phrase())]
pub enum IdMapError {
    /// The set-id helper failed.
    Helper {
        /// `newuidmap` or `newgidmap`.
        program: &'static str,
        /// What it printed.
        output: String,
    },
    /// The helper could not be run, or the map file not be written.
    Io(#[from] std::io::Error),
}

impl IdMapError {
    /// It in words.
    pub fn phrase(&self) -> Phrase {
        match self {
            Self::Helper { program, output } => {
                phrase("{program} refused the id mapping: {output}")
                    .with("program", program)
                    .with("output", output)
            }
            Self::Io(error) => {
                phrase("cannot write the id mapping: {reason}").saying("reason", reason(error))
            }
        }
    }
}

/// The command by which an administrator gives `person` a range of ids (usermod(8)).
pub fn give_range(person: &str) -> String {
    format!("sudo usermod --add-subuids 100000-165535 --add-subgids 100000-165535 {person}")
}

impl IdMapping {
    /// The best mapping this host gives `account`.
    pub fn detect(account: &Account) -> Self {
        let subids = |file: &str| {
            let text = std::fs::read_to_string(file).unwrap_or_default();
            parse_subids(&text, &account.name, account.uid)
        };
        let helpers = ["newuidmap", "newgidmap"]
            .iter()
            .all(|name| find_helper(name).is_some());
        let uids = subids("/etc/subuid");
        let gids = subids("/etc/subgid");
        if helpers && enough(&uids) && enough(&gids) {
            Self::Full {
                uids: keep_id(account.uid, &uids),
                gids: keep_id(account.gid, &gids),
            }
        } else {
            Self::Single {
                uid: account.uid,
                gid: account.gid,
            }
        }
    }

    /// The user ids.
    pub fn uids(&self) -> Vec<IdRange> {
        match self {
            Self::Full { uids, .. } => uids.clone(),
            Self::Single { uid, .. } => vec![IdRange::own(*uid)],
        }
    }

    /// The group ids.
    pub fn gids(&self) -> Vec<IdRange> {
        match self {
            Self::Full { gids, .. } => gids.clone(),
            Self::Single { gid, .. } => vec![IdRange::own(*gid)],
        }
    }

    /// Whether root and other users exist inside.
    pub fn is_full(&self) -> bool {
        matches!(self, Self::Full { .. })
    }

    /// The layer store's directory name: layers unpacked under one mapping serve no other.
    pub fn key(&self) -> String {
        let part = |ranges: &[IdRange]| {
            ranges
                .iter()
                .map(|r| format!("{}.{}.{}", r.inside, r.outside, r.count))
                .collect::<Vec<_>>()
                .join("-")
        };
        match self {
            Self::Full { uids, gids } if uids == gids => format!("ids-{}", part(uids)),
            Self::Full { uids, gids } => format!("ids-{}-gids-{}", part(uids), part(gids)),
            Self::Single { uid, gid } => format!("single-{uid}-{gid}"),
        }
    }

    /// Writes this mapping for the user namespace of process `pid`, from outside it.
    pub fn write(&self, pid: i32) -> Result<(), IdMapError> {
        match self {
            Self::Full { uids, gids } => {
                run_helper("newuidmap", pid, uids)?;
                run_helper("newgidmap", pid, gids)
            }
            Self::Single { uid, gid } => {
                let proc = format!("/proc/{pid}");
                // user_namespaces(7): an unprivileged gid_map needs setgroups denied first.
                std::fs::write(Path::new(&proc).join("setgroups"), "deny")?;
                std::fs::write(Path::new(&proc).join("uid_map"), format!("{uid} {uid} 1"))?;
                std::fs::write(Path::new(&proc).join("gid_map"), format!("{gid} {gid} 1"))?;
                Ok(())
            }
        }
    }
}

/// At least this many subordinate ids make a full mapping: Debian's `nobody` is 65534.
const WANTED_SUBIDS: u64 = 65_000;

fn enough(ranges: &[(u32, u32)]) -> bool {
    ranges
        .iter()
        .map(|(_, count)| u64::from(*count))
        .sum::<u64>()
        >= WANTED_SUBIDS
}

fn find_helper(name: &str) -> Option<std::path::PathBuf> {
    [
        "/usr/bin",
        "/bin",
        "/usr/local/bin",
        "/usr/sbin",
        "/run/wrappers/bin",
    ]
    .iter()
    .map(|directory| Path::new(directory).join(name))
    .find(|path| path.exists())
}

fn run_helper(program: &'static str, pid: i32, ranges: &[IdRange]) -> Result<(), IdMapError> {
    let path = find_helper(program).unwrap_or_else(|| program.into());
    let mut command = Command::new(path);
    command.arg(pid.to_string());
    for range in ranges {
        command.args([range.inside, range.outside, range.count].map(|id| id.to_string()));
    }
    let output = command.output()?;
    if output.status.success() {
        return Ok(());
    }
    let output = String::from_utf8_lossy(&output.stderr).trim().to_owned();
    Err(IdMapError::Helper { program, output })
}

/// The (start, count) ranges of subuid(5) that belong to `name` or `uid`.
fn parse_subids(text: &str, name: &str, uid: u32) -> Vec<(u32, u32)> {
    let uid = uid.to_string();
    text.lines()
        .filter_map(|line| {
            let mut fields = line.trim().split(':');
            let owner = fields.next()?;
            let start = fields.next()?.parse().ok()?;
            let count: u32 = fields.next()?.parse().ok()?;
            (owner == name || owner == uid)
                .then_some((start, count))
                .filter(|(_, count)| *count > 0)
        })
        .collect()
}

/// Lays `subids` around the person's own `id`.
fn keep_id(id: u32, subids: &[(u32, u32)]) -> Vec<IdRange> {
    let mut ranges = Vec::new();
    let mut inside = 0;
    let mut own_placed = false;
    for &(start, count) in subids {
        let mut outside = start;
        let mut left = count;
        while left > 0 {
            if inside == id {
                ranges.push(IdRange::own(id));
                own_placed = true;
                inside += 1;
            }
            let take = if inside < id {
                left.min(id - inside)
            } else {
                left
            };
            ranges.push(IdRange {
                inside,
                outside,
                count: take,
            });
            inside += take;
            outside += take;
            left -= take;
        }
    }
    if !own_placed {
        ranges.push(IdRange::own(id));
    }
    ranges
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_person_keeps_their_id_and_root_is_the_first_subordinate_id() {
        let ranges = keep_id(1000, &[(100_000, 65_536)]);
        let triple = |r: &IdRange| (r.inside, r.outside, r.count);
        assert_eq!(
            ranges.iter().map(triple).collect::<Vec<_>>(),
            [(0, 100_000, 1000), (1000, 1000, 1), (1001, 101_000, 64_536)]
        );
    }

    #[test]
    fn an_id_above_all_subordinate_ids_is_still_mapped_to_itself() {
        let ranges = keep_id(100_000, &[(200_000, 65_536)]);
        assert_eq!(
            ranges.last(),
            Some(&IdRange {
                inside: 100_000,
                outside: 100_000,
                count: 1
            })
        );
    }

    #[test]
    fn only_the_persons_own_lines_of_subuid_count() {
        let text = "root:1:2\nada:100000:65536\n1000:300000:10\nadam:5:5\nbroken\n";
        assert_eq!(
            parse_subids(text, "ada", 1000),
            [(100_000, 65_536), (300_000, 10)]
        );
    }
}
