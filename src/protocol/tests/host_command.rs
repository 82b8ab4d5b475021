//! Commands on the host against a session helper of our own making, on a private bus: it really
//! starts programs, numbers descriptors by position as Flatpak's does, and fails in every way.
#![allow(clippy::unwrap_used, reason = "a test may fail loudly")]
#![allow(
    missing_docs,
    clippy::too_many_arguments,
    clippy::used_underscore_binding,
    reason = "zbus generates such items"
)]

mod private_bus;

use std::collections::{BTreeMap, HashMap};
use std::ffi::OsString;
use std::io::Read as _;
use std::os::fd::{AsFd as _, OwnedFd};
use std::os::unix::ffi::OsStringExt as _;
use std::os::unix::process::{CommandExt as _, ExitStatusExt as _};
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use kennel_protocol::flatpak::{HostCommand, HostCommandError};
use private_bus::Bus;
use tokio::time::timeout;
use zbus::object_server::SignalEmitter;
use zbus::zvariant;
use zbus::{Connection, fdo};

const SOON: Duration = Duration::from_secs(10);

/// What this helper does otherwise than Flatpak's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Manner {
    /// Nothing.
    Usual,
    /// It tells the end before it answers the call.
    EndFirst,
    /// It tells the end of many others before.
    OthersFirst,
    /// It never tells the end.
    Silent,
    /// It refuses.
    Refuses(&'static str),
}

struct Helper(Manner);

#[zbus::interface(name = "org.freedesktop.Flatpak.Development")]
impl Helper {
    async fn host_command(
        &self,
        directory: Vec<u8>,
        arguments: Vec<Vec<u8>>,
        descriptors: BTreeMap<u32, zvariant::OwnedFd>,
        environment: HashMap<String, String>,
        _flags: u32,
        #[zbus(connection)] bus: &Connection,
        #[zbus(header)] header: zbus::message::Header<'_>,
    ) -> fdo::Result<u32> {
        if let Manner::Refuses(how) = self.0 {
            return Err(match how {
                "no-program" => fdo::Error::FileNotFound("Failed to start command".into()),
                "no-helper" => fdo::Error::ServiceUnknown("not provided".into()),
                _ => fdo::Error::AccessDenied("no".into()),
            });
        }
        let text = |mut bytes: Vec<u8>| {
            assert_eq!(bytes.pop(), Some(0), "a byte string has an end");
            OsString::from_vec(bytes)
        };
        let mut arguments = arguments.into_iter().map(text);
        let mut command = Command::new(arguments.next().unwrap());
        command
            .args(arguments)
            .current_dir(text(directory))
            .envs(environment);
        let descriptors: Vec<(i32, OwnedFd)> = descriptors
            .into_iter()
            .map(|(number, descriptor)| (number as i32, descriptor.into()))
            .collect();
        // SAFETY: only system calls between fork and exec; the descriptors live until spawn.
        #[allow(unsafe_code)]
        unsafe {
            let numbers: Vec<(i32, i32)> = descriptors
                .iter()
                .map(|(number, descriptor)| (*number, std::os::fd::AsRawFd::as_raw_fd(descriptor)))
                .collect();
            command.pre_exec(move || {
                for (number, descriptor) in &numbers {
                    if nix::libc::dup2(*descriptor, *number) < 0 {
                        return Err(std::io::Error::last_os_error());
                    }
                }
                Ok(())
            });
        }
        let mut child = command
            .spawn()
            .map_err(|error| fdo::Error::FileNotFound(error.to_string()))?;
        let (pid, caller) = (child.id(), header.sender().unwrap().to_owned());
        let told = SignalEmitter::new(bus, "/org/freedesktop/Flatpak/Development")
            .unwrap()
            .set_destination(caller.into())
            .into_owned();
        let manner = self.0;
        let end = async move {
            let status = tokio::task::spawn_blocking(move || child.wait())
                .await
                .unwrap();
            if manner == Manner::OthersFirst {
                for other in 1..40 {
                    Self::host_command_exited(&told, pid + other, 9)
                        .await
                        .unwrap();
                }
            }
            if manner != Manner::Silent {
                let status = status.unwrap().into_raw() as u32;
                Self::host_command_exited(&told, pid, status).await.unwrap();
            }
        };
        if manner == Manner::EndFirst {
            end.await;
        } else {
            tokio::spawn(end);
        }
        Ok(pid)
    }

    async fn host_command_signal(&self, pid: u32, signal: u32, _group: bool) {
        let signal = nix::sys::signal::Signal::try_from(signal as i32).unwrap();
        nix::sys::signal::kill(nix::unistd::Pid::from_raw(pid as i32), signal).unwrap();
    }

    #[zbus(signal)]
    async fn host_command_exited(
        emitter: &SignalEmitter<'_>,
        pid: u32,
        status: u32,
    ) -> zbus::Result<()>;
}

/// Serves a helper; it ends with the returned connection.
async fn helper(bus: &Bus, manner: Manner) -> Connection {
    zbus::connection::Builder::address(bus.address.as_str())
        .unwrap()
        .name("org.freedesktop.Flatpak")
        .unwrap()
        .serve_at("/org/freedesktop/Flatpak/Development", Helper(manner))
        .unwrap()
        .build()
        .await
        .unwrap()
}

fn shell(script: &str) -> HostCommand<'static> {
    HostCommand {
        arguments: ["sh", "-c", script].map(OsString::from).to_vec(),
        directory: Path::new("/"),
        environment: HashMap::new(),
        descriptors: BTreeMap::new(),
    }
}

#[tokio::test]
async fn the_end_of_a_command_is_told() {
    let bus = Bus::start();
    let _helper = helper(&bus, Manner::Usual).await;
    let app = bus.connect().await;
    let mut process = shell("exit 7").spawn(&app).await.unwrap();
    let status = timeout(SOON, process.wait()).await.unwrap().unwrap();
    assert_eq!(status.code(), Some(7));
    let mut process = shell("kill -9 $$").spawn(&app).await.unwrap();
    let status = timeout(SOON, process.wait()).await.unwrap().unwrap();
    assert_eq!(status.signal(), Some(9));
}

#[tokio::test]
async fn an_end_that_comes_before_the_reply_is_heard() {
    let bus = Bus::start();
    let _helper = helper(&bus, Manner::EndFirst).await;
    let mut process = shell("exit 3").spawn(&bus.connect().await).await.unwrap();
    let status = timeout(SOON, process.wait()).await.unwrap().unwrap();
    assert_eq!(status.code(), Some(3));
}

#[tokio::test]
async fn the_ends_of_others_are_not_ours() {
    let bus = Bus::start();
    let _helper = helper(&bus, Manner::OthersFirst).await;
    let mut process = shell("exit 4").spawn(&bus.connect().await).await.unwrap();
    let status = timeout(SOON, process.wait()).await.unwrap().unwrap();
    assert_eq!(status.code(), Some(4));
}

#[tokio::test]
async fn descriptors_arrive_under_their_numbers() {
    let bus = Bus::start();
    let _helper = helper(&bus, Manner::Usual).await;
    let (mut first, one) = std::io::pipe().unwrap();
    let (mut second, two) = std::io::pipe().unwrap();
    let mut command = shell("echo out; echo err >&2; echo five >&5; echo seven >&7");
    // The same descriptor twice, and gaps.
    command.descriptors = BTreeMap::from([
        (1, one.as_fd()),
        (2, one.as_fd()),
        (5, two.as_fd()),
        (7, one.as_fd()),
    ]);
    let mut process = command.spawn(&bus.connect().await).await.unwrap();
    drop(command);
    drop((one, two));
    assert!(
        timeout(SOON, process.wait())
            .await
            .unwrap()
            .unwrap()
            .success()
    );
    let (mut ours, mut other) = (String::new(), String::new());
    first.read_to_string(&mut ours).unwrap();
    second.read_to_string(&mut other).unwrap();
    assert_eq!(ours, "out\nerr\nseven\n");
    assert_eq!(other, "five\n");
}

#[tokio::test]
async fn directory_environment_and_odd_arguments_arrive() {
    let bus = Bus::start();
    let _helper = helper(&bus, Manner::Usual).await;
    let (mut output, writer) = std::io::pipe().unwrap();
    let mut command = shell(r#"printf '%s|%s|%s|' "$PWD" "$PET" "$1""#);
    command.arguments.push("sh".into());
    command
        .arguments
        .push(OsString::from_vec(b"a \xff\n".to_vec()));
    command.directory = Path::new("/usr");
    command.environment = HashMap::from([("PET", "rex")]);
    command.descriptors = BTreeMap::from([(1, writer.as_fd())]);
    let mut process = command.spawn(&bus.connect().await).await.unwrap();
    drop(command);
    drop(writer);
    timeout(SOON, process.wait()).await.unwrap().unwrap();
    let mut text = Vec::new();
    output.read_to_end(&mut text).unwrap();
    assert_eq!(text, b"/usr|rex|a \xff\n|");
}

#[tokio::test]
async fn a_signal_reaches_it() {
    let bus = Bus::start();
    let _helper = helper(&bus, Manner::Usual).await;
    let mut process = shell("exec sleep 60")
        .spawn(&bus.connect().await)
        .await
        .unwrap();
    process.signal(15, false).await.unwrap();
    let status = timeout(SOON, process.wait()).await.unwrap().unwrap();
    assert_eq!(status.signal(), Some(15));
}

#[tokio::test]
async fn a_bus_that_goes_away_is_noticed() {
    let mut bus = Bus::start();
    let _helper = helper(&bus, Manner::Silent).await;
    let mut process = shell("true").spawn(&bus.connect().await).await.unwrap();
    bus.daemon.kill().unwrap();
    let end = timeout(SOON, process.wait()).await.unwrap();
    assert!(matches!(end, Err(HostCommandError::BusLost)), "{end:?}");
}

#[tokio::test]
async fn refusals_are_told_apart() {
    for (how, expected) in [
        ("no-program", "the host has no program sh"),
        ("no-helper", "Flatpak's session helper does not answer"),
        ("denied", "the command could not be started on the host"),
    ] {
        let bus = Bus::start();
        let _helper = helper(&bus, Manner::Refuses(how)).await;
        let refused = shell("true").spawn(&bus.connect().await).await.unwrap_err();
        assert_eq!(refused.to_string(), expected);
    }
    let bus = Bus::start();
    let alone = shell("true").spawn(&bus.connect().await).await.unwrap_err();
    assert!(matches!(alone, HostCommandError::NoHelper(_)), "{alone:?}");
}

#[tokio::test]
async fn a_command_goes_on_without_its_caller() {
    let bus = Bus::start();
    let _helper = helper(&bus, Manner::Usual).await;
    let (mut output, writer) = std::io::pipe().unwrap();
    let mut command = shell("sleep 0.3; echo still here");
    command.descriptors = BTreeMap::from([(1, writer.as_fd())]);
    let app = bus.connect().await;
    let process = command.spawn(&app).await.unwrap();
    drop(command);
    drop((process, writer));
    app.close().await.unwrap();
    let text = tokio::task::spawn_blocking(move || {
        let mut text = String::new();
        output.read_to_string(&mut text).unwrap();
        text
    });
    assert_eq!(timeout(SOON, text).await.unwrap().unwrap(), "still here\n");
}
