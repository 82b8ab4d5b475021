//! Copies between the caller's standard streams and those of a program that may not use them, byte
//! by byte as they are.

use std::fs::File;
use std::io::{self, Read, Write};
use std::os::fd::{AsFd, BorrowedFd};

use kennel_engine::runtime::enter::Streams;
use nix::unistd::ForkResult;
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::fs::OFlags;
use rustix::process::{Pid, PidfdFlags, pidfd_open};

/// What a pipe holds (pipe(7)).
const CHUNK: usize = 64 * 1024;

/// What may be left to copy once the program has ended.
pub struct Rest(Copies);

/// Copies until process `pid`, our child, has ended; it is left to be waited for.
pub fn run(streams: Streams, pid: i32) -> Rest {
    let mut copies = Copies::new(streams);
    let ended = Pid::from_raw(pid).and_then(|pid| pidfd_open(pid, PidfdFlags::empty()).ok());
    if let Some(ended) = ended {
        while !copies
            .turn(Some(ended.as_fd()), None)
            .contains(&Source::End)
        {}
    }
    copies.input = None;
    Rest(copies)
}

impl Rest {
    /// Copies what the program has left in its pipes. What it started and left running may have more
    /// to say: as it would go on holding the caller's own streams, a process of ours goes on copying
    /// for it.
    pub fn finish(mut self) {
        let at_once = Timespec::default();
        while self.0.is_open() && !self.0.turn(None, Some(&at_once)).is_empty() {}
        if !self.0.is_open() {
            return;
        }
        // SAFETY: this process has one thread.
        #[allow(unsafe_code)]
        if let Ok(ForkResult::Child) = unsafe { nix::unistd::fork() } {
            while self.0.is_open() {
                self.0.turn(None, None);
            }
            std::process::exit(0);
        }
    }
}

/// What there is to wait for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Source {
    /// The program's end.
    End,
    /// More of the caller's input.
    Input,
    /// Room in the program's, or its end.
    Room,
    Output,
    Errors,
}

struct Copies {
    input: Option<Input>,
    output: Option<Outlet>,
    errors: Option<Outlet>,
}

impl Copies {
    fn new(streams: Streams) -> Self {
        let outlet = |pipe: std::os::fd::OwnedFd, own: BorrowedFd<'_>| {
            let own = own.try_clone_to_owned().ok()?.into();
            let pipe = pipe.into();
            Some(Outlet { pipe, own })
        };
        Self {
            input: streams.input.and_then(|pipe| Input::new(pipe.into()).ok()),
            output: outlet(streams.output, rustix::stdio::stdout()),
            errors: outlet(streams.errors, rustix::stdio::stderr()),
        }
    }

    fn is_open(&self) -> bool {
        self.output.is_some() || self.errors.is_some()
    }

    /// Waits for at most `patience` until there is something to copy, copies it, and returns what
    /// there was.
    fn turn(&mut self, ended: Option<BorrowedFd<'_>>, patience: Option<&Timespec>) -> Vec<Source> {
        let ready = self.wait(ended, patience);
        for source in &ready {
            match source {
                Source::End => {}
                Source::Input => keep_if(&mut self.input, Input::read),
                Source::Room => keep_if(&mut self.input, Input::write),
                Source::Output => keep_if(&mut self.output, Outlet::copy),
                Source::Errors => keep_if(&mut self.errors, Outlet::copy),
            }
        }
        ready
    }

    fn wait(&self, ended: Option<BorrowedFd<'_>>, patience: Option<&Timespec>) -> Vec<Source> {
        let stdin = rustix::stdio::stdin();
        let input = self.input.as_ref();
        let room = input.map(|input| (input.pipe.as_fd(), input.wants_room()));
        let input = input.filter(|input| input.wants_more());
        let wanted = [
            (Source::End, ended.map(|fd| (fd, PollFlags::IN))),
            (Source::Input, input.map(|_| (stdin, PollFlags::IN))),
            (Source::Room, room),
            (Source::Output, self.output.as_ref().map(Outlet::wanted)),
            (Source::Errors, self.errors.as_ref().map(Outlet::wanted)),
        ];
        let (sources, mut events): (Vec<Source>, Vec<PollFd<'_>>) = wanted
            .into_iter()
            .filter_map(|(source, wanted)| Some((source, wanted?)))
            .map(|(source, (fd, flags))| (source, PollFd::from_borrowed_fd(fd, flags)))
            .unzip();
        if poll(&mut events, patience).is_err() {
            return Vec::new();
        }
        let events = sources.into_iter().zip(events);
        events
            .filter(|(_, event)| !event.revents().is_empty())
            .map(|(source, _)| source)
            .collect()
    }
}

/// Forgets what has come to its end.
fn keep_if<T>(place: &mut Option<T>, act: impl FnOnce(&mut T) -> bool) {
    if place.as_mut().is_some_and(|it| !act(it)) {
        *place = None;
    }
}

/// The caller's input on its way to the program. Its pipe is never waited for: a program that reads
/// nothing must not keep us from copying what it prints.
struct Input {
    pipe: File,
    waiting: Vec<u8>,
}

impl Input {
    fn new(pipe: File) -> io::Result<Self> {
        rustix::fs::fcntl_setfl(&pipe, OFlags::NONBLOCK)?;
        let waiting = Vec::new();
        Ok(Self { pipe, waiting })
    }

    fn wants_more(&self) -> bool {
        self.waiting.is_empty()
    }

    /// Without any the end of the reader is still told.
    fn wants_room(&self) -> PollFlags {
        if self.waiting.is_empty() {
            PollFlags::empty()
        } else {
            PollFlags::OUT
        }
    }

    /// False at the end.
    fn read(&mut self) -> bool {
        let mut buffer = vec![0; CHUNK];
        match rustix::io::read(rustix::stdio::stdin(), &mut buffer[..]) {
            Ok(0) => false,
            Ok(count) => {
                buffer.truncate(count);
                self.waiting = buffer;
                self.write()
            }
            Err(error) => is_passing(error.into()),
        }
    }

    /// False when nobody will read it.
    fn write(&mut self) -> bool {
        if self.waiting.is_empty() {
            // Woken without having asked for room.
            return false;
        }
        match self.pipe.write(&self.waiting) {
            Ok(count) => {
                self.waiting.drain(..count);
                true
            }
            Err(error) => is_passing(error),
        }
    }
}

/// The program's output on its way to the caller.
struct Outlet {
    pipe: File,
    own: File,
}

impl Outlet {
    fn wanted(&self) -> (BorrowedFd<'_>, PollFlags) {
        (self.pipe.as_fd(), PollFlags::IN)
    }

    /// False at the end, and when the caller reads no more: then the program learns it, too.
    fn copy(&mut self) -> bool {
        let mut buffer = vec![0; CHUNK];
        match self.pipe.read(&mut buffer) {
            Ok(0) => false,
            Ok(count) => self.own.write_all(&buffer[..count]).is_ok(),
            Err(error) => is_passing(error),
        }
    }
}

fn is_passing(error: io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::Interrupted | io::ErrorKind::WouldBlock
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn output_comes_byte_by_byte_and_ends_with_its_writer() {
        let (reader, mut writer) = io::pipe().unwrap();
        let (mut seen, own) = io::pipe().unwrap();
        let mut copies = Copies {
            input: None,
            output: Some(Outlet {
                pipe: File::from(std::os::fd::OwnedFd::from(reader)),
                own: File::from(std::os::fd::OwnedFd::from(own)),
            }),
            errors: None,
        };
        writer.write_all(b"\0\xff\r\n").unwrap();
        drop(writer);
        while copies.is_open() {
            copies.turn(None, None);
        }
        let mut text = Vec::new();
        seen.read_to_end(&mut text).unwrap();
        assert_eq!(text, b"\0\xff\r\n");
    }

    #[test]
    fn input_that_nobody_reads_ends() {
        let (reader, writer) = io::pipe().unwrap();
        let mut input = Input::new(File::from(std::os::fd::OwnedFd::from(writer))).unwrap();
        input.waiting = b"more".to_vec();
        assert!(input.write());
        assert!(input.wants_more());
        drop(reader);
        input.waiting = b"yet more".to_vec();
        assert!(!input.write());
    }
}
