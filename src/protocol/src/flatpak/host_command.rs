//! A command on the host, by Flatpak's session helper: `HostCommand` of
//! `org.freedesktop.Flatpak.Development`, version 1 of the interface.
//!
//! The helper numbers the given descriptors by their position in the call and not by the handle
//! that the message carries (flatpak-session-helper.c), so they go over in the order of their
//! numbers. It tells the end of a command to the caller's connection only, and may tell it before
//! the reply that names the process: whoever listens begins before the call.

use std::collections::{BTreeMap, HashMap};
use std::ffi::{OsStr, OsString};
use std::os::fd::BorrowedFd;
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::process::ExitStatusExt as _;
use std::path::Path;
use std::process::ExitStatus;

use futures_util::StreamExt as _;
use zbus::zvariant::Fd;
use zbus::{Connection, MatchRule, MessageStream};

const HELPER: &str = "org.freedesktop.Flatpak";
const OBJECT: &str = "/org/freedesktop/Flatpak/Development";
const INTERFACE: &str = "org.freedesktop.Flatpak.Development";
/// Ends that may be told before ours: other commands of this connection.
const OTHER_ENDS: usize = 64;

/// What is to run.
#[derive(Debug)]
pub struct HostCommand<'a> {
    /// Program, by its path on the host or found in the helper's `PATH`, and arguments.
    pub arguments: Vec<OsString>,
    /// Where, on the host.
    pub directory: &'a Path,
    /// What its environment has besides the helper's.
    pub environment: HashMap<&'a str, &'a str>,
    /// What it gets as descriptors. The others are closed, those up to 2 become the helper's own.
    pub descriptors: BTreeMap<u32, BorrowedFd<'a>>,
}

/// One that runs, or has ended unheard.
#[derive(Debug)]
pub struct HostProcess {
    bus: Connection,
    pid: u32,
    ends: MessageStream,
}

/// Why a command did not run on the host.
#[derive(Debug, thiserror::Error)]
pub enum HostCommandError {
    /// The session bus cannot be reached.
    #[error("the session bus cannot be reached")]
    NoBus(#[source] zbus::Error),
    /// Nobody serves the interface, or not to this app.
    #[error("Flatpak's session helper does not answer")]
    NoHelper(#[source] zbus::Error),
    /// The host has no such program.
    #[error("the host has no program {}", .0.display())]
    NoProgram(OsString),
    /// A descriptor to pass on is unusable.
    #[error("a descriptor cannot be passed on")]
    Descriptor(#[source] std::io::Error),
    /// The helper refused or failed.
    #[error("the command could not be started on the host")]
    Failed(#[source] zbus::Error),
    /// The bus went away before the command's end was told.
    #[error("the session bus was closed")]
    BusLost,
}

impl HostCommand<'_> {
    /// Runs it by way of `bus`. It goes on when the connection closes.
    pub async fn spawn(&self, bus: &Connection) -> Result<HostProcess, HostCommandError> {
        let rule = MatchRule::builder()
            .msg_type(zbus::message::Type::Signal)
            .interface(INTERFACE)
            .and_then(|rule| rule.member("HostCommandExited"))
            .and_then(|rule| rule.path(OBJECT))
            .map_err(HostCommandError::Failed)?
            .build();
        let ends = MessageStream::for_match_rule(rule, bus, Some(OTHER_ENDS))
            .await
            .map_err(HostCommandError::Failed)?;
        let arguments: Vec<Vec<u8>> = self.arguments.iter().map(|part| terminated(part)).collect();
        let descriptors = self.distinct_descriptors()?;
        let body = (
            terminated(self.directory.as_os_str()),
            arguments,
            descriptors,
            &self.environment,
            0_u32,
        );
        let reply = bus
            .call_method(Some(HELPER), OBJECT, Some(INTERFACE), "HostCommand", &body)
            .await
            .map_err(|error| self.refused(error))?;
        let pid = reply.body().deserialize();
        Ok(HostProcess {
            bus: bus.clone(),
            pid: pid.map_err(HostCommandError::Failed)?,
            ends,
        })
    }

    /// One descriptor for each number: a message carries the same one only once, and then those
    /// behind it would move up.
    fn distinct_descriptors(&self) -> Result<BTreeMap<u32, Fd<'static>>, HostCommandError> {
        let copy = |(number, descriptor): (&u32, &BorrowedFd<'_>)| {
            let copy = descriptor.try_clone_to_owned();
            Ok((
                *number,
                Fd::from(copy.map_err(HostCommandError::Descriptor)?),
            ))
        };
        self.descriptors.iter().map(copy).collect()
    }

    fn refused(&self, error: zbus::Error) -> HostCommandError {
        let name = match &error {
            zbus::Error::MethodError(name, ..) => name.as_str().to_owned(),
            _ => String::new(),
        };
        match name.strip_prefix("org.freedesktop.DBus.Error.") {
            Some("FileNotFound") => {
                HostCommandError::NoProgram(self.arguments.first().cloned().unwrap_or_default())
            }
            Some("ServiceUnknown" | "NameHasNoOwner" | "UnknownMethod" | "NoReply") => {
                HostCommandError::NoHelper(error)
            }
            Some(other) if other.starts_with("Spawn.") => HostCommandError::NoHelper(error),
            _ => HostCommandError::Failed(error),
        }
    }
}

impl HostProcess {
    /// Waits for its end.
    pub async fn wait(&mut self) -> Result<ExitStatus, HostCommandError> {
        while let Some(message) = self.ends.next().await {
            let message = message.map_err(|_| HostCommandError::BusLost)?;
            if let Ok((pid, status)) = message.body().deserialize::<(u32, u32)>()
                && pid == self.pid
            {
                return Ok(ExitStatus::from_raw(status as i32));
            }
        }
        Err(HostCommandError::BusLost)
    }

    /// Sends it `signal`, or the whole group that it leads.
    pub async fn signal(&self, signal: i32, group: bool) -> Result<(), HostCommandError> {
        let body = (self.pid, signal as u32, group);
        self.bus
            .call_method(
                Some(HELPER),
                OBJECT,
                Some(INTERFACE),
                "HostCommandSignal",
                &body,
            )
            .await
            .map(drop)
            .map_err(HostCommandError::Failed)
    }
}

/// The interface has byte strings with their end.
fn terminated(text: &OsStr) -> Vec<u8> {
    let mut bytes = text.as_bytes().to_vec();
    bytes.push(0);
    bytes
}
