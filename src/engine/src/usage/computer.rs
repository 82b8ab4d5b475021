//! What this computer has.

use std::fs;

use kennel_model::Computer;
use nix::unistd::{SysconfVar, sysconf};

/// Its processors and memory, whatever this process itself may use of them.
pub fn computer() -> Computer {
    let cores = sysconf(SysconfVar::_NPROCESSORS_ONLN).ok().flatten();
    let memory = fs::read_to_string("/proc/meminfo").unwrap_or_default();
    Computer {
        cores: cores
            .and_then(|count| u32::try_from(count).ok())
            .unwrap_or(1)
            .max(1),
        memory: bytes(&memory, "MemTotal:"),
        swap: bytes(&memory, "SwapTotal:"),
    }
}

/// A line of /proc/meminfo (proc_meminfo(5)), which counts in kibibytes.
fn bytes(text: &str, name: &str) -> u64 {
    let line = text.lines().find_map(|line| line.strip_prefix(name));
    let number = line.and_then(|line| line.split_whitespace().next()?.parse().ok());
    number.map_or(0, |kibibytes: u64| kibibytes * 1024)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn memory_is_read_in_bytes() {
        let text = "MemTotal:       16 kB\nMemFree: 3 kB\nSwapTotal:  0 kB\n";
        assert_eq!(bytes(text, "MemTotal:"), 16384);
        assert_eq!(bytes(text, "SwapTotal:"), 0);
        assert!(computer().cores >= 1 && computer().memory > 0);
    }
}
