//! The label of what a process executes next.

use std::io::{self, Write};
use std::os::fd::OwnedFd;

use rustix::fs::{Mode, OFlags};

/// f_type of procfs (statfs(2)).
const PROC_MAGIC: i64 = 0x9fa0;

/// The host's procfs, opened before anything of an image is mounted: what an image puts at /proc
/// gets no word of a label (CVE-2019-16884, CVE-2019-19921, CVE-2025-52881).
pub struct HostProc(OwnedFd);

impl HostProc {
    /// Opens it; an error where something else is there.
    pub fn open() -> io::Result<Self> {
        let flags = OFlags::PATH | OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        let directory = rustix::fs::open("/proc", flags, Mode::empty())?;
        if rustix::fs::fstatfs(&directory)?.f_type as i64 != PROC_MAGIC {
            return Err(io::Error::other("/proc is not the kernel's"));
        }
        Ok(Self(directory))
    }

    /// What this thread executes next runs under `label` (attr/exec, proc(5)); the kernel refuses
    /// the exec where the policy does. From whatever namespaces it is called, `thread-self` of that
    /// procfs is this thread.
    pub fn label_next_exec(&self, label: &str) -> io::Result<()> {
        let flags = OFlags::WRONLY | OFlags::CLOEXEC;
        let file = rustix::fs::openat(&self.0, "thread-self/attr/exec", flags, Mode::empty())?;
        std::fs::File::from(file).write_all(label.as_bytes())
    }
}
