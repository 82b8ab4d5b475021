//! The pet's end: a program that has a command of the host's run.

use std::io;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::os::unix::net::UnixStream;

use kennel_model::Phrase;
use rustix::event::{PollFd, PollFlags, poll};

use super::SOCKET_INSIDE;
use super::channel::Channel;
use super::host::Refusal;
use super::wire::{Answer, Ask, Garbled, Request};

/// A command that was asked for.
#[derive(Debug)]
pub struct Asked(Channel);

/// What becomes of it.
#[derive(Debug)]
pub enum Turn {
    /// It waits for the person's word, which this says how to give.
    Waits(Asked, String),
    /// It runs.
    Runs(Remote),
}

/// A command that runs on the host.
#[derive(Debug)]
pub struct Remote {
    channel: Channel,
    /// The controlling side of its terminal, if it has one.
    pub terminal: Option<OwnedFd>,
}

/// Why a command of the host's does not run, or is heard of no more.
#[derive(Debug, thiserror::Error)]
pub enum BridgeError {
    /// There is no bridge.
    #[error("this pet may not run commands on the host")]
    Off,
    /// Nobody is at the other end.
    #[error("the bridge to the host is down")]
    Down(#[source] io::Error),
    /// The host refuses, for this reason.
    #[error("{}", .0.reason)]
    Refused(Refusal),
}

/// Whether there is a bridge.
pub fn is_open() -> bool {
    std::path::Path::new(SOCKET_INSIDE).exists()
}

/// Asks for the command of `request`, with `descriptors` by the numbers that it names.
pub fn ask(request: Request, descriptors: &[BorrowedFd<'_>]) -> Result<Asked, BridgeError> {
    let stream = UnixStream::connect(SOCKET_INSIDE).map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => BridgeError::Off,
        _ => BridgeError::Down(error),
    })?;
    let channel = Channel::new(stream);
    let frame = Ask::Run(Box::new(request)).encode();
    channel
        .send(&frame, descriptors)
        .map_err(BridgeError::Down)?;
    Ok(Asked(channel))
}

impl Asked {
    /// Sends the command a signal. One that waits for the person's word is given up by it.
    pub fn signal(&self, number: u8) {
        signal(&self.0, number);
    }

    /// Waits for what becomes of it next.
    pub fn next(self) -> Result<Turn, BridgeError> {
        match answer(&self.0)? {
            (Answer::Started, mut descriptors) => Ok(Turn::Runs(Remote {
                channel: self.0,
                terminal: descriptors.pop(),
            })),
            (Answer::Waits(how), _) => Ok(Turn::Waits(self, how)),
            (Answer::Refused(status, reason), _) => Err(BridgeError::Refused(Refusal {
                status,
                reason: Phrase::verbatim(reason),
            })),
            (Answer::Exited(_), _) => Err(BridgeError::Down(io::Error::other(Garbled))),
        }
    }
}

impl AsFd for Asked {
    /// Readable when there is an answer.
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.0.as_fd()
    }
}

impl Remote {
    /// Sends it a signal. One that has ended needs none.
    pub fn signal(&self, number: u8) {
        signal(&self.channel, number);
    }

    /// Waits for its end: its exit status.
    pub fn wait(&self) -> Result<u8, BridgeError> {
        match answer(&self.channel)? {
            (Answer::Exited(status), _) => Ok(status),
            _ => Err(BridgeError::Down(io::Error::other(Garbled))),
        }
    }
}

impl AsFd for Remote {
    /// Readable when the command has ended.
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.channel.as_fd()
    }
}

fn signal(channel: &Channel, number: u8) {
    // Nobody at the other end is told by the next answer.
    let _ = channel.send(&Ask::Signal(number).encode(), &[]);
}

fn answer(channel: &Channel) -> Result<(Answer, Vec<OwnedFd>), BridgeError> {
    // A command may run for days, and a person may think about it for a while.
    let mut said = [PollFd::new(channel, PollFlags::IN)];
    while poll(&mut said, None).is_err() {}
    let frame = channel.receive().map_err(BridgeError::Down)?;
    let gone = || BridgeError::Down(io::ErrorKind::UnexpectedEof.into());
    let frame = frame.ok_or_else(gone)?;
    let answer = Answer::decode(frame.kind, &frame.body);
    let answer = answer.map_err(|error| BridgeError::Down(io::Error::other(error)))?;
    Ok((answer, frame.descriptors))
}
