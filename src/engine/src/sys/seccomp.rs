//! Installing a seccomp filter.

use std::io;

use libc::sock_filter;

/// seccomp(2), SECCOMP_SET_MODE_FILTER, for this process and what it starts. The caller has
/// CAP_SYS_ADMIN in its user namespace or has set `no_new_privs`; one thread.
pub fn install(filter: &[sock_filter]) -> io::Result<()> {
    let program = libc::sock_fprog {
        len: u16::try_from(filter.len()).map_err(io::Error::other)?,
        filter: filter.as_ptr().cast_mut(),
    };
    // SAFETY: program names `filter` with its own length, and the kernel only reads it.
    let result = unsafe {
        libc::syscall(
            libc::SYS_seccomp,
            libc::SECCOMP_SET_MODE_FILTER,
            0,
            &raw const program,
        )
    };
    if result < 0 {
        Err(io::Error::last_os_error())
    } else {
        Ok(())
    }
}
