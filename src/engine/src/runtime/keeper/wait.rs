//! The rest of the keeper's life: one loop over everything that it waits for.

use std::fs;
use std::io::Read;
use std::os::fd::{AsFd, BorrowedFd};
use std::os::unix::process::ExitStatusExt;
use std::process::ExitStatus;
use std::time::Duration;

use kennel_model::{Phrase, phrase};
use rustix::event::{PollFd, PollFlags, Timespec, poll};

use super::{Entry, Kept, stop_mark};
use crate::bridge::door::Door;
use crate::cgroup::out_of_memory;
use crate::runtime::network;
use crate::sys::process;

/// What the keeper waits for. Another source is a variant here, a line in [`Kept::sources`] and an
/// arm in [`Kept::serve`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Source {
    /// PID 1 ended.
    End,
    /// It said something, or closed its console.
    Console,
    /// Something of the host that the pet follows changed.
    Followed,
    /// The kernel is short of memory for the pet.
    Memory,
    /// A program inside wants something of the host, or is done with it.
    Bridge,
    /// It is time to look at the pet again.
    Clock,
}

impl Kept {
    /// Waits for the end of PID 1, removes the running state, and returns how it ended. What
    /// happens meanwhile goes to `log`.
    pub fn wait(mut self, log: impl Fn(Entry<'_>)) -> Phrase {
        process::release_memory();
        let mut console_open = true;
        loop {
            let ready = self.sleep(console_open);
            let mut grown = false;
            for &source in &ready {
                match source {
                    Source::Console => console_open = self.hear(&log),
                    other => grown |= self.serve(other, &log),
                }
            }
            // What it takes to look once is more than all else of the keeper's memory.
            if grown {
                process::release_memory();
            } else if ready.contains(&Source::Clock) {
                process::release_executable_pages();
            }
            // What it said last is heard before.
            if ready.contains(&Source::End) && !ready.contains(&Source::Console) {
                break;
            }
        }
        self.end(&log)
    }

    /// Everything that is waited for, each with what poll(2) is to report of it.
    fn sources(&self, console_open: bool) -> Vec<(Source, BorrowedFd<'_>, PollFlags)> {
        let mut sources = vec![(Source::End, self.pidfd.as_fd(), PollFlags::IN)];
        if console_open {
            sources.push((Source::Console, self.console.as_fd(), PollFlags::IN));
        }
        if let Some(watch) = self.followed.watch() {
            sources.push((Source::Followed, watch, PollFlags::IN));
        }
        if let Some(memory) = self.memory.as_ref().filter(|watch| watch.pause().is_none()) {
            sources.push((Source::Memory, memory.descriptor(), PollFlags::PRI));
        }
        let door = self.door.iter().flat_map(Door::descriptors);
        sources.extend(door.map(|descriptor| (Source::Bridge, descriptor, PollFlags::IN)));
        sources
    }

    /// How long to wait at most. On a clock that stands while the machine sleeps, so that it does
    /// not wake up to everything at once.
    fn patience(&self) -> Duration {
        let memory = self.memory.as_ref().and_then(out_of_memory::Watch::pause);
        let clock = self.alerts.pause();
        memory.map_or(clock, |memory| memory.min(clock))
    }

    /// Waits until something is to be done.
    fn sleep(&self, console_open: bool) -> Vec<Source> {
        let sources = self.sources(console_open);
        let mut events: Vec<PollFd<'_>> = sources
            .iter()
            .map(|(_, descriptor, flags)| PollFd::from_borrowed_fd(*descriptor, *flags))
            .collect();
        let timeout = Timespec::try_from(self.patience()).ok();
        match poll(&mut events, timeout.as_ref()) {
            Ok(_) | Err(rustix::io::Errno::INTR) => {}
            // Cannot happen with these descriptors; waitpid waits as well.
            Err(_) => return vec![Source::End],
        }
        let mut ready: Vec<Source> = sources
            .iter()
            .zip(&events)
            .filter(|(_, event)| !event.revents().is_empty())
            .map(|((source, ..), _)| *source)
            .collect();
        if self.alerts.pause().is_zero() {
            ready.push(Source::Clock);
        }
        ready
    }

    /// Does what `source` asks for; whether it was anything beyond the usual.
    fn serve(&mut self, source: Source, log: &impl Fn(Entry<'_>)) -> bool {
        match source {
            Source::Followed => {
                // A full disk or a vanished file leaves the copies as they were.
                let _ = self.followed.refresh();
                // Its name servers are what a computer changes when it comes into a network.
                self.uplink.connect();
            }
            Source::Memory => {
                if let Some(killed) = self.memory.as_mut().and_then(out_of_memory::Watch::look) {
                    let text = phrase("{killed}: the pet has no more memory");
                    log(Entry::OutOfMemory(&text.saying("killed", killed.clone())));
                    self.alerts.killed(&killed, log);
                }
            }
            Source::Bridge => {
                if let Some(door) = &mut self.door {
                    door.attend();
                }
            }
            Source::Clock => return self.alerts.look(log),
            // By the loop itself.
            Source::End | Source::Console => {}
        }
        true
    }

    /// Writes down what PID 1 says; false when it says nothing more.
    fn hear(&mut self, log: &impl Fn(Entry<'_>)) -> bool {
        let mut buffer = [0; 4096];
        match self.console.read(&mut buffer) {
            Ok(count @ 1..) => {
                let text = String::from_utf8_lossy(&buffer[..count]);
                log(Entry::Console(text.trim_end()));
                true
            }
            _ => false,
        }
    }

    /// After PID 1: clears up, and tells the person if nobody asked for this.
    fn end(mut self, log: &impl Fn(Entry<'_>)) -> Phrase {
        let mut status = 0;
        // SAFETY: a valid pointer; PID 1 is the keeper's child.
        #[allow(unsafe_code)]
        while unsafe { libc::waitpid(self.pid, &raw mut status, 0) } < 0
            && std::io::Error::last_os_error().kind() == std::io::ErrorKind::Interrupted
        {}
        let how = ending(ExitStatus::from_raw(status));
        let wanted = fs::remove_file(stop_mark(&self.running)).is_ok();
        self.alerts.ended((!wanted).then_some(&how), log);
        let _ = fs::remove_file(self.running.join("state.json"));
        network::disconnect(&self.running);
        if let Some(place) = self.place {
            place.remove(&self.mapping);
        }
        how
    }
}

/// How a process ended, in the words of the standard library.
pub fn ending(status: ExitStatus) -> Phrase {
    let said = status.to_string();
    match (status.code(), said.strip_prefix("signal: ")) {
        (Some(code), _) => phrase("exit status: {status}").with("status", code),
        (None, Some(signal)) => phrase("signal: {signal}").with("signal", signal),
        (None, None) => Phrase::verbatim(said),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_end_reads_as_ever_in_english() {
        for status in [0, 1 << 8, libc::SIGKILL, libc::SIGSEGV | 0x80] {
            let status = ExitStatus::from_raw(status);
            assert_eq!(ending(status).to_string(), status.to_string());
        }
    }
}
