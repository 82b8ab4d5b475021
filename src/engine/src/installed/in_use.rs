//! Which programs run: `/proc/<pid>/exe` of every process that we may look at (proc(5)).

use std::fs;
use std::path::PathBuf;

/// The programs of this user's processes. Those of others cannot be read, and run no copy of ours.
pub fn programs() -> Vec<PathBuf> {
    let Ok(processes) = fs::read_dir("/proc") else {
        return Vec::new();
    };
    processes
        .flatten()
        .filter(|entry| entry.file_name().as_encoded_bytes()[0].is_ascii_digit())
        .filter_map(|entry| fs::read_link(entry.path().join("exe")).ok())
        .collect()
}
