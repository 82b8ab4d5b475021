//! A command of the host's, started for a pet: in a session of its own, with the caller's
//! descriptors or a terminal of the host's.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::ffi::{CString, OsStr, OsString};
use std::io::{Read as _, Write as _};
use std::os::fd::{AsFd, AsRawFd, BorrowedFd, OwnedFd};
use std::os::unix::ffi::OsStrExt as _;
use std::path::{Path, PathBuf};

use nix::errno::Errno;
use nix::sys::signal::{SigHandler, SigSet, Signal, signal};

use super::wire::HIGHEST_DESCRIPTOR;
use crate::cgroup::commands;
use crate::sys::process::{self, Cloned};

/// What to start.
#[derive(Debug)]
pub struct Command {
    /// The program, by its path or to be looked for in `PATH`.
    pub program: OsString,
    /// Its arguments, its own name first.
    pub arguments: Vec<OsString>,
    /// An existing directory.
    pub directory: PathBuf,
    /// Everything that is in its environment.
    pub environment: BTreeMap<OsString, OsString>,
    /// Its controlling terminal, which is also those of its standard streams that `descriptors`
    /// has not.
    pub terminal: Option<OwnedFd>,
    /// The control group that it is born into, if it can be; else that of this process.
    pub group: Option<OwnedFd>,
    /// Its descriptors by number, at most [`HIGHEST_DESCRIPTOR`]. A standard stream that is nowhere
    /// is /dev/null.
    pub descriptors: BTreeMap<u32, OwnedFd>,
}

/// A command that runs.
#[derive(Debug)]
pub struct Running {
    /// Its pid, which is also that of its session and process group.
    pub pid: i32,
    /// Its pidfd.
    pub pidfd: OwnedFd,
}

impl Command {
    /// Starts it. The calling process must have one thread.
    ///
    /// # Errors
    ///
    /// With what execve(2) or what precedes it said.
    pub fn start(self) -> Result<Running, Errno> {
        let (mut failure, report) = {
            let (read, write) = std::io::pipe().map_err(errno)?;
            // Above all numbers that are given away, or a descriptor would be put in its place.
            (read, above(write.as_fd())?)
        };
        // SAFETY: one thread, by this function's contract.
        #[allow(unsafe_code)]
        let cloned = unsafe { commands::clone_into(self.group.as_ref()) }.map_err(errno)?;
        match cloned {
            Cloned::Child => {
                let error = self.become_program();
                let _ = std::fs::File::from(report).write_all(&(error as i32).to_le_bytes());
                // Not `exit`: what is buffered here is the parent's.
                #[allow(unsafe_code)]
                // SAFETY: ends this process at once.
                unsafe {
                    libc::_exit(127)
                }
            }
            Cloned::Parent { pid, pidfd } => {
                drop(report);
                let mut number = [0; 4];
                // Closed without a word by the exec.
                if failure.read_exact(&mut number).is_err() {
                    return Ok(Running { pid, pidfd });
                }
                let _ = nix::sys::wait::waitpid(nix::unistd::Pid::from_raw(pid), None);
                Err(Errno::from_raw(i32::from_le_bytes(number)))
            }
        }
    }

    /// In the new process. Returns only an error.
    fn become_program(self) -> Errno {
        let prepared = self.prepare();
        let (program, arguments, environment) = match prepared {
            Ok(prepared) => prepared,
            Err(error) => return error,
        };
        let path = self.environment.get(OsStr::new("PATH"));
        let path = path.map_or(
            OsStr::new("/usr/local/bin:/usr/bin:/bin"),
            OsString::as_os_str,
        );
        let mut last = Errno::ENOENT;
        for candidate in candidates(program.to_bytes(), path) {
            let Err(error) = nix::unistd::execve(&candidate, &arguments, &environment);
            match error {
                Errno::ENOENT | Errno::ENOTDIR => {}
                // As shells have it: another directory of PATH may have one that works.
                Errno::EACCES => last = error,
                other => return other,
            }
        }
        last
    }

    fn prepare(&self) -> Result<(CString, Vec<CString>, Vec<CString>), Errno> {
        let text = |text: &OsStr| CString::new(text.as_bytes()).map_err(|_| Errno::EINVAL);
        let arguments = self.arguments.iter().map(|argument| text(argument));
        let environment = self.environment.iter().map(|(name, value)| {
            let mut variable = name.clone();
            variable.push("=");
            variable.push(value);
            text(&variable)
        });
        let all = (
            text(&self.program)?,
            arguments.collect::<Result<_, _>>()?,
            environment.collect::<Result<_, _>>()?,
        );
        match &self.terminal {
            Some(terminal) => process::take_terminal(terminal.as_fd()).map_err(errno)?,
            None => drop(nix::unistd::setsid()?),
        }
        self.place_descriptors()?;
        rustix::process::chdir(&self.directory).map_err(|error| errno(error.into()))?;
        process::close_on_exec_from(HIGHEST_DESCRIPTOR + 1).map_err(errno)?;
        forget_signals()?;
        Ok(all)
    }

    /// Puts each descriptor to its number. All are first moved above all numbers, so that none is
    /// overwritten before its turn.
    fn place_descriptors(&self) -> Result<(), Errno> {
        let moved = |descriptor: &OwnedFd| above(descriptor.as_fd());
        let null = std::fs::File::open("/dev/null").map_err(errno)?;
        let usual = match &self.terminal {
            Some(terminal) => moved(terminal)?,
            None => above(null.as_fd())?,
        };
        let mut all = BTreeMap::new();
        for (&number, descriptor) in &self.descriptors {
            all.insert(number, moved(descriptor)?);
        }
        process::close_on_exec_from(3).map_err(errno)?;
        for standard in 0..3 {
            if let Entry::Vacant(missing) = all.entry(standard) {
                missing.insert(above(usual.as_fd())?);
            }
        }
        for (number, descriptor) in &all {
            put(descriptor.as_fd(), *number)?;
        }
        Ok(())
    }
}

/// The files that `program` may be, in order (exec(3)).
fn candidates(program: &[u8], path: &OsStr) -> Vec<CString> {
    let text = |bytes: Vec<u8>| CString::new(bytes).ok();
    if program.contains(&b'/') {
        return text(program.to_vec()).into_iter().collect();
    }
    let directories = path.as_bytes().split(|&byte| byte == b':');
    directories
        // An empty one would be the directory that the pet chose.
        .filter(|directory| directory.starts_with(b"/"))
        .filter_map(|directory| {
            let file = Path::new(OsStr::from_bytes(directory)).join(OsStr::from_bytes(program));
            text(file.into_os_string().as_bytes().to_vec())
        })
        .collect()
}

/// A copy of `descriptor` above all numbers that are given away.
fn above(descriptor: BorrowedFd<'_>) -> Result<OwnedFd, Errno> {
    let lowest = HIGHEST_DESCRIPTOR as i32 + 1;
    rustix::io::fcntl_dupfd_cloexec(descriptor, lowest).map_err(|error| errno(error.into()))
}

/// dup2(2): `number` is `descriptor`'s now, and stays over an exec.
fn put(descriptor: BorrowedFd<'_>, number: u32) -> Result<(), Errno> {
    // SAFETY: integers only. What was at that number is nobody's any more: this process is about to
    // become another program.
    #[allow(unsafe_code)]
    let result = unsafe { libc::dup2(descriptor.as_raw_fd(), number as i32) };
    Errno::result(result).map(drop)
}

/// Nothing of how this process takes signals goes on.
fn forget_signals() -> Result<(), Errno> {
    SigSet::empty().thread_set_mask()?;
    for each in Signal::iterator() {
        if !matches!(each, Signal::SIGKILL | Signal::SIGSTOP) {
            // SAFETY: the default action is no handler that could run.
            #[allow(unsafe_code)]
            unsafe { signal(each, SigHandler::SigDfl) }?;
        }
    }
    Ok(())
}

fn errno(error: std::io::Error) -> Errno {
    Errno::from_raw(error.raw_os_error().unwrap_or(libc::EIO))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_whole_directories_of_path_are_looked_in() {
        let found = |program: &str, path: &str| -> Vec<String> {
            let files = candidates(program.as_bytes(), OsStr::new(path));
            let files = files.into_iter();
            files
                .map(|file| file.into_string().unwrap_or_default())
                .collect()
        };
        assert_eq!(
            found("id", "/bin::.:/usr/bin:bin"),
            ["/bin/id", "/usr/bin/id"]
        );
        assert_eq!(found("./id", "/bin"), ["./id"]);
    }
}
