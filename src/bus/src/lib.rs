//! A Unix socket as zbus reads it, with one difference: the peer's credentials are what the kernel
//! says, and no more. And a bus reached over one.
//!
//! zbus's own Unix socket also looks up the peer's groups by `getpwuid_r` and `getgrouplist`. In
//! a static program those load the host's NSS modules into a second C library, and with
//! nss-systemd that ends in a crash before the first message.

use std::io;
use std::os::fd::{BorrowedFd, OwnedFd};
use std::path::Path;

use tokio::net::UnixStream;
use tokio::net::unix::{OwnedReadHalf, OwnedWriteHalf, UCred};
use zbus::connection::socket::{ReadHalf, Socket, Split, WriteHalf};
use zbus::fdo::ConnectionCredentials;

/// A connected Unix socket.
#[derive(Debug)]
pub struct PlainSocket(pub UnixStream);

/// Its half for reading.
#[derive(Debug)]
pub struct Reading(OwnedReadHalf);

/// Its half for writing.
#[derive(Debug)]
pub struct Writing(OwnedWriteHalf);

/// A connection to the bus that listens at `socket`, as the user of this process. It starts no
/// thread: its work is done by the tokio runtime that this is awaited in.
pub async fn connect(socket: &Path) -> zbus::Result<zbus::Connection> {
    let stream = UnixStream::connect(socket).await?;
    zbus::connection::Builder::socket(PlainSocket(stream))
        .build()
        .await
}

impl Socket for PlainSocket {
    type ReadHalf = Reading;
    type WriteHalf = Writing;

    fn split(self) -> Split<Reading, Writing> {
        let (read, write) = self.0.into_split();
        Split::new(Reading(read), Writing(write))
    }
}

#[async_trait::async_trait]
impl ReadHalf for Reading {
    async fn recvmsg(&mut self, buffer: &mut [u8]) -> io::Result<(usize, Vec<OwnedFd>)> {
        self.0.recvmsg(buffer).await
    }

    fn can_pass_unix_fd(&self) -> bool {
        true
    }

    async fn peer_credentials(&mut self) -> io::Result<ConnectionCredentials> {
        self.0.as_ref().peer_cred().map(credentials)
    }
}

#[async_trait::async_trait]
impl WriteHalf for Writing {
    async fn sendmsg(&mut self, buffer: &[u8], fds: &[BorrowedFd<'_>]) -> io::Result<usize> {
        self.0.sendmsg(buffer, fds).await
    }

    async fn close(&mut self) -> io::Result<()> {
        WriteHalf::close(&mut self.0).await
    }

    fn can_pass_unix_fd(&self) -> bool {
        true
    }

    async fn peer_credentials(&mut self) -> io::Result<ConnectionCredentials> {
        self.0.as_ref().peer_cred().map(credentials)
    }
}

fn credentials(peer: UCred) -> ConnectionCredentials {
    ConnectionCredentials::default().set_unix_user_id(peer.uid())
}
