//! Namespaces as files (ioctl_ns(2)).

use std::io;
use std::os::fd::{AsRawFd as _, BorrowedFd, FromRawFd as _, OwnedFd};

/// `_IO(0xb7, 2)`.
const NS_GET_PARENT: libc::Ioctl = 0xb702;

/// The namespace around the user or process namespace of `file`. EPERM where this process may not
/// see it.
pub fn parent(file: BorrowedFd<'_>) -> io::Result<OwnedFd> {
    // SAFETY: this request takes no argument and returns a fresh descriptor.
    let parent = unsafe { libc::ioctl(file.as_raw_fd(), NS_GET_PARENT) };
    if parent < 0 {
        return Err(io::Error::last_os_error());
    }
    // SAFETY: the kernel made this descriptor for us just now.
    Ok(unsafe { OwnedFd::from_raw_fd(parent) })
}
