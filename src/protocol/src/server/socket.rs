//! The app's socket as zbus reads it, with one difference: the peer's credentials are what the
//! kernel says, and no more.
//!
//! zbus's own Unix socket also looks up the peer's groups by `getpwuid_r` and `getgrouplist`. In
//! a static program those load the host's NSS modules into a second C library, and with
//! nss-systemd that ends in a crash before the first message.

use std::io;
use std::os::fd::{BorrowedFd, OwnedFd};

use tokio::net::UnixStream;
use tokio::net::unix::{OwnedReadHalf, OwnedWriteHalf, UCred};
use zbus::connection::socket::{ReadHalf, Socket, Split, WriteHalf};
use zbus::fdo::ConnectionCredentials;

/// A connected Unix socket.
#[derive(Debug)]
pub(super) struct AppSocket(pub UnixStream);

#[derive(Debug)]
pub(super) struct Reading(OwnedReadHalf);

#[derive(Debug)]
pub(super) struct Writing(OwnedWriteHalf);

impl Socket for AppSocket {
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
