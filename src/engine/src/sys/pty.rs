//! Pseudo-terminals.

use std::io;
use std::os::fd::{AsRawFd, BorrowedFd, FromRawFd, OwnedFd};

use rustix::fs::{Mode, OFlags};

/// A pty pair.
pub struct Pty {
    /// The controlling side.
    pub master: OwnedFd,
    /// The program's side.
    pub slave: OwnedFd,
}

/// f_type of devpts (statfs(2)).
const DEVPTS_MAGIC: i64 = 0x1cd1;

/// A new pty of the host's.
pub fn open_on_host() -> io::Result<Pty> {
    let flags = OFlags::RDWR | OFlags::NOCTTY | OFlags::CLOEXEC;
    pair(rustix::fs::open("/dev/ptmx", flags, Mode::empty())?)
}

/// A new pty from `/dev/pts/ptmx` of the mount namespace this process is in.
///
/// An image could have put anything there (CVE-2025-52565): the file must be inode 2 of a
/// devpts, and the slave is got from the master by TIOCGPTPEER, not by its path.
pub fn open() -> io::Result<Pty> {
    let flags = OFlags::RDWR | OFlags::NOCTTY | OFlags::CLOEXEC | OFlags::NOFOLLOW;
    let master = rustix::fs::open("/dev/pts/ptmx", flags, Mode::empty())?;
    let filesystem = rustix::fs::fstatfs(&master)?;
    let inode = rustix::fs::fstat(&master)?.st_ino;
    if filesystem.f_type as i64 != DEVPTS_MAGIC || inode != 2 {
        return Err(io::Error::other("/dev/pts/ptmx is not the pet's own"));
    }
    pair(master)
}

fn pair(master: OwnedFd) -> io::Result<Pty> {
    rustix::pty::unlockpt(&master)?;
    let open = libc::O_RDWR | libc::O_NOCTTY | libc::O_CLOEXEC;
    // SAFETY: TIOCGPTPEER takes open flags and returns a new descriptor (ioctl_tty(2)).
    let slave = unsafe { libc::ioctl(master.as_raw_fd(), libc::TIOCGPTPEER, open) };
    if slave < 0 {
        return Err(io::Error::last_os_error());
    }
    // SAFETY: just returned by the kernel, owned by nobody else.
    let slave = unsafe { OwnedFd::from_raw_fd(slave) };
    Ok(Pty { master, slave })
}

/// Sets the window size, in character cells.
pub fn resize(master: BorrowedFd<'_>, columns: u16, rows: u16) -> io::Result<()> {
    let size = rustix::termios::Winsize {
        ws_col: columns,
        ws_row: rows,
        ws_xpixel: 0,
        ws_ypixel: 0,
    };
    Ok(rustix::termios::tcsetwinsize(master, size)?)
}
