//! Starting an engine: as a child, or on the host where the app is inside a Flatpak.

use std::collections::{BTreeMap, HashMap};
use std::io::{PipeReader, PipeWriter, Read as _};
use std::os::fd::{AsFd as _, OwnedFd};
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::process::{ExitStatus, Stdio};
use std::time::Duration;

use tokio::process::{Child, Command};
use tokio::time::timeout;

use super::{Engine1Proxy, StartError, connect, handshake};
use crate::flatpak::{HostCommand, HostCommandError, HostProcess, Sandbox};
use crate::stderr::{self, Said};

/// The static `kennel` among the files of the app.
const SHIPPED: &str = "libexec/kennel";
/// How long an engine whose connection failed may take to end and so to say why.
const LAST_WORDS: Duration = Duration::from_secs(2);

/// How an engine is started.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Start {
    /// As a child of this process.
    Child(PathBuf),
    /// On the host, from inside this sandbox.
    Host(Sandbox),
}

/// A running engine and the connection to it. Dropping it ends the engine, never the pets.
#[derive(Debug)]
pub struct Connection {
    /// The D-Bus connection.
    pub bus: zbus::Connection,
    /// The engine's interface.
    pub engine: Engine1Proxy<'static>,
    /// The engine's program version, for the About dialog.
    pub version: String,
    /// It ends by itself when the connection closes; a child is waited for. None where the
    /// engine was not started here.
    _process: Option<Process>,
}

impl Connection {
    /// Shakes hands with the engine at the other end of a connection that is there already.
    pub async fn over(
        bus: zbus::Connection,
        engine: Engine1Proxy<'static>,
    ) -> Result<Self, StartError> {
        let version = handshake(&engine).await?;
        Ok(Self {
            bus,
            engine,
            version,
            _process: None,
        })
    }
}

#[derive(Debug)]
enum Process {
    Child(Child),
    Host(HostProcess),
}

impl Start {
    /// Starts an engine and shakes hands with it.
    pub async fn engine(&self) -> Result<Connection, StartError> {
        let (ours, theirs) = UnixStream::pair().map_err(|error| self.not_started(error))?;
        let (said, errors) = stderr::pipe().map_err(|error| self.not_started(error))?;
        let mut process = match self {
            Self::Child(program) => Process::Child(
                Command::new(program)
                    .args(["serve", "--fd", "0"])
                    .stdin(Stdio::from(OwnedFd::from(theirs)))
                    .stderr(Stdio::from(errors))
                    .spawn()
                    .map_err(|error| self.not_started(error))?,
            ),
            Self::Host(sandbox) => Process::Host(on_host(sandbox, theirs, errors).await?),
        };
        let both = async {
            let (bus, engine) = connect(ours).await.map_err(StartError::Connection)?;
            Connection::over(bus, engine).await
        };
        let answered = tokio::select! {
            answered = both => answered,
            status = process.wait() => return Err(self.ended(status?, &said).await),
        };
        match answered {
            Ok(connection) => Ok(Connection {
                _process: Some(process),
                ..connection
            }),
            // Most likely it has ended, and said why.
            Err(StartError::Connection(error)) => match timeout(LAST_WORDS, process.wait()).await {
                Ok(status) => Err(self.ended(status?, &said).await),
                Err(_) => Err(StartError::Connection(error)),
            },
            Err(error) => Err(self.named(error)),
        }
    }

    /// `error` with the app's id, where the person needs it to start the app again.
    fn named(&self, error: StartError) -> StartError {
        match (self, error) {
            (Self::Host(sandbox), StartError::OtherVersion { how, .. }) => {
                let app = Some(sandbox.app.clone());
                StartError::OtherVersion { how, app }
            }
            (_, error) => error,
        }
    }

    fn not_started(&self, source: std::io::Error) -> StartError {
        let program = match self {
            Self::Child(program) => program.clone(),
            Self::Host(sandbox) => sandbox.on_host(SHIPPED),
        };
        StartError::NotStarted { program, source }
    }

    /// Why an engine ended before it answered. A computer of another kind cannot run it at all:
    /// the session helper has a shell try in vain, and only the kind tells what that means.
    async fn ended(&self, status: ExitStatus, said: &Said) -> StartError {
        if let Self::Host(sandbox) = self
            && let Ok(machine) = machine_of_host().await
            && let Some(error) = other_architecture(sandbox, &machine)
        {
            return error;
        }
        StartError::Ended(stderr::error(&said.all().await, status))
    }
}

/// What keeps the app of `sandbox` from running on a computer that calls itself `machine`
/// (uname(1)); `None` where that is no obstacle.
fn other_architecture(sandbox: &Sandbox, machine: &str) -> Option<StartError> {
    let computer = flatpak_architecture(machine);
    let made_for = sandbox.architecture.as_str();
    // A computer of 64 bits usually runs programs of 32 bits.
    let runs = made_for == computer || (made_for, computer) == ("i386", "x86_64");
    (!runs && !made_for.is_empty() && !computer.is_empty()).then(|| StartError::OtherArchitecture {
        app: sandbox.app.clone(),
        made_for: made_for.to_owned(),
        computer: computer.to_owned(),
    })
}

/// What Flatpak calls the architecture of a computer that calls itself `machine`.
fn flatpak_architecture(machine: &str) -> &str {
    match machine {
        "i486" | "i586" | "i686" => "i386",
        arm if arm.starts_with("armv") => "arm",
        other => other,
    }
}

impl Process {
    async fn wait(&mut self) -> Result<ExitStatus, StartError> {
        match self {
            Self::Child(child) => child
                .wait()
                .await
                .map_err(|error| StartError::Connection(error.into())),
            Self::Host(process) => process.wait().await.map_err(StartError::HostCommand),
        }
    }
}

async fn on_host(
    sandbox: &Sandbox,
    socket: UnixStream,
    errors: PipeWriter,
) -> Result<HostProcess, StartError> {
    if !sandbox.may_run_host_commands {
        return Err(StartError::NotPermitted {
            app: sandbox.app.clone(),
        });
    }
    let command = HostCommand {
        arguments: vec![sandbox.on_host(SHIPPED).into(), "host-start".into()],
        directory: Path::new("/"),
        environment: HashMap::new(),
        descriptors: BTreeMap::from([
            (0, socket.as_fd()),
            (1, errors.as_fd()),
            (2, errors.as_fd()),
        ]),
    };
    let started = command.spawn(&session_bus().await?).await;
    started.map_err(|error| match error {
        HostCommandError::NoProgram(_) => StartError::Replaced {
            app: sandbox.app.clone(),
        },
        error @ HostCommandError::NoHelper(_) => StartError::NoSessionHelper(error),
        error => StartError::HostCommand(error),
    })
}

async fn session_bus() -> Result<zbus::Connection, StartError> {
    zbus::Connection::session()
        .await
        .map_err(|error| StartError::HostCommand(HostCommandError::NoBus(error)))
}

/// What `uname -m` says on the host.
async fn machine_of_host() -> Result<String, StartError> {
    let failed =
        |error: std::io::Error| StartError::HostCommand(HostCommandError::Descriptor(error));
    let (mut answer, output): (PipeReader, PipeWriter) = std::io::pipe().map_err(failed)?;
    let command = HostCommand {
        arguments: vec!["uname".into(), "-m".into()],
        directory: Path::new("/"),
        environment: HashMap::new(),
        descriptors: BTreeMap::from([(1, output.as_fd())]),
    };
    let bus = session_bus().await?;
    let mut process = command.spawn(&bus).await.map_err(StartError::HostCommand)?;
    drop(output);
    process.wait().await.map_err(StartError::HostCommand)?;
    let mut text = String::new();
    // A word: it fits in the pipe, whose other end is closed now.
    answer.read_to_string(&mut text).map_err(failed)?;
    Ok(text.trim().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sandbox(architecture: &str) -> Sandbox {
        Sandbox {
            app: "io.github.kennel.Kennel".to_owned(),
            app_path: "/app".into(),
            architecture: architecture.to_owned(),
            may_run_host_commands: true,
        }
    }

    #[test]
    fn another_kind_of_computer_is_named_as_flatpak_names_it() {
        for (made_for, machine, wanted) in [
            ("x86_64", "x86_64", None),
            ("i386", "i686", None),
            ("i386", "x86_64", None),
            ("arm", "armv7l", None),
            ("", "x86_64", None),
            ("x86_64", "", None),
            ("x86_64", "aarch64", Some("aarch64")),
            ("x86_64", "i686", Some("i386")),
            ("aarch64", "x86_64", Some("x86_64")),
        ] {
            let found = other_architecture(&sandbox(made_for), machine);
            let found = found.map(|error| match error {
                StartError::OtherArchitecture { computer, .. } => computer,
                other => other.to_string(),
            });
            assert_eq!(found.as_deref(), wanted, "{made_for} on {machine}");
        }
    }

    #[test]
    fn a_flatpak_of_another_version_is_started_again_by_its_id() {
        let error = || StartError::OtherVersion {
            how: "2 and 3".to_owned(),
            app: None,
        };
        let app = |start: Start| match start.named(error()) {
            StartError::OtherVersion { app, .. } => app,
            other => Some(other.to_string()),
        };
        let in_sandbox = Start::Host(sandbox("x86_64"));
        assert_eq!(app(in_sandbox).as_deref(), Some("io.github.kennel.Kennel"));
        assert_eq!(app(Start::Child("/usr/bin/kennel".into())), None);
    }
}
