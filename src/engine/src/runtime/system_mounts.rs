//! The file systems every pet has, whatever it may reach: proc, sys, dev, run, tmp.
//!
//! A namespace may only mount anew what it owns: procfs needs a private pid namespace, sysfs a
//! private network, mqueue a private ipc and cgroup2 a private cgroup namespace; what it does
//! not own is shown as the host's, read-only.

use crate::sys::mount::Attributes;

/// One of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SystemMount {
    /// Where, absolute.
    pub target: &'static str,
    /// What.
    pub source: Source,
    /// With which restrictions.
    pub attributes: Attributes,
    /// Whether a kernel that refuses it is good enough.
    pub optional: bool,
}

/// Where a system mount comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    /// A new file system.
    New {
        /// Its type.
        kind: &'static str,
        /// Its options.
        options: &'static [(&'static str, &'static str)],
    },
    /// The host's, with everything below it.
    Host(&'static str),
}

/// Hidden: they tell about the whole machine or act on it (the OCI runtimes' default).
pub const MASKED: [&str; 9] = [
    "/proc/acpi",
    "/proc/kcore",
    "/proc/keys",
    "/proc/latency_stats",
    "/proc/sched_debug",
    "/proc/scsi",
    "/proc/timer_list",
    "/sys/devices/virtual/powercap",
    "/sys/firmware",
];

/// Only to be read, for the same reason.
pub const READ_ONLY: [&str; 5] = [
    "/proc/bus",
    "/proc/fs",
    "/proc/irq",
    "/proc/sys",
    "/proc/sysrq-trigger",
];

/// Device files by name and device number, the host's own.
pub const DEVICES: [(&str, u32, u32); 6] = [
    ("null", 1, 3),
    ("zero", 1, 5),
    ("full", 1, 7),
    ("random", 1, 8),
    ("urandom", 1, 9),
    ("tty", 5, 0),
];

/// Links below /dev: name and target.
pub const DEVICE_LINKS: [(&str, &str); 5] = [
    ("ptmx", "pts/ptmx"),
    ("fd", "/proc/self/fd"),
    ("stdin", "/proc/self/fd/0"),
    ("stdout", "/proc/self/fd/1"),
    ("stderr", "/proc/self/fd/2"),
];

const NO_SUID_DEV: Attributes = Attributes {
    read_only: false,
    no_suid: true,
    no_dev: true,
    no_exec: false,
};
const NO_SUID_EXEC: Attributes = Attributes {
    read_only: false,
    no_suid: true,
    no_dev: false,
    no_exec: true,
};
const STRICT: Attributes = Attributes {
    no_exec: true,
    ..NO_SUID_DEV
};
const STRICT_READ_ONLY: Attributes = Attributes {
    read_only: true,
    ..STRICT
};

/// In mount order. `tty_group`: group 5, “tty” in every distribution, is mapped. `host_devices`: /dev
/// is the host's, so that what is plugged in appears; terminals and shared memory are the pet's own.
pub fn system_mounts(own_network: bool, tty_group: bool, host_devices: bool) -> Vec<SystemMount> {
    let new = |target, kind, options, attributes| SystemMount {
        target,
        source: Source::New { kind, options },
        attributes,
        optional: false,
    };
    let terminals: &[_] = if tty_group {
        &[("mode", "620"), ("ptmxmode", "666"), ("gid", "5")]
    } else {
        &[("mode", "620"), ("ptmxmode", "666")]
    };
    let sys = if own_network {
        new("/sys", "sysfs", &[], STRICT_READ_ONLY)
    } else {
        SystemMount {
            target: "/sys",
            source: Source::Host("/sys"),
            attributes: STRICT_READ_ONLY,
            optional: false,
        }
    };
    let dev = if host_devices {
        SystemMount {
            target: "/dev",
            source: Source::Host("/dev"),
            attributes: NO_SUID_EXEC,
            optional: false,
        }
    } else {
        new("/dev", "tmpfs", &[("mode", "755")], NO_SUID_EXEC)
    };
    let optional = |mount| SystemMount {
        optional: true,
        ..mount
    };
    vec![
        new("/proc", "proc", &[], STRICT),
        sys,
        optional(new("/sys/fs/cgroup", "cgroup2", &[], STRICT)),
        dev,
        new("/dev/pts", "devpts", terminals, NO_SUID_EXEC),
        new("/dev/shm", "tmpfs", &[("mode", "1777")], STRICT),
        optional(new("/dev/mqueue", "mqueue", &[], STRICT)),
        new("/run", "tmpfs", &[("mode", "755")], NO_SUID_DEV),
        new("/tmp", "tmpfs", &[("mode", "1777")], NO_SUID_DEV),
    ]
}
