//! The engine's end: answers over D-Bus by running one-shot `kennel` processes.
//!
//! [`serve`] lives as long as its peer. When the peer goes, running jobs are asked to end, get
//! ten seconds to clean up, and then `serve` returns. Pets are untouched by that.

mod checked;
mod jobs;
mod query;
mod terminals;
mod usage;
mod watch;

use std::os::unix::net::UnixStream;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use futures_util::StreamExt as _;
use kennel_bus::PlainSocket;
use kennel_model::{AlertSettings, Choices, CreateRequest};
use zbus::object_server::SignalEmitter;

use crate::wire::{EngineError, OBJECT_PATH, PROTOCOL_VERSION, decode, encode};
use checked::{checked_answer, checked_id, checked_name, checked_reference, checked_scope};
use jobs::Jobs;
use terminals::{Terminals, Wanted};
use usage::UsageWatch;

/// How long a child may take to end after it was asked to.
pub(crate) const PATIENCE: Duration = Duration::from_secs(10);

/// What the server works with.
#[derive(Debug, Clone)]
pub struct ServerConfig {
    /// The `kennel` executable that runs queries and jobs.
    pub kennel: PathBuf,
    /// Directories whose change means that pets or images changed; they need not exist yet.
    pub watch: Vec<PathBuf>,
}

/// Why serving ended badly.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// The socket is unusable.
    #[error("the socket to the app cannot be used")]
    Socket(#[from] std::io::Error),
    /// D-Bus could not be set up on it.
    #[error("the connection to the app failed")]
    Bus(#[from] zbus::Error),
}

/// Serves the engine on `stream` until the peer disconnects. Needs a tokio runtime with I/O and time.
pub async fn serve(stream: UnixStream, config: ServerConfig) -> Result<(), ServeError> {
    stream.set_nonblocking(true)?;
    let stream = tokio::net::UnixStream::from_std(stream)?;
    let jobs = Arc::new(Jobs::default());
    let terminals = Arc::new(Terminals::default());
    let engine = Engine {
        kennel: config.kennel,
        jobs: Arc::clone(&jobs),
        terminals: Arc::clone(&terminals),
        usage: UsageWatch::default(),
    };
    let connection = zbus::connection::Builder::socket(PlainSocket(stream))
        .server(zbus::Guid::generate())?
        .p2p()
        .serve_at(OBJECT_PATH, engine)?
        .build()
        .await?;
    let watcher = tokio::spawn(watch::run(connection.clone(), config.watch));
    let mut messages = zbus::MessageStream::from(&connection);
    while let Some(Ok(_)) = messages.next().await {}
    watcher.abort();
    terminals.close_all();
    jobs.end_all().await;
    Ok(())
}

/// The object that the peer calls.
struct Engine {
    kennel: PathBuf,
    jobs: Arc<Jobs>,
    terminals: Arc<Terminals>,
    usage: UsageWatch,
}

impl Engine {
    fn job(&self, connection: &zbus::Connection, arguments: &[&str]) -> Result<u32, EngineError> {
        Ok(self.jobs.start(connection, &self.kennel, arguments)?)
    }

    async fn query(&self, arguments: &[&str]) -> Result<String, EngineError> {
        Ok(query::run(&self.kennel, arguments).await?)
    }
}

#[zbus::interface(name = "io.github.kennel.Engine1")]
impl Engine {
    async fn handshake(&self, version: u32) -> Result<(u32, String), EngineError> {
        if version != PROTOCOL_VERSION {
            return Err(EngineError::Version(format!(
                "the app speaks version {version} of the protocol and the engine version {PROTOCOL_VERSION}"
            )));
        }
        Ok((PROTOCOL_VERSION, env!("CARGO_PKG_VERSION").to_owned()))
    }

    async fn list_pets(&self) -> Result<String, EngineError> {
        self.query(&["list", "--json"]).await
    }

    async fn list_images(&self) -> Result<String, EngineError> {
        self.query(&["image", "list", "--json"]).await
    }

    async fn list_catalog(&self) -> Result<String, EngineError> {
        self.query(&["image", "catalog", "--json"]).await
    }

    async fn judge_image(&self, reference: &str) -> Result<String, EngineError> {
        let reference = checked_reference(reference)?;
        self.query(&["job", "judge", reference.as_str()]).await
    }

    async fn check_image(&self, reference: &str) -> Result<String, EngineError> {
        let reference = checked_reference(reference)?;
        self.query(&["job", "check", reference.as_str()]).await
    }

    async fn trust_list(&self) -> Result<String, EngineError> {
        self.query(&["job", "trust-list"]).await
    }

    async fn trust_add(&self, scope: &str) -> Result<String, EngineError> {
        let scope = checked_scope(scope)?;
        self.query(&["job", "trust-add", scope.as_str()]).await
    }

    async fn trust_remove(&self, scope: &str) -> Result<String, EngineError> {
        let scope = checked_scope(scope)?;
        self.query(&["job", "trust-remove", scope.as_str()]).await
    }

    async fn trust_only(&self, only: bool) -> Result<String, EngineError> {
        let only = if only { "true" } else { "false" };
        self.query(&["job", "trust-only", only]).await
    }

    async fn command_line(&self) -> Result<String, EngineError> {
        self.query(&["job", "command-line"]).await
    }

    async fn set_command_line(&self, linked: bool) -> Result<String, EngineError> {
        let linked = if linked { "true" } else { "false" };
        self.query(&["job", "set-command-line", linked]).await
    }

    async fn alert_defaults(&self) -> Result<String, EngineError> {
        self.query(&["job", "alert-defaults"]).await
    }

    async fn set_alerts(&self, settings: &str) -> Result<String, EngineError> {
        decode::<AlertSettings>(settings)?;
        self.query(&["job", "set-alerts", settings]).await
    }

    async fn activity(&self) -> Result<String, EngineError> {
        self.query(&["job", "activity"]).await
    }

    async fn list_shares(&self) -> Result<String, EngineError> {
        self.query(&["shares", "--json"]).await
    }

    async fn show_pet(&self, id: &str) -> Result<String, EngineError> {
        self.query(&["job", "show", checked_id(id)?.as_str()]).await
    }

    async fn pet_status(&self, id: &str) -> Result<String, EngineError> {
        self.query(&["job", "status", checked_id(id)?.as_str()])
            .await
    }

    async fn edit_pet(&self, id: &str, choices: &str) -> Result<String, EngineError> {
        decode::<Choices>(choices)?;
        self.query(&["job", "edit", checked_id(id)?.as_str(), choices])
            .await
    }

    async fn rename_pet(&self, id: &str, name: &str) -> Result<String, EngineError> {
        let (id, name) = (checked_id(id)?, checked_name(name)?);
        self.query(&["job", "rename", id.as_str(), name.as_str()])
            .await
    }

    async fn clone_pet(&self, id: &str, name: &str) -> Result<String, EngineError> {
        let (id, name) = (checked_id(id)?, checked_name(name)?);
        self.query(&["job", "clone", id.as_str(), name.as_str()])
            .await
    }

    async fn answer_question(
        &self,
        id: &str,
        number: u32,
        answer: &str,
    ) -> Result<String, EngineError> {
        let (id, answer) = (checked_id(id)?, checked_answer(answer)?);
        let number = number.to_string();
        self.query(&["answer", id.as_str(), &number, answer.as_str()])
            .await
    }

    async fn doctor(&self) -> Result<String, EngineError> {
        self.query(&["job", "doctor"]).await
    }

    async fn propose_project(&self, path: &str) -> Result<String, EngineError> {
        self.query(&["job", "propose", "--", path]).await
    }

    async fn list_apps(&self, id: &str) -> Result<String, EngineError> {
        self.query(&["job", "apps", checked_id(id)?.as_str()]).await
    }

    async fn export_app(&self, id: &str, app: &str, exported: bool) -> Result<String, EngineError> {
        let id = checked_id(id)?;
        let exported = if exported { "true" } else { "false" };
        // “--”: an app's id is foreign text.
        self.query(&["job", "export-app", "--", id.as_str(), app, exported])
            .await
    }

    async fn pet_limits(&self, id: &str) -> Result<String, EngineError> {
        self.query(&["job", "limits", checked_id(id)?.as_str()])
            .await
    }

    async fn list_processes(&self, id: &str) -> Result<String, EngineError> {
        self.query(&["job", "processes", checked_id(id)?.as_str()])
            .await
    }

    async fn end_process(
        &self,
        id: &str,
        pid: i32,
        start_time: u64,
        force: bool,
    ) -> Result<(), EngineError> {
        let (id, pid, start_time) = (checked_id(id)?, pid.to_string(), start_time.to_string());
        // “--”: a number below zero is no flag.
        let mut arguments = vec!["job", "end-process", "--", id.as_str(), &pid, &start_time];
        if force {
            arguments.insert(2, "--force");
        }
        self.query(&arguments).await.map(drop)
    }

    async fn pet_disk(&self, id: &str) -> Result<String, EngineError> {
        self.query(&["job", "disk", checked_id(id)?.as_str()]).await
    }

    async fn watch_usage(
        &self,
        #[zbus(connection)] connection: &zbus::Connection,
        on: bool,
    ) -> Result<(), EngineError> {
        if on {
            self.usage.begin(connection, &self.kennel)?;
        } else {
            self.usage.end();
        }
        Ok(())
    }

    async fn capabilities(&self) -> Result<String, EngineError> {
        self.query(&["job", "capabilities"]).await
    }

    async fn create_pet(
        &self,
        #[zbus(connection)] connection: &zbus::Connection,
        request: &str,
    ) -> Result<u32, EngineError> {
        decode::<CreateRequest>(request)?;
        self.job(connection, &["create", request])
    }

    async fn import_image(
        &self,
        #[zbus(connection)] connection: &zbus::Connection,
        source: &str,
    ) -> Result<u32, EngineError> {
        self.job(connection, &["import", source])
    }

    async fn pull_image(
        &self,
        #[zbus(connection)] connection: &zbus::Connection,
        reference: &str,
    ) -> Result<u32, EngineError> {
        let reference = checked_reference(reference)?;
        self.job(connection, &["pull", reference.as_str()])
    }

    async fn remove_image(
        &self,
        #[zbus(connection)] connection: &zbus::Connection,
        reference: &str,
    ) -> Result<u32, EngineError> {
        let reference = checked_reference(reference)?;
        self.job(connection, &["remove-image", reference.as_str()])
    }

    async fn prune_images(
        &self,
        #[zbus(connection)] connection: &zbus::Connection,
    ) -> Result<u32, EngineError> {
        self.job(connection, &["prune"])
    }

    async fn start_pet(
        &self,
        #[zbus(connection)] connection: &zbus::Connection,
        id: &str,
    ) -> Result<u32, EngineError> {
        self.job(connection, &["start", checked_id(id)?.as_str()])
    }

    async fn set_up_pet(
        &self,
        #[zbus(connection)] connection: &zbus::Connection,
        id: &str,
    ) -> Result<u32, EngineError> {
        self.job(connection, &["setup", checked_id(id)?.as_str()])
    }

    async fn stop_pet(
        &self,
        #[zbus(connection)] connection: &zbus::Connection,
        id: &str,
    ) -> Result<u32, EngineError> {
        self.job(connection, &["stop", checked_id(id)?.as_str()])
    }

    async fn remove_pet(
        &self,
        #[zbus(connection)] connection: &zbus::Connection,
        id: &str,
    ) -> Result<u32, EngineError> {
        self.job(connection, &["remove", checked_id(id)?.as_str()])
    }

    async fn cancel(&self, job: u32) {
        self.jobs.cancel(job);
    }

    async fn open_terminal(
        &self,
        #[zbus(connection)] connection: &zbus::Connection,
        id: &str,
        directory: &str,
        columns: u32,
        rows: u32,
    ) -> Result<(zbus::zvariant::OwnedFd, u32), EngineError> {
        let wanted = Wanted {
            pet: checked_id(id)?,
            directory,
            columns,
            rows,
        };
        let (master, terminal) = self
            .terminals
            .open(connection, &self.kennel, wanted)
            .await?;
        Ok((master.into(), terminal))
    }

    async fn close_terminal(&self, terminal: u32) {
        self.terminals.close(terminal);
    }

    async fn terminals(&self) -> Result<String, EngineError> {
        Ok(encode(&self.terminals.states(&self.kennel).await?))
    }

    async fn in_pet(&self, id: &str, files: &str) -> Result<String, EngineError> {
        let (id, files) = (checked_id(id)?, decode::<Vec<String>>(files)?);
        // “--”: a file's name is foreign text.
        let mut arguments = vec!["job", "in-pet", "--", id.as_str()];
        arguments.extend(files.iter().map(String::as_str));
        self.query(&arguments).await
    }

    async fn open_external_terminal(&self, id: &str) -> Result<(), EngineError> {
        let id = checked_id(id)?;
        self.query(&["job", "external-terminal", id.as_str()])
            .await
            .map(drop)
    }

    #[zbus(signal)]
    async fn job_event(emitter: &SignalEmitter<'_>, job: u32, event: &str) -> zbus::Result<()>;

    #[zbus(signal)]
    async fn pets_changed(emitter: &SignalEmitter<'_>) -> zbus::Result<()>;

    #[zbus(signal)]
    async fn usage_sampled(emitter: &SignalEmitter<'_>, sample: &str) -> zbus::Result<()>;

    #[zbus(signal)]
    async fn images_changed(emitter: &SignalEmitter<'_>) -> zbus::Result<()>;

    #[zbus(signal)]
    async fn terminal_exited(
        emitter: &SignalEmitter<'_>,
        terminal: u32,
        status: i32,
    ) -> zbus::Result<()>;
}

/// Tells the peer that pets and images may have changed. A peer that has gone needs no telling.
async fn tell_changed(connection: &zbus::Connection) {
    if let Ok(emitter) = SignalEmitter::new(connection, OBJECT_PATH) {
        let _ = Engine::pets_changed(&emitter).await;
        let _ = Engine::images_changed(&emitter).await;
    }
}
