//! Processes: clone3, pidfds, setns, capabilities, sealing.

use std::ffi::{CString, c_int, c_ulong};
use std::io;
use std::os::fd::{AsRawFd, BorrowedFd, FromRawFd, OwnedFd, RawFd};
use std::time::Duration;

use rustix::event::{PollFd, PollFlags, Timespec, poll};

fn check(result: libc::c_long) -> io::Result<libc::c_long> {
    if result < 0 {
        Err(io::Error::last_os_error())
    } else {
        Ok(result)
    }
}

/// What `clone3` returned, in each of the two processes.
pub enum Cloned {
    /// In the new process.
    Child,
    /// In the calling process.
    Parent {
        /// The child's pid in this process's pid namespace.
        pid: i32,
        /// The child's pidfd.
        pidfd: OwnedFd,
    },
}

/// clone3(2) in the way of fork(2): no shared memory, SIGCHLD at the end. The child is born in the
/// control group whose directory is `group`, or in that of this process.
///
/// # Safety
/// The calling process must have one thread: the child owns a copy of its memory, locks included.
pub unsafe fn clone_process(namespaces: u64, group: Option<BorrowedFd<'_>>) -> io::Result<Cloned> {
    /// clone(2); libc's constant is too narrow for it.
    const CLONE_INTO_CGROUP: u64 = 1 << 33;
    let mut pidfd: RawFd = -1;
    // SAFETY: clone_args is plain integers; zero is each field's "not used".
    let mut args: libc::clone_args = unsafe { std::mem::zeroed() };
    args.flags = namespaces | libc::CLONE_PIDFD as u64;
    args.pidfd = std::ptr::from_mut(&mut pidfd) as u64;
    args.exit_signal = libc::SIGCHLD as u64;
    if let Some(group) = group {
        args.flags |= CLONE_INTO_CGROUP;
        args.cgroup = group.as_raw_fd() as u64;
    }
    // SAFETY: args lives over the call and has the size given; with no CLONE_VM the child
    // returns on a copy of this stack.
    let pid = check(unsafe {
        libc::syscall(
            libc::SYS_clone3,
            std::ptr::from_mut(&mut args),
            size_of::<libc::clone_args>(),
        )
    })?;
    if pid == 0 {
        return Ok(Cloned::Child);
    }
    // SAFETY: the kernel stored a fresh descriptor there for the parent.
    let pidfd = unsafe { OwnedFd::from_raw_fd(pidfd) };
    Ok(Cloned::Parent {
        pid: pid as i32,
        pidfd,
    })
}

/// setns(2) with a pidfd: joins every namespace in `flags` at once.
pub fn join_namespaces(pidfd: BorrowedFd<'_>, flags: c_int) -> io::Result<()> {
    // SAFETY: setns takes integers only.
    check(unsafe { libc::setns(pidfd.as_raw_fd(), flags) }.into()).map(drop)
}

/// A copy of `program` in memory that nobody can change any more (memfd_create(2), CVE-2019-5736).
pub fn sealed_copy(mut program: std::fs::File) -> io::Result<std::fs::File> {
    use rustix::fs::{MemfdFlags, SealFlags};
    let flags = MemfdFlags::CLOEXEC | MemfdFlags::ALLOW_SEALING;
    // Before Linux 6.3 every memfd was executable, and the flag was unknown.
    let memory = rustix::fs::memfd_create("kennel", flags | MemfdFlags::EXEC)
        .or_else(|_| rustix::fs::memfd_create("kennel", flags))?;
    let mut memory = std::fs::File::from(memory);
    io::copy(&mut program, &mut memory)?;
    let seals = SealFlags::SEAL | SealFlags::SHRINK | SealFlags::GROW | SealFlags::WRITE;
    rustix::fs::fcntl_add_seals(&memory, seals)?;
    Ok(memory)
}

/// pidfd_send_signal(2), of any number: rustix knows no real-time signals of the C library's.
pub fn send_signal(pidfd: BorrowedFd<'_>, signal: c_int) -> io::Result<()> {
    let none: *const libc::siginfo_t = std::ptr::null();
    // SAFETY: integers, and a null pointer that asks for the plain signal.
    check(unsafe {
        libc::syscall(
            libc::SYS_pidfd_send_signal,
            pidfd.as_raw_fd(),
            signal,
            none,
            0,
        )
    })
    .map(drop)
}

/// Ends the process of `pidfd`: `signal`, then KILL. Each has `grace` to take effect; whether the
/// process is gone then.
pub fn end(pidfd: BorrowedFd<'_>, signal: c_int, grace: Duration) -> io::Result<bool> {
    for signal in [signal, libc::SIGKILL] {
        // An error here means that it has just ended.
        let _ = send_signal(pidfd, signal);
        if wait_for_end(pidfd, grace)? {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Waits for the end of the process of `pidfd`, for at most `patience`; whether it has ended.
pub fn wait_for_end(pidfd: BorrowedFd<'_>, patience: Duration) -> io::Result<bool> {
    let timeout = Timespec::try_from(patience).map_err(io::Error::other)?;
    let mut ended = [PollFd::from_borrowed_fd(pidfd, PollFlags::IN)];
    Ok(poll(&mut ended, Some(&timeout))? > 0)
}

/// PR_SET_DUMPABLE 0: nobody in the pet may ptrace or open this process's memory (CVE-2016-9962).
pub fn forbid_dumping() {
    // SAFETY: prctl with integers only; it cannot fail for the value 0.
    unsafe { libc::prctl(libc::PR_SET_DUMPABLE, 0 as c_ulong, 0, 0, 0) };
}

/// PR_SET_PDEATHSIG: this process gets `signal` when its parent ends.
pub fn end_with_parent(signal: c_int) {
    // SAFETY: prctl with integers only.
    unsafe { libc::prctl(libc::PR_SET_PDEATHSIG, signal as c_ulong, 0, 0, 0) };
}

/// close_range(2): closes every descriptor from `first` on. For a process that uses none any more.
pub fn close_from(first: u32) {
    // SAFETY: integers only. Whoever calls this gives up all that owns a descriptor.
    unsafe { libc::syscall(libc::SYS_close_range, first, u32::MAX, 0) };
}

/// close_range(2) with CLOEXEC from `first` on: nothing leaks through the next exec (CVE-2024-21626).
pub fn close_on_exec_from(first: u32) -> io::Result<()> {
    // SAFETY: integers only; no descriptor is closed now.
    check(unsafe {
        libc::syscall(
            libc::SYS_close_range,
            first,
            u32::MAX,
            libc::CLOSE_RANGE_CLOEXEC,
        )
    })
    .map(drop)
}

/// Becomes `uid`, `gid` with exactly `groups`, all of real, effective and saved ids.
/// `set_groups` is false where the namespace denies setgroups(2).
pub fn become_user(uid: u32, gid: u32, groups: &[u32], set_groups: bool) -> io::Result<()> {
    // SAFETY: integers only.
    check(unsafe { libc::setresgid(gid, gid, gid) }.into())?;
    if set_groups {
        // SAFETY: a slice with its own length.
        check(unsafe { libc::setgroups(groups.len(), groups.as_ptr()) }.into())?;
    }
    // SAFETY: integers only.
    check(unsafe { libc::setresuid(uid, uid, uid) }.into()).map(drop)
}

/// Drops every capability of the bounding set that is not in `bounding` (bit n is capability n),
/// keeps at most `held` for this process, and empties the inheritable and ambient sets
/// (CVE-2022-29162).
pub fn limit_capabilities(bounding: u64, held: u64) -> io::Result<()> {
    for capability in 0..64_u64 {
        // SAFETY: prctl with integers only.
        let present = unsafe { libc::prctl(libc::PR_CAPBSET_READ, capability, 0, 0, 0) };
        if present < 0 {
            break;
        }
        if present == 1 && bounding & (1 << capability) == 0 {
            // SAFETY: prctl with integers only.
            check(unsafe { libc::prctl(libc::PR_CAPBSET_DROP, capability, 0, 0, 0) }.into())?;
        }
    }
    // SAFETY: prctl with integers only.
    unsafe {
        libc::prctl(
            libc::PR_CAP_AMBIENT,
            libc::PR_CAP_AMBIENT_CLEAR_ALL as c_ulong,
            0,
            0,
            0,
        )
    };
    set_capabilities(held)
}

/// capset(2): effective and permitted become `kept` (and what is held), inheritable nothing.
fn set_capabilities(kept: u64) -> io::Result<()> {
    #[repr(C)]
    struct Header {
        version: u32,
        pid: i32,
    }
    const VERSION_3: u32 = 0x2008_0522;
    let mut header = Header {
        version: VERSION_3,
        pid: 0,
    };
    let mut data = [[0_u32; 3]; 2];
    // SAFETY: header and data are what version 3 of capget(2) and capset(2) expects.
    check(unsafe { libc::syscall(libc::SYS_capget, &raw mut header, data.as_mut_ptr()) })?;
    for (half, words) in data.iter_mut().enumerate() {
        let mask = (kept >> (32 * half)) as u32;
        *words = [words[0] & mask, words[1] & mask, 0];
    }
    // SAFETY: as above.
    check(unsafe { libc::syscall(libc::SYS_capset, &raw mut header, data.as_ptr()) }).map(drop)
}

/// PR_SET_NO_NEW_PRIVS: no exec from here on gains privileges.
pub fn no_new_privileges() -> io::Result<()> {
    // SAFETY: prctl with integers only.
    check(unsafe { libc::prctl(libc::PR_SET_NO_NEW_PRIVS, 1 as c_ulong, 0, 0, 0) }.into()).map(drop)
}

/// execveat(2) of the open file `program` itself; returns only an error.
pub fn execute_fd(
    program: BorrowedFd<'_>,
    arguments: &[CString],
    environment: &[CString],
) -> io::Error {
    let argv = pointers(arguments);
    let envp = pointers(environment);
    // SAFETY: both arrays end in null and point to strings that outlive the call.
    unsafe {
        libc::syscall(
            libc::SYS_execveat,
            program.as_raw_fd(),
            c"".as_ptr(),
            argv.as_ptr(),
            envp.as_ptr(),
            libc::AT_EMPTY_PATH,
        );
    }
    io::Error::last_os_error()
}

fn pointers(strings: &[CString]) -> Vec<*const libc::c_char> {
    strings
        .iter()
        .map(|s| s.as_ptr())
        .chain([std::ptr::null()])
        .collect()
}

/// Makes `terminal` (a pty slave) the controlling terminal of a new session.
pub fn take_terminal(terminal: BorrowedFd<'_>) -> io::Result<()> {
    // SAFETY: no arguments.
    check(unsafe { libc::setsid() }.into())?;
    // SAFETY: integers only.
    check(unsafe { libc::ioctl(terminal.as_raw_fd(), libc::TIOCSCTTY, 0) }.into()).map(drop)
}

/// Lets go of what a small long-lived process has of memory but does not need now.
pub fn release_memory() {
    // SAFETY: it only gives back to the kernel what the allocator holds free (malloc_trim(3)).
    #[cfg(target_env = "gnu")]
    #[allow(unsafe_code)]
    unsafe {
        libc::malloc_trim(0);
    }
    release_executable_pages();
}

/// Lets go of the pages of our own executable that only starting up has touched: most of a small
/// long-lived process's memory. What is needed again comes back from the page cache.
pub fn release_executable_pages() {
    // Provided by the linker: where the program and where its code ends (end(3)).
    #[allow(clippy::items_after_statements)]
    unsafe extern "C" {
        static __executable_start: u8;
        static etext: u8;
    }
    let start = (&raw const __executable_start).addr() & !4095;
    let length = (&raw const etext).addr().saturating_sub(start);
    // SAFETY: these are read-only mappings of a file: dropped pages read the same again. An error
    // changes nothing but the memory that is used.
    unsafe {
        libc::madvise(
            std::ptr::with_exposed_provenance_mut(start),
            length,
            libc::MADV_DONTNEED,
        );
    }
}
