//! Frames over a socket, with the descriptors that come along, and never longer than one waits.

use std::io;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::os::unix::net::UnixStream;
use std::time::{Duration, Instant};

use super::wire::{HEAD, body_length};
use crate::sys::socket;

/// How long a frame that has begun may take. A shorter one would end callers on a busy machine, a
/// longer one would let idle callers keep others out.
const PATIENCE: Duration = Duration::from_secs(10);

/// One end of a connection.
#[derive(Debug)]
pub struct Channel(UnixStream);

/// What came.
#[derive(Debug)]
pub struct Frame {
    /// Its kind.
    pub kind: u8,
    /// Its body.
    pub body: Vec<u8>,
    /// Descriptors that came with its first byte.
    pub descriptors: Vec<OwnedFd>,
}

impl Channel {
    /// Over `stream`.
    pub fn new(stream: UnixStream) -> Self {
        Self(stream)
    }

    /// Sends the bytes of a frame with `descriptors`.
    pub fn send(&self, frame: &[u8], descriptors: &[BorrowedFd<'_>]) -> io::Result<()> {
        self.0.set_write_timeout(Some(PATIENCE))?;
        let mut sent = socket::send(self.0.as_fd(), frame, descriptors)?;
        while sent < frame.len() {
            sent += socket::send(self.0.as_fd(), &frame[sent..], &[])?;
        }
        Ok(())
    }

    /// The next frame; `None` when the other end has gone.
    pub fn receive(&self) -> io::Result<Option<Frame>> {
        let deadline = Instant::now() + PATIENCE;
        let mut head = [0; HEAD];
        self.wait_until(deadline)?;
        let (mut count, descriptors) = socket::receive(self.0.as_fd(), &mut head)?;
        if count == 0 {
            return Ok(None);
        }
        count += self.fill(&mut head[count..], deadline)?;
        debug_assert_eq!(count, HEAD);
        let length = body_length(head).map_err(io::Error::other)?;
        let mut body = vec![0; length];
        self.fill(&mut body, deadline)?;
        Ok(Some(Frame {
            kind: head[0],
            body,
            descriptors,
        }))
    }

    /// Fills `bytes`. Descriptors that come here are not asked for: the kernel closes them.
    fn fill(&self, bytes: &mut [u8], deadline: Instant) -> io::Result<usize> {
        let mut filled = 0;
        while filled < bytes.len() {
            self.wait_until(deadline)?;
            match io::Read::read(&mut &self.0, &mut bytes[filled..])? {
                0 => return Err(io::ErrorKind::UnexpectedEof.into()),
                count => filled += count,
            }
        }
        Ok(filled)
    }

    fn wait_until(&self, deadline: Instant) -> io::Result<()> {
        let left = deadline.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return Err(io::ErrorKind::TimedOut.into());
        }
        self.0.set_read_timeout(Some(left))
    }
}

impl AsFd for Channel {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.0.as_fd()
    }
}
